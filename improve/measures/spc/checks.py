"""The numbered checks behind a verdict, in the order they are made, from its code and facts.

The first check that applies settles the verdict; those after it are not shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from improve.measures.spc.phrases import (
    Facts,
    change_word,
    counted,
    days_words,
    of_words,
    side_word,
    usual,
)

UNSTABLE_WORDS = {
    "runs": "a run too long for chance, or too few crossings of the middle",
    "outside": "a point outside the limits",
    "shift": "7 or more in a row on one side of the middle",
    "trend": "7 or more in a row rising or falling",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One question asked of the data and its answer; ``is_settling`` on the last one made."""

    question: str
    answer: str
    is_settling: bool = False


SETTLED_BY = {
    "no_baseline": 1,
    "baseline_unstable": 2,
    "too_early": 3,
    "mixed": 4,
    "improvement": 5,
    "changed_higher": 5,
    "changed_lower": 5,
    "improvement_not_held": 6,
    "changed_ended": 6,
    "deterioration": 7,
    "deterioration_ended": 7,
    "unusual_point": 8,
    "no_signal": 9,
}
"""The row of the verdict table (SPC rules on “How we decide”) each code comes from."""


def checks_of(code: str, facts: Facts) -> tuple[Check, ...]:
    """The checks made, the settling one last. Empty for ``small_test``, which no chart settles."""
    settled_by = SETTLED_BY.get(code)
    if settled_by is None:
        return ()
    is_neutral = facts.get("better") == "neutral"
    rows = [
        row
        for row in (1, 2, 3, 4, 5, 6, 7, 8, 9)
        if row <= settled_by and not (is_neutral and row == 7)
    ]
    return tuple(
        Check(
            _question(row, facts, is_neutral=is_neutral),
            _answer(row, code, facts),
            row == settled_by,
        )
        for row in rows
    )


def _question(row: int, facts: Facts, *, is_neutral: bool) -> str:
    change = change_word(facts)
    return {
        1: f"8 or more points before {change}?",
        2: f"Steady before {change}?",
        3: "7 or more points since?",
        4: "Runs on both sides since?",
        5: "7 or more in a row on one side, up to now?"
        if is_neutral
        else "7 or more in a row better, up to now?",
        6: "7 or more in a row on one side, then back?"
        if is_neutral
        else "7 or more in a row better, then back?",
        7: "7 or more in a row worse?",
        8: "A point outside the limits?",
        9: "None of these?",
    }[row]


def _answer(row: int, code: str, facts: Facts) -> str:
    is_settling = SETTLED_BY[code] == row
    if row == 1:
        points = counted(int(facts["n_before"]), "point")
        return f"No, {points}" if is_settling else points
    if row == 2:
        if not is_settling:
            return f"Yes, no pattern in the {facts['n_before']}"
        return "No: " + ", ".join(UNSTABLE_WORDS[why] for why in facts["unstable_because"])
    if row == 3:
        if is_settling:
            return f"{of_words(facts['n_after'], facts['needed_after'])} points"
        return counted(int(facts["n_after"]), "point")
    if row == 8:
        return _outside_answer(facts, is_settling=is_settling)
    if row == 9:
        points = counted(int(facts["n_after"]), "point")
        return f"{points} that look like the usual ups and downs"
    if not is_settling:
        return "No"
    if row == 4:
        return f"Yes, above {usual(facts)} and below it"
    in_a_row = f"{facts['run_length']} in a row, all {side_word(facts)} {usual(facts)}"
    return f"{in_a_row}, then back" if facts["has_run_ended"] else in_a_row


def _outside_answer(facts: Facts, *, is_settling: bool) -> str:
    if is_settling:
        period, last_on = str(facts.get("period")), facts.get("last_on")
        return "Yes, " + days_words(facts["points_outside"], period=period, last_on=last_on)
    return "No" if facts["has_limits"] else "Not asked, there are no limits"
