"""What a registered social worker is asked for each year, and how far a record is. Pure.

From the pages on continuing professional development of Research in Practice (September 2023,
November 2023, November 2024). What Social Work England itself says is what counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.shared.formatting import day_short

#: Pieces a year, and how many of them are talked over with a peer.
PIECES_ASKED: Final = 2
PEERS_ASKED: Final = 1
STANDARD: Final = "Standard 4: maintaining my continuing professional development"
#: Where it was read and when, so that nobody takes it for news of this year.
SOURCE: Final = (
    "We have this from pages on CPD of Research in Practice, the newest of November 2024. "
    "It may have changed since: look at what Social Work England itself says."
)
_FIGURES: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def year_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the registration year: 1 December to 30 November."""
    begins = day.year if day.month == 12 else day.year - 1
    return date(begins, 12, 1), date(begins + 1, 11, 30)


def still_open_until(to_on: date, today: date) -> date:
    """Return the last day whose cycles may join a record that was made up to ``to_on``.

    Whoever makes one in October still learns in November: it goes on to the end of its year.
    """
    return max(to_on, min(today, year_of(to_on)[1]))


def asked_words(day: date) -> str:
    """Return what is asked for in the registration year of ``day``."""
    last = day_short(year_of(day)[1])
    return f"Social Work England asks for two pieces by {last}, one talked over with a peer."


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a record is, counted by its pieces."""

    pieces: int
    with_peer: int
    with_reflection: int

    @property
    def lines(self) -> tuple[tuple[bool, str], ...]:
        """Whether each thing is there, in words. What is not there yet is never a fault."""
        return (
            (self.pieces >= PIECES_ASKED, _pieces_words(self.pieces)),
            (self.with_peer >= PEERS_ASKED, _peer_words(self.with_peer)),
            (
                bool(self.pieces) and self.with_reflection == self.pieces,
                _reflection_words(self.pieces, self.with_reflection),
            ),
        )

    @property
    def sentence(self) -> str:
        """The same in one line."""
        return ". ".join(words for _, words in self.lines)


def progress_of(pieces: Iterable[tuple[str, str]]) -> Progress:
    """Return how far a record is. ``pieces``: (peer, reflection) of each."""
    held = list(pieces)
    return Progress(
        len(held),
        sum(1 for peer, _ in held if peer.strip()),
        sum(1 for _, reflection in held if reflection.strip()),
    )


def in_words(count: int) -> str:
    """Return “Two” for 2, figures from ten on."""
    return _FIGURES[count] if count < len(_FIGURES) else str(count)


def _pieces_words(count: int) -> str:
    if count == 0:
        return "No piece yet"
    return "One piece, another to add" if count == 1 else f"{in_words(count)} pieces"


def _peer_words(count: int) -> str:
    return (
        "A talk with a peer, still to add"
        if not count
        else f"{in_words(count)} talked over with a peer"
    )


def _reflection_words(pieces: int, written: int) -> str:
    if pieces and written == pieces:
        return "My own reflection, written"
    if not written:
        return "My own reflection, still to write"
    left = pieces - written
    return f"My own reflection, still to write for {in_words(left).lower()}"
