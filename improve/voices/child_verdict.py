"""What came of an idea, in words that a child would use. Pure.

What a chart says is computed; here it is only said again, shorter. Nothing here says that one thing
made another happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from improve.voices.kinds import Ending

#: By the code of a verdict, see ``measures.spc.words.LABELS``.
VERDICT_SAID: Final[Mapping[str, str]] = {
    "no_baseline": "We did not count for long enough to tell.",
    "baseline_unstable": "It had begun to change. So we can’t tell.",
    "too_early": "It is too soon to tell.",
    "mixed": "Some of it went up and some of it went down.",
    "improvement": "It got better, and it does not look like luck.",
    "improvement_not_held": "It got better for a while. Then it went back.",
    "deterioration": "It got worse.",
    "deterioration_ended": "It got worse for a while. Then it came back.",
    "changed_higher": "Something is not the same. We don’t know if it is good.",
    "changed_lower": "Something is not the same. We don’t know if it is good.",
    "changed_ended": "Something changed for a while. Then it went back.",
    "unusual_point": "One time was not like the rest. We don’t know why yet.",
    "no_signal": "We can’t see a change yet.",
}

#: What the team said of its own expectation, where no chart judges. See ``ideas.PredictionHeld``.
HELD_SAID: Final[Mapping[str, str]] = {
    "yes": "It went as we thought it would.",
    "partly": "Some of it went as we thought. Some of it did not.",
    "no": "It did not go as we thought.",
}
#: Where neither a chart nor anybody says what came of it.
NOT_KNOWN: Final = "We can’t tell if it helped."


class Came(StrEnum):
    """What came of an idea that somebody’s words led to."""

    KEPT = "kept"
    STOPPED = "stopped"
    FIXED = "fixed"
    NOT_NOW = "not_now"
    JOINED = "joined"
    AGAIN = "again"


#: How each ends on “What changed because of you”.
ENDING_OF: Final[Mapping[Came, Ending]] = {
    Came.KEPT: Ending.KEPT,
    Came.STOPPED: Ending.STOPPED,
    Came.FIXED: Ending.CHANGED,
    Came.NOT_NOW: Ending.LISTENING,
    Came.JOINED: Ending.TRYING,
    Came.AGAIN: Ending.TRYING,
}
_TOLD: Final[Mapping[Came, str]] = {
    Came.KEPT: "What you said gave us an idea. We tried it, and we will keep doing it.",
    Came.STOPPED: "What you said gave us an idea. We tried it, and then we stopped. "
    "We learned from it.",
    Came.FIXED: "What you said gave us an idea. It was small, so we changed it at once.",
    Came.NOT_NOW: "What you said gave us an idea. We talked about it. We can’t do it now.",
    Came.JOINED: "What you said gave us an idea. Other people had one like it. "
    "We put the two together, and we go on with them.",
    Came.AGAIN: "What you said gave us an idea. We tried it, but it was not right yet. "
    "We changed it a bit, and we are trying again.",
}
_HAPPENED: Final[Mapping[Came, str]] = {
    Came.FIXED: "We changed it at once.",
    Came.NOT_NOW: "We can’t do this now.",
    Came.JOINED: "Other people had an idea like it. We go on with the two as one.",
    Came.AGAIN: "It was not right yet. We changed it a bit, and we are trying again.",
}


def verdict_said(code: str | None) -> str:
    """Return what a chart says of a test, “” where there is nothing to say."""
    return VERDICT_SAID.get(code or "", "")


def came_of(code: str | None, held: str = "") -> str:
    """Return what came of a test: what its chart says, else whether it went as expected."""
    return verdict_said(code) or HELD_SAID.get(held, "")


def answer_said(
    came: Came, code: str | None = None, *, held: str = "", look_again: str = ""
) -> str:
    """Return an answer to begin from. ``look_again`` is a month, “March 2027”.

    ``held`` says whether a test went as expected: “yes”, “partly”, “no”, or “” for nothing said.
    """
    again = f"We will look at it again in {look_again}." if look_again else ""
    verdict = came_of(code, held) if came in {Came.KEPT, Came.STOPPED} else ""
    said = ("Thank you for telling us.", _TOLD[came], verdict, again)
    return " ".join(part for part in said if part)


def happened_said(
    came: Came, told: str, code: str | None = None, *, held: str = "", look_again: str = ""
) -> str:
    """Return what happened, for everybody: what the team wrote of it, then what came of it."""
    again = f"We will look at it again in {look_again}." if look_again else ""
    if came in {Came.KEPT, Came.STOPPED}:
        return "\n\n".join(part for part in (told, came_of(code, held)) if part) or NOT_KNOWN
    return " ".join(part for part in (told, _HAPPENED[came], again) if part)
