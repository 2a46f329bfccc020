"""What the pages about one idea show: the idea, its move form, its lists. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from improve.ideas.aim_views import HungOn
from improve.ideas.board import CardVerdict, SmallTest
from improve.ideas.kinds import (
    Answerer,
    Decision,
    Outcome,
    ReplyKind,
    Source,
    Stage,
    Way,
)
from improve.ideas.needs import Missing, Need
from improve.measures.tally_counts import TallyCounts

if TYPE_CHECKING:
    from improve.ideas.coach_views import CoachTalk, IdeaGuestView
    from improve.ideas.coaching import Prompt
    from improve.ideas.conversation_views import FollowView, JoinedIdea, JoinedTo
    from improve.ideas.mentions import Said
    from improve.ideas.thanks_views import ThanksView


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as a page names them; a hidden author reads “A colleague” with no id."""

    id: int | None
    name: str
    first_name: str
    job_title: str = ""


@dataclass(frozen=True, slots=True)
class TeamRef:
    """The team an idea belongs to."""

    id: int
    slug: str
    name: str
    #: Its busy time, where the page was told of it.
    busy_since_on: date | None = None
    busy_until_on: date | None = None
    busy_why: str = ""
    is_busy: bool = False
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReplyView:
    """The first reply: a person's own words, and what they mean for the idea."""

    by: PersonRef
    at: datetime
    kind: ReplyKind
    kind_words: str
    words: str


@dataclass(frozen=True, slots=True)
class BlockedView:
    """Why an idea cannot go on, since when, and who can help."""

    reason: str
    who: str
    since: datetime
    by: PersonRef
    #: At which level somebody is needed, “” where that is not said.
    level: str = ""
    level_words: str = ""


@dataclass(frozen=True, slots=True)
class EndingView:
    """How an idea ended. ``words`` is Kept, Stopped, Not now, Quick fix, Withdrawn."""

    outcome: Outcome
    words: str
    finished_at: datetime
    by: PersonRef | None
    lesson: str
    why: str
    adopt_anyway: str
    look_again_on: date | None
    #: It ended before the team had this board: a list says so.
    is_from_list: bool = False


@dataclass(frozen=True, slots=True)
class IdeaMay:
    """What the person looking may do here; each is asked again when it is done."""

    edit: bool = False
    reply: bool = False
    move: bool = False
    decide: bool = False
    comment: bool = False
    withdraw: bool = False
    block: bool = False
    choose_lead: bool = False
    choose_measures: bool = False
    put_on_board: bool = False
    plan: bool = False
    pin: bool = False
    thank: bool = False
    change_team: bool = False
    ask_coach: bool = False
    invite: bool = False
    join_to_another: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """The panel “Next step”: what to do, whether it may be done, and each need, met or not.

    ``way`` is what the button leads to; None for a finished idea. ``heading`` is an order in a
    few words: “Write what you learned”. ``button`` “Write it now”.
    """

    way: Way | None
    heading: str
    words: str
    button: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class CycleView:
    """One cycle, as the idea page lists it newest first. Texts as written; “” where none yet.

    ``values`` holds every field of ``questions.CYCLE_QUESTIONS`` by name, for forms and lists.
    """

    number: int
    is_current: bool
    stage: Stage | None
    headline: str
    dates: str
    people: str
    is_small: bool
    small_test: SmallTest | None
    prediction: str
    is_prediction_locked: bool
    change_to_try: str
    what_happened: str
    as_planned_words: str
    learned: str
    prediction_held_words: str
    decision: Decision | None
    decision_words: str
    decision_why: str
    adopt_anyway: str
    next_step: str
    started_on: date | None
    ended_on: date | None
    study_by_on: date | None
    decided_at: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment, or the line that is left of it."""

    id: int
    author: PersonRef
    words: str
    created_at: datetime
    is_edited: bool
    removed_by: str
    may_edit: bool
    may_remove: bool
    #: Where a guest comes from; None for staff.
    guest_place: str | None = None
    #: The idea it was written on, which may be one that was joined to this.
    idea_id: int = 0
    edited_at: datetime | None = None
    #: The words in stretches: text, links, names of those told.
    said: tuple[Said, ...] = ()

    @property
    def is_removed(self) -> bool:
        """Whether only a line is left."""
        return bool(self.removed_by)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of history. ``kind``: move, edit, reply, block, verdict, logged, undone, kept.

    ``words`` is the sentence; ``note`` a person's own words; ``old`` and ``new`` an edit's texts.
    """

    at: datetime
    kind: str
    who: str
    words: str
    note: str = ""
    old: str = ""
    new: str = ""
    field: str = ""
    move_id: int | None = None


