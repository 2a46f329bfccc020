"""The log of acts as its pages show it: newest first, by days, kind and person. Never content.

Pages go on from the last entry shown and are never counted: a log has millions of entries, and
each page reads fifty of them by an index, whatever was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, literal, or_, select, tuple_, union_all

from improve.accounts.actor import Actor
from improve.accounts.audit_facts import facts_in_words
from improve.accounts.models import Person, Team
from improve.shared import act_words, clock
from improve.shared.act_words import ActGroup
from improve.shared.audit import AuditEntry
from improve.shared.command_runs import last_runs
from improve.shared.db import UTCDateTime, db
from improve.shared.errors import NotFound

ENTRIES_A_PAGE = 50
#: More people than this are not looked through for one name.
MOST_PEOPLE = 20


@dataclass(frozen=True)
class Called:
    """A person whose acts may be looked for; two may have one name."""

    id: int
    name: str
    email: str
    is_active: bool


@dataclass(frozen=True)
class LogFilter:
    """What is looked for: days included, a kind of acts, by or about whom. Empty is everything."""

    from_on: date | None = None
    to_on: date | None = None
    group: ActGroup | None = None
    people: tuple[int, ...] | None = None
    #: Only what is older than this entry, by its time and number.
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class LogEntry:
    """One act as a line of the page."""

    sequence: int
    at: datetime
    who: str
    #: Whether ``who`` is a person, of today or of before.
    is_known: bool
    words: str
    about: str
    facts: str


@dataclass(frozen=True)
class LogPage:
    """A page of entries, and from where the next one goes on, None at the end."""

    entries: list[LogEntry]
    older: tuple[datetime, int] | None


def people_like(actor: Actor, words: str) -> list[Called]:
    """Return people, also of closed accounts, in whose name or address each word is, A to Z.

    At most ``MOST_PEOPLE`` and one more.
    """
    holds = [
        or_(
            Person.name.icontains(word, autoescape=True),
            Person.email.icontains(word, autoescape=True),
        )
        for word in words.split()
    ]
    return _called(actor, *holds)


def person_called(actor: Actor, person_id: int) -> Called:
    """Return one person of the council. Raises ``NotFound``."""
    for found in _called(actor, Person.id == person_id):
        return found
    raise NotFound


def _called(actor: Actor, *where: ColumnElement[bool]) -> list[Called]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.is_active)
        .where(Person.organisation_id == actor.organisation_id, *where)
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE + 1)
    )
    return [Called(row.id, row.name or row.email, row.email, row.is_active) for row in rows]


def last_checks() -> tuple[datetime | None, datetime | None]:
    """Return when the installation was last backed up, and when its logs were last checked."""
    ran = last_runs()
    return ran.get("backup"), ran.get("verify-audit")


def log_page(actor: Actor, wanted: LogFilter) -> LogPage:
    """Return a page of the council's log."""
    rows = _rows(actor, wanted, ENTRIES_A_PAGE + 1)
    shown = rows[:ENTRIES_A_PAGE]
    older = (shown[-1].at, shown[-1].sequence) if len(rows) > len(shown) else None
    return LogPage(_in_words(actor, shown), older)


def log_entries(actor: Actor, wanted: LogFilter, *, most: int) -> Iterator[LogEntry]:
    """Yield the council's log, newest first, a thousand entries at once, at most ``most``."""
    left = most
    while left > 0:
        asked = min(1000, left)
        rows = _rows(actor, wanted, asked)
        yield from _in_words(actor, rows)
        left -= len(rows)
        if len(rows) < asked:
            return
        wanted = replace(wanted, before=(rows[-1].at, rows[-1].sequence))


