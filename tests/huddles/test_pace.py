"""Time used, with pauses, and how it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from improve.huddles.pace import (
    clock_words,
    minutes_taken,
    pace_of,
    part_seconds,
    seconds_between,
)

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def after(seconds: int) -> datetime:
    """Return a moment after the start."""
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("paused_at", "paused", "finished_at", "now", "used"),
    [
        (None, 0, None, 0, 0),
        (None, 0, None, 500, 500),
        (None, 60, None, 500, 440),
        (300, 0, None, 500, 300),
        (300, 60, None, 500, 240),
        (None, 60, 500, 90_000, 440),
        # Finished in a pause: the pause has not been counted yet.
        (300, 0, 500, 90_000, 300),
        # A clock set back, or a pause that is longer than what there was: never below nothing.
        (None, 0, None, -30, 0),
        (None, 600, None, 500, 0),
    ],
)
def test_seconds_used(
    paused_at: int | None, paused: int, finished_at: int | None, now: int, used: int
) -> None:
    pace = pace_of(
        started_at=START,
        paused_at=None if paused_at is None else after(paused_at),
        paused_seconds=paused,
        finished_at=None if finished_at is None else after(finished_at),
        planned_minutes=15,
        now=after(now),
    )
    assert pace.used == used
    assert pace.is_paused is (paused_at is not None and finished_at is None)
    assert pace.is_running is (paused_at is None and finished_at is None)


@pytest.mark.parametrize(
    ("used", "words", "is_over"),
    [
        (0, "00:00", False),
        (500, "08:20", False),
        (899, "14:59", False),
        (900, "15:00", True),
        (4500, "75:00", True),
        (360_000, "6000:00", True),
    ],
)
def test_words_of_the_clock(used: int, words: str, is_over: bool) -> None:
    pace = pace_of(
        started_at=START,
        paused_at=None,
        paused_seconds=0,
        finished_at=None,
        planned_minutes=15,
        now=after(used),
    )
    assert (pace.words, pace.of_words, pace.is_over) == (words, "15:00", is_over)


@pytest.mark.parametrize(("seconds", "words"), [(-5, "00:00"), (59, "00:59"), (3599, "59:59")])
def test_clock_words(seconds: int, words: str) -> None:
    assert clock_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "paused", "minutes"), [(5, 0, 1), (840, 0, 14), (870, 0, 14), (900, 120, 13)]
)
def test_minutes_taken(seconds: int, paused: int, minutes: int) -> None:
    assert minutes_taken(START, after(seconds), paused) == minutes


def test_a_part_takes_no_time_in_a_pause() -> None:
    assert part_seconds(START, None, after(70)) == 70
    assert part_seconds(START, after(20), after(70)) == 0
    assert seconds_between(after(9), START) == 0
