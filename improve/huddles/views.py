"""What the pages of a huddle show. Pure: shaped by ``queries``, drawn by templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from improve.accounts.days.huddle_days import when_words
from improve.huddles.kinds import DecisionKind, Part
from improve.huddles.pace import Pace
from improve.shared import clock

if TYPE_CHECKING:
    from improve.huddles.conditions import Condition
    from improve.ideas.huddle_views import HuddleIdeaDetail
    from improve.measures.huddle_views import HuddleChart, HuddleTally


@dataclass(frozen=True, slots=True)
class TeamRef:
    """The team whose huddle it is."""

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
class PersonChoice:
    """A person who can be chosen: as owner, driver, the one thanked, or ticked as here."""

    id: int
    name: str
    first_name: str
    job_title: str
    is_here: bool = False
    is_me: bool = False
    is_driver: bool = False


@dataclass(frozen=True, slots=True)
class DueChoice:
    """A day that an action may be due: “Fri 27 Nov”, “Next huddle, Tue 1 Dec”."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class TeachCard:
    """What a part is for, what to say aloud in it, and how many minutes it takes."""

    purpose: str
    say: str
    minutes: int


@dataclass(frozen=True, slots=True)
class HuddleHead:
    """A huddle as every page of it begins.

    ``name`` reads “Tuesday huddle”; ``here_words`` “7 here”, “” while nobody is ticked.
    ``part`` and ``item_id`` are where the driver stands: what the wall shows. ``is_first`` while
    the team has finished no huddle. ``next_at`` is the proposed next one. ``may_run`` is whether
    the person looking may add, and drive. ``version`` rises with everything said or done.
    """

    id: int
    version: int
    team: TeamRef
    name: str
    started_at: datetime
    acted_at: datetime
    planned_minutes: int
    pace: Pace
    is_short: bool
    is_first: bool
    parts: tuple[Part, ...]
    part: Part
    item_id: int | None
    driver_id: int
    driver: str
    is_driver: bool
    may_run: bool
    here_count: int
    others_here: int
    next_at: datetime | None
    next_driver_id: int | None
    finished_at: datetime | None
    first_finished_at: datetime | None
    good_news: str
    help_needed: str

    @property
    def is_going_on(self) -> bool:
        """Whether it is not finished."""
        return self.finished_at is None

    @property
    def here_words(self) -> str:
        """“7 here”; “” while nobody is ticked."""
        return f"{self.here_count} here" if self.here_count else ""

    @property
    def next_words(self) -> str:
        """“Tue 1 Dec, 09:30”, only the day where no time is agreed, “” where nothing is."""
        return when_words(clock.local(self.next_at)) if self.next_at else ""

    @property
    def driver_words(self) -> str:
        """“You are driving” or “Helena is driving”."""
        return "You are driving" if self.is_driver else f"{self.driver} is driving"


@dataclass(frozen=True, slots=True)
class PartStep:
    """One part in the line of parts.

    ``count`` are the things to look at in it, ``left`` those nothing was done about yet. A part
    that never has a list (hard thing, close, the two short questions) has count 0 and is not
    empty. ``is_done`` lies before where the driver stands; ``is_current`` is the page being looked
    at; ``is_on_wall`` where the driver stands.
    """

    part: Part
    number: int
    words: str
    count: int
    left: int
    is_empty: bool
    is_done: bool
    is_current: bool
    is_on_wall: bool


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Something promised. ``state_words``: “by Fri 27 Nov”, “now Fri 27 Nov”, “done”, “dropped”.

    ``idea_title`` is “” where it belongs to no idea. ``may_end`` is whether the person looking may
    tick it, move it or drop it.
    """

    id: int
    version: int
    what: str
    owner_id: int
    owner: str
    owner_name: str
    is_mine: bool
    due_on: date
    first_due_on: date
    created_at: datetime
    ended_at: datetime | None
    done_on: date | None
    dropped_why: str
    idea_id: int | None
    idea_title: str
    huddle_id: int | None
    state_words: str
    may_end: bool

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.done_on is not None

    @property
    def is_dropped(self) -> bool:
        """Whether it was dropped, with a reason."""
        return self.ended_at is not None and self.done_on is None

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class HuddleItemView:
    """One thing to look at in a part: an idea, a measure or an action.

    ``title`` and the ring's ``stage``, ``outcome`` and ``cycle_number`` are as they stand now;
    ``who``, ``note`` (“waiting 3 working days”, “24 days, usual 14”) and ``facts`` as they stood
    when the huddle began. ``facts`` of an idea or a measure hold ``points_had`` and
    ``points_needed`` of its verdict where there is one.
    """

    id: int
    part: Part
    position: int
    idea_id: int | None
    measure_id: int | None
    action_id: int | None
    title: str
    who: str
    note: str
    stage: str
    outcome: str
    cycle_number: int
    facts: Mapping[str, Any]
    is_settled: bool
    settled_words: str
    is_put_off: bool
    is_current: bool
    is_on_wall: bool
    action: ActionLine | None = None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One line under “What we decided”. ``title`` is its idea’s, or “”.

    ``by`` is a first name, “” about an idea whose author is hidden.
    """

    id: int
    kind: DecisionKind
    words: str
    by_id: int
    by: str
    at: datetime
    idea_id: int | None
    measure_id: int | None
    title: str
    stage: str
    outcome: str
    cycle_number: int
    may_remove: bool


