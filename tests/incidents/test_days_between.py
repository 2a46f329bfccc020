"""Days between reports of a kind: no point of fewer than five, and none that is drawn anew."""

from __future__ import annotations

from datetime import date, timedelta

from improve.incidents.days_between import Came, charts_of, stretches
from improve.incidents.kinds import Kind
from improve.incidents.patterns import next_month
from improve.shared.suppression import FEWEST

NEAR_MISS = Kind.NEAR_MISS
FIRST = date(2023, 1, 2)


def came(month: int, count: int, *, kind: Kind = NEAR_MISS, settled_after: int = 14) -> list[Came]:
    """Reports of the first whole week of the n-th month since January 2023."""
    first = date(2023 + month // 12, month % 12 + 1, 1)
    week = first + timedelta(days=-first.weekday() % 7)
    return [Came(week, week + timedelta(days=settled_after), kind.value)] * count


def each_month(months: int, count: int = 6) -> list[Came]:
    return [one for month in range(months) for one in came(month, count)]


def test_a_point_is_of_whole_months_and_of_five_or_more() -> None:
    told = [*came(0, 1), *came(1, 2), *came(2, 2), *came(3, 3), *came(4, 6), *came(5, 4)]
    found = stretches(told, NEAR_MISS, date(2024, 1, 1))
    assert [(one.first.month, one.last.month, one.reports) for one in found] == [
        (2, 4, 7),
        (5, 5, 6),
    ]
    # February to April have 89 days.
    assert found[0].days == 89 / 7


def test_a_month_waits_until_its_reports_had_time_to_be_signed_off() -> None:
    told = [*came(0, 1), *came(1, 5)]
    # March begins the day after February ends; 42 days later it is 12 April.
    assert not stretches(told, NEAR_MISS, date(2023, 4, 11))
    assert len(stretches(told, NEAR_MISS, date(2023, 4, 12))) == 1
    late = [*came(0, 1), *came(1, 5, settled_after=63)]
    assert not stretches(late, NEAR_MISS, date(2024, 1, 1))


def test_no_later_report_changes_a_point_that_was_drawn() -> None:
    told: list[Came] = []
    drawn: tuple[object, ...] = ()
    for month in range(30):
        told += came(month, 2 + month % 5, settled_after=7 * (month % 10))
        today = max(one.settled_week for one in told) + timedelta(days=1)
        now = stretches([one for one in told if one.settled_week < today], NEAR_MISS, today)
        assert now[: len(drawn)] == drawn
        drawn = now
    assert drawn


def test_a_chart_begins_with_twelve_points_and_is_a_t_chart() -> None:
    few = charts_of(each_month(12), date(2024, 6, 1))[0]
    assert not few.has_chart
    assert few.finding == "A chart begins with 12 points. So far: 11\u00a0points."
    chart = charts_of(each_month(13), date(2024, 6, 1))[0]
    assert chart.has_chart
    analysis = chart.reading.analysis
    assert (analysis.chart, len(analysis.points)) == ("t", 12)
    assert analysis.rule_set.name == "Making Data Count rules on a t chart"
    assert chart.views().drawings
    assert chart.rows[0] == ("Jan\u00a02024", "5.2", "6")


def test_there_is_one_chart_a_kind_in_the_order_of_the_form() -> None:
    charts = charts_of([*each_month(14), *came(3, 9, kind=Kind.WENT_WELL)], date(2024, 6, 1))
    assert [chart.kind for chart in charts] == list(Kind)
    assert [len(chart.rows) for chart in charts] == [13, 0, 0, 1]
    assert all(int(row[2]) >= FEWEST for chart in charts for row in chart.rows)


def test_neither_side_is_better() -> None:
    chart = charts_of(each_month(20), date(2025, 1, 1))[0]
    assert chart.reading.measure.better_when == "neither"
    assert charts_of([], date(2025, 1, 1))[0].rows == ()
    assert next_month(date(2024, 12, 1)) == date(2025, 1, 1)
