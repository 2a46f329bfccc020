"""The facts of an entry in the log of acts, as one line of words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Facts that the log says in words, each with what stands before it.
_FACTS: Final[Mapping[str, str]] = {
    "role": "as",
    "before": "before:",
    "after": "after:",
    "page": "",
    "answer": "answered",
    "rows": "rows:",
    "count": "count:",
    "pages": "pages:",
    "codes": "codes:",
    "letters": "letters:",
    "things": "things:",
    "places": "places:",
    "request": "asked for:",
    "bytes": "bytes:",
    "until": "until",
    "days": "days:",
    "month": "month",
    "language": "language:",
    "changed": "changed:",
    "fields": "changed:",
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
        if isinstance(value, list):
            value = ", ".join(_role_in_words(str(one)) for one in value)
        said.append(f"{before} {value}".strip()[:_LONGEST_FACT])
    return "; ".join(said)


def _role_in_words(code: str) -> str:
    """Return “manager:12” as “manager of team 12”; anything else as it is, with blanks."""
    role, _, team = code.partition(":")
    return (f"{role} of team {team}" if team.isdecimal() else code).replace("_", " ")
