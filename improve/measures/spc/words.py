"""The words of a verdict, made from its code and facts alone.

Facts are stored, words are not: a stored verdict reads the same on every page, and better words
reach old verdicts without computing anything again. Never said here: that the change caused it,
that anything is proved or significant, or a percentage change between two points.

Non-breaking spaces stand inside “4 of 7” and inside dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from improve.shared.rounding import half_up, in_figures, without_idle_zeros

Facts = Mapping[str, Any]

NBSP = "\u00a0"
MOST_NAMED = 3
#: Decimals beyond which a percentage is not told apart from 0% or 100%.
_NEAREST_AN_END = 4
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """How a verdict is said.

    ``label`` is the name of the verdict, ``short`` what follows it on a card, ``sentence`` what
    follows it on a page; both read on from “label: ”. ``icon`` is a name in the sprite, ``tone``
    one of better, worse, changed, nochange.
    """

    label: str
    short: str
    sentence: str
    icon: str
    tone: str

    @property
    def on_card(self) -> str:
        """Label and short form as one text."""
        return f"{self.label}: {self.short}"

    @property
    def in_full(self) -> str:
        """Label and sentence as one text."""
        return f"{self.label}: {self.sentence}"


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
    """“−12%”, “−£3”, “12.4 days”: figures with a true minus sign and their unit."""
    text = figures.replace("-", "\u2212")
    if unit == "%":
        return f"{text}%"
    if unit == "£":
        return f"\u2212£{text[1:]}" if text.startswith("\u2212") else f"£{text}"
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
    return counted(periods, _period(facts)).replace(" ", NBSP)


def _period(facts: Facts) -> str:
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


LABELS = {
    "no_baseline": "Not enough before the change",
    "baseline_unstable": "Already changing",
    "too_early": "Too early",
    "mixed": "Moved both ways",
    "improvement": "Improvement",
    "improvement_not_held": "Improved, then went back",
    "deterioration": "It got worse",
    "deterioration_ended": "Got worse, then came back",
    "changed_higher": "Changed, higher",
    "changed_lower": "Changed, lower",
    "changed_ended": "Changed, then went back",
    "unusual_point": "An unusual point",
    "no_signal": "No signal yet",
}
"""The name of every verdict from a chart; with its facts an unusual point says how many."""

TOO_FEW = "Too few points"
"""What a test is called that ended before there were enough points: it is too early no more."""


def is_over(facts: Facts) -> bool:
    """Whether the test had ended when the facts were found."""
    return bool(facts.get("is_over"))


def label_of(code: str, facts: Facts) -> str:
    """The name that another verdict of the same test would have."""
    return TOO_FEW if code == "too_early" and is_over(facts) else LABELS[code]


CHANCE = "That is unlikely to be chance alone."
ENDED_CHANCE = "That did not last."


def _no_baseline(facts: Facts) -> VerdictWords:
    points = counted(int(facts["n_before"]), "point")
    return VerdictWords(
        f"Not enough before {change_word(facts)}",
        f"{points}, at least 8 needed",
        f"{points} to compare with, at least 8 needed (12 is better).",
        "list-check",
        "nochange",
    )


def _baseline_unstable(facts: Facts) -> VerdictWords:
    when = "that day" if facts.get("is_by_day") else "the test started"
    return VerdictWords(
        LABELS["baseline_unstable"],
        "before and after can’t be compared fairly",
        f"the measure was already changing before {when}, so before and after can’t be compared "
        "fairly.",
        "list-check",
        "nochange",
    )


def _too_early(facts: Facts) -> VerdictWords:
    n_after, needed = facts["n_after"], facts.get("needed_after", 7)
    since = f"points needed since {change_word(facts)}"
    return VerdictWords(
        label_of("too_early", facts),
        f"{of_words(n_after, needed)} points",
        f"{of_words(n_after, f'the at least {needed}')} {since}"
        + (", and the test has ended." if is_over(facts) else "."),
        "list-check",
        "nochange",
    )


def _mixed(facts: Facts) -> VerdictWords:
    return VerdictWords(
        LABELS["mixed"],
        "look at the notes",
        f"since {change_word(facts)} it has run above the usual level before ({usual(facts)}) and "
        "below it. Look at the notes.",
        "diamond",
        "changed",
    )


def _improvement(facts: Facts) -> VerdictWords:
    n = facts["run_length"]
    return VerdictWords(
        LABELS["improvement"],
        f"last {n} points better than usual",
        f"the last {n} points are all better than the usual level before ({usual(facts)}). "
        f"{CHANCE}",
        "trending-up",
        "better",
    )


def _improvement_not_held(facts: Facts) -> VerdictWords:
    return VerdictWords(
        LABELS["improvement_not_held"],
        f"better for {span_words(facts)}",
        f"it was better than the usual level before ({usual(facts)}) for {span_words(facts)}. "
        f"{ENDED_CHANCE}",
        "diamond",
        "changed",
    )


def _deterioration(facts: Facts) -> VerdictWords:
    n = facts["run_length"]
    return VerdictWords(
        LABELS["deterioration"],
        f"last {n} points {side_word(facts)} usual",
        f"the last {n} points are all {side_word(facts)} the usual level before "
        f"({usual(facts)}). {CHANCE}",
        "trending-down",
        "worse",
    )


def _deterioration_ended(facts: Facts) -> VerdictWords:
    return VerdictWords(
        LABELS["deterioration_ended"],
        f"worse for {span_words(facts)}",
        f"it was worse than the usual level before ({usual(facts)}) for {span_words(facts)}. "
        f"{ENDED_CHANCE}",
        "diamond",
        "changed",
    )


def _changed(facts: Facts) -> VerdictWords:
    n = facts["run_length"]
    return VerdictWords(
        LABELS["changed_higher" if facts.get("run_side", 0) > 0 else "changed_lower"],
        f"last {n} points {side_word(facts)} usual",
        f"the last {n} points are all {side_word(facts)} the usual level before "
        f"({usual(facts)}). {CHANCE}",
        "diamond",
        "changed",
    )


def _changed_ended(facts: Facts) -> VerdictWords:
    return VerdictWords(
        LABELS["changed_ended"],
        f"{higher_word(facts)} for {span_words(facts)}",
        f"it was {higher_word(facts)} than the usual level before ({usual(facts)}) for "
        f"{span_words(facts)}. {ENDED_CHANCE}",
        "diamond",
        "changed",
    )


def _unusual_point(facts: Facts) -> VerdictWords:
    period = _period(facts)
    days = facts["points_outside"]
    named = days_words(days, period=period, last_on=facts.get("last_on"))
    if len(days) == 1:
        label = f"One unusual {period}"
        lesson = "A single point isn’t a lasting change: find out what happened."
    else:
        label = f"{number_word(len(days)).capitalize()} unusual {period}s"
        lesson = "Single points aren’t a lasting change: find out what happened."
    return VerdictWords(
        label,
        f"{named}, find out what happened",
        f"{named}. {lesson}",
        "minus",
        "nochange",
    )


def _no_signal(facts: Facts) -> VerdictWords:
    points = counted(int(facts["n_after"]), "point")
    return VerdictWords(
        LABELS["no_signal"],
        f"{points} look like the usual ups and downs",
        f"the {points} since {change_word(facts)} look like the usual ups and downs. That does not "
        "show that nothing changed.",
        "minus",
        "nochange",
    )


def _small_test(facts: Facts) -> VerdictWords:
    expected, saw = _tally(facts, "expected"), _tally(facts, "saw")
    if saw and expected:
        short = f"expected {expected}, saw {saw}"
    elif saw:
        short = f"saw {saw}"
    elif expected:
        short = f"expected {expected}"
    else:
        short = "too small for the chart"
    return VerdictWords(
        "Tried small",
        short,
        f"{short}. Too small for the chart, right size to learn from."
        if expected or saw
        else "too small for the chart, right size to learn from.",
        "circle-check",
        "nochange",
    )


def _tally(facts: Facts, name: str) -> str:
    number, whole = facts.get(name), facts.get(f"{name}_of", facts.get("of"))
    if number is None:
        return ""
    return of_words(number, whole) if whole is not None else str(number)


_WORDS = {
    "no_baseline": _no_baseline,
    "baseline_unstable": _baseline_unstable,
    "too_early": _too_early,
    "mixed": _mixed,
    "improvement": _improvement,
    "improvement_not_held": _improvement_not_held,
    "deterioration": _deterioration,
    "deterioration_ended": _deterioration_ended,
    "changed_higher": _changed,
    "changed_lower": _changed,
    "changed_ended": _changed_ended,
    "unusual_point": _unusual_point,
    "no_signal": _no_signal,
    "small_test": _small_test,
}

CODES = tuple(_WORDS)


def verdict_words(code: str, facts: Facts) -> VerdictWords:
    """The words of a verdict from its stored code and facts.

    ``small_test`` reads the facts ``expected``, ``expected_of``, ``saw``, ``saw_of`` (numbers,
    each may be missing; ``of`` stands for both). Raises KeyError for a code not in ``CODES``.
    """
    return _WORDS[code](facts)
