"""What somebody calls a view that they keep: of a board, of finished work."""

from __future__ import annotations

from improve.shared import limits
from improve.shared.errors import Reason, RuleBroken


def check_view_name(name: str, taken: list[str]) -> None:
    """Refuse no name, one that is too long, and one that another of their views has."""
    words, most = name.strip(), limits.length("view_name")
    if not words:
        raise RuleBroken([Reason("Give this view a name.", "name")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most} characters or fewer.", "name")])
    if any(is_same_view_name(words, one) for one in taken):
        raise RuleBroken([Reason("You have a view with this name. Choose another name.", "name")])


def is_same_view_name(name: str, other: str) -> bool:
    """Return whether two names read alike."""
    return name.strip().casefold() == other.strip().casefold()
