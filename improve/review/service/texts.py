"""What leaders write, as redaction reads and writes it.

Texts about an idea or a measure stand on it: words that are taken out there are taken out here as
well. An answer about neither, such as to a busy team or about hours, stands alone.
"""

from __future__ import annotations

from typing import Any, Final

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.actor import Actor
from improve.ideas.queries.finished import finished_cycle
from improve.ideas.queries.names import names_of_ideas
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.review.models import CycleRead, LeaderAnswer
from improve.review.month import HOLDS_TEXTS
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
#: What a busy time says stands in its answer as well. Gone through, named by nobody.
BUSY: Final = "busy_time"
_BUSY_WORDS: Final = {
    "why": "Why a team had a busy time",
    "asks": "What a busy team asked",
    "answer": "The answer to a busy team",
}
_ALONE: Final = "What leaders answered"


class ReviewTexts:
    """What leaders wrote to the people of an idea, and what they answered."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return what a text stands on that the actor may read. Raises ``NotFound``."""
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
        """Return the name of an answer that stands alone; the others stand on ideas."""
        del settles
        if root.kind is not RootKind.ANSWER:
            return None
        if _root_of_answer(actor, root.id) != root:
            raise NotFound
        return _ALONE

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts about an idea or a measure, or of one answer, empty ones left out."""
        return self.shown(actor, root) + _of_busy_time(actor, root)

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return these: readers see and can name them all."""
        parts = _parts(actor, root)
        return held_in(*parts) if parts else []

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write ``words`` where ``held`` stands. Its writer's open form is then stale."""
        if held.name.kind == BUSY:
            accounts.put_busy_words(
                actor, period_id=held.name.subject_id, words={held.name.field: words}
            )
            return
        table = _BY_KIND[held.name.kind]
        put_into(table, held.name, words)
        raise_versions(table.model, held.name.subject_id)

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Do nothing: no page of the review is kept drawn."""
        del actor, root, name, act, left


def review_texts() -> ReviewTexts:
    """Return the source, as it is registered."""
    return ReviewTexts()


def _root_of_answer(actor: Actor, answer_id: int) -> Root:
    """Return what an answer is about; the answer itself where nothing else stands there."""
    kind, root_id = one_answer(actor, answer_id).stands_on
    if kind == RootKind.IDEA.value and not names_of_ideas(actor, [root_id]):
        raise NotFound
    return Root(RootKind(kind), root_id)


def _of_busy_time(actor: Actor, root: Root) -> list[Held]:
    """Return what stands at the busy time that an answer is to."""
    if root.kind is not RootKind.ANSWER:
        return []
    found = one_answer(actor, root.id)
    if found.subject_kind != "busy":
        return []
    busy, most = people.busy_time(actor, found.subject_id), limits.length("busy_asks")
    return [
        Held(Name(BUSY, busy.id, field), label, words, most, is_shown=False)
        for field, label in _BUSY_WORDS.items()
        if (words := getattr(busy, field))
    ]


def _parts(actor: Actor, root: Root) -> list[Any]:
    ours = LeaderAnswer.organisation_id == actor.organisation_id
    if root.kind is RootKind.ANSWER:
        alone = LeaderAnswer.subject_kind.not_in(HOLDS_TEXTS)
        return [(ANSWERS, (LeaderAnswer.id == root.id) & alone & ours)]
    if root.kind.value not in HOLDS_TEXTS:
        return []
    about = LeaderAnswer.subject_kind == root.kind.value
    parts: list[Any] = [(ANSWERS, about & (LeaderAnswer.subject_id == root.id) & ours)]
    if root.kind is RootKind.IDEA:
        in_council = CycleRead.organisation_id == actor.organisation_id
        parts.append((READS, (CycleRead.idea_id == root.id) & in_council))
    return parts
