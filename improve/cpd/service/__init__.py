"""Making a record, changing its pieces, sharing a page for supervision. Nothing here commits."""

from __future__ import annotations

from improve.cpd.service.pieces import PieceWords, add_piece, change_piece, remove_piece
from improve.cpd.service.record import add_cycles, delete_record, make_record, note_export
from improve.cpd.service.supervision import (
    WHO_SHARES,
    change_page,
    delete_page,
    make_page,
    share_page,
    stop_sharing,
)

__all__ = [
    "WHO_SHARES",
    "PieceWords",
    "add_cycles",
    "add_piece",
    "change_page",
    "change_piece",
    "delete_page",
    "delete_record",
    "make_page",
    "make_record",
    "note_export",
    "remove_piece",
    "share_page",
    "stop_sharing",
]
