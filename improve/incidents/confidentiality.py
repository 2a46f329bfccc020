"""Who may be offered a report, and when too few people could have sent it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.accounts.in_confidence.reading_days import CoverSpan

#: People who could have sent a report, at least: a council may ask for more, never for fewer.
SMALLEST_GROUP: Final = 20
#: Sizes of a group that are told apart.
_SIZES: Final = (50, 100, 200, 500)
#: Working days by which each step is due, from the day the report came.
SAFETY_READ_WITHIN: Final = 0
CODED_WITHIN: Final = 5
CALLED_BACK_WITHIN: Final = 10
SETTLED_WITHIN: Final = 12
USED_WITHIN: Final = 15
#: Days, not working days, by which whoever reported is answered.
ANSWERED_WITHIN: Final = 28
#: Days from signing off until an idea may be proposed, at the next weekly batch.
PROPOSED_AFTER: Final = 14


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who reviews reports. ``teams``: where they are a member, cover, or hold a line.

    ``entered_on``: the day their training was entered; what came before it is not theirs to read.
    """

    person_id: int
    name: str
    teams: frozenset[int]
    is_trained: bool = True
    entered_on: date = date.min


def may_be_offered(
    reviewer: Reviewer,
    *,
    group_teams: frozenset[int],
    not_readers: Iterable[int] = (),
    may_know: Iterable[int] = (),
    came_on: date = date.max,
) -> bool:
    """Return whether a report from these teams may be offered to a reviewer.

    Never to one with a membership or a line in any of them, one whom the reporter ticked, one who
    said that they may know it, or one who was made a reviewer after it came: whoever reported
    trusted those who read then. Without ``came_on``: a report that comes now.
    """
    return (
        reviewer.is_trained
        and reviewer.entered_on <= came_on
        and not reviewer.teams & group_teams
        and reviewer.person_id not in set(not_readers)
        and reviewer.person_id not in set(may_know)
    )


def offered_to(
    reviewers: Iterable[Reviewer],
    *,
    group_teams: frozenset[int],
    not_readers: Iterable[int] = (),
    may_know: Iterable[int] = (),
    came_on: date = date.max,
) -> list[Reviewer]:
    """Return the reviewers to whom such a report may be offered, in the order given."""
    ticked, knowing = frozenset(not_readers), frozenset(may_know)
    return [
        reviewer
        for reviewer in reviewers
        if may_be_offered(
            reviewer,
            group_teams=group_teams,
            not_readers=ticked,
            may_know=knowing,
            came_on=came_on,
        )
    ]


def groups_without_cover(
    day: date,
    spans: Iterable[CoverSpan],
    reviewers: Iterable[Reviewer],
    groups: Mapping[int, frozenset[int]],
) -> list[int]:
    """Return the groups whose reports nobody on cover could be offered on a day, in their order.

    ``groups``: the teams of each. What the form promises holds for all of them, so a day on which
    one of them has nobody is no day on which a report is read.
    """
    there = {span.person_id for span in spans if span.from_on <= day <= span.to_on}
    present = [reviewer for reviewer in reviewers if reviewer.person_id in there]
    return [
        group_id for group_id, teams in groups.items() if not offered_to(present, group_teams=teams)
    ]


def are_enough(people: int, *, smallest: int) -> bool:
    """Return whether so many people, each counted once, are enough to hide one of them."""
    return people >= max(smallest, SMALLEST_GROUP)


def size_words(people: int, *, smallest: int) -> str:
    """Return how many people a group has, in words that tell nobody's coming or going."""
    least = max(smallest, SMALLEST_GROUP)
    if people < least:
        return f"Fewer than {least} people"
    reached = max(step for step in (least, *_SIZES) if step == least or least < step <= people)
    return f"{reached} people or more"
