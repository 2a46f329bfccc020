"""The page of what a finished idea taught: the lesson large, who gave it, and how it came. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from improve.ideas.kinds import Outcome
from improve.ideas.page import EndingView, IdeaPage
from improve.ideas.thanks_views import ThanksView
from improve.shared import clock
from improve.shared.formatting import NBSP, day, days

#: Endings that teach something, and how the page says them, all of one size.
HEADS: Final[Mapping[Outcome, str]] = {
    Outcome.ADOPTED: "Kept, and this is what we learned",
    Outcome.ABANDONED: "Stopped, and this is what we learned",
    Outcome.QUICK_FIX: "Fixed at once, and this is what we learned",
}
_DID: Final[Mapping[Outcome, str]] = {
    Outcome.ADOPTED: "decided to keep it",
    Outcome.ABANDONED: "stopped it",
    Outcome.QUICK_FIX: "fixed it at once",
}
#: A first sentence up to here stands alone as the heading; the rest follows below it.
HEADING_MOST: Final = 140
#: From how many characters on a heading is set smaller, each size a step.
SIZES: Final = ((60, "shortest"), (120, "short"), (280, "long"))
THANKS_SHOWN: Final = 3
#: The end of a sentence, and what follows it.
_END: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Written:
    """What capabilities above add: what was written down for others, and where it can go on.

    Addresses are “” where there is nothing for the one who looks.
    """

    headline: str = ""
    use_when: str = ""
    beware: str = ""
    read_url: str = ""
    write_url: str = ""
    try_url: str = ""
    spread_url: str = ""
    #: Where a leader writes a word to its people.
    word_url: str = ""
    #: Leaders who read it and wrote some words: (name and job, words).
    readers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LearnedPage:
    """One finished idea as its lesson. ``size`` names how large the heading is set.

    ``rest`` is what the lesson says after the heading, “” where the heading says it all.
    """

    idea: IdeaPage
    ending: EndingView
    head_words: str
    heading: str
    size: str
    rest: str
    whose: str
    initials: str
    facts: tuple[str, ...]
    hoped: str
    tried: str
    happened: str
    thanks: tuple[ThanksView, ...]
    written: Written = field(default_factory=Written)


def learned_page(idea: IdeaPage, written: Written | None = None) -> LearnedPage | None:
    """Return the page of what an idea taught; None for one that has not ended so."""
    ending = idea.ending
    if ending is None or ending.outcome not in HEADS:
        return None
    written = written or Written()
    heading, rest = parted(ending.lesson or ending.why or idea.title)
    if written.headline and not rest and len(heading) > HEADING_MOST:
        heading, rest = written.headline, heading
    cycles = sorted(idea.cycles, key=lambda cycle: cycle.number)
    return LearnedPage(
        idea=idea,
        ending=ending,
        head_words=HEADS[ending.outcome],
        heading=heading,
        size=size_of(heading),
        rest=rest,
        whose=_whose(idea, ending),
        initials=_initials(idea),
        facts=(
            idea.team.name,
            _how_long(idea, ending),
            f"finished {day(ending.finished_at)}",
        ),
        hoped=_told([cycle.prediction for cycle in cycles]) or idea.benefit or idea.improves,
        tried=_told([cycle.change_to_try for cycle in cycles]) or idea.suggestion,
        happened=_told([cycle.what_happened for cycle in cycles]),
        thanks=idea.thanks[:THANKS_SHOWN],
        written=written,
    )


def parted(lesson: str) -> tuple[str, str]:
    """Return the first sentence of a lesson and the rest; a long first sentence keeps it all."""
    words = lesson.strip()
    pieces = _END.split(words, maxsplit=1)
    if len(pieces) == 2 and len(pieces[0]) <= HEADING_MOST:
        first = pieces[0]
        return (first[:-1] if first.endswith(".") else first), pieces[1].strip()
    is_one = "\n" not in words and len(words) <= HEADING_MOST
    return (words.removesuffix(".") if is_one else words), ""


def size_of(heading: str) -> str:
    """Return how large a heading of this length is set: shortest, short, long or longest."""
    return next((name for most, name in SIZES if len(heading) <= most), "longest")


def _whose(idea: IdeaPage, ending: EndingView) -> str:
    if idea.author.id is None:
        return "The idea was a colleague’s."
    owner = f"The idea was {idea.author.name}’s"
    if ending.by is None or ending.by.id is None:
        return f"{owner}."
    if ending.by.id == idea.author.id:
        return f"{owner}, who also {_DID[ending.outcome]}."
    return f"{owner}. {ending.by.name} {_DID[ending.outcome]}."


def _initials(idea: IdeaPage) -> str:
    if idea.author.id is None:
        return ""
    parts = idea.author.name.split()
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


def _how_long(idea: IdeaPage, ending: EndingView) -> str:
    took = (clock.local(ending.finished_at).date() - clock.local(idea.created_at).date()).days
    if took >= 14:
        return f"{took // 7}{NBSP}weeks"
    return days(took) if took else "the same day"


def _told(texts: Sequence[str]) -> str:
    """Return what the cycles say of one thing, the oldest first, each once."""
    return "\n\n".join(dict.fromkeys(words.strip() for words in texts if words.strip()))
