"""Learning pages, who took them up and whether it held, as tables for whoever reads the library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.ideas.queries import finished_ideas
from improve.ideas.queries.places import seen_ideas
from improve.library.models import BorrowedPage, LearningPage, Spread, SustainCheck
from improve.shared.export import Cell
from improve.shared.open_tables import (
    DAY,
    MOMENT,
    TRUTH,
    WHOLE,
    OpenColumn,
    OpenTable,
    moment,
)

_OF_IDEA = (("idea", "ideas", "id"),)


def library_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the tables of the library that the actor may have."""
    if not has_any(actor, Permission.READ_LIBRARY):
        return ()
    return (_pages(actor), _borrowed(actor), _spread(actor), _held(actor))


def _pages(actor: Actor) -> OpenTable:
    idea = finished_ideas(actor)
    rows = (
        select(
            LearningPage.id,
            LearningPage.idea_id,
            idea.c.team_name,
            LearningPage.title,
            idea.c.outcome,
            LearningPage.was_hard,
            LearningPage.tried,
            LearningPage.happened,
            LearningPage.changed_for_child,
            LearningPage.use_when,
            LearningPage.beware,
            LearningPage.did_not_work,
            LearningPage.is_story,
            LearningPage.public_at.is_not(None).label("is_public"),
            LearningPage.shared_at,
        )
        .join(idea, idea.c.id == LearningPage.idea_id)
        .where(
            LearningPage.organisation_id == actor.organisation_id,
            LearningPage.shared_at.is_not(None),
        )
        .order_by(LearningPage.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        cells = tuple(row.values())
        return (*cells[:-2], bool(row["is_public"]), moment(row["shared_at"]))

    return OpenTable(
        name="learning-pages",
        title="Learning pages",
        holds="What finished ideas taught, as their teams shared it. Drafts are not in it.",
        columns=(
            OpenColumn("id", "Number of the page", WHOLE),
            OpenColumn("idea", "Number of the idea", WHOLE),
            OpenColumn("team", "The team"),
            OpenColumn("title", "What the page is called"),
            OpenColumn("outcome", "How the idea ended, as a code"),
            OpenColumn("was_hard", "What was hard"),
            OpenColumn("tried", "What was tried"),
            OpenColumn("happened", "What happened"),
            OpenColumn("changed_for_child", "What changed for a child or family"),
            OpenColumn("use_when", "When to use it"),
            OpenColumn("beware", "What to be careful with"),
            OpenColumn("did_not_work", "What did not work"),
            OpenColumn("is_story", "Whether it is a story for leaders", TRUTH),
            OpenColumn("is_public", "Whether the public can read it", TRUTH),
            OpenColumn("shared_at", "When it was shared (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
        points=_OF_IDEA,
    )


def _borrowed(actor: Actor) -> OpenTable:
    rows = (
        select(
            BorrowedPage.id,
            BorrowedPage.source_council,
            BorrowedPage.source_key,
            BorrowedPage.source_version,
            BorrowedPage.title,
            BorrowedPage.words,
            BorrowedPage.brought_in_at,
        )
        .where(
            BorrowedPage.organisation_id == actor.organisation_id,
            BorrowedPage.taken_out_at.is_(None),
        )
        .order_by(BorrowedPage.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (*tuple(row.values())[:-1], moment(row["brought_in_at"]))

    return OpenTable(
        name="pages-from-elsewhere",
        title="Pages from other councils",
        holds="Learning pages that other councils published and somebody brought in.",
        columns=(
            OpenColumn("id", "Number of the page here", WHOLE),
            OpenColumn("council", "Which council it came from"),
            OpenColumn("key", "Its name there"),
            OpenColumn("version", "Its version there", WHOLE),
            OpenColumn("title", "What the page is called"),
            OpenColumn("words", "Its words"),
            OpenColumn("brought_in_at", "When it was brought in (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
    )


def _spread(actor: Actor) -> OpenTable:
    seen, root = seen_ideas(actor).alias("seen"), seen_ideas(actor).alias("root")
    rows = (
        select(
            Spread.id,
            Spread.parent_idea_id,
            Spread.borrowed_page_id,
            Spread.parent_spread_id,
            Spread.idea_id,
            seen.c.team_name,
            Spread.place,
            Spread.adaptation,
            Spread.told_ending,
            Spread.told_words,
            Spread.told_on,
            Spread.created_at,
        )
        .outerjoin(seen, seen.c.id == Spread.idea_id)
        .outerjoin(root, root.c.id == Spread.parent_idea_id)
        .where(
            Spread.organisation_id == actor.organisation_id,
            or_(Spread.idea_id.is_(None), seen.c.id.is_not(None)),
            or_(Spread.parent_idea_id.is_(None), root.c.id.is_not(None)),
        )
        .order_by(Spread.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (*tuple(row.values())[:-1], moment(row["created_at"]))

    return OpenTable(
        name="spread",
        title="What was taken up elsewhere",
        holds="Which team or place tries what began in another one, and what it changed.",
        columns=(
            OpenColumn("id", "Number of the row", WHOLE),
            OpenColumn("from_idea", "The idea it began with", WHOLE),
            OpenColumn("from_page", "The page from elsewhere it began with", WHOLE),
            OpenColumn("from_row", "The place it was heard from", WHOLE),
            OpenColumn("idea", "The idea of the team that tries it", WHOLE),
            OpenColumn("team", "That team"),
            OpenColumn("place", "Or a place outside that told us"),
            OpenColumn("changed", "What was changed for that team"),
            OpenColumn("told_ending", "What the place told: trying, kept or stopped"),
            OpenColumn("told_words", "What the place told, in words"),
            OpenColumn("told_on", "When it told", DAY),
            OpenColumn("began_at", "When it was written down (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
        points=(("from_idea", "ideas", "id"), *_OF_IDEA),
    )


def _held(actor: Actor) -> OpenTable:
    seen = seen_ideas(actor)
    rows = (
        select(
            SustainCheck.id,
            SustainCheck.idea_id,
            seen.c.team_name,
            SustainCheck.due_on,
            SustainCheck.answer,
            SustainCheck.words,
            SustainCheck.verdict_code,
            SustainCheck.again_on,
            SustainCheck.answered_at,
        )
        .join(seen, seen.c.id == SustainCheck.idea_id)
        .where(
            SustainCheck.organisation_id == actor.organisation_id,
            SustainCheck.answered_at.is_not(None),
        )
        .order_by(SustainCheck.id)
    )

    def shape(row: Any) -> Sequence[Cell]:
        return (*tuple(row.values())[:-1], moment(row["answered_at"]))

    return OpenTable(
        name="does-it-still-hold",
        title="Looks at whether a change still holds",
        holds="What teams answered, half a year after they kept a change.",
        columns=(
            OpenColumn("id", "Number of the row", WHOLE),
            OpenColumn("idea", "Number of the idea", WHOLE),
            OpenColumn("team", "The team"),
            OpenColumn("due", "When to look", DAY),
            OpenColumn("answer", "held, partly or gone"),
            OpenColumn("words", "In their words"),
            OpenColumn("verdict_then", "What the chart said on that day, as a code"),
            OpenColumn("look_again", "When to look again", DAY),
            OpenColumn("answered_at", "When it was answered (UTC)", MOMENT),
        ),
        rows=rows,
        shape=shape,
        points=_OF_IDEA,
    )
