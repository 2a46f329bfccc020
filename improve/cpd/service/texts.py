"""The texts of records and pages that came from an idea, as redaction goes through them.

Nobody but their owner names or reads them: words that are taken out of an idea are taken out of
what was drafted from it, and nothing else is done.
"""

from __future__ import annotations

from typing import Any, Final

from improve.accounts.actor import Actor
from improve.cpd.kinds import SUPERVISION_WORDS, TEXT_FIELDS
from improve.cpd.queries import texts as queries
from improve.ideas.queries import people_of_idea
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared import limits
from improve.shared.db import db

PIECE: Final = "cpd_piece"
PAGE: Final = "supervision"
_PIECE_FIELDS: Final = ("activity", *TEXT_FIELDS)
_LABEL: Final = "Drafted from it, private"


class CpdTexts:
    """Pieces of learning drafted from an idea, and pages for supervision of who took part."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return None: nobody names a private text."""
        del actor, name
        return None

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return None: these texts stand on ideas."""
        del actor, root, settles
        return None

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts drafted from an idea, empty ones left out."""
        if root.kind is not RootKind.IDEA:
            return []
        people = people_of_idea(actor, root.id)
        return [
            *_texts(PIECE, queries.pieces_from(actor, root.id), _PIECE_FIELDS),
            *_texts(PAGE, queries.pages_of(actor, people), tuple(SUPERVISION_WORDS)),
        ]

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write ``words`` where ``held`` stands. Its owner's open form is then stale."""
        found: Any = (
            queries.piece_to_put(actor, held.name.subject_id)
            if held.name.kind == PIECE
            else queries.page_to_put(actor, held.name.subject_id)
        )
        if found is not None:
            setattr(found, held.name.field, words)
            found.version += 1
            db.session.flush()

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Do nothing: no page is kept drawn, and no history kept."""
        del actor, root, name, act, left


def cpd_texts() -> CpdTexts:
    """Return the source, as it is registered."""
    return CpdTexts()


def _texts(kind: str, rows: list[Any], fields: tuple[str, ...]) -> list[Held]:
    return [
        Held(
            name=Name(kind, row.id, name),
            label=_LABEL,
            words=words,
            most=limits.length("cpd_activity" if name == "activity" else "cpd_text"),
            author_id=None,
            is_shown=False,
        )
        for row in rows
        for name in fields
        if (words := getattr(row, name))
    ]
