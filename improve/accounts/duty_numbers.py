"""Whom to ring about a child, by day and by night, as a council says it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: When each line is for, in the order shown.
TIMES: Final = ("day", "night")
#: A number as people write it: ten or eleven digits from a 0 or a +, with blanks between.
_NUMBER: Final = re.compile(r"(?<![\d+])(?:\+\d{1,3}|0)(?:[ \-\u00a0()]*\d){9,11}(?!\d)")


@dataclass(frozen=True, slots=True)
class DutyNumber:
    """A line of words, and the telephone number in it: before it, as written, after it."""

    before: str
    number: str
    after: str

    @property
    def digits(self) -> str:
        """The number as a telephone takes it."""
        return re.sub(r"[^\d+]", "", self.number)


def duty_number(words: str) -> DutyNumber | None:
    """Return the words with the first number in them; None for nothing said."""
    if not words:
        return None
    found = _NUMBER.search(words)
    if found is None:
        return DutyNumber(words, "", "")
    return DutyNumber(words[: found.start()], found.group(), words[found.end() :])


def has_number(words: str) -> bool:
    """Return whether somebody can be rung with these words."""
    return _NUMBER.search(words) is not None
