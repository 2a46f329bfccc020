"""The facts of an entry in the log of acts, as one line of words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

#: Facts that the log says in words, each with what stands before it.
_FACTS: Final[Mapping[str, str]] = {
    "role": "as",
    "gives": "gives",
    "gave": "gave",
    "before": "before:",
    "after": "after:",
    "page": "",
    "answer": "answered",
    "rows": "rows:",
    "count": "",
    "pages": "pages:",
    "codes": "codes:",
    "letters": "letters:",
    "things": "things:",
    "places": "places:",
    "request": "asked for:",
    "bytes": "",
    "until": "until",
    "days": "days:",
    "month": "",
    "language": "language:",
    "changed": "changed:",
    "fields": "changed:",
}
#: Numbers of these are said as words are: one of them, several.
_COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "rows": ("row", "rows"),
    "count": ("of them", "of them"),
    "pages": ("page", "pages"),
    "codes": ("code", "codes"),
    "letters": ("letter", "letters"),
    "things": ("thing", "things"),
    "places": ("place", "places"),
    "bytes": ("byte", "bytes"),
}
#: Longer than this, and a fact is cut.
_LONGEST_FACT: Final = 200


def facts_in_words(facts: Mapping[str, object]) -> str:
    """Return the facts of an entry as one line: codes, counts and days, never anybody's words.

    A fact whose name is not known here is left out: the log may come to hold others.
    """
    said = []
    for name, before in _FACTS.items():
        value = facts.get(name)
        if value in (None, "", [], {}):
            continue
        if name in _COUNTED and isinstance(value, int):
            one, several = _COUNTED[name]
            said.append(f"{value:,} {one if value == 1 else several}")
            continue
        listed = value if isinstance(value, list) else [value]
        words = ", ".join(_in_words(name, str(one)) for one in listed)
        said.append(f"{before} {words}".strip()[:_LONGEST_FACT])
    return "; ".join(said)


def _in_words(name: str, value: str) -> str:
    """Return a month as “October 2026” and a day as “1 Oct 2026”; a role in words."""
    try:
        on = date.fromisoformat(f"{value}-01" if name == "month" and len(value) == 7 else value)
    except ValueError:
        is_code = name in {"role", "gives", "gave", "before", "after", "changed", "fields"}
        return _role_in_words(value) if is_code else value
    return f"{on:%B} {on.year}" if name == "month" else f"{on.day} {on:%b} {on.year}"


def _role_in_words(code: str) -> str:
    """Return “manager:12” as “manager of team 12”; anything else as it is, with blanks."""
    role, _, team = code.partition(":")
    return (f"{role} of team {team}" if team.isdecimal() else code).replace("_", " ")
