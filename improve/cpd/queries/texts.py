"""Rows whose words redaction goes through. For its services only: they are shown to nobody."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.cpd.models import CpdPiece, CpdRecord, SupervisionPage
from improve.shared.db import db


def pieces_from(actor: Actor, idea_id: int) -> list[CpdPiece]:
    """Return every piece drafted from an idea, whoever's it is."""
    return list(
        db.session.execute(
            select(CpdPiece)
            .join(CpdRecord, CpdRecord.id == CpdPiece.record_id)
            .where(
                CpdPiece.idea_id == idea_id,
                CpdRecord.organisation_id == actor.organisation_id,
            )
            .order_by(CpdPiece.id)
        ).scalars()
    )


def pages_of(actor: Actor, people: Iterable[int]) -> list[SupervisionPage]:
    """Return every page for supervision that these people made."""
    return list(
        db.session.execute(
            select(SupervisionPage)
            .where(
                SupervisionPage.organisation_id == actor.organisation_id,
                SupervisionPage.person_id.in_(sorted(set(people))),
            )
            .order_by(SupervisionPage.id)
        ).scalars()
    )


def piece_to_put(actor: Actor, piece_id: int) -> CpdPiece | None:
    """Return a piece to write in, locked."""
    return db.session.execute(
        select(CpdPiece)
        .join(CpdRecord, CpdRecord.id == CpdPiece.record_id)
        .where(CpdPiece.id == piece_id, CpdRecord.organisation_id == actor.organisation_id)
        .with_for_update(of=CpdPiece)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def page_to_put(actor: Actor, page_id: int) -> SupervisionPage | None:
    """Return a page for supervision to write in, locked."""
    return db.session.execute(
        select(SupervisionPage)
        .where(
            SupervisionPage.id == page_id,
            SupervisionPage.organisation_id == actor.organisation_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
