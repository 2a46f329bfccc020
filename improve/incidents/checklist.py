"""The checklist by which a report is made fit for others to read: each rule, each last test. Pure.

Source: the habits of the aviation and rail schemes that took names out before anybody learned from
a report (ASRS, CHIRP, CIRAS). A change between the two texts is made by one of its rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Line(StrEnum):
    """One line of the checklist."""

    NAMES = "names"
    TIMES = "times"
    AGES = "ages"
    RARE = "rare"
    SMALL = "small"
    ORDER = "order"
    TONE = "tone"
    JOINED = "joined"
    UNKNOWN = "unknown"
    MANAGER = "manager"
    PARENT = "parent"
    JOURNALIST = "journalist"


@dataclass(frozen=True, slots=True)
class Check:
    """What a line looks for, and what is done about it."""

    looks_for: str
    rule: str


CHECKS: Final[Mapping[Line, Check]] = {
    Line.NAMES: Check(
        "Names of people, teams, schools, agencies, streets, pets",
        "Each is replaced by its role: “a school”, “a first response team”.",
    ),
    Line.TIMES: Check(
        "Dates, times, weekdays",
        "“Recently”, “during a busy week”. A month at most, and only after six months.",
    ),
    Line.AGES: Check(
        "Ages, numbers of children, sex, language, religion, illness",
        "Bands, or dropped. Kept only if the learning needs it.",
    ),
    Line.RARE: Check(
        "Rare facts: twins, a fire, a court case, the press",
        "Dropped, or the setting is changed. If the story dies without it: theme only.",
    ),
    Line.SMALL: Check(
        "Few people could have sent it",
        "If fewer than about 20 of staff could have, it is held until it is joined with another.",
    ),
    Line.ORDER: Check(
        "What came after what",
        "The order and the conditions are kept: that is where the learning is.",
    ),
    Line.TONE: Check(
        "Tone and pet phrases",
        "Written anew in the plain third person: how somebody writes gives them away.",
    ),
    Line.JOINED: Check(
        "Two reports of one event",
        "Joined into one.",
    ),
    Line.UNKNOWN: Check(
        "What is unknown, and what was taken out",
        "Marked apart: “not known” and “removed” are different things.",
    ),
    Line.MANAGER: Check(
        "Read as the reporter’s own manager",
        "Would you know who wrote it, or of whom?",
    ),
    Line.PARENT: Check(
        "Read as the parent",
        "Would you know your own child or yourself?",
    ),
    Line.JOURNALIST: Check(
        "Read as a journalist",
        "Could you find the family, the worker or the day?",
    ),
}
#: The last test: the words read with the eyes of three others. Asked again of any other words.
LAST_TEST: Final = (Line.MANAGER, Line.PARENT, Line.JOURNALIST)
#: What a theme alone is looked at for: it tells no story.
OF_A_THEME: Final = (Line.NAMES, Line.TIMES, Line.AGES, Line.RARE, *LAST_TEST)


class Rule(StrEnum):
    """Why something was changed between what was written and what others may read."""

    NAMES = "names"
    TIMES = "times"
    AGES = "ages"
    RARE = "rare"
    TONE = "tone"
    JOINED = "joined"
    UNKNOWN = "unknown"
    OTHER = "other"


RULE_WORDS: Final[Mapping[Rule, str]] = {
    Rule.NAMES: "Names of people, teams, schools, agencies, streets, pets",
    Rule.TIMES: "Dates, times, weekdays",
    Rule.AGES: "Ages, numbers, sex, language, religion, illness",
    Rule.RARE: "Rare facts",
    Rule.TONE: "Tone and pet phrases",
    Rule.JOINED: "Two reports of one event",
    Rule.UNKNOWN: "Unknown, or taken out",
    Rule.OTHER: "Other, such as a phone number",
}


def lines_for(*, is_strict: bool) -> tuple[Line, ...]:
    """Return the lines to go through: all, or those of a theme where no story is told."""
    return OF_A_THEME if is_strict else tuple(Line)


def known_lines(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``names`` that are lines of the checklist, in its order, each once."""
    chosen = set(names)
    return tuple(line.value for line in Line if line.value in chosen)
