"""Reads of pages for supervision: one's own, and the one page that somebody shares."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.cpd.document import SupervisionView
from improve.cpd.models import SupervisionPage
from improve.shared.db import db
from improve.shared.errors import NotFound


def my_pages(actor: Actor) -> list[SupervisionView]:
    """Return the pages that the actor made, the newest first."""
    return _views(_selected(actor).where(SupervisionPage.person_id == actor.person_id))


def shared_with_me(actor: Actor) -> list[SupervisionView]:
    """Return the pages that others share with the actor now, the newest first."""
    return _views(_selected(actor).where(SupervisionPage.shared_with_id == actor.person_id))


def page(actor: Actor, page_id: int) -> SupervisionView:
    """Return a page of the actor's, or one shared with them now. Raises ``NotFound``."""
    found = _views(
        _selected(actor).where(
            SupervisionPage.id == page_id,
            or_(
                SupervisionPage.person_id == actor.person_id,
                SupervisionPage.shared_with_id == actor.person_id,
            ),
        )
    )
    if not found:
        raise NotFound
    return found[0]


def my_page(actor: Actor, page_id: int) -> SupervisionView:
    """Return a page that the actor made. Raises ``NotFound``, also for who may only read it."""
    found = page(actor, page_id)
    if found.person_id != actor.person_id:
        raise NotFound
    return found


def page_for_change(actor: Actor, page_id: int) -> SupervisionPage:
    """Return a page that the actor made, locked. Raises ``NotFound``."""
    found = db.session.execute(
        select(SupervisionPage)
        .where(
            SupervisionPage.id == page_id,
            SupervisionPage.organisation_id == actor.organisation_id,
            SupervisionPage.person_id == actor.person_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def made_with(actor: Actor, form_token: str) -> int | None:
    """Return the page that this form made already, or None."""
    return db.session.execute(
        select(SupervisionPage.id).where(
            SupervisionPage.person_id == actor.person_id, SupervisionPage.form_token == form_token
        )
    ).scalar()


def _selected(actor: Actor) -> Any:
    by, reader = person_names().alias("by"), person_names().alias("reader")
    return (
        select(
            SupervisionPage.id,
            SupervisionPage.person_id,
            by.c.name,
            SupervisionPage.made_on,
            SupervisionPage.ideas,
            SupervisionPage.learned,
            SupervisionPage.in_the_way,
            SupervisionPage.asks,
            SupervisionPage.shared_with_id,
            reader.c.name.label("reader"),
            SupervisionPage.version,
        )
        .join(by, by.c.id == SupervisionPage.person_id)
        .outerjoin(reader, reader.c.id == SupervisionPage.shared_with_id)
        .where(SupervisionPage.organisation_id == actor.organisation_id)
        .order_by(SupervisionPage.made_on.desc(), SupervisionPage.id.desc())
    )


def _views(statement: Any) -> list[SupervisionView]:
    return [
        SupervisionView(
            id=row.id,
            person_id=row.person_id,
            by=row.name,
            made_on=row.made_on,
            ideas=row.ideas,
            learned=row.learned,
            in_the_way=row.in_the_way,
            asks=row.asks,
            shared_with_id=row.shared_with_id,
            shared_with=row.reader or "",
            version=row.version,
        )
        for row in db.session.execute(statement)
    ]
