"""What a learning page says: its fields, what it needs, what it is first filled with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from improve.ideas.kinds import Outcome
from improve.ideas.learned_views import HEADS
from improve.ideas.page import IdeaPage
from improve.shared import limits
from improve.shared.errors import Reason

#: The texts of a page besides its title, in the order they are read, and how a page heads them.
TEXT_WORDS: Final[Mapping[str, str]] = {
    "was_hard": "What was hard",
    "tried": "What we tried",
    "happened": "What happened",
    "changed_for_child": "What changed for a child or a family",
    "use_when": "Use this when",
    "beware": "Beware",
    "did_not_work": "What did not work",
}
TEXT_FIELDS: Final = tuple(TEXT_WORDS)
#: What a shared page cannot do without.
NEEDED: Final = ("title", "tried", "happened")

#: How a page says its ending, the same size for all of them.
ENDING_WORDS: Final = HEADS
ENDING_SHORT: Final[Mapping[Outcome, str]] = {
    Outcome.ADOPTED: "Kept",
    Outcome.ABANDONED: "Stopped",
    Outcome.QUICK_FIX: "Quick fix",
}


@dataclass(frozen=True, slots=True)
class PageWords:
    """All that a person writes on a page. “” where nothing is written."""

    title: str
    was_hard: str = ""
    tried: str = ""
    happened: str = ""
    changed_for_child: str = ""
    use_when: str = ""
    beware: str = ""
    did_not_work: str = ""
    is_story: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The title and every text, empty ones left out."""
        return tuple(
            words for name in ("title", *TEXT_FIELDS) if (words := getattr(self, name)).strip()
        )

    def stripped(self) -> PageWords:
        """The same without blanks around any text."""
        return replace(
            self, **{name: getattr(self, name).strip() for name in ("title", *TEXT_FIELDS)}
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A page as its form shows it: what stands there, or what the idea lends to begin with.

    ``page_id`` is None and ``version`` 0 while there is no page.
    """

    words: PageWords
    page_id: int | None = None
    version: int = 0
    is_shared: bool = False
    is_public: bool = False
    may_write: bool = False
    idea_title: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""


def length_of(name: str) -> int:
    """Return the longest text, in characters, of a field."""
    return limits.length("title" if name == "title" else "learning_text")


def missing(words: PageWords) -> list[Reason]:
    """Return what a page to be shared still needs, every need at once."""
    asked = {
        "title": "Give it a title: what somebody would look for.",
        "tried": "Write what you tried, so that somebody else could do it.",
        "happened": "Write what happened, as you saw it.",
    }
    found = [Reason(asked[name], name) for name in NEEDED if not getattr(words, name).strip()]
    if words.is_story:
        story = {
            "was_hard": "A story needs what was hard.",
            "changed_for_child": "A story needs what changed for a child or a family.",
        }
        found += [
            Reason(say, name) for name, say in story.items() if not getattr(words, name).strip()
        ]
    return found


def too_long(words: PageWords) -> list[Reason]:
    """Return a reason for each text that is longer than its limit."""
    found = []
    for name in ("title", *TEXT_FIELDS):
        size, most = len(getattr(words, name)), length_of(name)
        if size > most:
            found.append(Reason(f"Use {most:,} characters or fewer. This has {size:,}.", name))
    return found


def lent_by(page: IdeaPage) -> PageWords:
    """Return what a new page is filled with: the idea's own words, oldest cycle first.

    They are the person's to change; nothing is added to them.
    """
    cycles = sorted(page.cycles, key=lambda cycle: cycle.number)
    tried = _joined([cycle.change_to_try for cycle in cycles]) or page.suggestion
    happened = [cycle.what_happened for cycle in cycles]
    lesson = page.ending.lesson if page.ending else ""
    learned = [cycle.learned for cycle in cycles if cycle.learned != lesson]
    did_not_work = ""
    if page.outcome is Outcome.QUICK_FIX and page.ending:
        happened.append(page.ending.why)
    elif page.outcome is Outcome.ABANDONED and page.ending:
        did_not_work = page.ending.why
    return PageWords(
        title=_cut(_first_sentence(lesson) or page.title, "title"),
        was_hard=_cut(page.problem, "was_hard"),
        tried=_cut(tried, "tried"),
        happened=_cut(_joined([*happened, *learned, lesson]), "happened"),
        did_not_work=_cut(did_not_work, "did_not_work"),
    )


def _first_sentence(words: str) -> str:
    """Return the first sentence where it makes a title; “” where it is too long for one."""
    line = words.strip().split("\n", 1)[0]
    for end in (". ", "! ", "? "):
        line = line.split(end, 1)[0]
    line = line.rstrip(".")
    return line if len(line) <= length_of("title") else ""


def _joined(texts: list[str]) -> str:
    kept = [words.strip() for words in texts if words.strip()]
    return "\n\n".join(dict.fromkeys(kept))


def _cut(words: str, name: str) -> str:
    most = length_of(name)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
