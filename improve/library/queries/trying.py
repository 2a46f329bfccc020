"""What “Try this in my team” begins with: an idea that ended, or another council's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.ideas.board import CardVerdict
from improve.ideas.kinds import TAUGHT, Outcome
from improve.ideas.queries import idea_page
from improve.library.learning import ENDING_WORDS, PageWords, lent_by
from improve.library.queries.borrowed import borrowed_page
from improve.library.queries.pages import page_of_idea
from improve.library.spread import tried_text
from improve.shared import limits
from improve.shared.errors import RuleBroken

STILL_TRIED: Final = "This is still being tried. Once it is finished, others can try it."


@dataclass(frozen=True, slots=True)
class TryStart:
    """What was learned elsewhere. ``text`` is what the form begins with.

    Of an idea here ``idea_id`` is set, else ``borrowed_page_id``.
    """

    title: str
    place: str
    ending_words: str
    is_stopped: bool
    words: PageWords
    text: str
    lesson: str = ""
    stage: str = "done"
    outcome: str = ""
    idea_id: int | None = None
    borrowed_page_id: int | None = None
    verdict: CardVerdict | None = None


def try_start(actor: Actor, idea_id: int) -> TryStart:
    """Return what a finished idea taught, in its page's words where that is shared.

    Raises ``NotFound``, and ``RuleBroken`` while it is still being tried: one that began again has
    taught nothing to others unless its page is shared.
    """
    shown = idea_page(actor, idea_id)
    page = page_of_idea(actor, idea_id)
    if page is not None and page.shared_at is None:
        page = None
    outcome = shown.outcome if shown.outcome in TAUGHT else None
    if outcome is None and page is not None:
        outcome = page.outcome
    if outcome is None:
        raise RuleBroken(STILL_TRIED)
    words = page.words if page is not None else lent_by(shown)
    return TryStart(
        title=shown.title,
        place=shown.team.name,
        ending_words=ENDING_WORDS[outcome],
        is_stopped=outcome is Outcome.ABANDONED,
        words=words,
        text=tried_text(shown.title, words.tried, limits.length("idea_text")),
        lesson=shown.ending.lesson if shown.ending else "",
        outcome=outcome.value,
        idea_id=idea_id,
        verdict=shown.verdict,
    )


def try_borrowed_start(actor: Actor, page_id: int) -> TryStart:
    """Return what a page of another council says. Raises ``NotFound``."""
    view = borrowed_page(actor, page_id)
    said, is_stopped = view.content, view.outcome is Outcome.ABANDONED
    names = ("was_hard", "tried", "happened", "use_when", "beware", "did_not_work")
    told: dict[str, Any] = {name: str(said.get(name) or "") for name in names}
    words = PageWords(view.title, **told)
    return TryStart(
        title=view.title,
        place=view.council,
        ending_words="Stopped, and this is what they learned"
        if is_stopped
        else "Kept, and this is what they learned",
        is_stopped=is_stopped,
        words=words,
        text=tried_text(view.title, words.tried, limits.length("idea_text")),
        outcome=view.outcome.value,
        borrowed_page_id=page_id,
    )
