"""Made-up series that charts are drawn from in these tests."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from improve.measures.chart import ChartNote, TestSpan
from improve.measures.chart.sizes import BESIDE_SIZES, GRID_SIZES, IDEA_SIZES, MEASURE_SIZES
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.series import ChartAnalysis, Observed

ROOT = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 1, 5)
SIZES = {
    size.name + ("" if size.last or not size.is_from_baseline else "-whole"): size
    for size in (*MEASURE_SIZES, *IDEA_SIZES, *BESIDE_SIZES, *GRID_SIZES)
}
PAIR = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


def week(number: int) -> date:
    return MONDAY + timedelta(days=7 * number)


def month(number: int) -> date:
    return date(2024 + number // 12, number % 12 + 1, 1)


def weekly(
    values: list[float | None], *, chart: str = "i", unit: str = "", starts: int | None = None
) -> ChartAnalysis:
    rows = [Observed(week(i), value) for i, value in enumerate(values)]
    return analyse_series(
        rows, chart=chart, unit=unit, starts_on=None if starts is None else week(starts)
    )


def noise(mean: float, spread_by: float, n: int, seed: int = 1) -> list[float | None]:
    chance = random.Random(seed)  # noqa: S311  a made-up series, nothing secret
    return [round(chance.gauss(mean, spread_by), 2) for _ in range(n)]


def improved(unit: str = "%") -> ChartAnalysis:
    before = noise(60, 4, 24)
    return weekly([*before, 71, 73, 70, 75, 74, 72, 76, 75], unit=unit, starts=24)


def shares() -> ChartAnalysis:
    chance = random.Random(3)  # noqa: S311
    rows = []
    for i in range(40):
        n = chance.randint(30, 60)
        rows.append(Observed(week(i), None, round(n * min(chance.gauss(0.8, 0.06), 1)), n))
    return analyse_series(rows, chart="p", unit="%", starts_on=week(30))


def phased(*means: float, unit: str = "days") -> ChartAnalysis:
    """Fifteen points about each mean, a new middle line at each change."""
    values = [value for i, mean in enumerate(means) for value in noise(mean, 1.5, 15, i)]
    rows = [Observed(week(i), value) for i, value in enumerate(values)]
    lines = [week(15 * i) for i in range(1, len(means))]
    return analyse_series(rows, chart="i", unit=unit, new_lines_on=lines)


def phased_after_a_test() -> ChartAnalysis:
    values = [*noise(60, 3, 20), *noise(72, 3, 10, 2), *noise(80, 3, 12, 3)]
    rows = [Observed(week(i), value) for i, value in enumerate(values)]
    return analyse_series(rows, chart="i", unit="%", starts_on=week(20), new_lines_on=[week(30)])


def days_between(n: int = 40) -> ChartAnalysis:
    chance = random.Random(5)  # noqa: S311
    day, rows = MONDAY, []
    for _ in range(n):
        gap = max(1, round(chance.expovariate(1 / 12)))
        day += timedelta(days=gap)
        rows.append(Observed(day, float(gap)))
    return analyse_series(rows, chart="t", unit="days")


def rates() -> ChartAnalysis:
    chance = random.Random(6)  # noqa: S311
    rows = []
    for i in range(30):
        nights = chance.randint(4000, 18000)
        rows.append(Observed(month(i), None, round(nights * chance.gauss(0.0065, 0.001)), nights))
    return analyse_series(rows, chart="u", unit="per 1,000 nights", multiply=1000)


ODD_SERIES: dict[str, Callable[[], ChartAnalysis]] = {
    "no points": lambda: weekly([]),
    "one point": lambda: weekly([12]),
    "two points": lambda: weekly([12, 14]),
    "all equal": lambda: weekly([7.0] * 20),
    "all 100%": lambda: weekly([100.0] * 20, unit="%"),
    "all zero": lambda: weekly([0.0] * 20),
    "all gaps": lambda: weekly([None] * 12),
    "gaps": lambda: weekly([7, 8, None, None, 9, 6, None, 7, 8, 6, 7, 7, 8, 9, 5, 6, None]),
    "520 points": lambda: weekly([*noise(50, 8, 400), *noise(57, 8, 120, 2)], starts=400),
    "negative": lambda: weekly(noise(-3000, 800, 30), unit="£"),
    "both signs": lambda: weekly(noise(0, 3, 30)),
    "huge": lambda: weekly(noise(3e12, 8e11, 30), unit="£"),
    "very huge": lambda: weekly([1e200, 2e200, 1.5e200] * 5),
    "tiny": lambda: weekly(noise(0.0003, 0.00004, 30)),
    "shares": shares,
    "improved": improved,
    "just started": lambda: weekly(noise(60, 4, 14), unit="%", starts=14),
    "too few before": lambda: weekly(noise(60, 4, 9), unit="%", starts=5),
    "two phases": lambda: phased(12, 9),
    "five phases": lambda: phased(12, 18, 11, 17, 12.5, unit="%"),
    "phases after a test": phased_after_a_test,
    "days between": days_between,
    "rates": rates,
    "wild": lambda: weekly([*noise(10, 1, 30), 4000.0]),
}
WINDOWS = (
    TestSpan("Cycle 1, small", week(8), week(11), is_judged=False),
    TestSpan("Cycle 2, the whole team", week(14)),
    TestSpan("Another idea, everyone", week(24), week(40)),
)
NOTES = tuple(ChartNote(i + 1, week(w)) for i, w in enumerate((0, 1, 1, 2, 13, 25, 31)))
