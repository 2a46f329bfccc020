"""What made the right thing hard, as a team reads it: by condition, so that no order tells who."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select

from improve.huddles.conditions import CONDITION_WORDS
from improve.huddles.models import HardThing
from improve.huddles.views import HardLine
from improve.shared.db import db


def hard_rows(huddle_id: int) -> Select[str, str]:
    """Return the condition and the words of all that was noted in a huddle, as a selectable."""
    return select(HardThing.condition, HardThing.words).where(HardThing.huddle_id == huddle_id)


def hard_lines(rows: Iterable[tuple[str, str]]) -> tuple[HardLine, ...]:
    """Return lines in the order of their conditions, never in that of their saying."""
    return tuple(HardLine(CONDITION_WORDS.get(code, code), words) for code, words in sorted(rows))


def hard_things(huddle_id: int) -> tuple[HardLine, ...]:
    """Return what was noted in a huddle that came through the door. One statement."""
    rows = db.session.execute(
        hard_rows(huddle_id).order_by(HardThing.condition, HardThing.words, HardThing.id)
    )
    return hard_lines((row.condition, row.words) for row in rows)
