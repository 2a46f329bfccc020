"""What ``flask doctor`` looks at: each capability offers checks, and the command gathers them.

A check looks, and changes nothing. It answers in plain words for whoever runs the server, names
what to do where something is not as it should be, and never holds a secret: no key, no password,
no address with one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from improve.shared import contributions

#: Kind of contribution: offers return lists of ``Finding``.
CONTRIBUTION: Final = "checkup"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    ``is_wrong``: something does not work, or is not safe. ``advice``: what to do about it. A
    finding with advice that is not wrong is worth a look; one without is as it should be.
    """

    is_wrong: bool
    words: str
    advice: str = ""


def checks(look: Callable[[], list[Finding]]) -> None:
    """Offer a check: it is called in an application context, within a transaction that reads."""
    contributions.register(CONTRIBUTION, look)


def findings() -> list[Finding]:
    """Return what all that was offered found, in the order of registration.

    A check that raises is itself a finding: the kind of the error, without its words.
    """
    found: list[Finding] = []
    for look in contributions.gather(CONTRIBUTION):
        try:
            found += look()
        except Exception as error:  # one check that cannot be done stops no other
            name = getattr(look, "__name__", "a check")
            found.append(
                Finding(
                    True,
                    f"{name} could not be looked at ({type(error).__name__})",
                    "See what the other findings say of the database and the settings.",
                )
            )
    return found
