"""The pieces of a record: written, changed and taken out by their owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.cpd.kinds import FIELD_WORDS, TEXT_FIELDS, PieceKind
from improve.cpd.models import CpdPiece
from improve.cpd.queries import own as queries
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken, Stale

TOKEN_MOST = 64


@dataclass(frozen=True, slots=True)
class PieceWords:
    """What a piece says. ``texts`` by name of the field, see ``kinds.TEXT_FIELDS``."""

    kind: PieceKind
    activity: str
    done_on: date | None
    texts: Mapping[str, str]


def add_piece(actor: Actor, *, record_id: int, words: PieceWords, form_token: str) -> int:
    """Add a piece that did not come from a cycle; return its id. A form sent twice adds one."""
    record = queries.record_for_change(actor, record_id)
    token = f"own {form_token}"[:TOKEN_MOST]
    there = queries.tokens_of(record.id)
    if token in there:
        return there[token]
    done_on = _checked(words)
    piece = CpdPiece(
        record_id=record.id,
        kind=words.kind.value,
        activity=words.activity.strip(),
        done_on=done_on,
        form_token=token,
        version=1,
        **_texts(words),
    )
    db.session.add(piece)
    record.version += 1
    db.session.flush()
    return piece.id


def change_piece(
    actor: Actor, *, record_id: int, piece_id: int, words: PieceWords, seen_version: int
) -> None:
    """Put other words into a piece. The same words twice change nothing.

    Refuses with ``Stale`` (``piece``: as it stands now) what was changed in another window since.
    """
    piece = queries.piece_for_change(actor, record_id, piece_id)
    done_on = _checked(words)
    new = {
        "kind": words.kind.value,
        "activity": words.activity.strip(),
        "done_on": done_on,
        **_texts(words),
    }
    if all(getattr(piece, name) == value for name, value in new.items()):
        return
    if piece.version != seen_version:
        raise Stale(piece=queries.piece(actor, record_id, piece_id))
    for name, value in new.items():
        setattr(piece, name, value)
    piece.version += 1
    db.session.flush()


def remove_piece(actor: Actor, *, record_id: int, piece_id: int) -> None:
    """Take a piece out of a record. Nothing is left of its words."""
    piece = queries.piece_for_change(actor, record_id, piece_id)
    db.session.execute(
        delete(CpdPiece).where(CpdPiece.id == piece.id).execution_options(synchronize_session=False)
    )


def _texts(words: PieceWords) -> dict[str, str]:
    return {name: words.texts.get(name, "").strip() for name in TEXT_FIELDS}


def _checked(words: PieceWords) -> date:
    """Return the day; refuse a piece without one, without what was done, or with too many words."""
    faults = []
    if not words.activity.strip():
        faults.append(Reason("Say in a few words what you did.", "activity"))
    if words.done_on is None:
        faults.append(Reason("Say when it was. The month’s first day is enough.", "done_on"))
    elif words.done_on > clock.today():
        faults.append(Reason("This day is still to come.", "done_on"))
    for name, text in (("activity", words.activity), *words.texts.items()):
        most = limits.length("cpd_activity" if name == "activity" else "cpd_text")
        if len(text) > most:
            over = f"“{FIELD_WORDS[name]}” has {len(text):,} characters. {most:,} are enough."
            faults.append(Reason(over, name))
    if faults or words.done_on is None:
        raise RuleBroken(faults)
    return words.done_on
