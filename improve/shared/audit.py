"""The log of acts: who did what to which thing, append-only and chained.

Each organisation has its own chain: a row's hash is an HMAC over the hash before it and the row,
so a changed, deleted or swapped row shows; the head row shows a cut tail. Entries hold plain ids
and never words that a person wrote. Rows are written just before the commit, the head locked
last, so that two writers wait for each other as briefly as can be.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Protocol

from flask import current_app, g
from sqlalchemy import BigInteger, Index, String, bindparam, event, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from improve.shared import clock
from improve.shared.db import JSON_TYPE, Base, UTCDateTime, db, writing_apart

#: The chain of what belongs to no organisation, such as a try with an unknown address.
NO_ORGANISATION = 0
#: Refused pages that are noted of one person in an hour.
MOST_REFUSALS = 30
_WAITING = "audit entries waiting for the commit"
_SAVEPOINTS = "how many audit entries waited as each open savepoint began"
#: Entries of another log written with one statement.
_AT_ONCE = 1000


class ActsInAudit(Protocol):
    """Whoever acts: only these two are kept."""

    @property
    def person_id(self) -> int:
        """Id of the person."""

    @property
    def organisation_id(self) -> int:
        """Id of their organisation."""


class AuditEntry(Base):
    """One act. Never changed, never deleted: triggers in the database refuse it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("uq_audit_entries_chain", "organisation_id", "sequence", unique=True),
        Index("ix_audit_entries_object", "object_kind", "object_id"),
        # The pages of the log, newest first: all, one person's, one kind's.
        Index("ix_audit_entries_at", "organisation_id", "at", "sequence"),
        Index("ix_audit_entries_actor", "organisation_id", "actor_id", "at", "sequence"),
        Index("ix_audit_entries_action", "organisation_id", "action", "at", "sequence"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(db.Integer, "sqlite"), primary_key=True
    )
    organisation_id: Mapped[int]
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of one organisation's chain."""

    __tablename__ = "audit_heads"

    organisation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


_entries: Any = AuditEntry.__table__
_heads: Any = AuditHead.__table__
_HEAD = (
    select(_heads.c.sequence, _heads.c.hash)
    .where(_heads.c.organisation_id == bindparam("chain"))
    .with_for_update()
)
_ADD = insert(_entries)
_END: dict[str, Any] = {"sequence": bindparam("last"), "hash": bindparam("last_hash")}
_MOVE_HEAD = update(_heads).where(_heads.c.organisation_id == bindparam("chain")).values(**_END)
_FIRST_HEAD = insert(_heads).values(organisation_id=bindparam("chain"), **_END)


@dataclass(frozen=True)
class Fault:
    """The first place where a chain does not hold."""

    organisation_id: int
    sequence: int
    words: str


@contextmanager
def unrecorded() -> Iterator[None]:
    """Let acts in this block leave no entry: those in an example, which is no council's.

    An example is deleted with all its rows, and entries cannot be.
    """
    before = g.get("leaves_no_entry", False)
    g.leaves_no_entry = True
    try:
        yield
    finally:
        g.leaves_no_entry = before


def record(
    actor: ActsInAudit | None,
    action: str,
    object_kind: str,
    object_id: int | str | None,
    *,
    organisation_id: int | None = None,
    **facts: Any,
) -> None:
    """Have an entry written when the present transaction commits.

    ``facts`` are ids, codes and counts, never a person's words. Without an actor, give the
    organisation, or the entry goes into the chain of no organisation.
    """
    if g.get("leaves_no_entry", False):
        return
    entry = _entry(
        actor, action, object_kind, object_id, facts=facts, organisation_id=organisation_id
    )
    db.session().info.setdefault(_WAITING, []).append(entry)


