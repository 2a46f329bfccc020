"""At which age a text is read, by Flesch and Kincaid (1975). Pure.

The grade is 0.39 words a sentence and 11.8 syllables a word, less 15.59; a grade is for the age
five years above. It is made for prose: of a text of a few words it says little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

#: From how many words a text is prose.
PROSE: Final = 6
_ROOM: Final = 0.75
_WORD: Final = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)?|\d+")
_SILENT: Final = re.compile(r"(?<![aeiouyl])(?<=\w\w)e$|(?<=[^aeioudt])ed$|(?<=[^cgsxz])es$")


@cache
def syllables(word: str) -> int:
    """Return the syllables of an English word: its groups of vowels that are heard."""
    if word.isdigit():
        return 1
    return max(1, len(re.findall(r"[aeiouy]+", _SILENT.sub("", word.lower()))))


def words_of(text: str) -> list[str]:
    """Return the words of a text; a filled-in place counts as one short word."""
    return _WORD.findall(re.sub(r"\{\w+\}", "Sam", text))


def reading_age(*texts: str, count: Callable[[str], int] = syllables) -> float:
    """Return the age in years at which texts are read; each text ends a sentence."""
    sentences = [
        sentence for text in texts for sentence in re.split(r"[.?!:]+", text) if words_of(sentence)
    ]
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return 5.0
    spoken = sum(map(count, words))
    return max(5.0, 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 10.59)


def harder_than(meant: int, text: str) -> tuple[int, int] | None:
    """Return (reads as for about, ``meant`` for about) in years, None where it is easy enough."""
    if len(words_of(text)) < PROSE or (age := reading_age(text)) <= meant + _ROOM:
        return None
    return round(age), meant
