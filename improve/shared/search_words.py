"""Where a text holds the words that somebody looks for, and what was found. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from improve.shared.query_words import WORD, fold

#: Hits on a page of one kind, and how many pages there are: who wants more adds a word.
PAGE_SIZE: Final = 20
PAGES_MOST: Final = 10
#: Characters shown of a text around the first word found.
SNIPPET_LENGTH: Final = 170
_BEFORE: Final = 50


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
    for found in WORD.finditer(text):
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
        (f.start() for f in WORD.finditer(best) if fold(f.group()).startswith(tuple(words))), 0
    )
    return marked(_around(best, first), words)


def _held(text: str, words: Sequence[str]) -> set[str]:
    tokens = [fold(token) for token in WORD.findall(text)]
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
        """Return them. ``words`` are those of ``query_words.words_of``, at least one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a capability offers to search, registered under the contribution “search”."""

    kind: str
    find: Finds

    def __call__(self, actor: Any, words: Sequence[str], page: int = 1) -> Found:
        """Look in it."""
        return self.find(actor, words, page)
