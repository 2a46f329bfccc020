"""What somebody wrote, for the reviewers who opened it: what may point to a person is marked."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.accounts.queries import names_of_staff
from improve.incidents.factors import BY_CODE
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import parts_of
from improve.shared.pointers import MarkedPiece, pointed

#: The questions of the form, as a reviewer reads what was answered.
_TITLES = (
    ("happened", "What happened"),
    ("helped", "What helped, or would have"),
    ("would_try", "What they would try"),
)


@dataclass(frozen=True)
class TextView:
    """One answer in words, under the question."""

    title: str
    pieces: tuple[MarkedPiece, ...]


@dataclass(frozen=True)
class ToldView:
    """What one reporter answered. ``factors``: names of what they ticked; empty: not sure."""

    texts: tuple[TextView, ...]
    factors: tuple[str, ...]


def told_words(actor: Actor, loaded: Loaded) -> tuple[ToldView, ...]:
    """Return what was written, of each report of one event; nothing until it is opened."""
    if not loaded.is_reader:
        return ()
    staff = names_of_staff(actor.organisation_id)
    return tuple(
        ToldView(
            texts=tuple(
                TextView(title, pointed(words, staff))
                for name, title in _TITLES
                if (words := getattr(part.words, name).strip())
            ),
            factors=tuple(BY_CODE[one].name for one in part.words.factors if one in BY_CODE),
        )
        for part in parts_of(loaded)
    )
