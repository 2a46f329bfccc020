"""What the library shows of its pages, as plain frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from improve.ideas.board import CardVerdict
from improve.ideas.kinds import Outcome
from improve.ideas.page import PersonRef, TeamRef
from improve.library.learning import ENDING_SHORT, ENDING_WORDS, PageWords

PAGE_SIZE = 30
#: Under what a person may look for pages; “borrowed” are those of other councils.
ENDING_FILTERS = (Outcome.ADOPTED, Outcome.ABANDONED, Outcome.QUICK_FIX)


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What a person looks for in the library. Empty: everything."""

    words: tuple[str, ...] = ()
    ending: Outcome | None = None
    verdict: str = ""
    team_id: int | None = None
    stories: bool = False
    borrowed: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self != LibraryFilter()


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page in the list of the library; of another council where ``council`` is said."""

    id: int
    title: str
    outcome: Outcome
    tried: str
    happened: str
    shared_at: datetime
    idea_id: int | None = None
    team_name: str = ""
    is_story: bool = False
    is_public: bool = False
    verdict: CardVerdict | None = None
    council: str = ""
    was_trusted: bool = False

    @property
    def ending_words(self) -> str:
        """Kept, Stopped or Quick fix."""
        return ENDING_SHORT[self.outcome]


@dataclass(frozen=True, slots=True)
class Library:
    """One page of the list, the newest first, and the true count of all that the filter keeps."""

    pages: tuple[ListedPage, ...]
    total: int
    page: int
    size: int = PAGE_SIZE

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.page * self.size < self.total


@dataclass(frozen=True, slots=True)
class PageMay:
    """What the person looking may do with a page; each is asked again when it is done."""

    write: bool = False
    publish: bool = False


@dataclass(frozen=True, slots=True)
class LearningView:
    """One learning page. ``why_public`` and ``public_by`` say who decided to publish it."""

    id: int
    version: int
    words: PageWords
    idea_id: int
    idea_title: str
    outcome: Outcome
    lesson: str
    finished_at: datetime
    team: TeamRef
    author: PersonRef
    written_by: PersonRef
    changed_at: datetime
    shared_at: datetime | None
    is_on_board: bool
    may: PageMay
    public_key: str | None = None
    public_at: datetime | None = None
    public_by: PersonRef | None = None
    public_why: str = ""
    council: str = ""
    council_slug: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return self.words.title

    @property
    def ending_words(self) -> str:
        """“Stopped, and this is what we learned”."""
        return ENDING_WORDS[self.outcome]


@dataclass(frozen=True, slots=True)
class Story:
    """A page that its team picked for leaders: three short fields and how it ended."""

    page_id: int
    idea_id: int
    title: str
    outcome: Outcome
    team: TeamRef
    was_hard: str
    tried: str
    changed_for_child: str
    shared_at: datetime

    @property
    def ending_words(self) -> str:
        """Kept, Stopped or Quick fix."""
        return ENDING_SHORT[self.outcome]
