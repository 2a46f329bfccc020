"""What a huddle looks at: which idea stands in which part, in which order, and what comes next.

Pure. An idea stands in one part only, however many reasons it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from improve.huddles.kinds import (
    CHOOSABLE_PARTS,
    PART_WORDS,
    SHORT_PARTS,
    USUAL_PARTS,
    Part,
)
from improve.huddles.views import PartStep
from improve.shared.formatting import NBSP, day, plural

if TYPE_CHECKING:
    from improve.ideas.huddle_views import HuddleIdea

#: Things a part looks at; what is beyond waits for the board or the next huddle.
ITEMS_MOST: Final = 30
#: Parts that are a question to the room and have no list: never empty, never skipped.
WITHOUT_LIST: Final = frozenset({Part.HARD, Part.CLOSE, Part.TODAY, Part.HELP})

#: What an empty part says.
EMPTY_WORDS: Final[Mapping[Part, str]] = {
    Part.DUE: "No actions waiting. Good.",
    Part.NEW: "Every idea has its answer. Good.",
    Part.STUCK: "Nothing stuck. Good.",
    Part.STUDY: "Nothing to study today.",
    Part.SIGNALS: "No number has anything new to say.",
    Part.BLOCKED: "Nothing blocked. Good.",
}


def parts_for(chosen: Sequence[str] | None, *, is_short: bool) -> tuple[Part, ...]:
    """Return the parts of a huddle: those a team has chosen, in its order, closing last.

    None for a team that chose nothing: the usual seven. A short huddle has its own three.
    """
    if is_short:
        return SHORT_PARTS
    if chosen is None:
        return USUAL_PARTS
    kept = dict.fromkeys(part for part in map(_part, chosen) if part in CHOOSABLE_PARTS)
    return (*(part for part in kept if part), Part.CLOSE)


def _part(name: str) -> Part | None:
    return next((part for part in Part if part.value == name), None)


def part_of(idea: HuddleIdea, parts: Sequence[Part]) -> Part | None:
    """Return the one part of ``parts`` that an idea stands in, or None.

    What cannot go on comes before what waits for an answer, then what is to be studied, then what
    stands still. Where the team has dropped the first of them, the next reason counts.
    """
    reasons = (
        (Part.BLOCKED, idea.is_blocked),
        (Part.NEW, idea.needs_reply or idea.look_again),
        (Part.STUDY, idea.is_due_to_study),
        (Part.STUCK, idea.over_usual or idea.is_pinned or idea.needs_lead),
    )
    return next((part for part, holds in reasons if holds and part in parts), None)


def sort_into_parts(
    ideas: Iterable[HuddleIdea], parts: Sequence[Part]
) -> dict[Part, list[HuddleIdea]]:
    """Return the ideas of each part in the order they are looked at, at most 30 a part."""
    sorted_: dict[Part, list[HuddleIdea]] = {part: [] for part in parts}
    for idea in ideas:
        part = part_of(idea, parts)
        if part is not None:
            sorted_[part].append(idea)
    for part, found in sorted_.items():
        found.sort(key=lambda idea, part=part: _order(idea, part))  # type: ignore[misc]
        del found[ITEMS_MOST:]
    return sorted_


def _order(idea: HuddleIdea, part: Part) -> tuple[object, ...]:
    """Pinned first; then who waits longest, was to be studied first, stands still longest."""
    first: object = -(idea.age_days - (idea.usual_days or 0))
    if part is Part.NEW:
        # A suggestion waits for an answer; one to be looked at again had its.
        first = (not idea.needs_reply, -idea.waiting_working_days, -idea.age_days)
    elif part is Part.STUDY and idea.due_to_study_on:
        first = idea.due_to_study_on
    elif part is Part.BLOCKED and idea.blocked_since:
        first = idea.blocked_since
    elif part is Part.STUCK:
        first = (not idea.over_usual, first)
    return (not idea.is_pinned, first, idea.id)


def note_words(idea: HuddleIdea, part: Part) -> str:
    """Return why an idea stands in a part, in a few words: “waiting 3 working days”.

    Never who owes an answer: a wall shows it.
    """
    if part is Part.BLOCKED:
        return f"blocked since {day(idea.blocked_since)}" if idea.blocked_since else "blocked"
    if part is Part.NEW:
        if not idea.needs_reply:
            return f"to look at again since {day(idea.look_again_on)}"
        waited = idea.waiting_working_days
        return f"waiting {plural(waited, 'working day')}" if waited else "new"
    if part is Part.STUDY:
        return f"study day {day(idea.due_to_study_on)}"
    said = []
    if idea.is_pinned:
        said.append(f"pinned by {idea.pinned_by}" if idea.pinned_by else "pinned")
    if idea.over_usual:
        said.append(f"{idea.age_days}{NBSP}days, usual {idea.usual_days}")
    if idea.needs_lead:
        said.append("looking for someone to lead it")
    return ", ".join(said)


def is_empty(part: Part, counts: Mapping[Part, int]) -> bool:
    """Return whether a part has nothing to look at."""
    return part not in WITHOUT_LIST and not counts.get(part, 0)


def next_part(parts: Sequence[Part], here: Part, counts: Mapping[Part, int]) -> Part | None:
    """Return the part after ``here`` that has something in it, or None after the last."""
    after = parts[parts.index(here) + 1 :]
    return next((part for part in after if not is_empty(part, counts)), None)


def previous_part(parts: Sequence[Part], here: Part, counts: Mapping[Part, int]) -> Part | None:
    """Return the part before ``here`` that has something in it, or None before the first."""
    before = parts[: parts.index(here)]
    return next((part for part in reversed(before) if not is_empty(part, counts)), None)


def first_part(parts: Sequence[Part], counts: Mapping[Part, int]) -> Part:
    """Return the part a huddle begins with: the first that has something in it."""
    return next(part for part in parts if not is_empty(part, counts))


def steps_of(
    parts: Sequence[Part],
    *,
    looked_at: Part,
    on_wall: Part,
    counts: Mapping[Part, int],
    left: Mapping[Part, int],
) -> tuple[PartStep, ...]:
    """Return the line of parts: those before where the driver stands are done."""
    stands = parts.index(on_wall)
    return tuple(
        PartStep(
            part=part,
            number=number + 1,
            words=PART_WORDS[part],
            count=counts.get(part, 0),
            left=left.get(part, 0),
            is_empty=is_empty(part, counts),
            is_done=number < stands,
            is_current=part is looked_at,
            is_on_wall=part is on_wall,
        )
        for number, part in enumerate(parts)
    )
