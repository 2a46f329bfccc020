"""Learning pages: the list, one page, and what a form begins with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, null, select, union_all
from sqlalchemy import cast as cast_to

from improve.accounts.actor import Actor
from improve.accounts.queries import organisation_slugs, person_names
from improve.accounts.roles import Permission, may
from improve.ideas import page_shaping, rights
from improve.ideas.kinds import TAUGHT, Outcome
from improve.ideas.page import TeamRef
from improve.ideas.queries import finished_ideas, idea_page
from improve.ideas.shaping import card_verdict
from improve.library.learning import TEXT_FIELDS, Draft, PageWords, lent_by
from improve.library.models import BorrowedPage, LearningPage
from improve.library.public_pages import OUTCOMES
from improve.library.queries.panel import is_own_of
from improve.library.views import (
    PAGE_SIZE,
    LearningView,
    Library,
    LibraryFilter,
    ListedPage,
    PageMay,
)
from improve.measures.queries import current_window_rows, measure_names
from improve.shared.db import UTCDateTime, db
from improve.shared.errors import NotFound
from improve.shared.search import key_of, match_words, search_table

OWN, BORROWED = "own", "borrowed"


def library(actor: Actor, chosen: LibraryFilter, *, page: int = 1) -> Library:
    """Return thirty shared pages, this council's and borrowed ones, the newest first.

    Two statements: the true count, and the page. A filter by team, verdict or story leaves out
    what comes from other councils, since nothing of it is known here.
    """
    page = max(1, page)
    listed = union_all(*_parts(actor, chosen)).subquery("listed")
    total = db.session.execute(select(func.count()).select_from(listed)).scalar_one()
    # No more of each than this page can hold, so that one is not put in order to its end.
    ends = page * PAGE_SIZE
    first = union_all(
        *(
            select(part.order_by(*_newest_first(part.selected_columns)).limit(ends).subquery())
            for part in _parts(actor, chosen)
        )
    ).subquery("listed")
    some = (
        select(first)
        .order_by(first.c.shared_at.desc(), first.c.kind.desc(), first.c.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .subquery("some")
    )
    windows, measure = current_window_rows(), measure_names()
    main = and_(windows.c.idea_id == some.c.idea_id, windows.c.place == "main")
    rows = db.session.execute(
        select(
            some,
            windows.c.verdict_code,
            windows.c.verdict_facts,
            windows.c.spark,
            windows.c.measure_id,
            measure.c.name.label("measure_name"),
            measure.c.better_when,
        )
        .outerjoin(windows, main)
        .outerjoin(measure, measure.c.id == windows.c.measure_id)
        .order_by(some.c.shared_at.desc(), some.c.kind.desc(), some.c.id.desc())
    )
    return Library(tuple(_listed(row) for row in rows), total, page)


def _newest_first(columns: Any) -> tuple[Any, Any]:
    return columns.shared_at.desc(), columns.id.desc()


def _parts(actor: Actor, chosen: LibraryFilter) -> list[Select[Any]]:
    parts = []
    if not chosen.borrowed:
        parts.append(_own(actor, chosen))
    if not (chosen.team_id or chosen.verdict or chosen.stories):
        parts.append(_borrowed(actor, chosen))
    return parts or [_own(actor, chosen).where(literal(value=False))]


def _own(actor: Actor, chosen: LibraryFilter) -> Select[Any]:
    idea = finished_ideas(actor)
    found = (
        select(
            literal(OWN).label("kind"),
            LearningPage.id,
            LearningPage.title,
            LearningPage.tried,
            LearningPage.happened,
            LearningPage.shared_at,
            LearningPage.is_story,
            LearningPage.public_at,
            idea.c.id.label("idea_id"),
            idea.c.outcome,
            idea.c.team_name,
            literal("").label("council"),
            literal(value=False).label("was_trusted"),
        )
        .join(idea, idea.c.id == LearningPage.idea_id)
        .where(
            LearningPage.organisation_id == actor.organisation_id,
            LearningPage.shared_at.is_not(None),
            *_holding(actor, "learning_pages", LearningPage.id, chosen),
        )
    )
    if chosen.ending is not None:
        found = found.where(idea.c.outcome == chosen.ending.value)
    if chosen.team_id is not None:
        found = found.where(idea.c.team_id == chosen.team_id)
    if chosen.stories:
        found = found.where(LearningPage.is_story)
    if chosen.verdict:
        windows = current_window_rows()
        found = found.where(
            select(windows.c.idea_id)
            .where(
                windows.c.idea_id == LearningPage.idea_id,
                windows.c.place == "main",
                windows.c.verdict_code == chosen.verdict,
            )
            .correlate(LearningPage)
            .exists()
        )
    return found


def _borrowed(actor: Actor, chosen: LibraryFilter) -> Select[Any]:
    ending = BorrowedPage.content["ending"].as_string()
    found = select(
        literal(BORROWED).label("kind"),
        BorrowedPage.id,
        BorrowedPage.title,
        BorrowedPage.content["tried"].as_string().label("tried"),
        BorrowedPage.content["happened"].as_string().label("happened"),
        BorrowedPage.brought_in_at.label("shared_at"),
        literal(value=False).label("is_story"),
        cast_to(null(), UTCDateTime).label("public_at"),
        cast_to(null(), db.Integer).label("idea_id"),
        ending.label("outcome"),
        literal("").label("team_name"),
        BorrowedPage.source_council.label("council"),
        BorrowedPage.was_trusted,
    ).where(
        BorrowedPage.organisation_id == actor.organisation_id,
        BorrowedPage.taken_out_at.is_(None),
        *_holding(actor, "borrowed_pages", BorrowedPage.id, chosen),
    )
    if chosen.ending is not None:
        wanted = [word for word, outcome in OUTCOMES.items() if outcome is chosen.ending]
        found = found.where(ending.in_(wanted))
    return found


def _holding(
    actor: Actor, searched: str, key: Any, chosen: LibraryFilter
) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a page holds all the words looked for."""
    if not chosen.words:
        return ()
    found = search_table(searched)
    matching = match_words(found, chosen.words, organisation_id=actor.organisation_id)
    return (key.in_(select(key_of(found)).select_from(found).where(matching)),)


