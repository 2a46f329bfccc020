"""What a huddle needs to know of a team's ideas. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas.board import Card
from improve.ideas.facts import readiness_of
from improve.ideas.kinds import SOURCE_WORDS, Outcome, Source, Stage
from improve.ideas.page import TeamRef
from improve.ideas.shaping import (
    A_COLLEAGUE,
    EVERYBODYS_CLOCK,
    CardShaper,
    age_of,
    first_name,
    waited_days,
)
from improve.ideas.stages import needs_of, next_way
from improve.ideas.usual_days import StageClock, clock_in

#: A row by name of its columns.
Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class HuddleIdea:
    """An idea that belongs in some part of a huddle, and why; several reasons may hold at once.

    ``needs_reply`` waits for its first reply, for ``waiting_working_days``. ``look_again`` was not
    now, and its day has come (``look_again_on``). ``is_due_to_study``: ``due_to_study_on`` has
    come. ``over_usual``: longer in its stage than ``usual_days``. ``pinned_by`` is a first name,
    “” when nobody pinned it. ``needs_lead``: it is under way and nobody leads it. ``who`` is the
    line of names of its card. ``n_after`` and ``needed`` are the points since the change of its
    main measure and those that a verdict needs, None where none is judged; ``verdict_code`` then
    is the stored verdict.
    """

    id: int
    title: str
    stage: Stage
    cycle_number: int
    version: int
    who: str
    lead_id: int | None
    age_days: int
    usual_days: int | None
    needs_reply: bool
    waiting_working_days: int
    look_again: bool
    look_again_on: date | None
    is_blocked: bool
    blocked_since: datetime | None
    is_due_to_study: bool
    due_to_study_on: date | None
    over_usual: bool
    is_pinned: bool
    pinned_by: str
    needs_lead: bool
    main_measure_id: int | None
    verdict_code: str
    n_after: int | None
    needed: int | None


@dataclass(frozen=True, slots=True)
class MissingItem:
    """One thing that the usual next move asks for and does not find.

    ``name`` stands in a list (“A study-by date”), ``words`` in a sentence (“choose when you will
    study it”). ``field`` is the name of the field that answers it, in the move form or the plan.
    """

    key: str
    name: str
    words: str
    is_hard: bool
    field: str


@dataclass(frozen=True, slots=True)
class HuddleIdeaDetail:
    """One idea as a huddle shows it: the face of its card, and what is said aloud about it.

    ``author_job_title`` and ``author_id`` are empty where the author's name is hidden; ``card``
    then says “A colleague”. ``missing`` are the unmet needs of the usual next way, hard ones
    first; empty in Done. Needs that only the measures know are left to the move form.
    """

    card: Card
    team: TeamRef
    suggestion: str
    benefit: str
    improves: str
    problem: str
    prediction: str
    change_to_try: str
    what_happened: str
    author_id: int | None
    author_job_title: str
    source_words: str
    created_at: datetime
    lead_id: int | None
    lead_name: str
    is_pinned: bool
    pinned_by: str
    pinned_by_id: int | None
    waiting_working_days: int
    due_to_study_on: date | None
    look_again_on: date | None
    main_measure_id: int | None
    beside_measure_id: int | None
    missing: tuple[MissingItem, ...]
    is_on_board: bool

    @property
    def id(self) -> int:
        """The idea's id."""
        return self.card.id

    @property
    def title(self) -> str:
        """The idea's title."""
        return self.card.title

    @property
    def version(self) -> int:
        """The version that forms carry."""
        return self.card.version

    @property
    def may_reply(self) -> bool:
        """Whether the person looking may give the first reply now."""
        return self.card.may_reply

    @property
    def may_move(self) -> bool:
        """Whether the person looking may move it some way."""
        return self.card.may_move


def _is_hidden(row: Row, person_id: int | None) -> bool:
    """Return whether this is the author, whose name is hidden from everybody in a huddle."""
    return bool(row["hides_name"]) and person_id == row["author_id"]


def _lead_of(row: Row) -> int | None:
    """Return who leads it; nobody where that would name a hidden author."""
    return None if _is_hidden(row, row["lead_id"]) else row["lead_id"]


def pinned_by_of(row: Row) -> str:
    """Return the first name of whoever pinned it, “A colleague” for a hidden author, or “”."""
    if row["pinned_at"] is not None and _is_hidden(row, row["pinned_by_id"]):
        return A_COLLEAGUE
    return first_name(row["pinned_name"])


def who_of(row: Row) -> str:
    """Return the line of names of a card: “Ines, with Tess”."""
    author = A_COLLEAGUE if row["hides_name"] else first_name(row["author_name"])
    if row["lead_id"] is None or row["lead_id"] == row["author_id"]:
        return author
    return f"{author}, with {first_name(row['lead_name'])}"


