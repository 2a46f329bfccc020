"""What somebody looks for, as words. Pure.

Both databases are asked the same simple thing: does a text hold a word that begins with each of
these? Their own rules of language are not used, since they differ: what was found on one machine
would not be found on another. PostgreSQL's English makes one word of “organise” and “organ”, and
drops “who” and “before”; SQLite's makes one of “university” and “universe”. Endings are met by the
beginnings of words instead: “visit” finds visits, visited and visiting, and “families” is looked
for as “famil”.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from improve.shared import limits

#: As much of what was typed is read, so many words of it, and so much of each.
QUERY_MOST: Final = limits.length("search")
WORDS_MOST: Final = 8
WORD_MOST: Final = 40

#: Letters and digits, each with the accents that may follow it.
WORD: Final = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
_LATIN_ACCENTS: Final = re.compile("([A-Za-z])[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Return ``text`` as words are compared: lower case, and Latin letters without accents."""
    parted = _LATIN_ACCENTS.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", parted).lower()


def words_of(query: str | None) -> tuple[str, ...]:
    """Return the words of a query, each once: letters and digits only, at most eight.

    A single letter counts only where nothing longer was typed beside it: the “t” of “don't” would
    find half the board. An ending that only says “several” is left off: visits, families, boxes.
    """
    found = [word[:WORD_MOST] for word in WORD.findall(fold((query or "")[:QUERY_MOST]))]
    # Parting a letter from its accents and joining it again may leave what is no letter.
    found = [word for word in found if word.isalnum()]
    longer = [word for word in found if len(word) > 1]
    return tuple(dict.fromkeys(_without_plural(word) for word in longer or found))[:WORDS_MOST]


def _without_plural(word: str) -> str:
    if len(word) > 5 and word.endswith("ies"):
        return word[:-3]
    if len(word) > 4 and word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