def _rows(actor: Actor, wanted: LogFilter, most: int) -> Sequence[Any]:
    """Return entries, newest first, each part by the index that leads straight to it."""
    if wanted.people is not None and not wanted.people:
        return []
    if wanted.group is ActGroup.UNSHOWN:
        return []
    group = wanted.group
    acts = act_words.usual_acts() if group is None else act_words.acts_of(group)
    base = _of_days(actor, wanted)
    parts: list[ColumnElement[bool]]
    if wanted.people is not None:
        among = AuditEntry.action.in_(acts)
        parts = [and_(AuditEntry.actor_id == one, among) for one in wanted.people]
        parts += [and_(_is_about(one, wanted.people), among) for one in wanted.people]
    elif wanted.group is not None:
        parts = [AuditEntry.action == act for act in acts]
    else:
        parts = [AuditEntry.action.in_(acts)]
    picked = [_newest(base.where(part), most).subquery() for part in parts]
    every = union_all(*(select(one) for one in picked)).subquery()
    ordered = select(every).order_by(every.c.at.desc(), every.c.sequence.desc()).limit(most)
    return db.session.execute(ordered).all()


def _of_days(actor: Actor, wanted: LogFilter) -> Select[Any]:
    query = select(
        AuditEntry.at,
        AuditEntry.sequence,
        AuditEntry.actor_id,
        AuditEntry.action,
        AuditEntry.object_kind,
        AuditEntry.object_id,
        AuditEntry.facts,
    ).where(AuditEntry.organisation_id == actor.organisation_id)
    if wanted.from_on:
        query = query.where(AuditEntry.at >= clock.at_local(wanted.from_on, 0))
    if wanted.to_on:
        query = query.where(AuditEntry.at < clock.at_local(wanted.to_on + timedelta(days=1), 0))
    if wanted.before:
        at, sequence = wanted.before
        last = tuple_(literal(at, UTCDateTime()), literal(sequence, Integer()))
        query = query.where(tuple_(AuditEntry.at, AuditEntry.sequence) < last)
    return query


def _is_about(person_id: int, people: Sequence[int]) -> ColumnElement[bool]:
    """Whether an act of none of these ``people`` was about this one: a sign-in, a role."""
    return and_(
        AuditEntry.object_kind == "person",
        AuditEntry.object_id == str(person_id),
        or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id.not_in(people)),
    )


def _newest(query: Select[Any], most: int) -> Select[Any]:
    return query.order_by(AuditEntry.at.desc(), AuditEntry.sequence.desc()).limit(most)


def _in_words(actor: Actor, rows: Sequence[Any]) -> list[LogEntry]:
    people = _names(Person, actor, {row.actor_id for row in rows} | _ids(rows, "person"))
    teams = _names(Team, actor, _ids(rows, "team"))
    meant, own = act_words.words_of_acts(), act_words.own_acts()
    whose = act_words.by_nobody()
    entries = []
    for row in rows:
        who, about = _who(row.actor_id, people), _about(row, people, teams)
        if not who and row.action in own:
            who, about = about, ""
        is_known, who = bool(who), who or whose.get(row.action, "On the server")
        words, facts = meant.get(row.action, row.action), facts_in_words(row.facts or {})
        entries.append(LogEntry(row.sequence, row.at, who, is_known, words, about, facts))
    return entries


def _ids(rows: Sequence[Any], kind: str) -> set[int]:
    return {
        int(row.object_id) for row in rows if row.object_kind == kind and row.object_id.isdecimal()
    }


def _names(
    table: type[Person] | type[Team], actor: Actor, ids: Collection[int | None]
) -> dict[int, str]:
    wanted = sorted(one for one in ids if one is not None)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(table.id, table.name)
        .where(table.organisation_id == actor.organisation_id, table.id.in_(wanted))
        .order_by(table.id)
    )
    return {row.id: row.name for row in rows}


def _who(actor_id: int | None, people: dict[int, str]) -> str:
    return "" if actor_id is None else people.get(actor_id, "A former colleague")


def _about(row: Any, people: dict[int, str], teams: dict[int, str]) -> str:
    """Return whom or which team it was about; of other things their kind and number."""
    if row.object_kind in {"organisation", "page"} or not row.object_id.isdecimal():
        return ""  # random keys, such as those of voices, lead to nothing that is read here
    number = int(row.object_id)
    if row.object_kind == "person":
        return "" if number == row.actor_id else people.get(number, "A former colleague")
    if row.object_kind == "team":
        return teams.get(number, "")
    if row.object_kind == "group_role":
        return ""  # what it gives is among the facts
    return f"{row.object_kind.replace('_', ' ').capitalize()} {number}"