def needs_lead(row: Row, stage: Stage) -> bool:
    """Return whether an idea is under way, or promised to be tried, and nobody leads it."""
    if row["lead_id"] is not None or stage is Stage.DONE:
        return False
    return stage is not Stage.SUGGESTED or row["first_reply_kind"] == "will_try"


def shape_for_huddle(
    row: Row, today: date, stage_clock: StageClock = EVERYBODYS_CLOCK
) -> HuddleIdea:
    """Return the idea of a row of ``queries.huddle``."""
    stage = Stage(row["stage"])
    age = age_of(row["stage_entered_at"], today, stage_clock)
    usual = stage_clock.usual.get(stage)
    due, again = row["due_to_study_on"], row["look_again_on"]
    facts = (row["verdict_facts"] or {}) if row["is_judged"] else {}
    is_not_now = row["outcome"] == Outcome.NOT_NOW.value
    return HuddleIdea(
        id=row["id"],
        title=row["title"],
        stage=stage,
        cycle_number=row["cycle_number"],
        version=row["version"],
        who=who_of(row),
        lead_id=_lead_of(row),
        age_days=age,
        usual_days=usual,
        needs_reply=row["waiting_since"] is not None,
        waiting_working_days=waited_days(row["waiting_since"], today, stage_clock),
        look_again=is_not_now and again is not None and again <= today,
        look_again_on=again,
        is_blocked=row["blocked_at"] is not None and stage is not Stage.DONE,
        blocked_since=row["blocked_at"],
        is_due_to_study=due is not None and due <= today,
        due_to_study_on=due,
        over_usual=stage is not Stage.SUGGESTED and stage_clock.is_over(stage, age),
        is_pinned=row["pinned_at"] is not None,
        pinned_by=pinned_by_of(row),
        needs_lead=needs_lead(row, stage),
        main_measure_id=row["measure_id"],
        verdict_code=(row["verdict_code"] or "") if row["is_judged"] else "",
        n_after=facts.get("n_after"),
        needed=facts.get("needed_after"),
    )


def shape_detail(row: Row, actor: Actor, today: date) -> HuddleIdeaDetail:
    """Return one idea as a huddle shows it, from a card's row with a few columns more."""
    stage, source = Stage(row["stage"]), Source(row["source"])
    stage_clock = clock_in(row, actor)
    is_hidden = row["hides_name"]
    return HuddleIdeaDetail(
        card=CardShaper(actor, today, stage_clock).shape(row),
        team=TeamRef(row["team_id"], row["team_slug"], row["team_name"]),
        suggestion=row["suggestion"],
        benefit=row["benefit"],
        improves=row["improves"],
        problem=row["problem"],
        prediction=row["prediction"] or "",
        change_to_try=row["change_to_try"] or "",
        what_happened=row["what_happened"] or "",
        author_id=None if is_hidden else row["author_id"],
        author_job_title="" if is_hidden else row["author_title"],
        source_words="Staff idea" if source is Source.OWN else SOURCE_WORDS[source],
        created_at=row["created_at"],
        lead_id=_lead_of(row),
        lead_name="" if _lead_of(row) is None else row["lead_name"],
        is_pinned=row["pinned_at"] is not None,
        pinned_by=pinned_by_of(row),
        pinned_by_id=None if _is_hidden(row, row["pinned_by_id"]) else row["pinned_by_id"],
        waiting_working_days=waited_days(row["waiting_since"], today, stage_clock),
        due_to_study_on=row["due_to_study_on"],
        look_again_on=row["look_again_on"],
        main_measure_id=row["tied_main_id"],
        beside_measure_id=row["tied_beside_id"],
        missing=missing_items(row, stage, today),
        is_on_board=row["is_on_board"],
    )


def missing_items(row: Row, stage: Stage, today: date) -> tuple[MissingItem, ...]:
    """Return what the usual next way asks for and does not find, hard needs first.

    ``row`` holds the fields of the idea and of its present cycle, and ``has_measure``.
    """
    way = next_way(stage)
    if way is None:
        return ()
    ready = readiness_of(
        row,
        is_replied=row["first_reply_kind"] is not None,
        has_lead=row["lead_id"] is not None,
        has_measure=bool(row["has_measure"]),
        today=today,
    )
    unmet = [need for need in needs_of(way, stage, ready) if not need.is_met]
    return tuple(
        MissingItem(need.key, need.label, need.words, need.is_hard, need.field)
        for need in sorted(unmet, key=lambda need: not need.is_hard)
    )
