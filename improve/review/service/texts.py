"""What leaders write about finished cycles, as redaction reads and writes it.

The texts stand on the idea: words that are taken out there are taken out here as well.
"""

from __future__ import annotations

from typing import Any, Final

from improve.accounts.actor import Actor
from improve.ideas.queries.finished import finished_cycle
from improve.ideas.queries.names import names_of_ideas
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.review.models import CycleRead, LeaderAnswer
from improve.review.queries.answers import one_answer
from improve.review.queries.texts import raise_versions, read_named
from improve.shared import limits
from improve.shared.errors import NotFound

READS: Final = Table(
    "cycle_read",
    CycleRead,
    {"words": "What a leader wrote"},
    {"words": limits.length("read_words")},
    "person_id",
)
ANSWERS: Final = Table(
    "leader_answer",
    LeaderAnswer,
    {
        "asked": "What was asked of leaders",
        "words": "What a leader answered",
        "outcome_words": "What came of it",
    },
    {
        "asked": limits.length("idea_text"),
        "words": limits.length("leader_answer"),
        "outcome_words": limits.length("leader_outcome"),
    },
    "answered_by_id",
)
_BY_KIND: Final = {table.kind: table for table in (READS, ANSWERS)}
#: What an answer is about, as far as other texts stand on it too.
_ROOTS: Final = {"idea": RootKind.IDEA, "measure": RootKind.MEASURE}


class ReviewTexts:
    """What leaders wrote to the people of an idea."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the idea of a text that the actor may read. Raises ``NotFound``."""
        if name.kind == ANSWERS.kind:
            return _root_of_answer(actor, name.subject_id)
        if name.kind != READS.kind:
            return None
        found = read_named(actor, name.subject_id)
        if found is None:
            raise NotFound
        finished_cycle(actor, *found)
        return Root(RootKind.IDEA, found[0])

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return None: these texts stand on ideas."""
        del actor, root, settles
        return None

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts about an idea, empty ones left out."""
        return self.shown(actor, root)

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return these: readers see and can name them all."""
        if root.kind not in _ROOTS.values():
            return []
        return held_in(*_parts(actor, root))

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write ``words`` where ``held`` stands. Its writer's open form is then stale."""
        del actor
        table = _BY_KIND[held.name.kind]
        put_into(table, held.name, words)
        raise_versions(table.model, held.name.subject_id)

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Do nothing: no page of the review is kept drawn."""
        del actor, root, name, act, left


def review_texts() -> ReviewTexts:
    """Return the source, as it is registered."""
    return ReviewTexts()


def _root_of_answer(actor: Actor, answer_id: int) -> Root | None:
    """Return what an answer is about; None where it stands on nothing with other texts."""
    found = one_answer(actor, answer_id)
    kind = _ROOTS.get(found.subject_kind)
    if kind is None:
        return None
    if kind is RootKind.IDEA and not names_of_ideas(actor, [found.subject_id]):
        raise NotFound
    return Root(kind, found.subject_id)


def _parts(actor: Actor, root: Root) -> list[Any]:
    about = next(kind for kind, of in _ROOTS.items() if of is root.kind)
    parts: list[Any] = [
        (
            ANSWERS,
            (LeaderAnswer.subject_kind == about)
            & (LeaderAnswer.subject_id == root.id)
            & (LeaderAnswer.organisation_id == actor.organisation_id),
        )
    ]
    if root.kind is RootKind.IDEA:
        ours = CycleRead.organisation_id == actor.organisation_id
        parts.append((READS, (CycleRead.idea_id == root.id) & ours))
    return parts
