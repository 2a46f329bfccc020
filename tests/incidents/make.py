"""A report from nothing, straight through the one function that makes them.

The form makes them one at a time and today; tests of reading, destroying and counting need many,
of any day and in any state.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from improve.incidents.kinds import Kind
from improve.incidents.models import Incident
from improve.incidents.service.send import add_report
from improve.shared import receipt_words
from improve.shared.db import db

HAPPENED = "The first worker wrote the plan, and the school never got it."


def make_report(
    organisation_id: int,
    group_id: int,
    *,
    happened: str = HAPPENED,
    kind: Kind = Kind.NEAR_MISS,
    receipt: str | None = None,
    key: str | None = None,
    columns: dict[str, Any] | None = None,
    **answers: Any,
) -> str:
    """Return the key of a new report. The caller commits.

    ``key`` in place of a random one: what is sealed is bound to it. ``answers``: further arguments
    of ``add_report``. ``columns``: of ``Incident``, set afterwards, such as ``{"state": "reading"}``.
    """
    answers.setdefault("factors", ["F07", "F08"])
    answers.setdefault("helped", "A colleague rang the school by chance.")
    wished = nullcontext() if key is None else patch("secrets.token_urlsafe", return_value=key)
    with wished:
        key = add_report(
            organisation_id=organisation_id,
            group_id=group_id,
            kind=kind,
            happened=happened,
            receipt=receipt or receipt_words.new_long(),
            **answers,
        )
    if columns:
        row = db.session.scalars(select(Incident).where(Incident.key == key)).one()
        for name, value in columns.items():
            setattr(row, name, value)
        db.session.flush()
    return key
