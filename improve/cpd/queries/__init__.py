"""Reads of one's own records."""

from __future__ import annotations

from improve.cpd.queries.own import Standing, piece, record, records, standing
from improve.cpd.queries.supervision import my_page, my_pages, page, shared_with_me

__all__ = [
    "Standing",
    "my_page",
    "my_pages",
    "page",
    "piece",
    "record",
    "records",
    "shared_with_me",
    "standing",
]