def note_refusal(actor: ActsInAudit, *, page: str, answer: int) -> None:
    """Note in a transaction of its own that a page was refused, whatever becomes of the request.

    ``page`` is the rule of the address, never the address. Beyond ``MOST_REFUSALS`` in an hour no
    more are noted of one person, so that nobody can fill the log. The caller's transaction must
    be over.
    """
    if g.get("leaves_no_entry", False):
        return
    since = clock.now() - timedelta(hours=1)
    noted = (
        select(_entries.c.id)
        .where(
            _entries.c.organisation_id == actor.organisation_id,
            _entries.c.actor_id == actor.person_id,
            _entries.c.at > since,
            _entries.c.action == "page_refused",
        )
        .limit(MOST_REFUSALS)
        .subquery()
    )
    facts = {"page": page, "answer": answer}
    entry = _entry(actor, "page_refused", "page", None, facts=facts)
    with writing_apart() as connection:
        if connection.execute(select(func.count()).select_from(noted)).scalar_one() < MOST_REFUSALS:
            _chain(connection, [entry])


def _entry(
    actor: ActsInAudit | None,
    action: str,
    object_kind: str,
    object_id: int | str | None,
    *,
    facts: Mapping[str, Any],
    organisation_id: int | None = None,
) -> dict[str, Any]:
    if organisation_id is None:
        organisation_id = actor.organisation_id if actor else NO_ORGANISATION
    return {
        "organisation_id": organisation_id,
        "at": clock.now(),
        "actor_id": actor.person_id if actor else None,
        "action": action,
        "object_kind": object_kind,
        "object_id": "" if object_id is None else str(object_id),
        "facts": dict(facts),
    }


@event.listens_for(Session, "before_commit")
def _write_entries(session: Session) -> None:
    # The end of a savepoint is told here, too: what is written in it would go with one around it.
    if session.in_nested_transaction():
        return
    waiting = session.info.pop(_WAITING, None)
    if not waiting:
        return
    session.flush()
    _chain(session.connection(), waiting)


def _chain(connection: Connection, waiting: Sequence[Mapping[str, Any]]) -> None:
    # The plain tables, and statements written once: every commit that changes anything ends here.
    for organisation_id in sorted({entry["organisation_id"] for entry in waiting}):
        head = connection.execute(_HEAD, {"chain": organisation_id}).one_or_none()
        sequence, previous = head or (0, "0" * 64)
        rows = []
        for entry in (e for e in waiting if e["organisation_id"] == organisation_id):
            sequence += 1
            row = {**entry, "sequence": sequence, "previous_hash": previous}
            row["hash"] = previous = _hash(row)
            rows.append(row)
        connection.execute(_ADD, rows)
        end = {"chain": organisation_id, "last": sequence, "last_hash": previous}
        connection.execute(_MOVE_HEAD if head else _FIRST_HEAD, end)


@event.listens_for(Session, "after_transaction_create")
def _begin_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        waiting = len(session.info.get(_WAITING, ()))
        session.info.setdefault(_SAVEPOINTS, []).append(waiting)


@event.listens_for(Session, "after_transaction_end")
def _end_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info[_SAVEPOINTS].pop()


@event.listens_for(Session, "after_rollback")
def _forget_entries(session: Session) -> None:
    """Forget what was done since the savepoint began, or all where the whole is rolled back."""
    if session.in_nested_transaction():
        del session.info.get(_WAITING, [])[session.info[_SAVEPOINTS][-1] :]
    else:
        session.info.pop(_WAITING, None)


