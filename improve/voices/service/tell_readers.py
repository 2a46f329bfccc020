"""Readers on cover are told that something waits: from a count, at whole hours, never by a post.

A notice that a post left would carry the minute somebody wrote. So a job looks once in each hour,
and says how many there are, never what they say or when they came.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import update

from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.queries import facts_told
from improve.notifications.service import tell_by_itself
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import plural
from improve.voices.models import Voice
from improve.voices.queries.waiting import Waiting, is_untold, waiting_by_council

#: What a notice is of, by which a job knows its own.
_MORNING: Final = "morning"
_DANGER: Final = "danger"


def tell_of_waiting() -> int:
    """Tell readers on cover, once a morning, how many voices wait; return how many were told.

    For the nightly run. Nobody is told on a day on which nobody reads, and nobody twice on one day
    when the run is done again.
    """
    told = 0
    morning = clock.at_local(clock.today(), 0)
    heard = {
        person
        for person, facts in facts_told(NoticeKind.VOICES_WAIT, morning)
        if facts.get("of") == _MORNING
    }
    for council in waiting_by_council():
        people = tuple(person for person in council.readers if person not in heard)
        if council.unopened and people:
            said = f"{plural(council.unopened, 'voice')} wait{_s(council.unopened)}"
            _tell(council, said, people, of=_MORNING)
            told += len(people)
    return told


def tell_of_danger() -> int:
    """Tell readers on cover of voices that may speak of danger, in the first run of each hour.

    Where nobody is on cover every reader is told: better one too many. Returns how many were told.
    """
    told = 0
    hour = _hour(clock.now())
    for council in waiting_by_council():
        if council.setup.readers_told_at is not None and council.setup.readers_told_at >= hour:
            continue
        # Kept in every hour, also without a voice: else the next would be told the minute it came.
        council.setup.readers_told_at = hour
        if council.untold:
            people = council.readers or council.all_readers
            count = _mark_told(council.setup.organisation_id)
            if not count:
                # Another run of this very moment has told them.
                continue
            first = "it" if count == 1 else "them"
            said = f"{plural(count, 'voice')} could be about danger. Open {first} first"
            _tell(council, said, people, of=_DANGER)
            told += len(people)
    return told


def _mark_told(organisation_id: int) -> int:
    """Mark what is told, in one statement: no more and no fewer are told than are marked."""
    marked = db.session.execute(
        update(Voice)
        .where(Voice.organisation_id == organisation_id, is_untold())
        .values(is_told=True)
        .execution_options(synchronize_session=False)
    )
    return int(marked.rowcount)  # type: ignore[attr-defined]


def _tell(council: Waiting, said: str, people: tuple[int, ...], *, of: str) -> None:
    tell_by_itself(
        council.setup.organisation_id,
        dict.fromkeys(people, Why.READER.value),
        NoticeKind.VOICES_WAIT,
        subject_id=council.setup.organisation_id,
        facts={"title": said.replace("\u00a0", " "), "of": of},
    )


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _s(count: int) -> str:
    return "s to be read" if count == 1 else " to be read"
