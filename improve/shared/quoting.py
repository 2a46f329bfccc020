"""Whether a text says it in somebody else’s own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

#: From so many words in a row on it is somebody’s own way of saying it.
QUOTE_LEAST: Final = 6
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")


def quotes(text: str, told: Iterable[str], *, but: str = "") -> bool:
    """Return whether a text holds six words in a row of what was told. ``but`` may be quoted."""
    free = _runs(but)
    kept = set().union(*(_runs(one) for one in told)) - free
    return bool(_runs(text) & kept)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    return {
        tuple(words[at : at + QUOTE_LEAST]) for at in range(max(0, len(words) - QUOTE_LEAST + 1))
    }
