"""What others may read of a report, beside what was written: pieces, rules, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.accounts.queries import names_of_staff
from improve.incidents.approval import Standing, stops_sign_off
from improve.incidents.contents import Work
from improve.incidents.queries.keeping import is_asked_or_kept
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import (
    Part,
    may_call,
    original_of,
    parts_of,
    stands_in_the_way,
)
from improve.shared.marked_changes import Change, marked_changes
from improve.shared.pointers import MarkedPiece, pointed, with_hints


@dataclass(frozen=True)
class PartView:
    """What one reporter wrote, with what may point to somebody marked."""

    happened: tuple[MarkedPiece, ...]
    helped: tuple[MarkedPiece, ...]
    would_try: tuple[MarkedPiece, ...]


@dataclass(frozen=True)
class WordsView:
    """Both texts, and what two reviewers said of them so far.

    ``has_agreed``: this reviewer agreed to exactly these words; ``other_agreed``: another did.
    """

    parts: tuple[PartView, ...]
    original: str
    work: Work
    written: tuple[MarkedPiece, ...]
    now: tuple[MarkedPiece, ...]
    changes: tuple[Change, ...]
    has_agreed: bool
    other_agreed: bool

    @property
    def may_point(self) -> bool:
        """Whether words that others may read still look as if they pointed to somebody."""
        return any(piece.hint for piece in self.now)


def words_view(actor: Actor, loaded: Loaded) -> WordsView:
    """Return both texts of a report that this reviewer opened. One statement."""
    parts = parts_of(loaded)
    staff = names_of_staff(actor.organisation_id)
    original, work = original_of(parts), loaded.work
    both = marked_changes(original, work.shareable) if work.shareable else None
    return WordsView(
        parts=tuple(_view(part, staff) for part in parts),
        original=original,
        work=work,
        written=with_hints(both.written, staff) if both else pointed(original, staff),
        now=with_hints(both.now, staff) if both else (),
        changes=both.changes if both else (),
        has_agreed=actor.person_id in work.approved_by,
        other_agreed=any(one != actor.person_id for one in work.approved_by),
    )


def standing_of(loaded: Loaded) -> Standing:
    """Return how a report stands before it is signed off. One statement."""
    parts, work, incident = parts_of(loaded), loaded.work, loaded.incident
    changes = marked_changes(original_of(parts), work.shareable).changes if work.shareable else ()
    is_small, has_message = stands_in_the_way(loaded)
    return Standing(
        work=work,
        changes=len(changes),
        is_agreed=bool(work.kind),
        is_strict=incident.is_strict,
        is_held=incident.is_held,
        is_small=is_small,
        may_call=may_call(loaded),
        has_message=has_message,
        joined=len(parts) - 1,
        is_asked_to_keep=any(is_asked_or_kept(part.incident) for part in parts),
    )


def what_stops(loaded: Loaded) -> list[str]:
    """Return why a report may not be signed off yet, in words. One statement."""
    return [reason.words for reason in stops_sign_off(standing_of(loaded), readers_of(loaded))]


def readers_of(loaded: Loaded) -> tuple[int, ...]:
    """Return the ids of those who read a report now."""
    return tuple(one.reviewer_id for one in (loaded.reading, loaded.other) if one is not None)


def _view(part: Part, staff: list[str]) -> PartView:
    words = part.words
    return PartView(
        pointed(words.happened, staff),
        pointed(words.helped, staff),
        pointed(words.would_try, staff),
    )
