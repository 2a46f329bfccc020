"""What is sealed of a report, and in which places. Pure.

Each part is sealed by itself under the report's own key, see ``incidents.sealing``; the places
bind it there, so that no part can be put into another's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Self

from improve.incidents.kinds import Kind, Safe


class _Part:
    """What is sealed as one piece: its fields by name."""

    def facts(self) -> dict[str, Any]:
        """Return what is sealed."""
        return {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """Return the part that was sealed as ``facts``, equal to what it was before."""
        known = {one.name for one in fields(cls)}  # type: ignore[arg-type]
        return cls(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in facts.items()
                if name in known
            }
        )


@dataclass(frozen=True, slots=True)
class Head(_Part):
    """What the desk needs before anybody opens a report. ``day``: it came, ISO; clocks run on it.

    ``not_readers``: ids of reviewers who should not read it. ``had_part``: ids of reviewers who had
    a part in the teams of its group when it came. ``contact``: token of the way to call back, “”
    for none.
    """

    day: str
    kind: str
    safe: str
    way_in: str
    when: str = ""
    not_readers: tuple[int, ...] | list[int] = ()
    had_part: tuple[int, ...] | list[int] = ()
    contact: str = ""

    @property
    def barred(self) -> frozenset[int]:
        """Ids of reviewers to whom it is never offered, whatever they are later."""
        return frozenset(self.not_readers) | frozenset(self.had_part)

    @property
    def came_on(self) -> date:
        """The day it came."""
        return date.fromisoformat(self.day)

    @property
    def reported_kind(self) -> Kind:
        """The kind that the reporter chose."""
        return Kind(self.kind)

    @property
    def may_be_unsafe(self) -> bool:
        """Whether a child may not be safe yet, as far as the reporter knew."""
        return self.safe == Safe.NO


@dataclass(frozen=True, slots=True)
class Words(_Part):
    """What the reporter wrote. ``factors``: codes of ``incidents.factors``, or “not sure” alone."""

    happened: str
    factors: tuple[str, ...] | list[str] = ()
    helped: str = ""
    would_try: str = ""


@dataclass(frozen=True, slots=True)
class Contact(_Part):
    """How the reporter may be called back, in their own words: a number, or where to meet."""

    how: str


@dataclass(frozen=True, slots=True)
class Work(_Part):
    """What the reviewers make of it, until it is signed off or destroyed.

    ``rules``: by number of a change, the rule it was made by. ``ticks``: names of lines of the
    checklist that were done. ``guess``: could someone guess? ``no``, ``yes`` or “”. ``guessed``:
    each text of which somebody said “yes”. ``call_back``: “”, ``done``, ``not_reached`` or
    ``not_asked``. ``approved_by``: ids of reviewers who agreed to exactly these words. ``theme``:
    one line. ``passed_words``: whom it was passed on to. ``passed_by``: who said that they have all
    of it, until another has said so, too; 0: nobody.
    """

    shareable: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)
    ticks: tuple[str, ...] | list[str] = ()
    guess: str = ""
    guessed: tuple[str, ...] | list[str] = ()
    call_back: str = ""
    theme: str = ""
    approved_by: tuple[int, ...] | list[int] = ()
    passed_words: str = ""
    passed_by: int = 0
    kind: str = ""
    factors: tuple[str, ...] | list[str] = ()


@dataclass(frozen=True, slots=True)
class Coding(_Part):
    """What one reader coded: of ``kinds.Kind``, and codes of ``incidents.factors``; “” for none."""

    kind: str = ""
    factors: tuple[str, ...] | list[str] = ()


@dataclass(frozen=True, slots=True)
class Message(_Part):
    """One message of the thread. ``day``: ISO; ``n``: its place in the thread, from 1."""

    words: str
    day: str
    n: int


def head_of(key: str) -> str:
    """Return the place of a report's head."""
    return f"{key} head"


def words_of(key: str) -> str:
    """Return the place of a report's words."""
    return f"{key} words"


def work_of(key: str) -> str:
    """Return the place of what its reviewers make of it."""
    return f"{key} work"


def coding_of(key: str, reviewer_id: int) -> str:
    """Return the place of what one reviewer coded."""
    return f"{key} coding {reviewer_id}"


def contact_of(key: str, token: str) -> str:
    """Return the place of how to call its reporter back."""
    return f"{key} contact {token}"


def message_of(key: str, message: str) -> str:
    """Return the place of one message of its thread."""
    return f"{key} message {message}"
