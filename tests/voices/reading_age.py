"""Reading age by Flesch and Kincaid (1975): the grade from 0.39 words a sentence and 11.8 syllables
a word, less 15.59; a grade is for the age five years above. Made for prose: of a text of a few
words it says little, so short ones are judged by their words alone.
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

_BREAKS = pyphen.Pyphen(lang="en_GB")
_WORD = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)?|\d+")
_SILENT = re.compile(r"(?<![aeiouyl])(?<=\w\w)e$|(?<=[^aeioudt])ed$|(?<=[^cgsxz])es$")


@cache
def syllables(word: str) -> int:
    """Return the syllables of a word: groups of vowels, or the parts it breaks into if more."""
    if word.isdigit():
        return 1
    plain = _SILENT.sub("", word.lower())
    heard = len(re.findall(r"[aeiouy]+", plain))
    return max(1, heard, len(_BREAKS.inserted(word.lower()).split("-")))


def words_of(text: str) -> list[str]:
    """Return the words of a text; a filled-in place counts as one short word."""
    return _WORD.findall(re.sub(r"\{\w+\}", "Sam", text))


def reading_age(*texts: str) -> float:
    """Return the age in years at which texts are read; each text ends a sentence."""
    sentences = [
        sentence for text in texts for sentence in re.split(r"[.?!:]+", text) if words_of(sentence)
    ]
    words = [word for sentence in sentences for word in words_of(sentence)]
    spoken = sum(map(syllables, words))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
    return max(5.0, grade + 5)
