"""The invented numbers of the demo: drawn from a recipe with a fixed seed, laid on dates. Pure.

A recipe is made of parts: *before*, of so many points, then one part from each day on which
something changed. A part's points belong to it whatever the date is: the first after a change is
always the same number, and how many there are follows from the day of loading. So a verdict rests
on the same numbers on every day, with at most one point more or fewer. The seeds were chosen by
trying one after the other until the verdicts came out as ``content.json`` expects them on every
day of a year; the demo's tests hold that.

Only ``Random.random`` is drawn from: its numbers are the same in every version of Python.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any

from improve.demo.calendar import Calendar, first_from, period_before
from improve.measures.table_import import Period, next_period


@dataclass(frozen=True, slots=True)
class Drawn:
    """One invented number for the period that begins on ``start``, or for an event of that day.

    ``left_out`` is why somebody will leave the point out once it is entered.
    """

    start: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""
    raw_values: tuple[float, ...] = ()
    left_out: str = ""


def lay_all(measures: Sequence[Mapping[str, Any]], calendar: Calendar) -> dict[str, list[Drawn]]:
    """Return the series of all measures by key, each up to its newest whole period, oldest first.

    A share may take its bottom line from a count (``of`` names it), so that both charts agree. A
    point marked as missing leaves a gap.
    """
    found: dict[str, list[Drawn]] = {}
    # Counts first: shares may stand on them.
    for measure in sorted(measures, key=lambda m: "of_measure" in m["series"]):
        found[measure["key"]] = _lay(measure, calendar, found)
    return found


def _lay(
    measure: Mapping[str, Any], calendar: Calendar, others: Mapping[str, list[Drawn]]
) -> list[Drawn]:
    recipe, period = measure["series"], measure["frequency"]
    if "gap" in recipe:
        return _events(measure, calendar)
    totals = {point.start: point.value for point in others.get(recipe.get("of_measure"), ())}
    drawer = _Drawer(measure["recorded"], recipe, totals, measure.get("per", 1.0))
    end = next_period(calendar.last_whole(period), period)
    begins = [first_from(calendar.day(part["from"]), period) for part in recipe["parts"][1:]]
    begins = [min(day, end) for day in begins]
    day, starts = begins[0] if begins else end, []
    for _ in range(recipe["parts"][0]["count"]):
        day = period_before(day, period)
        starts.append(day)
    found = drawer.points(0, starts)[::-1]
    for number, day in enumerate(begins, start=1):
        until = begins[number] if number < len(begins) else end
        found += drawer.points(number, _periods(day, until, period))
    return [point for point in found if point is not None]


def _events(measure: Mapping[str, Any], calendar: Calendar) -> list[Drawn]:
    """Return rare events with the days, or the cases, since the one before; oldest first."""
    recipe = measure["series"]
    (part,) = recipe["parts"]
    chance = Random(recipe["seed"] * 1000)
    day, found = calendar.day(-recipe["last"]), []
    for _ in range(part["count"]):
        days = 1 + int(-(recipe["gap"] - 1) * math.log(1 - chance.random()))
        value = float(days)
        if measure["recorded"] == "cases_between":
            value = float(int(-part["level"] * math.log(1 - chance.random())))
        found.append(Drawn(day, value=value))
        day -= timedelta(days=days)
    return found[::-1]


def _periods(day: date, until: date, period: Period) -> list[date]:
    starts = []
    while day < until:
        starts.append(day)
        day = next_period(day, period)
    return starts


@dataclass(frozen=True, slots=True)
class _Drawer:
    recorded: str
    recipe: Mapping[str, Any]
    totals: Mapping[date, float | None]
    per: float = 1.0

    def points(self, number: int, starts: Sequence[date]) -> list[Drawn | None]:
        """Return the points of one part, in the order of ``starts``."""
        part = self.recipe["parts"][number]
        marks = {mark["index"]: mark for mark in part.get("marks", ())}
        chance = Random(self.recipe["seed"] * 1000 + number)
        points: list[Drawn | None] = []
        for index, start in enumerate(starts):
            facts, mark = self._draw(part["level"], start, chance), marks.get(index, {})
            facts |= {name: mark[name] for name in facts if name in mark}
            is_missing = mark.get("is_missing", False)
            words = {name: mark.get(name, "") for name in ("note", "left_out")}
            points.append(None if is_missing else Drawn(start, **facts, **words))
        return points

    def _draw(self, level: float, start: date, chance: Random) -> dict[str, Any]:
        if "extra" in self.recipe:
            # More than chance: weeks differ in what makes them easy or hard.
            level = min(level + self.recipe["extra"] * _normal(chance), 0.99)
        if self.recorded == "proportion":
            of = self._of(start, chance)
            return {
                "numerator": float(sum(chance.random() < level for _ in range(of))),
                "denominator": float(of),
            }
        if self.recorded == "rate":
            return self._rate(level, chance)
        if self.recorded == "count":
            return {"value": float(_poisson(level, chance))}
        if self.recorded == "times":
            return self._times(level, chance)
        value = level + self.recipe["spread"] * _normal(chance)
        return {"value": round(max(value, 0.0), self.recipe["decimals"])}

    def _rate(self, level: float, chance: Random) -> dict[str, Any]:
        """So many for each of a bottom line: by chance alone, or with a spread of its own."""
        least, most = self.recipe["of"]
        of = round(least + chance.random() * (most - least), self.recipe.get("of_decimals", 0))
        if "spread" in self.recipe:
            top = float(round((level + self.recipe["spread"] * _normal(chance)) * of))
        else:
            top = float(_poisson(level * of / self.per, chance))
        return {"numerator": top, "denominator": of}

    def _times(self, level: float, chance: Random) -> dict[str, Any]:
        """Several times about a level, a few of them long, and the middle one of them."""
        least, most = self.recipe["of"]
        count = int(least) + int(chance.random() * (most - least + 1))
        times = tuple(float(round(level * math.exp(0.3 * _normal(chance)))) for _ in range(count))
        return {"value": median(times), "raw_values": times}

    def _of(self, start: date, chance: Random) -> int:
        if "of_measure" in self.recipe:
            return int(self.totals[start] or 0)
        least, most = self.recipe["of"]
        return int(least) + int(chance.random() * (most - least + 1))


def _normal(chance: Random) -> float:
    """Return a number from about the normal distribution: twelve even ones added up."""
    return sum(chance.random() for _ in range(12)) - 6


def _poisson(mean: float, chance: Random) -> int:
    """Return a count whose usual size is ``mean``, by Knuth's product, in halves when large."""
    if mean > 30:
        return _poisson(mean / 2, chance) + _poisson(mean / 2, chance)
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
