"""Reads about pages of other councils."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.ideas.kinds import Outcome
from improve.library.models import BorrowedPage
from improve.library.public_pages import OUTCOMES
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class BorrowedView:
    """A page of another council with where it comes from. ``content`` is the page as it came."""

    id: int
    version: int
    title: str
    council: str
    source_version: int
    replaced_version: int | None
    fingerprint: str
    was_trusted: bool
    made_on: date
    source_address: str
    content: dict[str, Any]
    brought_in_by: str
    brought_in_at: datetime

    @property
    def outcome(self) -> Outcome:
        """How it ended there, as the ring draws it."""
        return OUTCOMES[self.content["ending"]]

    @property
    def finished_on(self) -> date:
        """The first day of the month in which it ended."""
        return date.fromisoformat(f"{self.content['finished_month']}-01")


def borrowed_page(actor: Actor, page_id: int) -> BorrowedView:
    """Return one page of another council. Raises ``NotFound``, too, for one that was taken out."""
    bringer = person_names()
    row = db.session.execute(
        select(BorrowedPage, bringer.c.name.label("bringer"))
        .join(bringer, bringer.c.id == BorrowedPage.brought_in_by_id)
        .where(
            BorrowedPage.id == page_id,
            BorrowedPage.organisation_id == actor.organisation_id,
            BorrowedPage.taken_out_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _view(row[0], row.bringer)


def borrowed_pages(actor: Actor) -> list[BorrowedView]:
    """Return every page of another council that is here, the newest first."""
    bringer = person_names()
    rows = db.session.execute(
        select(BorrowedPage, bringer.c.name.label("bringer"))
        .join(bringer, bringer.c.id == BorrowedPage.brought_in_by_id)
        .where(
            BorrowedPage.organisation_id == actor.organisation_id,
            BorrowedPage.taken_out_at.is_(None),
        )
        .order_by(BorrowedPage.brought_in_at.desc(), BorrowedPage.id.desc())
    )
    return [_view(row[0], row.bringer) for row in rows]


def borrowed_for_change(actor: Actor, page_id: int) -> BorrowedPage:
    """Return a borrowed page, locked, one that was taken out too. Raises ``NotFound``."""
    found = db.session.execute(
        select(BorrowedPage)
        .where(BorrowedPage.id == page_id, BorrowedPage.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def borrowed_by_key(actor: Actor, source_key: str) -> BorrowedPage | None:
    """Return a borrowed page by its name between councils, locked; None where there is none."""
    return db.session.execute(
        select(BorrowedPage)
        .where(
            BorrowedPage.source_key == source_key,
            BorrowedPage.organisation_id == actor.organisation_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def lock_borrowed(actor: Actor, source_keys: Iterable[str]) -> None:
    """Lock these pages as far as they are here, one after the other by their names."""
    db.session.execute(
        select(BorrowedPage.id)
        .where(
            BorrowedPage.source_key.in_(sorted(set(source_keys))),
            BorrowedPage.organisation_id == actor.organisation_id,
        )
        .order_by(BorrowedPage.source_key)
        .with_for_update()
    ).all()


def _view(one: BorrowedPage, bringer: str) -> BorrowedView:
    return BorrowedView(
        id=one.id,
        version=one.version,
        title=one.title,
        council=one.source_council,
        source_version=one.source_version,
        replaced_version=one.replaced_version,
        fingerprint=one.fingerprint,
        was_trusted=one.was_trusted,
        made_on=one.made_on,
        source_address=one.source_address,
        content=one.content,
        brought_in_by=bringer,
        brought_in_at=one.brought_in_at,
    )