@dataclass(frozen=True, slots=True)
class ThanksLine:
    """A thank-you said in the huddle. Names are first names."""

    id: int
    words: str
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    idea_id: int | None


@dataclass(frozen=True, slots=True)
class HardLine:
    """What made the right thing hard: a condition in words, and a line or “”. Never who said it."""

    condition: str
    words: str


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """The thing that a part has open, as its own capability shows it.

    ``idea`` for an idea. ``chart`` is that of the measure, or of the idea's main measure, and
    ``tallies`` are this week's taps of it; None and () where there is none, and for a suggestion.
    ``in_hand`` says by key of a missing item who does it by when: “Kofi, Fri 27 Nov”; ``not_to_do``
    are the keys of those that nobody can do. ``after_note`` is the note with which a move passes
    what is in hand, or “”.
    """

    item: HuddleItemView
    idea: HuddleIdeaDetail | None = None
    chart: HuddleChart | None = None
    tallies: tuple[HuddleTally, ...] = ()
    in_hand: Mapping[str, str] = field(default_factory=dict)
    not_to_do: frozenset[str] = frozenset()
    after_note: str = ""


@dataclass(frozen=True, slots=True)
class HuddlePage:
    """One part of a huddle, with everything its page and its wall show.

    ``items`` are those of this part, put-off ones last; ``detail`` the open one, None where the
    part has none. ``previous`` and ``next`` skip empty parts. ``next_item`` is the one after the
    open one that nothing was done about yet. ``teach`` is None once the team knows. ``empty_words``
    “Nothing stuck. Good.” where the part is empty, else “”.
    """

    head: HuddleHead
    steps: tuple[PartStep, ...]
    step: PartStep
    items: tuple[HuddleItemView, ...]
    detail: ItemDetail | None
    previous: PartStep | None
    next: PartStep | None
    next_item: HuddleItemView | None
    on_wall: HuddleItemView | None
    decisions: tuple[DecisionLine, ...]
    actions: tuple[ActionLine, ...]
    thanks: tuple[ThanksLine, ...]
    people: tuple[PersonChoice, ...]
    dues: tuple[DueChoice, ...]
    conditions: tuple[Condition, ...]
    teach: TeachCard | None
    empty_words: str
    #: What was noted so far, on the page of that part alone.
    hard: tuple[HardLine, ...] = ()

    @property
    def item(self) -> HuddleItemView | None:
        """The open item."""
        return self.detail.item if self.detail else None


@dataclass(frozen=True, slots=True)
class AddPage:
    """What a phone adds to a huddle: the thing the wall shows, whom and when to choose from."""

    head: HuddleHead
    on_wall: HuddleItemView | None
    people: tuple[PersonChoice, ...]
    dues: tuple[DueChoice, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class StartPage:
    """The page before a huddle. ``going_on`` is the one that is not finished, to be resumed.

    ``counts`` are the things that stand in each part now. ``is_first`` while the team has finished
    none. ``when_words`` is “Tuesdays and Fridays at 09:30, 15 minutes”, “” for no fixed day.
    """

    team: TeamRef
    going_on: HuddleHead | None
    parts: tuple[Part, ...]
    counts: Mapping[Part, int]
    planned_minutes: int
    when_words: str
    people: tuple[PersonChoice, ...]
    is_first: bool
    may_run: bool


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action on its own page."""

    action: ActionLine
    team: TeamRef
    people: tuple[PersonChoice, ...]
    dues: tuple[DueChoice, ...]
