"""The desk where hidden texts are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.accounts.roles import Permission, may
from improve.redaction.models import HiddenText
from improve.redaction.texts import Root, RootKind
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.identifiers import likely_identifiers

#: Texts on a page of the desk.
PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """One hidden text on the desk. Never its words."""

    id: int
    label: str
    root: Root
    said_at: datetime


@dataclass(frozen=True, slots=True)
class HiddenPage:
    """One hidden text to read. ``kinds`` are the kinds of identifier it may hold.

    ``words`` are empty once it is settled. ``versions`` counts its earlier versions and copies.
    """

    row: HiddenRow
    words: str
    kinds: tuple[str, ...]
    versions: int
    may_settle: bool
    settled_at: datetime | None
    settled_by: str
    settled_as: str
    settled_why: str
    breach: str


def waiting(actor: Actor, page: int = 1) -> tuple[list[HiddenRow], int]:
    """Return a page of the texts that wait to be read, the oldest first, and how many wait."""
    rows = db.session.execute(
        _rows(actor)
        .add_columns(func.count().over().label("count"))
        .where(HiddenText.settled_at.is_(None))
        .order_by(HiddenText.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).mappings()
    found = list(rows)
    return [_row(row) for row in found], found[0]["count"] if found else 0


def hidden_text(actor: Actor, hidden_id: int) -> HiddenPage:
    """Return a hidden text with its words, for its author and who settles it. ``NotFound``."""
    settled = person_names().alias("settled")
    row = (
        db.session.execute(
            _rows(actor)
            .add_columns(
                HiddenText.kept,
                HiddenText.kind,
                HiddenText.subject_id,
                HiddenText.field,
                HiddenText.settled_at,
                HiddenText.settled_as,
                HiddenText.settled_why,
                HiddenText.breach,
                settled.c.name.label("settled_name"),
            )
            .outerjoin(settled, settled.c.id == HiddenText.settled_by_id)
            .where(HiddenText.id == hidden_id, _readable(actor))
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    kept = row["kept"] or []
    own = (row["kind"], row["subject_id"], row["field"])
    words = next((t["words"] for t in kept if (t["kind"], t["subject_id"], t["field"]) == own), "")
    return HiddenPage(
        row=_row(row),
        words=words,
        kinds=tuple(likely_identifiers(words)),
        versions=max(len(kept) - 1, 0),
        may_settle=may(actor, Permission.REMOVE_WORDS),
        settled_at=row["settled_at"],
        settled_by=row["settled_name"] or "",
        settled_as=row["settled_as"],
        settled_why=row["settled_why"],
        breach=row["breach"],
    )


def hidden_to_read(actor: Actor, root: Root) -> list[HiddenRow]:
    """Return the hidden texts of a root that the actor may read: their own, or as who settles."""
    rows = db.session.execute(
        _rows(actor)
        .where(
            HiddenText.root_kind == root.kind.value,
            HiddenText.root_id == root.id,
            HiddenText.settled_at.is_(None),
            _readable(actor),
        )
        .order_by(HiddenText.id)
    ).mappings()
    return [_row(row) for row in rows]


def hidden_for_change(actor: Actor, hidden_id: int) -> HiddenText:
    """Return a hidden text of the organisation, locked. Raises ``NotFound``."""
    found = db.session.execute(
        select(HiddenText)
        .where(HiddenText.id == hidden_id, HiddenText.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _readable(actor: Actor) -> Any:
    if may(actor, Permission.REMOVE_WORDS):
        return HiddenText.organisation_id == actor.organisation_id
    return and_(
        HiddenText.organisation_id == actor.organisation_id,
        HiddenText.author_id == actor.person_id,
    )


def _rows(actor: Actor) -> Any:
    # Neither who said it nor who wrote it: what is to be judged are the words.
    return select(
        HiddenText.id,
        HiddenText.label,
        HiddenText.root_kind,
        HiddenText.root_id,
        HiddenText.said_at,
    ).where(HiddenText.organisation_id == actor.organisation_id)


def _row(row: Any) -> HiddenRow:
    return HiddenRow(
        id=row["id"],
        label=row["label"],
        root=Root(RootKind(row["root_kind"]), row["root_id"]),
        said_at=row["said_at"],
    )
