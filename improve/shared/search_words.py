"""What somebody looks for, as words; and where a text holds them. Pure.

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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from improve.shared import limits

#: As much of what was typed is read, so many words of it, and so much of each.
QUERY_MOST: Final = limits.length("search")
WORDS_MOST: Final = 8
WORD_MOST: Final = 40
#: Hits on a page of one kind, and how many pages there are: who wants more adds a word.
PAGE_SIZE: Final = 20
PAGES_MOST: Final = 10
#: Characters shown of a text around the first word found.
SNIPPET_LENGTH: Final = 170
_BEFORE: Final = 50

#: Letters and digits, each with the accents that may follow it.
_WORD: Final = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
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
    found = [word[:WORD_MOST] for word in _WORD.findall(fold((query or "")[:QUERY_MOST]))]
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


def is_too_short(words: Sequence[str]) -> bool:
    """Return whether there is nothing to look for but a single letter. A digit may be a number."""
    return len(words) == 1 and len(words[0]) == 1 and not words[0].isdigit() and words[0].isascii()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is a word that was looked for."""

    text: str
    is_match: bool = False


def marked(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """Return ``text`` in pieces, those that begin with one of ``words`` marked as found."""
    pieces: list[Piece] = []
    end = 0
    for found in _WORD.finditer(text):
        if not fold(found.group()).startswith(tuple(words)):
            continue
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()]))
        pieces.append(Piece(found.group(), is_match=True))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)


def snippet(texts: Iterable[str | None], words: Sequence[str]) -> tuple[Piece, ...]:
    """Return the stretch around the first word found, of the text that holds most of the words.

    Empty texts are left out; where none holds a word, the beginning of the first one is shown.
    """
    given = [" ".join(text.split()) for text in texts if text and text.strip()]
    if not given:
        return ()
    best = max(given, key=lambda text: len(_held(text, words)))
    first = next(
        (f.start() for f in _WORD.finditer(best) if fold(f.group()).startswith(tuple(words))), 0
    )
    return marked(_around(best, first), words)


def _held(text: str, words: Sequence[str]) -> set[str]:
    tokens = [fold(token) for token in _WORD.findall(text)]
    return {word for word in words if any(token.startswith(word) for token in tokens)}


def _around(text: str, at: int) -> str:
    """Return about 170 characters around ``at``, cut between words where there are any."""
    if len(text) <= SNIPPET_LENGTH:
        return text
    start = 0 if at <= _BEFORE else at - _BEFORE
    end = min(len(text), start + SNIPPET_LENGTH)
    start = max(0, min(start, end - SNIPPET_LENGTH))
    if start:
        gap = text.find(" ", start, at)
        start = gap + 1 if gap >= 0 else start
    if end < len(text):
        gap = text.rfind(" ", at + 1, end)
        end = gap if gap > at else end
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is (“Idea”, “Cycle 2”, “Comment”), its place and where it stands.

    ``endpoint`` and ``values`` make its address, the exact place included. ``where`` are words such
    as its team. ``stage`` draws the ring of an idea, with its cycle and outcome.
    """

    what: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    endpoint: str
    values: Mapping[str, Any] = field(hash=False)
    where: tuple[str, ...] = ()
    stage: str | None = None
    cycle_number: int = 0
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one kind on one page, the best first, and whether there are more.

    ``kind`` stands in the address (“ideas”), ``heading`` over the list.
    """

    kind: str
    heading: str
    hits: tuple[Hit, ...]
    page: int = 1
    has_more: bool = False


def page_of(page: int) -> int:
    """Return a page that there can be."""
    return min(max(1, page), PAGES_MOST)


class Finds(Protocol):
    """How a source answers: the hits of one page that the actor may read."""

    def __call__(self, actor: Any, words: Sequence[str], page: int) -> Found:
        """Return them. ``words`` are those of ``words_of``, at least one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a capability offers to search, registered under the contribution “search”."""

    kind: str
    find: Finds

    def __call__(self, actor: Any, words: Sequence[str], page: int = 1) -> Found:
        """Look in it."""
        return self.find(actor, words, page)
