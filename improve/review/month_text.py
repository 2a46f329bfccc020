"""The month as plain answers to the three questions that inspectors and boards ask. Pure.

It holds counts, names of teams and of measures, and what teams learned or asked in their own
words; no name of a child or of staff.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.review.month import Answer, Line, Way
from improve.review.month_views import MonthLine, MonthSheet
from improve.shared.formatting import day, plural

WHAT: Final = "What do we know about the quality and impact of practice?"
HOW: Final = "How do we know?"
NEXT: Final = "What will we do next?"
NAME_LEFT: Final = "a colleague"
_CYCLES: Final = (
    "Each finished cycle wrote its prediction before it began, and was decided against what was "
    "seen. Charts over time are read by named rules, with the doubt said beside them. A balancing "
    "measure stands beside the one that should improve."
)
#: Parts of names that are also everyday words: a text without them would read as nonsense.
_WORDS_TOO: Final = frozenset({
    "April", "August", "Autumn", "Best", "Bishop", "Black", "Brown", "Carer", "Chance", "Church",
    "Cook", "Day", "Dawn", "Faith", "Field", "Friday", "Good", "Grace", "Green", "Hall", "Head",
    "Hill", "Hope", "Joy", "July", "June", "King", "Lane", "Law", "Long", "March", "May", "North",
    "Page", "Park", "Price", "Rose", "Sharp", "Short", "Small", "South", "Street", "Summer",
    "Sunday", "Swift", "Team", "White", "Will", "Wood", "Young",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ThreeAnswer:
    """One question with its answer in paragraphs."""

    key: str
    question: str
    words: str


def three_answers(
    sheet: MonthSheet, *, council: str, names: Iterable[str] = ()
) -> tuple[ThreeAnswer, ThreeAnswer, ThreeAnswer]:
    """Return the month as three answers; each of ``names`` (of people) is taken out of them."""
    month = month_name(sheet.month)
    known = {line.line: line for line in sheet.lines}
    people = _pattern_of(list(names))

    def made(key: str, question: str, parts: Sequence[str]) -> ThreeAnswer:
        words = "\n".join(part for part in parts if part)
        return ThreeAnswer(key, question, people.sub(NAME_LEFT, words) if people else words)

    return (
        made("what", WHAT, _what(known, month, council)),
        made("how", HOW, _how(known)),
        made("next", NEXT, _next(sheet)),
    )


def as_file(answers: Sequence[ThreeAnswer], *, council: str, month: date) -> str:
    """Return the three answers as a text file."""
    head = f"{council}, {month_name(month)}"
    parts = [head, *(f"{one.question}\n\n{one.words}" for one in answers)]
    return "\n\n\n".join(parts).replace("\u00a0", " ") + "\n"


def month_name(month: date) -> str:
    """Return “November 2026”."""
    return f"{month:%B} {month.year}"


def _what(known: dict[Line, MonthLine], month: str, council: str) -> list[str]:
    learned, voice = known.get(Line.LEARNED), known.get(Line.VOICE)
    parts = [f"{council}, {month}."]
    if learned is not None:
        parts.append(_sentence(learned.heading))
        if learned.quote:
            parts.append(f"One thing it taught: {_sentence(learned.quote)}")
    if voice is not None and voice.is_heading_quoted:
        parts.append(f"{voice.head.split(' · ')[0]}: “{voice.heading}”")
        parts.append(voice.note)
    balance = known.get(Line.BALANCE)
    if balance is not None:
        parts.append(_sentence(balance.heading))
        if balance.sparks:
            parts.append("; ".join(spark.words for spark in balance.sparks) + ".")
    return parts


def _how(known: dict[Line, MonthLine]) -> list[str]:
    parts = [
        _CYCLES,
        "What children, parents and carers say stands in their words as they were written down.",
    ]
    demand, hours = known.get(Line.DEMAND), known.get(Line.HOURS)
    if demand is not None and demand.asked is not None:
        parts.append(f"Demand beside capacity: {_sentence(demand.heading)} {demand.note}")
    if hours is not None and hours.hours is not None:
        parts.append(f"Time protected for improving: {_sentence(hours.heading)}")
    return parts


def _next(sheet: MonthSheet) -> list[str]:
    parts = []
    for line in sheet.lines:
        if line.line in {Line.THANKS, Line.LEARNED}:
            continue
        if line.answer is not None and line.answer.way is not Way.WRITE:
            parts.append(f"{_sentence(line.heading)} {_answered(line.answer)}")
        elif line.answered_elsewhere is not None:
            parts.append(
                f"{_sentence(line.heading)} A leader answered: “{line.answered_elsewhere[1]}”"
            )
        elif line.waits:
            parts.append(f"{_sentence(line.heading)} Waits for a leader’s answer.")
    if not parts:
        parts.append("Nothing waits for a leader.")
    if sheet.is_now and sheet.waiting:
        parts.append(
            f"{plural(sheet.waiting, 'line')} of this month still waits."
            if sheet.waiting == 1
            else f"{plural(sheet.waiting, 'line')} of this month still wait."
        )
    return parts


def _answered(answer: Answer) -> str:
    said = f"A leader answered on {day(answer.answered_at)}: “{answer.sentence}”"
    return f"{said} What came of it: {answer.outcome}" if answer.outcome else said


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?", "…", "”")) else f"{words}."


def _pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return how names are found: whole, and their parts alone; the longest first."""
    parts = {part for name in names for part in name.split() if len(part) > 2}
    known = {name for name in names if len(name) > 2} | (parts - _WORDS_TOO)
    if not known:
        return None
    found = "|".join(re.escape(name) for name in sorted(known, key=lambda n: (-len(n), n)))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)")
