"""What came of an idea, in the words of a draft for whoever reported. Pure.

It says what happened and what a chart says, never that one thing made another happen. A reviewer
looks at each before it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Came(StrEnum):
    """What came of an idea that a report led to."""

    KEPT = "kept"
    STOPPED = "stopped"
    FIXED = "fixed"
    NOT_NOW = "not_now"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    AGAIN = "again"


_BEGIN: Final = "What you reported led to an idea."
_TOLD: Final[Mapping[Came, str]] = {
    Came.KEPT: "A team tried it and keeps doing it.",
    Came.STOPPED: "A team tried it, stopped, and learned from it.",
    Came.FIXED: "It was small enough to do at once, and it is done.",
    Came.NOT_NOW: "It was talked about, and it can’t be done now.",
    Came.JOINED: "There was one like it already. The two go on as one.",
    Came.WITHDRAWN: "It was taken back before anybody tried it.",
    Came.AGAIN: "A team tried it, changed it, and is trying it again.",
}
_HELD: Final[Mapping[str, str]] = {
    "yes": "It went as the team expected.",
    "partly": "Some of it went as the team expected, and some did not.",
    "no": "It did not go as the team expected.",
}
_NOT_KNOWN: Final = "Whether it helped can’t be told yet."


def draft_said(
    came: Came, *, verdict: str = "", held: str = "", learned: str = "", look_again: str = ""
) -> str:
    """Return an answer to begin from.

    ``verdict``: what the chart says, label and words, “” where none judges. ``held``: whether the
    test went as expected, “yes”, “partly”, “no” or “”. ``learned``: what the team wrote that it
    learned. ``look_again``: a month, “March 2027”.
    """
    parts = [f"{_BEGIN} {_TOLD[came]}"]
    if came in {Came.KEPT, Came.STOPPED}:
        parts.append(f"The chart says: {verdict}" if verdict else _HELD.get(held, _NOT_KNOWN))
    if learned and came in {Came.KEPT, Came.STOPPED, Came.FIXED}:
        parts.append(f"What the team learned: {learned}")
    if look_again and came is Came.NOT_NOW:
        parts.append(f"It will be looked at again in {look_again}.")
    return "\n\n".join([*parts, "Thank you for telling us."])
