"""Taking an erased person's name out of what the software, or a form for names, wrote of them.

Texts that people wrote are theirs to have put right, one by one. These are not texts: fields that
are there for a name, news that says who did something, mails that tell of it, what an act said
last, and what huddles were shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, func, or_, select, update

from improve.privacy.person_rows import FORMER_COLLEAGUE, NAME_FIELDS
from improve.privacy.queries.mails import not_of
from improve.privacy.queries.people import Subject, is_name_of_another
from improve.privacy.queries.words import may_hold
from improve.privacy.service.first_names import (
    first_is_theirs,
    first_of,
    mail_without,
    out_of_huddles,
    out_of_messages,
)
from improve.shared.db import db
from improve.shared.erased_file import mark_of
from improve.shared.whole_tables import all_tables, is_of

#: What news says of whoever did it: taken out, it says “A colleague”.
_NAMES_IN_NEWS: Final = ("by", "who")
#: What the subject of a mail takes, in characters.
_SUBJECT_MOST: Final = 150
Note = Callable[[str, Any], None]


def may_go(person: Subject, names: Sequence[str]) -> bool:
    """Return whether a field that holds one of these names means this person, and nobody else."""
    return not any(is_name_of_another(person, name) for name in names)


def fields_naming(person: Subject, names: Sequence[str]) -> list[tuple[str, int]]:
    """Return which fields for a name hold one of these, in words, and how many there are.

    None where somebody else of the council has the same name: whom the field means, nobody knows.
    In few statements.
    """
    parts = [
        select(func.count()).select_from(table).where(_is_field(table, column, person, names))
        for table, column in _fields(person, names)
    ]
    if not parts:
        return []
    row = db.session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    return [(words, n) for words, n in zip(NAME_FIELDS.values(), row, strict=True) if n]


def mark_of_name(person: Subject, name: str) -> str:
    """Return the keyed mark by which an earlier name is known again, and says nothing else."""
    return mark_of("name", person.organisation_id, person.id, " ".join(name.split()).casefold())


def names_marked(person: Subject, marks: Sequence[object]) -> list[str]:
    """Return the names in fields for a name that bear one of these marks."""
    found: set[str] = set()
    for table, column in NAME_FIELDS:
        held = all_tables()[table]
        values = db.session.scalars(
            select(held.c[column]).where(is_of(held, person.organisation_id)).distinct()
        )
        found |= {" ".join(value.split()) for value in values if value}
    return sorted(name for name in found if mark_of_name(person, name) in marks)


def take_name_out(person: Subject, names: Sequence[str], note: Note) -> None:
    """Take these names of somebody out of fields, news and mails; ``note`` is told each table."""
    for table, column in _fields(person, names):
        length = int(getattr(table.c[column].type, "length", None) or 1000)
        values = {column: FORMER_COLLEAGUE[:length]}
        where = _is_field(table, column, person, names)
        note(table.name, _run(update(table).where(where).values(values)))
    _out_of_news(person, names, note)
    _out_of_mails(person, names, note)
    out_of_messages(person, names, note)
    out_of_huddles(person, names, note)


def _fields(person: Subject, names: Sequence[str]) -> list[tuple[Any, str]]:
    if not may_go(person, names):
        return []
    return [(all_tables()[table], column) for table, column in NAME_FIELDS]


def _is_field(
    table: Any, column: str, person: Subject, names: Sequence[str]
) -> ColumnElement[bool]:
    held = func.trim(table.c[column])
    same = [or_(held == name, func.lower(held) == func.lower(name)) for name in names]
    is_same: ColumnElement[bool] = is_of(table, person.organisation_id) & or_(*same)
    return is_same


def _out_of_news(person: Subject, names: Sequence[str], note: Note) -> None:
    """Empty who did it, in news of colleagues. Whoever has the same first name is emptied too."""
    notices = all_tables()["notices"]
    wanted = {name.casefold() for name in names} | {first_of(name).casefold() for name in names}
    rows = db.session.execute(
        select(notices.c.id, notices.c.facts).where(
            notices.c.organisation_id == person.organisation_id,
            or_(*(may_hold(notices.c.facts, first_of(name)) for name in names)),
        )
    ).all()
    for row in rows:
        facts = dict(row.facts)
        for key in _NAMES_IN_NEWS:
            if str(facts.get(key, "")).casefold() in wanted:
                facts[key] = ""
        if facts != row.facts:
            where = notices.c.id == row.id
            note("notices", _run(update(notices).where(where).values(facts=facts)))


def _out_of_mails(person: Subject, names: Sequence[str], note: Note) -> None:
    """Take the name out of mails to others: what still waits says no name as it leaves.

    A mail belongs to no council, so those to people of another one, or that another one's people
    are named by the key of, are left; so are those that the software writes without a name.
    """
    mails, people = all_tables()["outbox_messages"], all_tables()["people"]
    elsewhere = select(people.c.email).where(people.c.organisation_id != person.organisation_id)
    held = (mails.c.subject, mails.c.body)
    rows = db.session.execute(
        select(mails.c.id, mails.c.key, *held).where(
            or_(*(may_hold(column, first_of(name)) for column in held for name in names)),
            mails.c.to_address.not_in(elsewhere),
        )
    ).all()
    left = not_of(person.organisation_id, [row.key for row in rows])
    firsts = {first_of(name): first_is_theirs(person, name) for name in names} if rows else {}
    for row in (one for one in rows if one.key not in left):
        subject = (mail_without(row.subject, firsts, names) or "")[:_SUBJECT_MOST]
        changed = {"subject": subject, "body": mail_without(row.body, firsts, names)}
        if (row.subject, row.body) != (changed["subject"], changed["body"]):
            note("outbox_messages", _run(update(mails).where(mails.c.id == row.id).values(changed)))


def _run(statement: Any) -> CursorResult[Any]:
    done: CursorResult[Any] = db.session.connection().execute(statement)
    return done
