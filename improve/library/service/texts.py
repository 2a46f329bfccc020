"""What is written in the library, as redaction reads and writes it.

The texts stand on the idea: words that are taken out there are taken out here as well. A page of
which words are taken is out of public at once, until somebody decides again.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, select

from improve.accounts.actor import Actor
from improve.library.learning import TEXT_WORDS
from improve.library.models import LearningPage
from improve.library.queries import change as queries
from improve.library.queries.pages import page as page_view
from improve.library.service.publish import leave_public
from improve.measures.queries import window_times
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared import limits
from improve.shared.db import db

LEARNING: Final = Table(
    "learning",
    LearningPage,
    {
        "title": "The title of a learning page",
        **{name: f"A learning page: {words.lower()}" for name, words in TEXT_WORDS.items()},
    },
    dict.fromkeys(TEXT_WORDS, limits.length("learning_text")),
    "written_by_id",
)
#: Why somebody published it: gone through, named by nobody.
WHY_PUBLIC: Final = Table(
    "learning_why",
    LearningPage,
    {"public_why": "Why a learning page was published"},
    {"public_why": limits.length("reason")},
    "public_by_id",
    is_shown=False,
)


class LearningTexts:
    """Learning pages, shared ones and drafts."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the idea of a page that the actor may read. Raises ``NotFound``."""
        if name.kind != LEARNING.kind:
            return None
        return Root(RootKind.IDEA, page_view(actor, name.subject_id).idea_id)

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return None: these texts stand on ideas."""
        del actor, root, settles
        return None

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts of an idea's page, empty ones left out."""
        if root.kind is not RootKind.IDEA:
            return []
        return held_in((LEARNING, _of(actor, root.id)), (WHY_PUBLIC, _of(actor, root.id)))

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts that every reader sees: those of a shared page."""
        if root.kind is not RootKind.IDEA:
            return []
        return held_in((LEARNING, _of(actor, root.id) & LearningPage.shared_at.is_not(None)))

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write ``words`` where ``held`` stands, and take the page out of public."""
        put_into(LEARNING if held.name.kind == LEARNING.kind else WHY_PUBLIC, held.name, words)
        page = queries.page_by_id(actor, held.name.subject_id)
        page.version += 1
        leave_public(actor, page, because="words")
        db.session.flush()

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Take pages out of public whose measure had words hidden: its name went out with them."""
        del name, left
        if root.kind is not RootKind.MEASURE or act == "words_back":
            return
        for page in _public_with(actor, root.id):
            leave_public(actor, page, because="words")
        db.session.flush()


def learning_texts() -> LearningTexts:
    """Return the source, as it is registered."""
    return LearningTexts()


def _of(actor: Actor, idea_id: int) -> ColumnElement[bool]:
    return (LearningPage.idea_id == idea_id) & (
        LearningPage.organisation_id == actor.organisation_id
    )


def _public_with(actor: Actor, measure_id: int) -> list[Any]:
    times = window_times()
    return list(
        db.session.execute(
            select(LearningPage)
            .where(
                LearningPage.organisation_id == actor.organisation_id,
                LearningPage.public_content.is_not(None),
                LearningPage.idea_id.in_(
                    select(times.c.idea_id).where(times.c.measure_id == measure_id)
                ),
            )
            .order_by(LearningPage.id)
        ).scalars()
    )
