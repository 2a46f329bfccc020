"""What stands in the address of “All finished work”: kept, saved and carried along. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

#: Everything that a link or a saved view keeps, in the order of the address. Pages are left out.
KEPT: Final = (
    "when",
    "decided_from",
    "decided_to",
    "service",
    "team",
    "aim",
    "driver",
    "source",
    "decision",
    "says",
    "unread",
)
#: A value in an address may be this long; a longer one asks for nothing that there is.
_LONGEST: Final = 60


def kept_in(args: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks for, by name: names that the page knows, without empty ones."""
    found = {name: (args.get(name) or "").replace("\0", "").strip() for name in KEPT}
    return {name: value for name, value in found.items() if value and len(value) <= _LONGEST}


def as_query(kept: Mapping[str, str]) -> str:
    """Return what a saved view keeps, as the query of an address in one fixed order."""
    return urlencode([(name, kept[name]) for name in KEPT if kept.get(name)])


def from_query(query: str) -> dict[str, str]:
    """Return a saved query by name, each name once and only names that the page knows."""
    return kept_in(dict(parse_qsl(query)))
