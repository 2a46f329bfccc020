"""What is written of how ideas travel and whether they hold, as redaction reads and writes it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, update

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.queries.places import places_of_ideas
from improve.library.models import BorrowedPage, Spread, SustainCheck
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import NotFound

SPREADS: Final = Table(
    "spread",
    Spread,
    {
        "adaptation": "What another team changed",
        "told_words": "What another place told",
        "place": "The name of another place",
    },
    {
        "adaptation": limits.length("adaptation"),
        "told_words": limits.length("told_words"),
        "place": limits.length("organisation_name"),
    },
    "by_id",
)
CHECKS: Final = Table(
    "sustain_check",
    SustainCheck,
    {"words": "Whether it is still done"},
    {"words": limits.length("sustained")},
    "answered_by_id",
)
_BY_KIND: Final = {table.kind: table for table in (SPREADS, CHECKS)}


class SpreadTexts:
    """Words on the idea that they are about: of a team its own, of another place the one above it.

    What is told of a page of another council stands on that page, also once it is taken out.
    """

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the idea of a text that the actor may read. Raises ``NotFound``."""
        table = _BY_KIND.get(name.kind)
        if table is None:
            return None
        model: Any = table.model
        row = db.session.execute(
            select(model).where(
                model.id == name.subject_id, model.organisation_id == actor.organisation_id
            )
        ).scalar_one_or_none()
        if row is None:
            raise NotFound
        idea_id = row.idea_id if table is CHECKS else row.idea_id or row.parent_idea_id
        if idea_id is None:
            return Root(RootKind.BORROWED, _page(actor, row.borrowed_page_id).id)
        if idea_id not in places_of_ideas(actor, [idea_id]):
            raise NotFound
        return Root(RootKind.IDEA, idea_id)

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return the title of a page of another council."""
        del settles
        return str(_page(actor, root.id).title) if root.kind is RootKind.BORROWED else None

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts of an idea or a page of another council, empty ones left out."""
        if root.kind is RootKind.BORROWED:
            return held_in((SPREADS, _told_of(actor, root.id)))
        if root.kind is not RootKind.IDEA:
            return []
        return held_in((SPREADS, _spreads_of(actor, root.id)), (CHECKS, _checks_of(actor, root.id)))

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return the same: whoever reads what they stand on sees them."""
        return self.held(actor, root)

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write ``words`` where ``held`` stands; a form opened before does not bring them back."""
        table = _BY_KIND[held.name.kind]
        put_into(table, held.name, words)
        model: Any = table.model
        db.session.execute(
            update(model)
            .where(model.id == held.name.subject_id, model.organisation_id == actor.organisation_id)
            .values(version=model.version + 1)
        )

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Do nothing: these pages are drawn anew whenever they are read."""
        del actor, root, name, act, left


def spread_texts() -> SpreadTexts:
    """Return the source, as it is registered."""
    return SpreadTexts()


def _page(actor: Actor, page_id: int) -> Any:
    if not may(actor, Permission.READ_LIBRARY):
        raise NotFound
    page = db.session.execute(
        select(BorrowedPage.id, BorrowedPage.title).where(
            BorrowedPage.id == page_id, BorrowedPage.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    if page is None:
        raise NotFound
    return page


def _told_of(actor: Actor, page_id: int) -> ColumnElement[bool]:
    return (
        (Spread.borrowed_page_id == page_id)
        & Spread.idea_id.is_(None)
        & (Spread.organisation_id == actor.organisation_id)
    )


def _spreads_of(actor: Actor, idea_id: int) -> ColumnElement[bool]:
    is_of = or_(
        Spread.idea_id == idea_id, Spread.idea_id.is_(None) & (Spread.parent_idea_id == idea_id)
    )
    return is_of & (Spread.organisation_id == actor.organisation_id)


def _checks_of(actor: Actor, idea_id: int) -> ColumnElement[bool]:
    return (SustainCheck.idea_id == idea_id) & (
        SustainCheck.organisation_id == actor.organisation_id
    )
