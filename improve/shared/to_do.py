"""What waits for a person, as rows that capabilities offer and ``home`` reads in one statement."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Date, Integer, Text, cast, literal, null, select

from improve.shared.db import UTCDateTime

#: Rows of one kind at most: more is no list to work through.
ROWS_MOST: Final = 50


class ToDoKind(StrEnum):
    """What waits; ``subject_id`` is the id of it, or of its idea; of voices how many wait."""

    ACTION = "action"
    STUDY = "study"
    TALLY = "tally"
    REPLY = "reply"
    SUSTAIN = "sustain"
    LEARNING = "learning"
    VOICES = "voices"


def to_do_rows(
    kind: ToDoKind,
    *,
    subject_id: Any,
    words: Any,
    about: Any = None,
    on: Any = None,
    at: Any = None,
    version: Any = None,
) -> Any:
    """Return a select of the columns that all kinds share, still without tables and conditions.

    ``words`` say what it is, ``about`` of which idea or team, ``on`` the day (a date), ``at`` since
    when (a moment). What is not given is empty.
    """
    return select(
        literal(kind.value).label("kind"),
        subject_id.label("subject_id"),
        cast(words, Text).label("words"),
        cast(null() if about is None else about, Text).label("about"),
        cast(null(), Date).label("on_day") if on is None else on.label("on_day"),
        cast(null(), UTCDateTime).label("at") if at is None else at.label("at"),
        cast(null() if version is None else version, Integer).label("version"),
    )
