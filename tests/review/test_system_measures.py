"""Each measure of how the work goes, from histories made by hand. Pure: no database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from improve.ideas.flow import DecisionRow, LoggedRow, PartRow, ReplyRow, StayRow, stays_of
from improve.measures.views import FREQUENCY_WORDS
from improve.review.counting import (
    WorkingDays,
    median_of,
    months_before,
    most_of,
    quarters_before,
)
from improve.review.history import Counted, History
from improve.review.showing import all_points, show
from improve.review.system_measures import DEFINITIONS, GROUPS, definition, needs_of
from improve.shared.working_days import working_days_between

TODAY = date(2026, 11, 24)


def on(year: int, month: int, day: int) -> int:
    """A day as histories keep it."""
    return date(year, month, day).toordinal()


def count(key: str, **rows: object) -> Counted:
    """Count one measure from these rows."""
    found = definition(key)
    assert found is not None
    return found.count(History(today=TODAY, **rows))  # type: ignore[arg-type]


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


# --- days to the first reply


def test_median_of_working_days_by_month_of_logging() -> None:
    rows = (
        ReplyRow(on(2026, 9, 4), on(2026, 9, 7), False, 2),  # a Friday, answered on Monday: 1
        ReplyRow(on(2026, 9, 7), on(2026, 9, 14), False, 1),  # 5
        ReplyRow(on(2026, 10, 5), on(2026, 10, 5), False, 1),  # the same day: 0
    )
    counted = count("first_response_days", replies=rows)
    assert [(p.starts_on, p.value) for p in counted.points] == [
        (date(2026, 9, 1), 1),
        (date(2026, 10, 1), 0),
    ]
    assert counted.behind == 4


def test_an_idea_that_waits_counts_at_its_age_today() -> None:
    rows = (
        ReplyRow(on(2026, 10, 26), None, False, 1),  # 21 working days to 24 November
        ReplyRow(on(2026, 10, 26), on(2026, 10, 27), False, 1),
    )
    counted = count("first_response_days", replies=rows)
    assert [p.value for p in counted.points] == [11.0]
    assert plain(counted.facts[0]) == "1 idea waits for a reply now, for 21 working days."


def test_who_withdrew_before_a_reply_waits_no_more() -> None:
    counted = count("first_response_days", replies=(ReplyRow(on(2026, 9, 4), None, True, 3),))
    assert counted.points == ()
    assert counted.facts[0] == "No idea waits for a reply now."


def test_share_within_three_days_leaves_out_what_is_not_known_yet() -> None:
    rows = (
        ReplyRow(on(2026, 10, 5), on(2026, 10, 8), False, 3),  # 3 working days: in time
        ReplyRow(on(2026, 10, 5), on(2026, 10, 9), False, 1),  # 4
        ReplyRow(on(2026, 10, 6), None, False, 1),  # waits longer than that
        ReplyRow(on(2026, 11, 23), None, False, 5),  # waits one day: nobody knows
    )
    counted = count("first_response_within_3", replies=rows)
    assert [(p.numerator, p.denominator) for p in counted.points] == [(3, 5)]
    assert counted.behind == 5


def test_month_that_is_not_over_is_no_point_but_is_told() -> None:
    rows = (ReplyRow(on(2026, 11, 2), on(2026, 11, 3), False, 4),)
    counted = count("first_response_days", replies=rows)
    assert counted.points == ()
    assert counted.facts[1] == "Logged this month so far: 4."


def test_month_without_ideas_is_a_gap_and_not_zero() -> None:
    rows = (
        ReplyRow(on(2026, 7, 6), on(2026, 7, 8), False, 1),
        ReplyRow(on(2026, 9, 7), on(2026, 9, 8), False, 1),
    )
    counted = count("first_response_days", replies=rows)
    assert [p.value for p in counted.points] == [2.0, None, 1.0, None]
    shown = show(DEFINITIONS[0], History(today=TODAY, replies=rows))
    assert shown.newest_words == "1"
    assert shown.newest_period.replace("\u00a0", " ") == "Sep 2026"
    assert [row[0] for row in all_points([shown])] == ["Days to the first reply"] * 4
    assert "in 2 months" in plain(shown.behind)


def test_working_days_agree_with_the_calendar_over_clock_changes_and_holidays() -> None:
    first = on(2025, 3, 1)
    table = WorkingDays(first, on(2026, 4, 30))
    for start in range(first, on(2026, 4, 1), 5):
        for length in (0, 1, 3, 8, 30):
            there = date.fromordinal(start), date.fromordinal(start + length)
            assert table.between(start, start + length) == working_days_between(*there)
    assert table.between(first + 3, first) == 0


# --- taking part


def people(count_: int, since: int = on(2024, 1, 1)) -> tuple[tuple[int, int], ...]:
    return tuple((n + 1, since) for n in range(count_))


QUARTERS = (*quarters_before(TODAY, 4), date(2026, 10, 1))


def test_share_of_people_counts_each_once_in_a_quarter() -> None:
    parts = (
        PartRow(1, 0, 0, False),
        PartRow(1, 0, 1, False),
        PartRow(2, 1, 1, False),
        PartRow(3, 2, 4, True),
        PartRow(99, 2, 4, True),  # has left
    )
    counted = count("participation", parts=parts, quarters=QUARTERS, staff=people(6))
    assert [(p.numerator, p.denominator) for p in counted.points] == [
        (1, 6),
        (2, 6),
        (1, 6),
        (1, 6),
    ]
    assert plain(counted.facts[0]) == "In the last 90 days 1 of 6 people took part."


@pytest.mark.parametrize("size", [0, 1, 4])
def test_group_under_five_shows_nothing_at_all(size: int) -> None:
    counted = count(
        "participation", parts=(PartRow(1, 0, 4, True),), quarters=QUARTERS, staff=people(size)
    )
    assert counted.points == ()
    assert counted.facts == ()
    assert counted.table.rows == ()
    assert "fewer than 5 people in the team" in counted.refusal


def test_quarter_in_which_the_group_was_under_five_is_a_gap() -> None:
    staff = (*people(2), *((n, on(2026, 5, 4)) for n in (11, 12, 13, 14)))
    parts = (PartRow(1, 0, 3, True),)
    counted = count("participation", parts=parts, quarters=QUARTERS, staff=staff)
    assert [p.denominator for p in counted.points] == [6, 6]
    assert [row[2] for row in counted.table.rows] == [6, 6]


def test_quarters_before_anybody_took_part_are_left_out_and_later_ones_are_zero() -> None:
    parts = (PartRow(1, 1, 1, False),)
    counted = count("participation", parts=parts, quarters=QUARTERS, staff=people(5))
    assert [p.numerator for p in counted.points] == [1, 0, 0]


def test_ideas_from_families_of_all_ideas() -> None:
    rows = (
        LoggedRow(on(2026, 9, 1), "child", False, False, False, 2),
        LoggedRow(on(2026, 9, 30), "parent_or_carer", True, False, False, 1),
        LoggedRow(on(2026, 9, 30), "foster_or_kinship_carer", True, False, False, 1),
        LoggedRow(on(2026, 9, 30), "own", True, True, False, 4),
    )
    counted = count("from_voices", logged=rows)
    assert [(p.numerator, p.denominator) for p in counted.points] == [(4, 8), (None, None)]
    assert counted.table.rows == ((date(2026, 9, 1), 2, 1, 1, 8),)


# --- trying and learning


def test_an_idea_is_with_a_family_by_its_source_or_by_who_takes_part() -> None:
    rows = (
        LoggedRow(on(2026, 9, 1), "child", False, False, False, 2),
        LoggedRow(on(2026, 9, 2), "own", False, False, True, 1),
        LoggedRow(on(2026, 9, 3), "own", False, False, False, 5),
    )
    counted = count("with_families", logged=rows)
    assert [(p.numerator, p.denominator) for p in counted.points if p.denominator] == [(3, 8)]


def test_ideas_tried_of_those_logged_ninety_days_ago_or_more() -> None:
    rows = (
        LoggedRow(on(2026, 7, 1), "own", True, False, False, 3),
        LoggedRow(on(2026, 7, 31), "own", False, False, False, 1),
        LoggedRow(on(2026, 7, 31), "own", False, True, False, 2),  # quick fixes are in neither line
        LoggedRow(on(2026, 8, 27), "own", True, False, False, 9),  # 89 days ago
    )
    counted = count("ideas_tried", logged=rows)
    assert [(p.starts_on, p.numerator, p.denominator) for p in counted.points] == [
        (date(2026, 7, 1), 3, 4)
    ]
    assert plain(counted.facts[1]) == "Besides them, 2 quick fixes."


def test_month_joins_the_tried_when_its_last_day_is_ninety_days_ago() -> None:
    rows = (LoggedRow(on(2026, 8, 3), "own", True, False, False, 1),)
    ended = date(2026, 8, 31) + timedelta(days=90)
    found = definition("ideas_tried")
    assert found is not None
    assert not found.count(History(today=ended - timedelta(days=1), logged=rows)).points
    assert found.count(History(today=ended, logged=rows)).points


def test_days_of_a_cycle_leave_out_stops_before_act() -> None:
    rows = (
        DecisionRow(on(2026, 10, 2), "adopt", 10, 1),
        DecisionRow(on(2026, 10, 20), "adapt", 21, 2),
        DecisionRow(on(2026, 10, 20), "abandon", None, 5),
    )
    counted = count("cycle_days", decisions=rows)
    assert [p.value for p in counted.points] == [21.0]
    assert counted.table.rows == ((date(2026, 10, 1), 3, 21.0, 21),)


@pytest.mark.parametrize(
    ("took", "says"),
    [
        ((159,), "The one cycle took 159 days."),
        ((1,), "The one cycle took 1 day."),
        ((10, 20, 90), "Half of the cycles took 20 days or fewer, the longest 90 days."),
        (
            (*range(1, 21),),
            "Half of the cycles took 11 days or fewer, and 85 in 100 took 17 days or fewer.",
        ),
    ],
)
def test_how_long_cycles_took_is_said_by_how_many_there_are(
    took: tuple[int, ...], says: str
) -> None:
    rows = tuple(DecisionRow(on(2026, 9, 7), "adopt", days, 1) for days in took)
    assert plain(count("cycle_days", decisions=rows).facts[0]) == says


def test_change_and_stop_of_all_decisions() -> None:
    rows = (
        DecisionRow(on(2026, 10, 2), "adopt", 10, 1),
        DecisionRow(on(2026, 10, 20), "adapt", 21, 2),
        DecisionRow(on(2026, 10, 20), "abandon", None, 5),
    )
    counted = count("honest_stops", decisions=rows)
    assert [(p.numerator, p.denominator) for p in counted.points] == [(7, 8)]
    assert counted.table.rows == ((date(2026, 10, 1), 1, 2, 5),)


def test_age_against_starting_norms_until_ten_stays_have_finished() -> None:
    few = (
        StayRow("plan", on(2026, 10, 27), None, False, 1),  # 28 days: not longer than usual
        StayRow("plan", on(2026, 10, 26), None, False, 1),  # 29 days
        StayRow("plan", on(2026, 3, 2), 7, True, 9),
    )
    counted = count("age_in_stage", stays=few)
    assert plain(counted.facts[0]) == (
        "Now 1 of 2 open ideas stands longer in its stage than is usual."
    )
    assert counted.apart is not None
    assert counted.apart[1].rows[0] == ("Plan", 2, 28.5, 29, 28, "Starting norm", 1)


def test_age_against_what_finished_ideas_took_from_ten_on() -> None:
    rows = (
        StayRow("do", on(2026, 3, 2), 10, True, 17),
        StayRow("do", on(2026, 3, 2), 40, True, 3),  # 85 in 100 took 10 or fewer
        StayRow("do", on(2026, 3, 2), 99, False, 8),  # of ideas that are still open: not known
        StayRow("do", on(2026, 11, 10), None, False, 1),
    )
    counted = count("age_in_stage", stays=rows)
    assert counted.apart is not None
    assert counted.apart[1].rows[1] == ("Do", 1, 14.0, 14, 10, "20 finished stays", 1)


def test_share_that_has_stood_long_on_the_last_day_of_each_month() -> None:
    rows = (
        StayRow("study", on(2026, 8, 1), 46, True, 1),  # to 16 September: 30 days on 31 August
        StayRow("study", on(2026, 8, 31), 1, True, 1),  # entered on the last day
        StayRow("study", on(2026, 8, 20), 11, True, 1),  # left on 31 August: not there that day
        StayRow("study", on(2026, 10, 9), None, False, 1),  # 22 days on 31 October
    )
    counted = count("age_in_stage", stays=rows)
    assert [(p.starts_on.month, p.numerator, p.denominator) for p in counted.points] == [
        (8, 1, 2),
        (9, None, None),
        (10, 1, 1),
    ]


def test_share_agrees_with_counting_every_stay_by_hand() -> None:
    norms = {"plan": 28, "do": 45, "study": 21, "act": 14}
    stays = [
        StayRow(stage, on(2025, 1, 1) + n * 11, None if n % 17 == 0 else (n * 7) % 90, False, 1)
        for n, stage in enumerate(list(norms) * 15)
    ]
    counted = count("age_in_stage", stays=tuple(stays))
    for point in counted.points:
        following = (point.starts_on + timedelta(days=31)).replace(day=1)
        end = following.toordinal() - 1
        there = [
            s
            for s in stays
            if s.entered_on <= end and (s.days is None or s.entered_on + s.days > end)
        ]
        long = [s for s in there if end - s.entered_on > norms[s.stage]]
        assert (point.numerator or 0, point.denominator or 0) == (len(long), len(there))
    assert len(counted.points) > 12


def test_stays_are_paired_move_by_move() -> None:
    day = on(2026, 3, 28)  # the clocks change that night: days are days all the same
    moves = [
        (1, "plan", day, 1),
        (1, "do", day + 2, 1),
        (1, "done", day + 9, 1),
        (2, "plan", day, 0),
        (2, "suggested", day + 4, 0),
        (2, "plan", day + 6, 0),
    ]
    assert sorted(stays_of(moves, since_on=day), key=lambda s: (s.is_finished, s.entered_on)) == [
        StayRow("plan", day, 4, False, 1),
        StayRow("plan", day + 6, None, False, 1),
        StayRow("plan", day, 2, True, 1),
        StayRow("do", day + 2, 7, True, 1),
    ]
    assert len(stays_of(moves, since_on=day + 5)) == 2


# --- all of them


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.key)
def test_nothing_counted_yet_is_said(one: object) -> None:
    past = History(today=TODAY, quarters=QUARTERS, staff=people(7))
    shown = show(one, past)  # type: ignore[arg-type]
    assert shown.counted.points == ()
    assert "Nothing to count yet" in shown.finding
    assert shown.behind == ""
    assert shown.newest_words == ""
    assert shown.rows() == []


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.key)
def test_definitions_are_whole(one: object) -> None:
    assert one.group in GROUPS  # type: ignore[attr-defined]
    assert one.frequency in FREQUENCY_WORDS  # type: ignore[attr-defined]
    assert one.formula.endswith(".")  # type: ignore[attr-defined]
    assert one.care.endswith(".")  # type: ignore[attr-defined]
    assert set(one.needs) <= set(History.__slots__)  # type: ignore[attr-defined]


def test_each_key_is_one_measure() -> None:
    assert len({one.key for one in DEFINITIONS}) == len(DEFINITIONS)
    assert definition("loop_closed") is None
    assert needs_of(DEFINITIONS[:1]) == {"replies"}


def test_median_and_percentile_of_few_values() -> None:
    assert median_of({}) is None
    assert most_of({}) is None
    assert (median_of({4: 1}), most_of({4: 1})) == (4, 4)
    assert (median_of({1: 1, 2: 1}), most_of({1: 1, 2: 1})) == (1.5, 2)
    assert most_of(dict.fromkeys(range(1, 21), 1)) == 17
    assert most_of(dict.fromkeys(range(1, 101), 1)) == 85


def test_whole_months_and_quarters_before_a_day() -> None:
    assert months_before(date(2026, 1, 1), 2) == [date(2025, 11, 1), date(2025, 12, 1)]
    assert quarters_before(date(2026, 1, 1), 2) == [date(2025, 7, 1), date(2025, 10, 1)]


def test_one_day_is_said_as_one() -> None:
    rows = tuple(
        ReplyRow(on(2026, month, 7), on(2026, month, 8), False, 1) for month in (1, 4, 5, 7, 8, 9)
    )
    rows += tuple(
        ReplyRow(on(2026, month, 6), on(2026, month, 7), False, 1) for month in (2, 3, 6, 10)
    )
    finding = plain(show(DEFINITIONS[0], History(today=TODAY, replies=rows)).finding)
    assert "1 working day" in finding
    assert "1 working days" not in finding
