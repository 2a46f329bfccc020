"""A text of a form in a council's own words: what the form fills in stays in it. Pure."""

from __future__ import annotations

import re
from typing import Final

_FILLED: Final = re.compile(r"\{\w+\}")


def places_reason(house: str, words: str) -> str:
    """Return what is wrong with own words that lose or add a place such as ``{day}``; “”: nothing.

    ``house``: the text as it is without them. No words stand for the house's own.
    """
    places = sorted(set(_FILLED.findall(house)))
    if not words or sorted(set(_FILLED.findall(words))) == places:
        return ""
    if places:
        return f"Keep {' and '.join(places)} as it is: the form fills it in."
    return "Leave out the curly brackets: nothing is filled in here."