def _hash(row: Mapping[str, Any]) -> str:
    written = json.dumps(
        [
            row["previous_hash"],
            row["organisation_id"],
            row["sequence"],
            row["at"].isoformat(),
            row["actor_id"],
            row["action"],
            row["object_kind"],
            row["object_id"],
            row["facts"],
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    key = current_app.config["AUDIT_KEY"]
    return hmac.new(key, written.encode(), hashlib.sha256).hexdigest()


def bring_in(
    organisation_id: int, entries: Iterable[Mapping[str, Any]], *, came_from: Mapping[str, Any]
) -> int:
    """Write the log of another installation after a first entry that says where it came from.

    The chain is keyed by this installation's secret, which the other did not have: so its entries
    are chained anew, in their order, and ``came_from`` holds what the old chain ended with.
    ``entries`` have the columns that the hash is made of; the organisation has no log here yet.
    Returns how many were written, the first one among them.
    """
    connection = db.session.connection()
    opening = {
        "at": clock.now(),
        "actor_id": None,
        "action": "log_brought_in",
        "object_kind": "organisation",
        "object_id": str(organisation_id),
        "facts": dict(came_from),
    }
    sequence, previous = 0, "0" * 64
    rows: list[dict[str, Any]] = []
    for entry in chain([opening], entries):
        sequence += 1
        facts = {name: entry[name] for name in opening}
        row = {
            **facts,
            "organisation_id": organisation_id,
            "sequence": sequence,
            "previous_hash": previous,
        }
        row["hash"] = previous = _hash(row)
        rows.append(row)
        if len(rows) == _AT_ONCE:
            connection.execute(_ADD, rows)
            rows = []
    if rows:
        connection.execute(_ADD, rows)
    end = {"chain": organisation_id, "last": sequence, "last_hash": previous}
    connection.execute(_FIRST_HEAD, end)
    return sequence


def heads() -> list[tuple[int, int, str]]:
    """Return (organisation id, number of entries, hash) of every chain."""
    rows = db.session.execute(
        select(AuditHead.organisation_id, AuditHead.sequence, AuditHead.hash).order_by(
            AuditHead.organisation_id
        )
    )
    return [(row.organisation_id, row.sequence, row.hash) for row in rows]


def size_in_words() -> str:
    """Return how many entries there are, and in how many logs, for whoever runs the server."""
    sizes = [size for _, size, _ in heads()]
    entries, logs = sum(sizes), len(sizes)
    many = f"{entries:,} {'entry' if entries == 1 else 'entries'}"
    if logs <= 1:
        return f"{many} in one log"
    return f"{many} in {logs:,} logs: one of each council, one of the installation"


def mark_at(organisation_id: int, sequence: int) -> str | None:
    """Return the hash of one entry, or None when there is no such entry any more."""
    return db.session.execute(
        select(AuditEntry.hash).where(
            AuditEntry.organisation_id == organisation_id, AuditEntry.sequence == sequence
        )
    ).scalar_one_or_none()


def begins_under_another_key() -> bool:
    """Return whether no log begins under the present SECRET_KEY, though there are some."""
    first = db.session.execute(select(AuditEntry).where(AuditEntry.sequence == 1)).scalars().all()
    return bool(first) and not any(row.hash == _hash(vars(row)) for row in first)


def find_faults() -> list[Fault]:
    """Walk every chain and return the first fault of each: changed, missing, swapped or cut."""
    faults: list[Fault] = []
    known = {organisation_id: (size, mark) for organisation_id, size, mark in heads()}
    found = set(db.session.execute(select(AuditEntry.organisation_id).distinct()).scalars().all())
    for organisation_id in sorted(found | set(known)):
        fault = _first_fault(organisation_id, *known.get(organisation_id, (-1, "")))
        if fault:
            faults.append(fault)
    return faults


def _first_fault(organisation_id: int, size: int, mark: str) -> Fault | None:
    found = db.session.execute(
        select(AuditEntry)
        .where(AuditEntry.organisation_id == organisation_id)
        .order_by(AuditEntry.sequence, AuditEntry.id)
        .execution_options(yield_per=1000)
    )
    previous, expected = "0" * 64, 0
    with found:
        for row in found.scalars():
            expected += 1
            if row.sequence != expected:
                return Fault(organisation_id, expected, "an entry is missing")
            if row.previous_hash != previous:
                return Fault(organisation_id, expected, "does not follow the entry before it")
            if row.hash != _hash(vars(row)):
                return Fault(organisation_id, expected, "was changed")
            previous = row.hash
    if (expected, previous if expected else mark) != (size, mark):
        return Fault(organisation_id, expected + 1, "the end of the log is missing")
    return None
