"""Learning pages by the words in them: what is shared here, and what came from other councils."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.kinds import Outcome
from improve.ideas.queries import finished_ideas
from improve.library.learning import ENDING_SHORT, TEXT_FIELDS
from improve.library.models import BorrowedPage, LearningPage
from improve.library.public_pages import OUTCOMES
from improve.shared import search
from improve.shared.db import db
from improve.shared.search_words import PAGE_SIZE, Found, Hit, Source, marked, page_of, snippet

OWN, BORROWED = "learning_pages", "borrowed_pages"
HEADINGS = {OWN: "Learning pages", BORROWED: "Learning pages of other councils"}


def search_pages(actor: Actor, words: Sequence[str], page: int = 1) -> Found:
    """Return shared pages that hold all the words, those with them in the title first."""
    if not may(actor, Permission.READ_LIBRARY):
        return Found(OWN, HEADINGS[OWN], ())
    idea = finished_ideas(actor)
    of_idea = idea.c.id == LearningPage.idea_id
    hits = search.best_first(
        OWN,
        words,
        organisation_id=actor.organisation_id,
        rows=LearningPage.__table__,
        door=[
            (idea, of_idea),
            LearningPage.organisation_id == actor.organisation_id,
            LearningPage.shared_at.is_not(None),
        ],
        page=page,
    )
    rows = db.session.execute(
        select(
            LearningPage.id,
            LearningPage.title,
            *(getattr(LearningPage, name) for name in TEXT_FIELDS),
            idea.c.outcome,
            idea.c.team_name,
        )
        .select_from(hits.join(LearningPage, LearningPage.id == hits.c.id))
        .join(idea, of_idea)
        .order_by(hits.c.in_title.desc(), hits.c.id.desc())
    ).all()
    found = [
        Hit(
            what="Learning page",
            title=marked(row.title, words),
            snippet=snippet([getattr(row, name) for name in TEXT_FIELDS], words),
            endpoint="library.page",
            values={"page_id": row.id},
            where=(row.team_name, ENDING_SHORT[Outcome(row.outcome)]),
            stage="done",
            outcome=row.outcome,
        )
        for row in rows
    ]
    return _found(OWN, page, found)


def search_borrowed(actor: Actor, words: Sequence[str], page: int = 1) -> Found:
    """Return pages of other councils that hold all the words, titles first."""
    if not may(actor, Permission.READ_LIBRARY):
        return Found(BORROWED, HEADINGS[BORROWED], ())
    hits = search.best_first(
        BORROWED,
        words,
        organisation_id=actor.organisation_id,
        rows=BorrowedPage.__table__,
        door=[
            BorrowedPage.organisation_id == actor.organisation_id,
            BorrowedPage.taken_out_at.is_(None),
        ],
        page=page,
    )
    rows = db.session.execute(
        select(
            BorrowedPage.id,
            BorrowedPage.title,
            BorrowedPage.words,
            BorrowedPage.source_council,
            BorrowedPage.content["ending"].as_string().label("ending"),
        )
        .select_from(hits.join(BorrowedPage, BorrowedPage.id == hits.c.id))
        .order_by(hits.c.in_title.desc(), hits.c.id.desc())
    ).all()
    found = []
    for row in rows:
        outcome = OUTCOMES.get(row.ending, Outcome.ADOPTED)
        found.append(
            Hit(
                what="Learning page",
                title=marked(row.title, words),
                snippet=snippet([row.words], words),
                endpoint="library.borrowed_page",
                values={"page_id": row.id},
                where=(row.source_council, ENDING_SHORT[outcome]),
                stage="done",
                outcome=outcome.value,
            )
        )
    return _found(BORROWED, page, found)


def search_sources() -> tuple[Source, ...]:
    """Return what the library offers to search, in the order of the page."""
    return (Source(OWN, search_pages), Source(BORROWED, search_borrowed))


def _found(kind: str, page: int, hits: list[Hit]) -> Found:
    return Found(
        kind, HEADINGS[kind], tuple(hits[:PAGE_SIZE]), page_of(page), has_more=len(hits) > PAGE_SIZE
    )
