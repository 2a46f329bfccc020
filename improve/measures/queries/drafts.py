"""Tables between preview and confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.measures.models import (
    ImportDraft,
    Measure,
)
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: A pasted table waits this long for its confirmation.
DRAFT_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A pasted table that waits for its confirmation."""

    id: int
    measure_id: int
    file_name: str
    content: dict[str, Any]

    @property
    def place(self) -> str:
        """The place whose numbers were picked from a wide file, or nothing."""
        return str(self.content.get("pick", ""))

    @property
    def read_as(self) -> str:
        """How the years of a wide file were read, in words, or nothing."""
        return str(self.content.get("read_as", ""))


def import_draft(actor: Actor, measure_id: int, draft_id: int) -> DraftView:
    """Return the actor's own table, not older than a day. Raises ``NotFound``."""
    row = db.session.execute(
        select(ImportDraft.id, ImportDraft.measure_id, ImportDraft.file_name, ImportDraft.content)
        .join(Measure, Measure.id == ImportDraft.measure_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            ImportDraft.id == draft_id,
            ImportDraft.measure_id == measure_id,
            ImportDraft.person_id == actor.person_id,
            ImportDraft.created_at > clock.now() - DRAFT_LIFE,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return DraftView(*row)


def rows_of_draft(actor: Actor, measure_id: int, draft_id: int) -> int:
    """Return how many rows the actor's own table has. Raises ``NotFound``."""
    return len(import_draft(actor, measure_id, draft_id).content["rows"])
