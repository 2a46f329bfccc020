"""How much waits on the reading desk, for a reader's own page: counts, in one row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.shared.to_do import ToDoKind, to_do_rows
from improve.voices.models import Voice
from improve.voices.queries.desk import Show, stands_in


def voices_rows(actor: Actor) -> Any | None:
    """Return the row: ``subject_id`` wait to be read, ``version`` of them may be about danger,
    ``words`` are to be answered, as the desk lists them; no row where nothing waits, nothing for
    who is no reader."""
    if not has_any(actor, Permission.READ_VOICES):
        return None
    is_waiting, is_to_answer = stands_in(actor, Show.WAITING), stands_in(actor, Show.TO_ANSWER)
    return (
        to_do_rows(
            ToDoKind.VOICES,
            subject_id=_count(is_waiting),
            words=_count(is_to_answer),
            version=_count(is_waiting & Voice.may_be_danger),
        )
        .where(Voice.organisation_id == actor.organisation_id, is_waiting | is_to_answer)
        .having(func.count(Voice.key) > 0)
    )


def _count(which: Any) -> Any:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)