@dataclass(frozen=True, slots=True)
class UndoView:
    """The last move, while it can be undone by the person looking."""

    move_id: int
    words: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TiedMeasure:
    """A measure that the idea is tied to; ``place`` main or beside."""

    measure_id: int
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class IdeaTally:
    """A question that is tapped now for the idea, and this week's taps."""

    id: int
    question: str
    counts: TallyCounts
    may_tap: bool


@dataclass(frozen=True, slots=True)
class IdeaPage:
    """Everything the idea page shows but the charts, which ``measures`` draws.

    ``version`` goes into every form. ``age_words`` and ``usual_words`` as on the card.
    ``reply_words`` is “Needs a first reply by Thu 26 Nov” or “Waiting 4 working days for a first
    reply”, “” when answered. ``windows`` are ``measures.queries.windows_of_idea``.
    """

    id: int
    version: int
    title: str
    suggestion: str
    benefit: str
    problem: str
    improves: str
    family_in_team: str
    document_link: str
    source: Source
    source_words: str
    team: TeamRef
    stage: Stage
    stage_words: str
    outcome: Outcome | None
    cycle_number: int
    age_days: int
    age_words: str
    is_over_usual: bool
    usual_words: str
    created_at: datetime
    author: PersonRef
    is_author: bool
    hides_name: bool
    lead: PersonRef | None
    members: tuple[PersonRef, ...]
    answerer: Answerer
    is_on_board: bool
    reply: ReplyView | None
    reply_words: str
    reply_due_on: date | None
    blocked: BlockedView | None
    ending: EndingView | None
    look_again_on: date | None
    next_step: NextStep
    cycles: tuple[CycleView, ...]
    comments: tuple[CommentView, ...]
    history: tuple[HistoryLine, ...]
    tallies: tuple[IdeaTally, ...]
    thanks: tuple[ThanksView, ...]
    measures: tuple[TiedMeasure, ...]
    windows: tuple[Any, ...]
    verdict: CardVerdict | None
    beside: CardVerdict | None
    may: IdeaMay
    undo: UndoView | None
    pinned_by: PersonRef | None = None
    pinned_at: datetime | None = None
    coach_talks: tuple[CoachTalk, ...] = ()
    guests: tuple[IdeaGuestView, ...] = ()
    #: What a coach would ask now, for those who may change the idea.
    prompt: Prompt | None = None
    #: The one who looks comes from outside: no link leads off this page.
    is_for_guest: bool = False
    has_earlier_comments: bool = False
    following: FollowView | None = None
    #: The idea that this one was joined to, and those that were joined to this one.
    joined_to: JoinedTo | None = None
    joined_here: tuple[JoinedIdea, ...] = ()
    #: What it is meant to move.
    driver: HungOn | None = None
    #: What capabilities above added, see ``queries.panels``; ``part`` without its mark.
    panel_rows: tuple[Mapping[str, Any], ...] = ()

    @property
    def cycle(self) -> CycleView | None:
        """The present cycle."""
        return self.cycles[0] if self.cycles else None


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """One answer to “Where to?”: what it posts, how it reads, and what it asks for."""

    way: Way
    to_stage: Stage
    words: str
    button: str
    is_back: bool
    missing: tuple[Missing, ...]
    fields: tuple[str, ...]
    needs_note: bool
    note_label: str


@dataclass(frozen=True, slots=True)
class MoveFormView:
    """The move form: where the idea stands, where it may go, and what was answered before.

    ``values`` holds the present answers by field name, the idea's and the cycle's together.
    ``chosen`` is the way opened first; None where nothing is likelier than the rest. A person who
    may not move gets no choices and ``refusal`` says who can.
    """

    id: int
    title: str
    version: int
    stage: Stage
    stage_words: str
    cycle_number: int
    team: TeamRef
    choices: tuple[MoveChoice, ...]
    chosen: MoveChoice | None
    values: Mapping[str, Any]
    is_small_test: bool
    is_verdict_unclear: bool
    verdict: CardVerdict | None
    beside: CardVerdict | None
    study_by_on: date | None
    is_over_wip: bool
    wip_words: str
    people: tuple[PersonRef, ...]
    lead_id: int | None
    refusal: str
    blocked: BlockedView | None

    @property
    def may_decide(self) -> bool:
        """Whether keep is among the choices: the cycle ends here, by this person."""
        return any(choice.way is Way.KEEP for choice in self.choices)


@dataclass(frozen=True, slots=True)
class PlanFormView:
    """The small-test page, already filled with the author's own words.

    ``is_locked`` when the test has begun and the prediction may not be changed any more.
    """

    id: int
    title: str
    version: int
    stage: Stage
    cycle_number: int
    team: TeamRef
    values: Mapping[str, Any]
    is_locked: bool
    may_start: bool
    measures: tuple[TiedMeasure, ...]
    refusal: str
    #: What a coach would ask of what is saved so far.
    prompt: Prompt | None = None
    #: What it is meant to move.
    driver: HungOn | None = None
