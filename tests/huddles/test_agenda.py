"""Which idea stands in which part, in which order, and what is skipped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from improve.huddles.agenda import (
    EMPTY_WORDS,
    ITEMS_MOST,
    WITHOUT_LIST,
    first_part,
    is_empty,
    next_part,
    note_words,
    part_of,
    parts_for,
    previous_part,
    sort_into_parts,
    steps_of,
)
from improve.huddles.conditions import CONDITION_WORDS, CONDITIONS
from improve.huddles.due import due_choices, due_fault, end_of_week, usual_due
from improve.huddles.kinds import SHORT_PARTS, USUAL_PARTS, Part
from improve.huddles.teaching import FIVE_LINES, TEACH
from improve.ideas.huddle_views import HuddleIdea
from improve.ideas.kinds import Stage

TODAY = date(2026, 11, 24)
SINCE = datetime(2026, 11, 19, 9, tzinfo=UTC)


def idea(number: int = 1, **facts: Any) -> HuddleIdea:
    """Return an idea in Do with which nothing is wrong, but for ``facts``."""
    return HuddleIdea(
        **{
            "id": number,
            "title": f"Idea {number}",
            "stage": Stage.DO,
            "cycle_number": 1,
            "version": 1,
            "who": "Ines, with Tess",
            "lead_id": 1,
            "age_days": 3,
            "usual_days": 14,
            "needs_reply": False,
            "waiting_working_days": 0,
            "look_again": False,
            "look_again_on": None,
            "is_blocked": False,
            "blocked_since": None,
            "is_due_to_study": False,
            "due_to_study_on": None,
            "over_usual": False,
            "is_pinned": False,
            "pinned_by": "",
            "needs_lead": False,
            "main_measure_id": None,
            "verdict_code": "",
            "n_after": None,
            "needed": None,
            **facts,
        }
    )


BLOCKED = {"is_blocked": True, "blocked_since": SINCE}
WAITS = {"needs_reply": True, "waiting_working_days": 3}
AGAIN = {"look_again": True, "look_again_on": date(2026, 11, 20)}
STUDY = {"is_due_to_study": True, "due_to_study_on": date(2026, 11, 23)}
OVER = {"over_usual": True, "age_days": 24}
PINNED = {"is_pinned": True, "pinned_by": "Helena"}
LEADLESS = {"needs_lead": True, "lead_id": None}


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        ({}, None),
        (BLOCKED, Part.BLOCKED),
        (WAITS, Part.NEW),
        (AGAIN, Part.NEW),
        (STUDY, Part.STUDY),
        (OVER, Part.STUCK),
        (PINNED, Part.STUCK),
        (LEADLESS, Part.STUCK),
        (WAITS | BLOCKED, Part.BLOCKED),
        (STUDY | WAITS, Part.NEW),
        (OVER | STUDY, Part.STUDY),
        (OVER | PINNED | LEADLESS | STUDY | WAITS | BLOCKED, Part.BLOCKED),
    ],
)
def test_an_idea_stands_in_one_part(facts: dict[str, Any], part: Part | None) -> None:
    assert part_of(idea(**facts), USUAL_PARTS) is part


@pytest.mark.parametrize(
    ("facts", "part"), [(BLOCKED | OVER, Part.STUCK), (BLOCKED, None), (BLOCKED | WAITS, Part.NEW)]
)
def test_where_a_part_is_dropped_the_next_reason_counts(
    facts: dict[str, Any], part: Part | None
) -> None:
    parts = tuple(p for p in USUAL_PARTS if p is not Part.BLOCKED)
    assert part_of(idea(**facts), parts) is part


def test_order_within_parts() -> None:
    ideas = [
        idea(1, **WAITS),
        idea(2, **WAITS | {"waiting_working_days": 5}),
        idea(3, **AGAIN),
        idea(4, **WAITS | PINNED | {"waiting_working_days": 0}),
        idea(5, **OVER),
        idea(6, **OVER | {"age_days": 40}),
        idea(7, **LEADLESS),
        idea(8, **PINNED),
        idea(9, **STUDY),
        idea(10, **STUDY | {"due_to_study_on": date(2026, 11, 2)}),
        idea(11, **BLOCKED),
        idea(12, **BLOCKED | {"blocked_since": SINCE - timedelta(days=9)}),
    ]
    found = sort_into_parts(ideas, USUAL_PARTS)
    assert {part: [one.id for one in of_part] for part, of_part in found.items() if of_part} == {
        Part.NEW: [4, 2, 1, 3],
        Part.STUCK: [8, 6, 5, 7],
        Part.STUDY: [10, 9],
        Part.BLOCKED: [12, 11],
    }


def test_a_part_looks_at_thirty() -> None:
    found = sort_into_parts([idea(n, **WAITS) for n in range(100)], USUAL_PARTS)
    assert len(found[Part.NEW]) == ITEMS_MOST == 30


@pytest.mark.parametrize(
    ("facts", "part", "words"),
    [
        (WAITS, Part.NEW, "waiting 3 working days"),
        (WAITS | {"waiting_working_days": 1}, Part.NEW, "waiting 1 working day"),
        (WAITS | {"waiting_working_days": 0}, Part.NEW, "new"),
        (AGAIN, Part.NEW, "to look at again since Fri 20 Nov"),
        (BLOCKED, Part.BLOCKED, "blocked since Thu 19 Nov"),
        (STUDY, Part.STUDY, "study day Mon 23 Nov"),
        (OVER, Part.STUCK, "24 days, usual 14"),
        (PINNED | OVER, Part.STUCK, "pinned by Helena, 24 days, usual 14"),
        (LEADLESS, Part.STUCK, "looking for someone to lead it"),
    ],
)
def test_why_it_stands_there(facts: dict[str, Any], part: Part, words: str) -> None:
    assert note_words(idea(**facts), part).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("chosen", "is_short", "parts"),
    [
        (None, False, USUAL_PARTS),
        (None, True, SHORT_PARTS),
        (["blocked", "new"], True, SHORT_PARTS),
        (["blocked", "new"], False, (Part.BLOCKED, Part.NEW, Part.CLOSE)),
        (["close", "hard", "hard", "stuck"], False, (Part.HARD, Part.STUCK, Part.CLOSE)),
        (["no such part", "today"], False, (Part.CLOSE,)),
        ([], False, (Part.CLOSE,)),
    ],
)
def test_parts_of_a_team(chosen: list[str] | None, is_short: bool, parts: tuple[Part, ...]) -> None:
    assert parts_for(chosen, is_short=is_short) == parts


@pytest.mark.parametrize(
    ("here", "counts", "before", "after"),
    [
        (Part.DUE, {}, None, Part.CLOSE),
        (Part.CLOSE, {}, None, None),
        (Part.NEW, {Part.STUDY: 1}, None, Part.STUDY),
        (Part.STUDY, {Part.STUDY: 1, Part.DUE: 2}, Part.DUE, Part.CLOSE),
        (Part.CLOSE, {Part.BLOCKED: 2, Part.DUE: 2}, Part.BLOCKED, None),
    ],
)
def test_empty_parts_are_skipped(
    here: Part, counts: dict[Part, int], before: Part | None, after: Part | None
) -> None:
    assert previous_part(USUAL_PARTS, here, counts) is before
    assert next_part(USUAL_PARTS, here, counts) is after


def test_a_question_to_the_room_is_never_empty() -> None:
    assert not any(is_empty(part, {}) for part in WITHOUT_LIST)
    assert first_part(SHORT_PARTS, {}) is Part.TODAY
    assert first_part(USUAL_PARTS, {}) is Part.CLOSE
    assert first_part(USUAL_PARTS, {Part.NEW: 1}) is Part.NEW
    assert set(EMPTY_WORDS) | WITHOUT_LIST == set(Part)


def test_the_line_of_parts() -> None:
    steps = steps_of(
        USUAL_PARTS,
        looked_at=Part.BLOCKED,
        on_wall=Part.STUCK,
        counts={Part.STUCK: 2, Part.BLOCKED: 1},
        left={Part.STUCK: 1},
    )
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert [step.part for step in steps if step.is_done] == [Part.DUE, Part.NEW]
    assert [step.part for step in steps if step.is_current] == [Part.BLOCKED]
    assert [step.part for step in steps if step.is_on_wall] == [Part.STUCK]
    stuck = steps[2]
    assert (stuck.count, stuck.left, stuck.is_empty) == (2, 1, False)


@pytest.mark.parametrize(
    ("today", "next_on", "words"),
    [
        (TODAY, date(2026, 12, 1), ["Fri 27 Nov", "Next huddle, Tue 1 Dec"]),
        (TODAY, date(2026, 11, 27), ["Next huddle, Fri 27 Nov"]),
        (TODAY, None, ["Fri 27 Nov", "In a week, Tue 1 Dec"]),
        # A next huddle that is over is none.
        (TODAY, TODAY, ["Fri 27 Nov", "In a week, Tue 1 Dec"]),
        (date(2026, 11, 27), None, ["Fri 4 Dec"]),
        # The Friday of that week is Christmas Day.
        (date(2026, 12, 22), None, ["Thu 24 Dec", "In a week, Tue 29 Dec"]),
        # From Thursday 24 December on the week is over: New Year's Day is none either.
        (date(2026, 12, 24), None, ["Thu 31 Dec"]),
    ],
)
def test_days_offered(today: date, next_on: date | None, words: list[str]) -> None:
    offered = [choice.words.replace("\u00a0", " ") for choice in due_choices(today, next_on)]
    assert [said.removesuffix(" 2027") for said in offered] == words


def test_days_refused() -> None:
    assert due_fault(TODAY - timedelta(days=1), TODAY)
    assert not due_fault(TODAY, TODAY)
    assert not due_fault(TODAY + timedelta(days=365), TODAY)
    assert due_fault(TODAY + timedelta(days=366), TODAY)
    assert usual_due(TODAY, date(2026, 12, 4)) == date(2026, 12, 4)
    assert usual_due(TODAY, None) == date(2026, 12, 1)
    assert end_of_week(date(2026, 11, 28)) == date(2026, 12, 4)


def test_what_is_said_aloud_is_short() -> None:
    assert set(TEACH) == set(Part)
    for part, card in TEACH.items():
        assert len(card.say.split()) <= 40, part
    assert sum(TEACH[part].minutes for part in USUAL_PARTS) == 15
    assert len(FIVE_LINES) == 5


def test_conditions_are_fourteen_and_no_person() -> None:
    assert [condition.code for condition in CONDITIONS] == [f"F{n:02}" for n in range(1, 15)]
    assert len(set(CONDITION_WORDS.values())) == 14
