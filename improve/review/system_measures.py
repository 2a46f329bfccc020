"""How the work of improving goes, measured from the product's own history. Pure.

One entry of ``DEFINITIONS`` is one measure: what it is called, how it is counted in plain words,
which rows it needs, and the function that counts it. Nothing computed here is stored. No measure
compares teams, shows a person, or carries a goal: a goal for any of these would be met by logging
less, or testing less. A capability that keeps things of its own adds its rows to
``history.History`` and its entry here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from improve.ideas.kinds import STAGE_WORDS, Stage
from improve.review import flow_counts, stage_counts
from improve.review.history import SystemMeasure

ANSWERING = "Are people answered?"
TAKING_PART = "Who takes part?"
LEARNING = "Are things tried, and learned from?"
STANDING = "How long do ideas stand in a stage?"
GROUPS = (ANSWERING, TAKING_PART, LEARNING, STANDING)

_ON_BOARD = "Ideas that an author keeps with a coach, off the board, are not counted."


def _days_in(stage: Stage) -> SystemMeasure:
    words = STAGE_WORDS[stage]
    return SystemMeasure(
        key=f"days_in_{stage.value}",
        group=STANDING,
        name=f"Days in {words}",
        short=f"days in {words}, median by month left",
        formula=(
            f"Days from entering {words} to the next move, the median of all stays that ended in "
            "the month. A move that was taken back is none."
        ),
        care=(
            "What stands there now is not in it until it leaves. Shorter is not better: some "
            f"changes need their time. {_ON_BOARD}"
        ),
        needs=("stays",),
        count=partial(stage_counts.time_in_stage, stage=stage),
        one="stay",
        many="stays",
        is_share=False,
        unit="days",
        chart="run",
    )


DEFINITIONS: tuple[SystemMeasure, ...] = (
    SystemMeasure(
        key="first_response_days",
        group=ANSWERING,
        name="Days to the first reply",
        short="working days, median by month logged",
        formula=(
            "Working days from logging an idea to the first reply that a person wrote, the median "
            "of all ideas logged in the month. An idea that still waits counts at its age today."
        ),
        care=(
            "Withdrawn before a reply: not counted. While many of a month’s ideas still wait, its "
            f"median can only rise. {_ON_BOARD}"
        ),
        needs=("replies",),
        count=flow_counts.first_reply,
        one="idea",
        many="ideas",
        better_when="lower",
        is_share=False,
        unit="working days",
        chart="run",
    ),
    SystemMeasure(
        key="first_response_within_3",
        group=ANSWERING,
        name="Answered within 3 working days",
        short="% of ideas, by month logged",
        formula=(
            "All ideas logged in the month that were answered or have waited 3 working days. Of "
            "them, those whose first reply came within that time."
        ),
        care=f"An idea that has waited 3 working days or fewer joins when it is known. {_ON_BOARD}",
        needs=("replies",),
        count=flow_counts.answered_in_time,
        one="idea",
        many="ideas",
        better_when="higher",
    ),
    SystemMeasure(
        key="participation",
        group=TAKING_PART,
        name="People who took part",
        short="% of people, by quarter",
        formula=(
            "All people who are there now and had an account then. Of them, those who logged an "
            "idea, wrote a comment, led or belonged to a test, or drove a huddle."
        ),
        care=(
            "Groups of fewer than 5 people are never shown, and no person is. A point is a "
            "quarter, so that no two points share days. Who has left is not counted."
        ),
        needs=("parts", "staff"),
        count=flow_counts.participation,
        one="person",
        many="people",
        better_when="higher",
        frequency="quarter",
    ),
    SystemMeasure(
        key="from_voices",
        group=TAKING_PART,
        name="Ideas from children and families",
        short="% of ideas, by month logged",
        formula=(
            "All ideas logged in the month. Of them, those whose source is a child, a young "
            "person, a parent, a family, or a foster or kinship carer."
        ),
        care=f"The person who logs an idea says where it came from. {_ON_BOARD}",
        needs=("logged",),
        count=flow_counts.from_families,
        one="idea",
        many="ideas",
        better_when="higher",
    ),
    SystemMeasure(
        key="with_families",
        group=TAKING_PART,
        name="Ideas with a child or family in them",
        short="% of ideas, by month logged",
        formula=(
            "All ideas logged in the month. Of them, those that came from a child, young person, "
            "parent, carer or care leaver, or whose page names one as taking part."
        ),
        care=(
            "An idea joins when its page says so, whenever that is. Being named is not yet having "
            f"a say. {_ON_BOARD}"
        ),
        needs=("logged",),
        count=flow_counts.with_families,
        one="idea",
        many="ideas",
        better_when="higher",
    ),
    SystemMeasure(
        key="ideas_tried",
        group=LEARNING,
        name="Ideas that got tried",
        short="% of ideas, by month logged",
        formula=(
            "Ideas that reached Do within 90 days of being logged, over all ideas logged that "
            "month. A month joins when its last day is 90 days ago."
        ),
        care=(
            "Not every idea should be tried. A quick fix is done at once and never comes through "
            f"Do, so it is in neither line. {_ON_BOARD}"
        ),
        needs=("logged",),
        count=flow_counts.ideas_tried,
        one="idea",
        many="ideas",
        better_when="higher",
    ),
    SystemMeasure(
        key="cycle_days",
        group=LEARNING,
        name="Days for one learning cycle",
        short="days from Plan to the decision, median by month",
        formula=(
            "Days from entering Plan to leaving Act, the median of all cycles that left Act in the "
            "month. Each cycle of an idea counts by itself."
        ),
        care=(
            "Cycles that were stopped before Act are not here but under changed or stopped. A "
            "short cycle is no better than a long one that had to be long."
        ),
        needs=("decisions",),
        count=flow_counts.cycle_days,
        one="cycle",
        many="cycles",
        is_share=False,
        unit="days",
        chart="run",
    ),
    SystemMeasure(
        key="age_in_stage",
        group=LEARNING,
        name="Open ideas that have stood long",
        short="% of open ideas, on the month’s last day",
        formula=(
            "All ideas in Plan, Do, Study or Act on the last day of the month. Of them, those that "
            "stood there longer than 85 in 100 finished ideas did."
        ),
        care=(
            "Until ten stays in a stage have finished, 28 days are usual in Plan, 45 in Do, 21 in "
            "Study and 14 in Act. An idea can stand over several months’ ends, so neighbouring "
            "points share ideas, and runs come by chance more often."
        ),
        needs=("stays",),
        count=stage_counts.age_in_stage,
        one="stay in a stage",
        many="stays in a stage",
        better_when="lower",
    ),
    SystemMeasure(
        key="honest_stops",
        group=LEARNING,
        name="Cycles that ended in change or stop",
        short="% of decisions, by month decided",
        formula="Cycles decided as change or stop, over all decisions of the month.",
        care=(
            "No side is better. A board where everything is kept is a board that is not testing."
        ),
        needs=("decisions",),
        count=flow_counts.honest_stops,
        one="decision",
        many="decisions",
    ),
    *(_days_in(stage) for stage in (Stage.PLAN, Stage.DO, Stage.STUDY, Stage.ACT)),
)


def definition(key: str, among: Sequence[SystemMeasure] = DEFINITIONS) -> SystemMeasure | None:
    """Return the measure with this key, or None."""
    return next((one for one in among if one.key == key), None)


def needs_of(definitions: Sequence[SystemMeasure]) -> frozenset[str]:
    """Return the fields of history that these measures are counted from."""
    return frozenset(name for one in definitions for name in one.needs)
