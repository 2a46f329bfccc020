"""What children and families told, as a table: the words that all staff read, and no more.

A file is kept and put beside others, so less stands in it than on the page: no team, day or key,
only what may be shown to others, and who told it and when only where that is of five or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.shared.db import db
from improve.shared.export import Cell
from improve.shared.open_tables import OpenColumn, OpenTable
from improve.voices.counting import month_and_teller
from improve.voices.kinds import SPEAKER_WORDS, MayShow, Speaker
from improve.voices.models import Voice
from improve.voices.queries.shared import may_be_read


def voice_tables(actor: Actor) -> Sequence[OpenTable]:
    """Return the table of voices that the actor may have."""
    if not has_any(actor, Permission.SEE_VOICES):
        return ()
    return (
        OpenTable(
            name="what-families-told",
            title="What children and families told",
            holds=(
                "Words that a reader made safe to share, where whoever told them said that others "
                "may see them. Who told it and in which month are empty where fewer than 5 told, "
                "or a smaller number could be worked out."
            ),
            columns=(
                OpenColumn("words", "What was told, without names and places"),
                OpenColumn("who", "Who told it; empty where that is of too few"),
                OpenColumn("month", "The month it came (2026-11); empty where that is of too few"),
            ),
            worked_out=lambda: _rows(actor),
            key=(),
        ),
    )


def _rows(actor: Actor) -> Iterable[Sequence[Cell]]:
    query = (
        select(Voice.shareable, Voice.speaker_kind, Voice.came_on)
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.may_show == MayShow.YES.value,
            *may_be_read(),
        )
        .order_by(Voice.key)
    )
    told = [(words or "", who, came_on) for words, who, came_on in db.session.execute(query)]
    tellers = [(came_on.replace(day=1), speaker) for _, speaker, came_on in told]
    shown = month_and_teller(tellers)
    found = [
        (
            words,
            SPEAKER_WORDS[Speaker(who)] if who else "",
            _month(month),
        )
        for (words, *_), (month, who) in zip(told, shown, strict=True)
    ]
    # By what is shown alone: no order tells what is left out.
    return sorted(found, key=lambda row: (row[2], row[1], row[0]), reverse=True)


def _month(month: date | None) -> str:
    return "" if month is None else f"{month:%Y-%m}"
