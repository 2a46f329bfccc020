"""The words of a verdict, made from its code and facts alone.

Facts are stored, words are not: a stored verdict reads the same on every page, and better words
reach old verdicts without computing anything again. Never said here: that the change caused it,
that anything is proved or significant, or a percentage change between two points.
"""

from __future__ import annotations

from dataclasses import dataclass

from improve.measures.spc.phrases import (
    Facts,
    change_word,
    counted,
    days_words,
    higher_word,
    number_word,
    of_words,
    period_word,
    side_word,
    span_words,
    usual,
)


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
    period = period_word(facts)
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
