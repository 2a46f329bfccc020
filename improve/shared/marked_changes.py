"""What was changed between a text and the one that others may read, in numbered pieces. Pure.

Words are compared, not letters. A change is where words were taken out or put in; joined, the
pieces of a side are its text again.
"""

from __future__ import annotations

import re
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

_TOKEN: Final = re.compile(r"\s+|[\w’'@.+\-]*\w|[^\w\s]")


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
    matcher = SequenceMatcher(
        None, [t.strip() or " " for t in before], [t.strip() or " " for t in after], autojunk=False
    )
    left: list[Piece] = []
    right: list[Piece] = []
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in _joined(matcher.get_opcodes(), before):
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


def _joined(
    codes: Sequence[tuple[str, int, int, int, int]], before: list[str]
) -> list[tuple[str, int, int, int, int]]:
    """Join changes that only blanks keep apart: two words of one name are one change."""
    found: list[tuple[str, int, int, int, int]] = []
    for index, code in enumerate(codes):
        tag, i1, i2, j1, j2 = code
        is_blank = tag == "equal" and not "".join(before[i1:i2]).strip()
        is_between = is_blank and 0 < index < len(codes) - 1
        if found and found[-1][0] == "change" and (tag != "equal" or is_between):
            _, a1, _, b1, _ = found[-1]
            found[-1] = ("change", a1, i2, b1, j2)
        else:
            found.append((tag if tag == "equal" else "change", i1, i2, j1, j2))
    return found


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
