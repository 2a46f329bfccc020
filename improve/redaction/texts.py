"""What a text is to redaction: where it stands, who wrote it, what hides or replaces it. Pure.

A capability offers its texts by a ``Source``, registered under the contribution “texts”. Hiding
moves the words out of their row and into the desk's own; whoever reads the row, by whatever page,
search, export or mail, reads the line left in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from improve.accounts.actor import Actor

#: A copy of hidden words inside another text is found from this length on, in characters.
SHORTEST_COPY: Final = 12
#: The kind of contribution under which sources are registered.
CONTRIBUTION: Final = "texts"

_BEGINS: Final = "Hidden since "
_ENDS: Final = ", until a coach or the data protection lead has read it. It may identify someone."
_TITLE: Final = "Title hidden"
_SHORT: Final = "Hidden: it may identify someone"
_REMOVED_SHORT: Final = "[removed]"


class RootKind(StrEnum):
    """What texts stand on: taking words out goes through all texts of one root."""

    IDEA = "idea"
    HUDDLE = "huddle"
    MEASURE = "measure"
    AIM = "aim"
    #: A thank-you about no idea, an action of no huddle, a leader's answer about neither idea nor
    #: measure: each stands alone.
    THANKS = "thanks"
    ACTION = "action"
    #: A page of another council, for what is told of it here.
    BORROWED = "borrowed"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Root:
    """The idea, huddle or measure that texts stand on."""

    kind: RootKind
    id: int


@dataclass(frozen=True, slots=True)
class Name:
    """Which text: its kind (“comment”), its row and its field (“words”)."""

    kind: str
    subject_id: int
    field: str


@dataclass(frozen=True, slots=True)
class Held:
    """One text as it is stored. ``most`` is what its column takes, in characters.

    ``label`` says what it is (“A comment”). ``version_of`` names the present text where this is an
    earlier version or a copy of it. ``is_shown`` texts can be named by a reader; the others
    (earlier versions, notices, mails) are only gone through.
    """

    name: Name
    label: str
    words: str
    most: int
    author_id: int | None = None
    version_of: Name | None = None
    is_shown: bool = True


class Source(Protocol):
    """What a capability offers: its texts by root, and the writing of one."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return what the text stands on; None for a kind of somebody else.

        Raises ``NotFound`` where the actor may not read it.
        """

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return what the root is called; None for a kind of somebody else.

        Raises ``NotFound`` where the actor may not read it. ``settles``: they settle a hidden text
        of it, and may do so without reading the rest.
        """

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return every text that belongs to ``root``, empty ones left out."""

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write ``words`` where ``held`` stands."""

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Have pages of ``root`` drawn anew; ``act`` is hidden, words_out or words_back.

        ``name`` is the text it is about and ``left`` what stands there now, for the history.
        """


@runtime_checkable
class ShownSource(Source, Protocol):
    """A source whose texts readers can name."""

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return these, in one statement where the root is its own, in none where it is not."""


def day_words(day: date) -> str:
    """Return “Thu 26 Nov”, as the line left in place of words says it."""
    return f"{day:%a} {day.day} {day:%b}"


def hidden_line(name: Name, most: int, day: date) -> str:
    """Return the line that stands in place of hidden words, at most ``most`` characters long."""
    if name.field == "title":
        return _TITLE
    line = f"{_BEGINS}{day_words(day)}{_ENDS}"
    return next((words for words in (line, _SHORT) if len(words) <= most), _SHORT[:most])


def is_hidden(words: str | None) -> bool:
    """Return whether these words are the line left in place of hidden ones."""
    return words is not None and (
        words in {_TITLE, _SHORT} or (words.startswith(_BEGINS) and words.endswith(_ENDS))
    )


def removed_line(role: str, day: date) -> str:
    """Return “[words removed by coach, 28 Nov 2026]”."""
    return f"[words removed by {role.lower()}, {day.day} {day:%b %Y}]"


def pattern_of(phrase: str) -> re.Pattern[str]:
    """Return how a phrase is found: whole words, in any case, over any blanks between its words."""
    pieces = [re.escape(piece) for piece in phrase.split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(pieces) + r"(?!\w)", re.IGNORECASE)


def copies_of(words: str, *, in_mail: bool = False) -> re.Pattern[str]:
    """Return how a copy of a whole text is found inside another, over any blanks.

    A short text is a copy only where it stands alone, as a whole line; in a mail, which is one of
    the software's own making, also as whole words.
    """
    found = r"\s+".join(re.escape(piece) for piece in words.split())
    if len(words.strip()) >= SHORTEST_COPY:
        return re.compile(found)
    if in_mail:
        return re.compile(rf"(?<!\w){found}(?!\w)")
    return re.compile(rf"^{found}(?=[^\S\n]*$)", re.MULTILINE)


def holds(words: str, phrases: Iterable[str]) -> bool:
    """Return whether one of the phrases stands in ``words``."""
    return any(pattern_of(phrase).search(words) for phrase in phrases)


def without(words: str, phrases: Iterable[str], *, left: str, most: int) -> str:
    """Return ``words`` with each phrase replaced by ``left``, at most ``most`` characters long.

    Where the line left would make the text too long a shorter one stands there; the rest of the
    text is cut at the end, never in the middle.
    """
    patterns = [pattern_of(p) for p in sorted(phrases, key=len, reverse=True) if p.split()]
    for line in (left, _REMOVED_SHORT):
        changed = words
        for pattern in patterns:
            changed = pattern.sub(lambda _found, line=line: line, changed)  # type: ignore[misc]
        # Neighbouring phrases leave one line, not several.
        changed = re.sub(rf"{re.escape(line)}(?:\s*{re.escape(line)})+", line, changed)
        if len(changed) <= most:
            return changed
    return changed[:most]


def leaves_of(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return every text inside plain data, each with its path: “prediction”, “before/0”."""
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        pairs: Iterable[tuple[object, Any]] = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return []
    return [
        leaf
        for key, inner in pairs
        for leaf in leaves_of(inner, f"{path}/{key}" if path else str(key))
    ]


def with_leaf(value: Any, path: str, words: str) -> Any:
    """Return plain data with the text at ``path`` replaced; the rest as it was."""
    if not path:
        return words
    key, _, rest = path.partition("/")
    if isinstance(value, dict):
        return {k: with_leaf(v, rest, words) if str(k) == key else v for k, v in value.items()}
    if isinstance(value, list):
        return [
            with_leaf(v, rest, words) if str(index) == key else v for index, v in enumerate(value)
        ]
    return value