def _listed(row: Any) -> ListedPage:
    is_own = row.kind == OWN
    verdict = None
    if row.verdict_code:
        verdict = card_verdict(
            row.verdict_code,
            row.verdict_facts or {},
            measure=(row.measure_id, row.measure_name, row.better_when),
            spark=row.spark,
        )
    return ListedPage(
        id=row.id,
        title=row.title,
        outcome=Outcome(row.outcome) if is_own else OUTCOMES.get(row.outcome, Outcome.ADOPTED),
        tried=row.tried or "",
        happened=row.happened or "",
        shared_at=row.shared_at,
        idea_id=row.idea_id,
        team_name=row.team_name,
        is_story=bool(row.is_story),
        is_public=row.public_at is not None,
        verdict=verdict,
        council=row.council,
        was_trusted=bool(row.was_trusted),
    )


def page(actor: Actor, page_id: int) -> LearningView:
    """Return one learning page, in one statement. Raises ``NotFound``.

    A draft is known to those who may write it.
    """
    return _one(actor, LearningPage.id == page_id)


def page_of_idea(actor: Actor, idea_id: int) -> LearningView | None:
    """Return the learning page of an idea, None where there is none that the actor may read."""
    try:
        return _one(actor, LearningPage.idea_id == idea_id)
    except NotFound:
        return None


def _one(actor: Actor, which: ColumnElement[bool]) -> LearningView:
    idea = finished_ideas(actor)
    writer, publisher = person_names().alias("writer"), person_names().alias("publisher")
    council = organisation_slugs()
    row = (
        db.session.execute(
            select(
                *(
                    column.label(f"page_{column.key}")
                    for column in LearningPage.__table__.columns
                    if column.key != "public_content"
                ),
                *idea.c,
                writer.c.name.label("writer_name"),
                publisher.c.name.label("publisher_name"),
                council.c.name.label("council_name"),
                council.c.slug.label("council_slug"),
            )
            .select_from(LearningPage)
            .join(idea, idea.c.id == LearningPage.idea_id)
            .join(writer, writer.c.id == LearningPage.written_by_id)
            .join(council, council.c.id == LearningPage.organisation_id)
            .outerjoin(publisher, publisher.c.id == LearningPage.public_by_id)
            .where(LearningPage.organisation_id == actor.organisation_id, which)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    may_write = may_write_of(actor, row)
    if row["page_shared_at"] is None and not may_write:
        raise NotFound
    publisher_ref = None
    if row["page_public_by_id"] is not None:
        publisher_ref = page_shaping.person(
            row, actor, row["page_public_by_id"], row["publisher_name"]
        )
    return LearningView(
        id=row["page_id"],
        version=row["page_version"],
        words=_words(row),
        idea_id=row["id"],
        idea_title=row["title"],
        outcome=Outcome(row["outcome"]),
        lesson=row["lesson"],
        finished_at=row["finished_at"],
        team=TeamRef(row["team_id"], row["team_slug"], row["team_name"]),
        author=page_shaping.person(row, actor, row["author_id"], row["author_name"]),
        written_by=page_shaping.person(row, actor, row["page_written_by_id"], row["writer_name"]),
        changed_at=row["page_changed_at"],
        shared_at=row["page_shared_at"],
        is_on_board=row["is_on_board"],
        may=PageMay(write=may_write, publish=may(actor, Permission.PUBLISH_LEARNING)),
        public_key=row["page_public_key"],
        public_at=row["page_public_at"],
        public_by=publisher_ref,
        public_why=row["page_public_why"],
        council=row["council_name"],
        council_slug=row["council_slug"],
    )


def _words(row: Any) -> PageWords:
    return PageWords(
        title=row["page_title"],
        **{name: row[f"page_{name}"] for name in TEXT_FIELDS},
        is_story=bool(row["page_is_story"]),
    )


def may_write_of(actor: Actor, row: Any) -> bool:
    """Return whether the actor may write the page of an idea, from a row of ``finished_ideas``."""
    standing = rights.standing_of(row)
    return may(
        actor,
        Permission.WRITE_LEARNING,
        team_id=standing.team_id,
        is_own=standing.is_own_of(actor),
    )


def draft(actor: Actor, idea_id: int) -> Draft:
    """Return a page as its form begins: what stands there, else what the idea lends.

    Raises ``NotFound`` for strangers and ideas that have not ended so as to teach something.
    """
    there = page_of_idea(actor, idea_id)
    if there is not None:
        return Draft(
            there.words,
            page_id=there.id,
            version=there.version,
            is_shared=there.shared_at is not None,
            is_public=there.public_at is not None,
            may_write=there.may.write,
            idea_title=there.idea_title,
            changed_at=there.changed_at,
            changed_by=there.written_by.name,
        )
    shown = idea_page(actor, idea_id)
    if shown.outcome not in TAUGHT:
        raise NotFound
    may_write = may(
        actor, Permission.WRITE_LEARNING, team_id=shown.team.id, is_own=is_own_of(actor, shown)
    )
    return Draft(lent_by(shown), may_write=may_write, idea_title=shown.title)
