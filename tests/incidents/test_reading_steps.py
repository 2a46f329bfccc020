"""Which step of a report comes next, and who may go on with what was destroyed. No database."""

from __future__ import annotations

import pytest

from improve.incidents.confidentiality import Reviewer
from improve.incidents.kinds import StepKind
from improve.incidents.reading import (
    Position,
    Read,
    Step,
    free_position,
    may_follow,
    waited_words,
)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (Read(), Step.DANGER),
        (Read(is_agreed=True, is_approved=True), Step.DANGER),
        (Read(is_safe=True), Step.CODING),
        (Read(is_safe=True, is_agreed=True), Step.WORDS),
        (Read(is_safe=True, is_agreed=True, may_call=True), Step.CALL_BACK),
        (Read(is_safe=True, is_agreed=True, may_call=True, is_called=True), Step.WORDS),
        (Read(is_safe=True, is_agreed=True, is_approved=True), Step.SIGN_OFF),
        (Read(is_ended=True), Step.USE),
        (Read(is_ended=True, is_used=True), Step.ANSWER),
        (Read(is_ended=True, is_used=True, is_answered=True), None),
    ],
)
def test_danger_is_first_and_each_step_waits_its_turn(read: Read, expected: Step | None) -> None:
    assert read.next is expected


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], Position.FIRST),
        (["none"], Position.FIRST),
        (["first"], Position.SECOND),
        (["second", "none"], Position.FIRST),
        (["first", "second"], Position.NONE),
    ],
)
def test_two_read_each_report(taken: list[str], expected: Position) -> None:
    assert free_position(taken) is expected


def test_how_long_it_is_here_names_no_day() -> None:
    assert waited_words(0) == "less than a working day here"
    assert [waited_words(days) for days in (1, 12)] == [
        "1\u00a0working day here",
        "12\u00a0working days here",
    ]


def follows(person: int, *, teams: frozenset[int] = frozenset(), still: tuple[int, ...]) -> bool:
    steps = [
        (1, StepKind.OPENED),
        (2, StepKind.OPENED),
        (2, StepKind.MAY_KNOW),
        (3, StepKind.MAY_KNOW),
    ]
    return may_follow(
        Reviewer(person, "Somebody", teams),
        group_teams=frozenset({7}),
        steps=steps,
        still_reviewing=still,
    )


def test_what_was_destroyed_stays_with_its_readers() -> None:
    assert follows(1, still=(1, 2, 3, 4))
    assert not follows(2, still=(1, 2, 3, 4))
    assert not follows(4, still=(1, 2, 3, 4))
    assert not follows(1, teams=frozenset({7}), still=(1, 2, 3, 4))


def test_an_answer_is_owed_also_when_its_readers_left() -> None:
    assert follows(4, still=(2, 3, 4))
    assert not follows(4, teams=frozenset({7}), still=(2, 3, 4))
    assert not follows(3, still=(2, 3, 4))
    untrained = Reviewer(4, "Somebody", frozenset(), is_trained=False)
    assert not may_follow(untrained, group_teams=frozenset({7}), steps=[], still_reviewing=(4,))
