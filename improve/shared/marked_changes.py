"""What was changed between a text and the one that others may read, in numbered pieces. Pure.

Words are compared, not letters. A change is where words were taken out or put in; joined, the
pieces of a side are its text again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final


class Rule(StrEnum):
    """Why something was changed, as the one who did it chose."""

    NAMES = "names"
    TIMES = "times"
    AGES = "ages"
    RARE = "rare"
    WHERE = "where"
    CONTACT = "contact"
    OTHER = "other"


RULE_WORDS: Final[Mapping[Rule, str]] = {
    Rule.NAMES: "Names of people, teams, schools, pets",
    Rule.TIMES: "Dates and times",
    Rule.AGES: "Ages and numbers",
    Rule.RARE: "Rare facts",
    Rule.WHERE: "Where",
    Rule.CONTACT: "Phone or mail",
    Rule.OTHER: "Other",
}


class Kind(StrEnum):
    """What stands in the place of what was written."""

    REPLACED = "replaced"
    REMOVED = "removed"
    #: The one who wrote did not know it, which is not the same as taken out.
    NOT_KNOWN = "not_known"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.REPLACED: "replaced",
    Kind.REMOVED: "removed",
    Kind.NOT_KNOWN: "not known",
}

#: A word or a sign with the blanks after it: blanks by themselves would all be alike, and comparing
#: them takes minutes where hardly a word is the same.
_TOKEN: Final = re.compile(r"\s+|(?:[\w’'@.+\-]*\w|[^\w\s])\s*")
#: Pairs of equal words in two texts up to which each is looked at. Only a text of few words said
#: over and over has more; its most common words are then no place to begin a comparison from.
_PAIRS_MOST: Final = 30_000


@dataclass(frozen=True)
class Piece:
    """Part of one side. ``n``: number of the change from 1, or 0 for words of both sides."""

    words: str
    n: int = 0
    kind: Kind | None = None


@dataclass(frozen=True)
class Change:
    """One change: what was written, what stands there now (maybe nothing)."""

    n: int
    written: str
    now: str
    kind: Kind


@dataclass(frozen=True)
class Marked:
    """Both sides in pieces, and the changes in order."""

    written: tuple[Piece, ...]
    now: tuple[Piece, ...]
    changes: tuple[Change, ...]


def marked_changes(original: str, shareable: str) -> Marked:
    """Return what was changed from ``original`` to ``shareable``.

    Blanks and line ends alone are no change: they are shown as each side has them.
    """
    before, after = _tokens(original), _tokens(shareable)
    left: list[Piece] = []
    right: list[Piece] = []
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in _compared(before, after):
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal" or old.split() == new.split():
            _add(left, Piece(old))
            _add(right, Piece(new))
            continue
        kind = _kind(new)
        change = Change(len(changes) + 1, old.strip(), new.strip(), kind)
        changes.append(change)
        _add(left, Piece(old, change.n, kind))
        right.append(Piece(new, change.n, kind))
    return Marked(tuple(left), tuple(right), tuple(changes))


def _compared(
    before: Sequence[str], after: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    """Return (what, from, to, from, to) of both, in order; blanks make no difference."""
    old, new = [token.strip() for token in before], [token.strip() for token in after]
    in_old, in_new = Counter(old), Counter(new)
    pairs = sum(count * in_new[word] for word, count in in_old.items())
    return SequenceMatcher(None, old, new, autojunk=pairs > _PAIRS_MOST).get_opcodes()


def _kind(now: str) -> Kind:
    words = now.strip(" .,;:()[]“”\"'\n\t").lower()
    if words in {"", "removed"}:
        return Kind.REMOVED
    return Kind.NOT_KNOWN if words == "not known" else Kind.REPLACED


def _add(side: list[Piece], piece: Piece) -> None:
    if not piece.words:
        return
    if side and not piece.n and not side[-1].n:
        side[-1] = Piece(side[-1].words + piece.words)
    else:
        side.append(piece)


def _tokens(words: str) -> list[str]:
    return _TOKEN.findall(words)
