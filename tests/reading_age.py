"""The reading age with a dictionary of breaks beside it: stricter than what the pages warn by."""

from __future__ import annotations

from functools import cache

import pyphen

from improve.shared import reading_age as measure

_BREAKS = pyphen.Pyphen(lang="en_GB")
words_of = measure.words_of


@cache
def syllables(word: str) -> int:
    """Return the syllables of a word: groups of vowels, or the parts it breaks into if more."""
    if word.isdigit():
        return 1
    return max(measure.syllables(word), len(_BREAKS.inserted(word.lower()).split("-")))


def reading_age(*texts: str) -> float:
    """Return the age in years at which texts are read; each text ends a sentence."""
    return measure.reading_age(*texts, count=syllables)
