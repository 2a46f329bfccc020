"""Deleting what a council keeps for a time that it chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, or_, select, update

from improve.accounts.queries.retention import kept_since
from improve.accounts.service import complete_file
from improve.privacy.person_rows import NO_ADDRESS
from improve.privacy.queries.people import subject_by_id
from improve.privacy.queries.words import free_texts
from improve.privacy.service.erase_person import KIND, erase_person_again, strip_leaver
from improve.redaction.service import WORDS, take_words_out_again
from improve.shared import clock, contributions, erased_file, rewriting
from improve.shared.clearing import clears
from improve.shared.db import db, empty_the_log, forget_deleted_words
from improve.shared.erased_file import ErasesAgain
from improve.shared.keeping_times import COMMENTS, EARLIER_WORDS, LEAVERS, NEWS
from improve.shared.whole_tables import all_tables

#: People stripped in one night: each is a handful of statements.
AT_ONCE = 200


def offer_privacy() -> None:
    """Offer to delete what has had its time, and to erase again what a restore brings back."""
    clears("news on people’s own pages that had its time", clear_news)
    clears("earlier versions of texts that had their time", clear_earlier_words)
    clears("comments on ideas that finished long ago", clear_comments)
    clears("details of people who left long ago", clear_leavers)
    contributions.register("nightly", complete_file)
    contributions.register("nightly", empty_the_log)
    contributions.register(rewriting.AFTER_ERASING, tables_that_forgot)
    for kind, again in ((KIND, erase_person_again), (WORDS, take_words_out_again)):
        contributions.register(erased_file.CONTRIBUTION, ErasesAgain(kind, again))


def tables_that_forgot() -> list[str]:
    """Return the tables that words or a person were erased from since the day before yesterday.

    PostgreSQL keeps the old rows in its files until their place is needed; SQLite overwrites them.
    """
    if db.engine.dialect.name == "sqlite":
        return []
    erasures = all_tables()["erasures"]
    since = clock.today() - timedelta(days=2)
    found = select(erasures.c.kind, erasures.c.facts).where(erasures.c.erased_on >= since)
    tables: set[str] = set()
    for kind, facts in db.session.execute(found.order_by(erasures.c.key)):
        if kind == KIND:
            tables |= {"people", *facts.get("rows", ())}
        elif kind == WORDS:
            tables |= {table.name for table, _ in free_texts()} | {"outbox_messages"}
    return sorted(tables & set(all_tables()))


def clear_news() -> int:
    """Delete old notices; return how many."""
    notices = all_tables()["notices"]
    return _delete_before(NEWS, notices, notices.c.created_at)


def clear_earlier_words() -> int:
    """Delete earlier versions that a person's edit replaced; return how many.

    What else the history tells (moves, who took part) holds no words and stays.
    """
    edits = all_tables()["idea_edits"]
    return _delete_before(EARLIER_WORDS, edits, edits.c.at, edits.c.kind == "edit")


def clear_comments() -> int:
    """Delete comments on ideas that finished long ago; return how many."""
    comments, ideas, answers = (all_tables()[n] for n in ("comments", "ideas", "leader_answers"))
    count = 0
    for since, councils in kept_since(COMMENTS):
        over = select(ideas.c.id).where(
            ideas.c.organisation_id.in_(councils), ideas.c.finished_at < since
        )
        gone = comments.c.idea_id.in_(over)
        pointed = answers.c.comment_id.in_(select(comments.c.id).where(gone))
        _run(update(answers).where(pointed).values(comment_id=None))
        count += _run(delete(comments).where(gone)).rowcount
    if count:
        forget_deleted_words()
    return count


def clear_leavers() -> int:
    """Take all but the name from people who left long ago; return how many people.

    Left: the account was closed, or its last day has passed, before the time that is kept.
    """
    people, entries = all_tables()["people"], all_tables()["audit_entries"]
    count = 0
    for since, councils in kept_since(LEAVERS):
        closed_later = exists().where(
            entries.c.object_kind == "person",
            entries.c.object_id == cast(people.c.id, String),
            entries.c.organisation_id == people.c.organisation_id,
            entries.c.action == "account_closed",
            entries.c.at >= since,
        )
        left = or_(
            people.c.ends_on < clock.local(since).date(),
            and_(people.c.is_active.is_(False), people.c.created_at < since, ~closed_later),
        )
        rows = db.session.execute(
            select(people.c.id, people.c.organisation_id)
            .where(
                people.c.organisation_id.in_(councils),
                people.c.email.not_like(f"%{NO_ADDRESS}"),
                left,
            )
            .order_by(people.c.id)
            .limit(AT_ONCE)
        ).all()
        for row in rows:
            person = subject_by_id(row.organisation_id, row.id)
            if person is not None:
                strip_leaver(person)
                count += 1
    return count


def _delete_before(code: str, table: Any, at: Any, *more: ColumnElement[bool]) -> int:
    def before(since: datetime, councils: list[int]) -> Any:
        return _run(delete(table).where(table.c.organisation_id.in_(councils), at < since, *more))

    count = sum(before(since, councils).rowcount for since, councils in kept_since(code))
    if count:
        forget_deleted_words()
    return count


def _run(statement: Any) -> Any:
    return db.session.connection().execute(statement)
