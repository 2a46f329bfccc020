"""Which words of a text may point to a person: names, places, days, ages, rare facts. Pure.

Hints for the reader who takes them out, not detection: what is not marked may point to somebody
too. Nothing of this is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from improve.shared.identifiers import LOOKED_AT, marked
from improve.shared.marked_changes import Kind, Piece

_STREET: Final = (
    "Street|Road|Row|Lane|Close|Avenue|Drive|Way|Court|Crescent|Place|Terrace|Gardens|Square|Green|"
    "School|Academy|College|Primary|Nursery|Hospital|Surgery|Clinic|House|Park|Church|Mosque|Club"
)
_DAYS: Final = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_MONTHS: Final = "January|February|March|April|June|July|August|September|October|November|December"
_RARE: Final = (
    "twins?|triplets?|wheelchair|deaf|blind|adopted|pregnant|prison|funeral|asylum|refugee|"
    "hamsters?|rabbits?|horses?|pony|parrots?|snakes?"
)
# Every repeat is bounded, so that no text can make a pattern slow.
_PLACE: Final[tuple[str, re.Pattern[str]]] = (
    "a place",
    re.compile(
        rf"\b\d{{1,4}}[a-z]? (?:[A-Z][\w’'\-]{{1,30}} ?){{1,3}}(?<! )"
        rf"|\b(?:[A-Z][\w’'\-]{{1,30}} ){{1,3}}(?:{_STREET})\b"
    ),
)
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "a day or time",
        re.compile(
            rf"\b(?:on )?(?:{_DAYS})s?\b|\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTHS})\b"
            r"|\b\d{1,2}(?:[:.]\d{2})? ?[ap]m\b|\b\d{1,2}:\d{2}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "an age",
        re.compile(
            r"\b(?:aged? )?\d{1,2} years? old\b|\baged? \d{1,2}\b|\b(?:I am|I’m|I'm|he is|she is) "
            r"\d{1,2}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "an exact time",
        re.compile(
            r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}) "
            r"(?:days|weeks|months|years)\b",
            re.IGNORECASE,
        ),
    ),
    ("a rare fact", re.compile(rf"\b(?:the )?(?:{_RARE})\b", re.IGNORECASE)),
)
#: A word with a capital, but not the first of a sentence.
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9,;’'] )[A-Z][a-z’'\-]{1,30}(?: [A-Z][a-z’'\-]{1,30})?")
#: Capitals that name nobody here.
_COMMON: Final = frozenset(
    (
        *("I’m", "I'm", "I’ve", "I've", "I’d", "I'd", "I’ll", "I'll"),
        *("English", "Childline", "Christmas", "Easter", "Eid", "God", "Mum", "Dad"),
        *("Family", "Help", "Early", "Social", "Worker", "Social Worker", "Family Help"),
    )
)
_STAFF: Final = "a name of staff"
#: Words in the names of accounts that are several people's (“Duty and Front Desk”): said of nobody.
_NO_NAMES: Final = frozenset(
    (
        *("The", "And", "For", "Of", "All", "Our", "Team", "Teams", "Duty", "Desk", "Front"),
        *("Service", "Services", "Office", "Support", "Social", "Work", "Worker", "Children"),
        *("Family", "Families", "Help", "Early", "Learning", "Training", "Manager", "Admin"),
    )
)
#: As people write one, in two or three groups; the shared hints see two references in it.
_PHONE: Final = re.compile(r"\b0\d{2,4}[ \-]?\d{3,4}[ \-]?\d{3,4}\b")
_SHORTEST: Final = 3


def pointers(words: str, *, staff: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return ``words`` cut into pieces, each with what it may point to a person by, or “”.

    ``staff``: full names of those who work at the council. Joined the pieces are the text again.
    """
    called = _called(staff)
    looked_at, rest = words[:LOOKED_AT], words[LOOKED_AT:]
    pieces: list[tuple[str, str]] = []
    at = 0
    for phone in _PHONE.finditer(looked_at):
        pieces += _around(looked_at[at : phone.start()], called)
        pieces.append((phone.group(), "a phone number"))
        at = phone.end()
    pieces += _around(looked_at[at:], called)
    return [*pieces, (rest, "")] if rest else pieces


@dataclass(frozen=True)
class MarkedPiece:
    """A piece of a text: of which change (0: none), and which identifier it may be (“”: none)."""

    words: str
    n: int = 0
    kind: Kind | None = None
    hint: str = ""


def pointed(words: str, staff: Sequence[str]) -> tuple[MarkedPiece, ...]:
    """Return a text in pieces, with what may point to a person marked."""
    return tuple(MarkedPiece(part, hint=hint) for part, hint in pointers(words, staff=staff))


def with_hints(side: tuple[Piece, ...], staff: Sequence[str]) -> tuple[MarkedPiece, ...]:
    """Return one side of two texts, marked where nothing was changed yet and words may point."""
    found: list[MarkedPiece] = []
    for piece in side:
        if piece.n:
            found.append(MarkedPiece(piece.words, piece.n, piece.kind))
        else:
            found += pointed(piece.words, staff)
    return tuple(found)


def _around(words: str, called: re.Pattern[str] | None) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for piece, kind in marked(words):
        pieces += [(piece, kind)] if kind else _cut(piece, called)
    return pieces


def _cut(words: str, called: re.Pattern[str] | None) -> list[tuple[str, str]]:
    found: list[tuple[int, int, str]] = []
    taken = bytearray(len(words))

    def take(kind: str, pattern: re.Pattern[str]) -> None:
        for match in pattern.finditer(words):
            start, end = match.span()
            if match.group() not in _COMMON and taken.find(1, start, end) < 0:
                taken[start:end] = b"\x01" * (end - start)
                found.append((start, end, kind))

    # A street may be called as a worker is: the place is all of it.
    take(*_PLACE)
    if called is not None:
        take(_STAFF, called)
    for kind, pattern in _KINDS:
        take(kind, pattern)
    take("a name", _CAPITAL)
    pieces, at = [], 0
    for start, end, kind in sorted(found):
        if start > at:
            pieces.append((words[at:start], ""))
        pieces.append((words[start:end], kind))
        at = end
    return [*pieces, (words[at:], "")] if at < len(words) else pieces


def _called(staff: Iterable[str]) -> re.Pattern[str] | None:
    names = {
        part
        for name in staff
        for part in _parts_of(name)
        if len(part) >= _SHORTEST and part[:1].isupper() and part not in _NO_NAMES
    }
    if not names:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(names))) + r")(?!\w)")


def _parts_of(name: str) -> list[str]:
    """Return the words of a person's name; none of an account that is nobody's (“The …”).

    Whatever blanks stand between them: a board keeps the three of the learning team together.
    """
    parts = name.split()
    return [] if parts[:1] == ["The"] else parts
