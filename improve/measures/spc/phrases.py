"""Values, days, counts and levels as people say them, for every sentence about a chart.

Non-breaking spaces stand inside “4 of 7” and inside dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from improve.shared.rounding import half_up, in_figures, without_idle_zeros

Facts = Mapping[str, Any]

NBSP = "\u00a0"
MOST_NAMED = 3
#: Decimals beyond which a percentage is not told apart from 0% or 100%.
_NEAREST_AN_END = 4
#: Units of which there is one: “1 working day”.
_TIMES = ("minutes", "hours", "days", "weeks", "months", "years")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def value_words(value: float | None, unit: str = "", *, most: int | None = None) -> str:
    """A value as people say it: “81%”, “£1,240”, “12.4 days”, “no value”.

    Percentages have no decimals from 10 up and one below, and never round to 100% or 0% unless
    they are. Other numbers keep about three figures. ``most`` is how many decimals the numbers
    behind it bear at most (see ``ChartAnalysis.level_places``). A half is rounded up.
    """
    if value is None:
        return "no value"
    places = decimals_wanted(value, unit, most=most)
    return with_unit(without_idle_zeros(in_figures(value, places)), unit)


def decimals_wanted(value: float, unit: str = "", *, most: int | None = None) -> int:
    """How many decimals a value is said with, those that turn out idle included."""
    size = abs(value)
    if unit == "%":
        places = 0 if size >= 10 else 1
        if 0 < size < 100:
            while places < _NEAREST_AN_END and half_up(size, places) in (0, 100):
                places += 1
        return places
    places = 0 if size >= 100 else 1 if size >= 10 else 2
    return places if most is None else min(places, most)


def with_unit(figures: str, unit: str) -> str:
    """“−12%”, “−£3”, “12.4 days”, “1 day”: figures with a true minus sign and their unit."""
    text = figures.replace("-", "\u2212")
    if unit == "%":
        return f"{text}%"
    if unit == "£":
        return f"\u2212£{text[1:]}" if text.startswith("\u2212") else f"£{text}"
    if text == "1" and unit.endswith(_TIMES):
        unit = unit.removesuffix("s")
    return f"{text}{NBSP}{unit}" if unit else text


def day_words(iso: str, *, period: str, last_on: str | None = None) -> str:
    """A period by name: “3 March” for a week or a day, “August” for a month, “2025-26” for a
    year that begins in April.

    The year is added where it differs from the year of ``last_on`` (the newest point).
    """
    day = date.fromisoformat(iso)
    year = "" if last_on and last_on[:4] == iso[:4] else f"{NBSP}{day.year}"
    month = MONTHS[day.month - 1]
    if period == "year":
        return year_words(day)
    if period == "month":
        return f"{month}{year}"
    if period == "quarter":
        last = MONTHS[(day.month + 1) % 12]
        return f"{month} to {last}{year}"
    return f"{day.day}{NBSP}{month}{year}"


def stretch_words(first: date, last: date, *, period: str, last_on: str | None = None) -> str:
    """“25 May to 20 July”, “January to September” for quarters, each end as in ``day_words``."""
    start = day_words(first.isoformat(), period=period, last_on=last_on)
    end = day_words(last.isoformat(), period=period, last_on=last_on)
    if period == "quarter":
        start = day_words(first.isoformat(), period="month", last_on=last_on)
        end = end.partition(" to ")[2]
    if start.endswith(f"{NBSP}{first.year}") and first.year == last.year:
        start = start.removesuffix(f"{NBSP}{first.year}")
    return f"{start} to {end}"


def year_words(start: date) -> str:
    """“2025-26” for a year that does not begin in January, else “2025”."""
    return str(start.year) if start.month == 1 else f"{start.year}-{(start.year + 1) % 100:02}"


def of_words(part: Any, whole: Any) -> str:
    """“4 of 7”, never broken over a line."""
    return f"{part}{NBSP}of{NBSP}{whole}"


def counted(n: int, noun: str) -> str:
    """“1 point”, “5 points”."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def number_word(n: int) -> str:
    """Small numbers as words, others as figures."""
    return NUMBER_WORDS[n] if n < len(NUMBER_WORDS) else str(n)


def usual(facts: Facts) -> str:
    """The frozen centre as people say it."""
    return level_words(facts, "centre_before")


def level_words(facts: Facts, name: str) -> str:
    """A level that was stored with a verdict, with no more decimals than its numbers bear."""
    return value_words(facts.get(name), facts.get("unit", ""), most=facts.get("level_places"))


def change_word(facts: Facts) -> str:
    """“the change”, or “that day” where a reader chose a day and no test is behind it."""
    return "that day" if facts.get("is_by_day") else "the change"


def side_word(facts: Facts) -> str:
    """“above” or “below” for the side of the run."""
    return "above" if facts.get("run_side", 0) > 0 else "below"


def higher_word(facts: Facts) -> str:
    """“higher” or “lower” for the side of the run."""
    return "higher" if facts.get("run_side", 0) > 0 else "lower"


def span_words(facts: Facts) -> str:
    """How long the run lasted, in periods: “8 weeks”, never broken over a line."""
    periods = int(facts.get("run_periods") or facts.get("run_length") or 0)
    return counted(periods, period_word(facts)).replace(" ", NBSP)


def period_word(facts: Facts) -> str:
    """What a point covers: “week”, “month”; “point” where that is not said."""
    return str(facts.get("period") or "point")


def rule_words(facts: Facts) -> str:
    """The rule set by name, to stand under every verdict: “Making Data Count rules on a p chart,
    run of 7”."""
    return f"{facts['rule_set']}, run of {facts['run_rule']}"


def numbers_words(facts: Facts) -> str:
    """How much the verdict rests on: “24 points before (81%), 9 since (92%)”."""
    before = counted(int(facts["n_before"]), "point") + " before"
    if facts.get("centre_before") is not None:
        before += f" ({usual(facts)})"
    since = f"{facts['n_after']} since"
    if facts.get("centre_after") is not None:
        since += f" ({level_words(facts, 'centre_after')})"
    return f"{before}, {since}"


def days_words(isos: Sequence[str], *, period: str, last_on: str | None = None) -> str:
    """Several periods by name, at most three of them: “2 March, 9 March and 2 more”."""
    named = [day_words(iso, period=period, last_on=last_on) for iso in isos]
    if len(named) <= MOST_NAMED:
        return ", ".join(named)
    return f"{', '.join(named[:MOST_NAMED])} and {len(named) - MOST_NAMED} more"
