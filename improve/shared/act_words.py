"""The acts of the log in words: what each code means, under which kind it is looked for. Pure.

Each capability says its own, in its module ``act_words``, beside the services that note them;
``app.py`` plugs them in under ``CONTRIBUTION`` and the log of acts gathers them. A test finds each
code in the source and misses it in the words of its capability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from improve.shared import contributions

#: The kind of contribution under which capabilities say what their acts mean.
CONTRIBUTION: Final = "act-words"


class ActGroup(StrEnum):
    """What is looked for together; the value stands in addresses.

    What is ``UNSHOWN`` is kept and checked like all else and stands on no page of the log: who
    logged an idea may have hidden their name, thanks and choices are people's own, and whoever
    hides words that may identify somebody is named nowhere.
    """

    SIGN_IN = "sign-in"
    PEOPLE = "people"
    REFUSED = "refused"
    OUT = "out"
    PRIVACY = "privacy"
    WORDS = "words"
    VOICES = "voices"
    REPORTS = "reports"
    SETTINGS = "settings"
    TEAMS = "teams"
    NUMBERS = "numbers"
    LEARNING = "learning"
    COUNTED = "counted"
    UNSHOWN = ""


GROUP_WORDS: Final[Mapping[ActGroup, str]] = {
    ActGroup.SIGN_IN: "Signing in, phones and screens",
    ActGroup.PEOPLE: "People and what they may act as",
    ActGroup.REFUSED: "Pages that were refused or not found",
    ActGroup.OUT: "Taken out of Improve",
    ActGroup.PRIVACY: "Privacy, backups and the log itself",
    ActGroup.WORDS: "Words taken out or shown again",
    ActGroup.VOICES: "Voices of children and families",
    ActGroup.REPORTS: "Confidential reports, set up and released",
    ActGroup.SETTINGS: "How the council is set up",
    ActGroup.TEAMS: "Teams, busy times and deputies",
    ActGroup.NUMBERS: "Measures and their numbers",
    ActGroup.LEARNING: "Learning, other councils and leaders’ answers",
    ActGroup.COUNTED: "Counted at night, by itself",
}


@dataclass(frozen=True)
class Acts:
    """The acts of one capability.

    Of acts for which no person is noted, ``own`` are done by whom they are about, who was not yet
    signed in; ``at_open_pages`` by whoever it was, at a page that needs no sign-in; ``unnamed`` by
    staff of whom nothing is kept, so that nobody can ask who it was. All others are the server's:
    of a command, of the night, or what somebody's act brings about in its own time.
    """

    words: Mapping[ActGroup, Mapping[str, str]]
    own: frozenset[str] = frozenset()
    at_open_pages: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()


def _all_acts() -> Iterator[Acts]:
    for offer in contributions.gather(CONTRIBUTION):
        yield offer()


def words_of_acts() -> dict[str, str]:
    """Return what each code means, of all capabilities that are plugged in."""
    return {
        code: words
        for acts in _all_acts()
        for of_group in acts.words.values()
        for code, words in of_group.items()
    }


def acts_of(*groups: ActGroup) -> tuple[str, ...]:
    """Return the codes that are looked for under these kinds."""
    return tuple(
        code for group in groups for acts in _all_acts() for code in acts.words.get(group, ())
    )


def usual_acts() -> tuple[str, ...]:
    """Return the codes shown where no kind is chosen: a night of counting hides what people did."""
    return acts_of(*(group for group in GROUP_WORDS if group is not ActGroup.COUNTED))


def own_acts() -> frozenset[str]:
    """Return the acts of somebody who was not yet signed in: done by whom they are about."""
    return frozenset(code for acts in _all_acts() for code in acts.own)


def by_nobody() -> dict[str, str]:
    """Return who did what no person is noted for, where it was not done on the server."""
    found = {code: "Somebody (not kept)" for acts in _all_acts() for code in acts.unnamed}
    found.update({code: "Nobody signed in" for acts in _all_acts() for code in acts.at_open_pages})
    return found


def group_of(action: str) -> ActGroup:
    """Return under which kind an act is looked for; ``UNSHOWN`` also for a code without words."""
    groups = (g for acts in _all_acts() for g, codes in acts.words.items() if action in codes)
    return next(groups, ActGroup.UNSHOWN)
