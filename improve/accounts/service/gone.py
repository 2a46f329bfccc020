"""Accounts that were closed are closed again in a restored backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, String, cast, exists, select

from improve.accounts.models import Person
from improve.accounts.service.links import end_links
from improve.accounts.service.people import set_active
from improve.accounts.service.sign_in import end_all_sessions
from improve.shared import audit
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.gone_marks import Goes


def closed_accounts() -> Goes:
    """Return how it is known which were closed, and which an administrator opened again."""
    return Goes("account", _closed, _open, _close_again, back=_opened_again)


def _closed() -> Iterator[str]:
    return _names(is_active=False)


def _open() -> Iterator[str]:
    return _names(is_active=True)


def _opened_again() -> Iterator[str]:
    opened = exists().where(
        AuditEntry.object_kind == "person",
        AuditEntry.object_id == cast(Person.id, String),
        AuditEntry.organisation_id == Person.organisation_id,
        AuditEntry.action == "account_opened",
    )
    return _names(opened, is_active=True)


def _names(*where: ColumnElement[bool], is_active: bool) -> Iterator[str]:
    """Return people by number and when they came: the number alone may be somebody else's."""
    query = select(Person.id, Person.created_at).where(Person.is_active.is_(is_active), *where)
    rows = db.session.execute(query.order_by(Person.id)).all()
    return (f"{row.id} {row.created_at.isoformat()}" for row in rows)


def _close_again(names: Sequence[str]) -> int:
    """Close them. What they led stays theirs until somebody hands it over."""
    for name in names:
        person = db.session.get_one(Person, int(name.partition(" ")[0]))
        set_active(person.id, is_active=False)
        end_links(person.id)
        end_all_sessions(person.id)
        audit.record(
            None, "account_closed", "person", person.id, organisation_id=person.organisation_id
        )
    return len(names)
