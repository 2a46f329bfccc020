"""What anybody without an account is given: kept pages, as they were decided, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from improve.accounts.queries import organisation_slugs
from improve.library.models import LearningPage, Spread
from improve.library.public_pages import PublicPage, Shelf, page_of_kept
from improve.shared.db import db
from improve.shared.errors import NotFound

#: As many pages as a council's list and feed show.
PUBLIC_MOST = 500


@dataclass(frozen=True, slots=True)
class PublicFound:
    """A page with its council; ``page`` None where it was public and is so no more."""

    council: str
    slug: str
    page: PublicPage | None


def public_pages(organisation_slug: str, *, most: int = PUBLIC_MOST) -> Shelf:
    """Return the public pages of a council, the last decided first: one statement.

    For everybody, so no actor is asked for. Raises ``NotFound`` where there is no such council.
    """
    council = organisation_slugs()
    rows = db.session.execute(
        select(
            council.c.name,
            council.c.slug,
            LearningPage.public_content,
            _places().label("places"),
        )
        .select_from(council)
        .outerjoin(LearningPage, and_(LearningPage.organisation_id == council.c.id, *_is_public()))
        .where(council.c.slug == organisation_slug)
        .order_by(LearningPage.public_at.desc(), LearningPage.id.desc())
        .limit(most)
    ).all()
    if not rows:
        raise NotFound
    return Shelf(
        rows[0].name,
        rows[0].slug,
        tuple(
            page_of_kept(row.public_content, tried_in_places=row.places)
            for row in rows
            if row.public_content is not None
        ),
    )


def public_page(organisation_slug: str, key: str) -> PublicFound:
    """Return one public page, in one statement. Raises ``NotFound`` where there never was one."""
    council = organisation_slugs()
    row = db.session.execute(
        select(
            council.c.name,
            council.c.slug,
            LearningPage.public_at,
            LearningPage.public_content,
            _places().label("places"),
        )
        .join(council, council.c.id == LearningPage.organisation_id)
        .where(council.c.slug == organisation_slug, LearningPage.public_key == key)
    ).one_or_none()
    if row is None:
        raise NotFound
    page = None
    if row.public_at is not None and row.public_content is not None:
        page = page_of_kept(row.public_content, tried_in_places=row.places)
    return PublicFound(row.name, row.slug, page)


def _is_public() -> tuple[ColumnElement[bool], ...]:
    return (LearningPage.public_at.is_not(None), LearningPage.public_content.is_not(None))


def _places() -> ColumnElement[int]:
    """Return in how many places it was taken up, as a column."""
    return (
        select(func.count())
        .select_from(Spread)
        .where(Spread.parent_idea_id == LearningPage.idea_id)
        .correlate(LearningPage)
        .scalar_subquery()
    )
