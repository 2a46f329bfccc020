"""Reads of one's own records of learning. Nobody reads another's, whatever their role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from improve.accounts.actor import Actor
from improve.cpd.asked import Progress
from improve.cpd.document import PieceView, RecordView
from improve.cpd.models import CpdPiece, CpdRecord, SupervisionPage
from improve.shared.db import db
from improve.shared.errors import NotFound

_PIECE_COLUMNS = (
    CpdPiece.id,
    CpdPiece.record_id,
    CpdPiece.cycle_id,
    CpdPiece.idea_id,
    CpdPiece.kind,
    CpdPiece.activity,
    CpdPiece.done_on,
    CpdPiece.why,
    CpdPiece.learned,
    CpdPiece.effect,
    CpdPiece.evidence,
    CpdPiece.peer,
    CpdPiece.reflection,
    CpdPiece.version,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one's newest record stands, for one's own page. Without a record its id is None."""

    record_id: int | None
    from_on: date | None
    to_on: date | None
    progress: Progress
    #: Pages for supervision that somebody shares with me now.
    shared_with_me: int


def mine(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of every read of records: one's own."""
    return (CpdRecord.person_id == actor.person_id) & (
        CpdRecord.organisation_id == actor.organisation_id
    )


def standing(actor: Actor) -> Standing:
    """Return how the actor's newest record stands, in one statement."""
    newest = (
        select(CpdRecord.id, CpdRecord.from_on, CpdRecord.to_on)
        .where(mine(actor))
        .order_by(CpdRecord.to_on.desc(), CpdRecord.id.desc())
        .limit(1)
        .subquery("newest")
    )

    def count(*conditions: ColumnElement[bool]) -> Any:
        return (
            select(func.count())
            .select_from(CpdPiece)
            .where(CpdPiece.record_id == newest.c.id, *conditions)
            .scalar_subquery()
        )

    shared = (
        select(func.count())
        .select_from(SupervisionPage)
        .where(
            SupervisionPage.shared_with_id == actor.person_id,
            SupervisionPage.organisation_id == actor.organisation_id,
        )
        .subquery("shared")
    )
    row = db.session.execute(
        select(
            newest.c.id,
            newest.c.from_on,
            newest.c.to_on,
            count().label("pieces"),
            count(CpdPiece.peer != "").label("with_peer"),
            count(CpdPiece.reflection != "").label("with_reflection"),
            shared.c[0].label("shared"),
        )
        .select_from(shared)
        .outerjoin(newest, newest.c.id.is_not(None))
    ).one()
    progress = Progress(row.pieces or 0, row.with_peer or 0, row.with_reflection or 0)
    return Standing(row.id, row.from_on, row.to_on, progress, row.shared)


def records(actor: Actor) -> list[RecordView]:
    """Return the actor's records with their pieces, the newest first. Two statements."""
    rows = db.session.execute(
        select(CpdRecord.id, CpdRecord.from_on, CpdRecord.to_on, CpdRecord.version)
        .where(mine(actor))
        .order_by(CpdRecord.to_on.desc(), CpdRecord.id.desc())
    ).all()
    pieces = _pieces([row.id for row in rows])
    return [RecordView(*row, pieces=tuple(pieces[row.id])) for row in rows]


def record(actor: Actor, record_id: int) -> RecordView:
    """Return one of the actor's records. Raises ``NotFound`` for anybody else."""
    row = db.session.execute(
        select(CpdRecord.id, CpdRecord.from_on, CpdRecord.to_on, CpdRecord.version).where(
            CpdRecord.id == record_id, mine(actor)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return RecordView(*row, pieces=tuple(_pieces([record_id])[record_id]))


def piece(actor: Actor, record_id: int, piece_id: int) -> PieceView:
    """Return a piece of one of the actor's records. Raises ``NotFound``."""
    row = db.session.execute(
        select(*_PIECE_COLUMNS)
        .join(CpdRecord, CpdRecord.id == CpdPiece.record_id)
        .where(CpdPiece.id == piece_id, CpdPiece.record_id == record_id, mine(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    return PieceView(**row._mapping)


def record_for_change(actor: Actor, record_id: int) -> CpdRecord:
    """Return one of the actor's records, locked. Raises ``NotFound``."""
    found = db.session.execute(
        select(CpdRecord)
        .where(CpdRecord.id == record_id, mine(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def piece_for_change(actor: Actor, record_id: int, piece_id: int) -> CpdPiece:
    """Return a piece of one of the actor's records, locked. Raises ``NotFound``."""
    record_for_change(actor, record_id)
    found = db.session.execute(
        select(CpdPiece)
        .where(CpdPiece.id == piece_id, CpdPiece.record_id == record_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def made_with(actor: Actor, form_token: str) -> int | None:
    """Return the record that this form made already, or None."""
    return db.session.execute(
        select(CpdRecord.id).where(mine(actor), CpdRecord.form_token == form_token)
    ).scalar()


def tokens_of(record_id: int) -> dict[str, int]:
    """Return what the pieces of a record, which came through the door, were made by."""
    rows = db.session.execute(
        select(CpdPiece.form_token, CpdPiece.id)
        .where(CpdPiece.record_id == record_id)
        .order_by(CpdPiece.id)
    )
    return {row.form_token: row.id for row in rows}


def _pieces(record_ids: Sequence[int]) -> dict[int, list[PieceView]]:
    found: dict[int, list[PieceView]] = defaultdict(list)
    if record_ids:
        rows = db.session.execute(
            select(*_PIECE_COLUMNS)
            .where(CpdPiece.record_id.in_(record_ids))
            .order_by(CpdPiece.done_on, CpdPiece.id)
        )
        for row in rows:
            found[row.record_id].append(PieceView(**row._mapping))
    return found
