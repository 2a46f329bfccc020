"""Erasing a person: what is theirs goes, the council's work stays, under no name."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, delete, select, update

from improve.accounts.actor import Actor
from improve.accounts.learning_team import LEARNING_TEAM
from improve.accounts.queries import teams
from improve.accounts.service import note_erasure, raise_board_versions
from improve.privacy.person_rows import (
    FORMER_COLLEAGUE,
    GO_ALONG,
    LINKS,
    NAME_FIELDS,
    NO_ADDRESS,
    AtErasure,
)
from improve.privacy.queries.people import Subject, subject, subject_by_id
from improve.privacy.queries.words import FoundText, texts_with
from improve.privacy.service.rights import check, not_read_by
from improve.privacy.service.take_name_out import (
    mark_of_name,
    may_go,
    names_marked,
    take_name_out,
)
from improve.redaction.service import phrases_in
from improve.shared import audit
from improve.shared.db import db, forget_deleted_words
from improve.shared.erased_file import Erased, mark_of, number_in
from improve.shared.errors import Reason, RuleBroken
from improve.shared.search import forget_deleted
from improve.shared.whole_tables import all_tables

KIND = "person"
#: Other names of one person at once, and how long each is at least.
NAMES_MOST = 5
NAME_SHORTEST = 5


def why_not(actor: Actor, person: Subject) -> str:
    """Return in words why somebody cannot be erased now, or “”."""
    if person.id == actor.person_id:
        return "Somebody else has to erase you: they see what goes before it does."
    if is_nobodys(person):
        return "This account is nobody’s: ideas are proposed in its name."
    if person.is_active:
        return (
            "The account is open. An administrator closes it first, so that what they lead is "
            "handed over."
        )
    return ""


def is_nobodys(person: Subject) -> bool:
    """Return whether this is the account of the learning team."""
    return person.name == LEARNING_TEAM and not person.is_active and not person.has_password


def is_erased(person: Subject) -> bool:
    """Return whether the person is erased already."""
    return person.name == FORMER_COLLEAGUE and not person.address


def texts_naming(
    actor: Actor, person: Subject, *, also: Sequence[str] = ()
) -> tuple[list[FoundText], bool]:
    """Return the free texts that hold somebody's full name, and whether there are more.

    ``also``: other names they had here, such as before they married. Left out is what goes by
    itself: fields for a name, and news, which follows the texts that it tells of.
    """
    check(actor)
    names = [person.name, *also]
    found, has_more = texts_with(person.organisation_id, names, but=not_read_by(actor))
    fields = set(NAME_FIELDS) if may_go(person, names) else set()
    whole = {name.lower() for name in names}
    return [
        text
        for text in found
        if text.table != "notices"
        and not ((text.table, text.column) in fields and text.words.strip().lower() in whole)
    ], has_more


def names_had(person: Subject, typed: str) -> list[str]:
    """Return other names that somebody typed, one on each line; refuses in words."""
    names = [name for name in phrases_in(typed) if name.casefold() != person.name.casefold()]
    if any(len(name) < NAME_SHORTEST or " " not in name for name in names):
        raise RuleBroken([Reason("Write first name and surname.", "names")])
    if len(names) > NAMES_MOST:
        raise RuleBroken([Reason(f"Write {NAMES_MOST} names at most.", "names")])
    return names


def erase_person(actor: Actor, *, person_id: int, names: str = "") -> bool:
    """Erase somebody whose account is closed; False where that was done before.

    ``names``: other names they had here, one on each line.

    Address, job, sessions, links, calendar, news, choices and their own records go; what they did
    stays as the council's, under “a former colleague”. Their name in others' texts stays until it
    is taken out there (``texts_naming``). Noted, so that a restore does not bring it back.
    """
    check(actor)
    person = subject(actor, person_id)
    if is_erased(person):
        return False
    words = why_not(actor, person)
    if words:
        raise RuleBroken([Reason(words)])
    also = names_had(person, names)
    counts = _erase(person, also=also, keeps_name=False)
    raise_board_versions(team.id for team in teams(actor))
    note_erasure(
        actor,
        kind=KIND,
        object_id=person.id,
        facts={
            "mark": _mark(person),
            "rows": counts,
            "names": [mark_of_name(person, name) for name in also],
        },
    )
    audit.record(actor, "person_erased", KIND, person.id, rows=sum(counts.values()))
    forget_deleted()
    return True


def erase_person_again(erased: Erased) -> bool:
    """Erase somebody whom a restore brought back; False where nobody of them is here.

    The mark says that it is the same person: a number alone may be somebody else's elsewhere.
    """
    number = number_in(erased.object_id)
    if number is None:
        return False
    person = subject_by_id(erased.organisation_id, number)
    if person is None or erased.facts.get("mark") != _mark(person) or is_erased(person):
        return False
    marks = erased.facts.get("names")
    also = names_marked(person, marks) if isinstance(marks, list) and marks else []
    _erase(person, also=also, keeps_name=False)
    forget_deleted()
    return True


def strip_leaver(person: Subject) -> int:
    """Erase all but the name of somebody who left long ago; return how many rows that changed."""
    return sum(_erase(person, keeps_name=True).values()) + 1


def _mark(person: Subject) -> str:
    return mark_of(KIND, person.organisation_id, person.id, person.created_at.isoformat())


def _erase(person: Subject, *, keeps_name: bool, also: Sequence[str] = ()) -> dict[str, int]:
    """Delete and empty what points to somebody; return how many rows of each table changed."""
    counts: dict[str, int] = {}

    def note(table: str, done: Any) -> None:
        if isinstance(done, CursorResult) and done.rowcount:
            counts[table] = counts.get(table, 0) + done.rowcount

    if not keeps_name:
        take_name_out(person, [" ".join(name.split()) for name in (person.name, *also)], note)
    for name, column, of in GO_ALONG:
        table, owner = all_tables()[name], all_tables()[of]
        theirs = select(owner.c.id).where(owner.c.person_id == person.id)
        note(name, _run(delete(table).where(table.c[column].in_(theirs))))
    for (name, column), link in LINKS.items():
        table = all_tables()[name]
        where = table.c[column] == person.id
        if link.at_erasure is AtErasure.GOES:
            note(name, _run(delete(table).where(where)))
        elif link.at_erasure is AtErasure.EMPTIED:
            note(name, _run(update(table).where(where).values({column: None})))
    mails = all_tables()["outbox_messages"]
    if person.address:
        note("outbox_messages", _run(delete(mails).where(mails.c.to_address == person.address)))
    _blank(person, keeps_name=keeps_name)
    forget_deleted_words()
    return counts


def _blank(person: Subject, *, keeps_name: bool) -> None:
    people = all_tables()["people"]
    _run(
        update(people)
        .where(people.c.id == person.id)
        .values(
            name=people.c.name if keeps_name else FORMER_COLLEAGUE,
            email=f"gone-{secrets.token_hex(8)}@nobody{NO_ADDRESS}",
            job_title="",
            password_hash=None,
            is_active=False,
            theme="",
            board_view="",
            text_size="",
            spacing="",
            working_days="",
            version=people.c.version + 1,
            rights_version=people.c.rights_version + 1,
        )
    )
    # Whatever is loaded still says who they were.
    db.session.expire_all()


def _run(statement: Any) -> Any:
    return db.session.connection().execute(statement)
