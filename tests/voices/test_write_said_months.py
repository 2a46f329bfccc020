"""What people said of the answers is written once a month: who changes their mind moves no month."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.voices.models import VoiceMonth, VoiceReply
from improve.voices.queries.how_it_goes import how_it_goes
from improve.voices.service.put_right import say_put_right
from improve.voices.service.said_months import write_said_months
from tests.factories import Cast
from tests.voices.make import make_answer, make_shared_voice

pytestmark = pytest.mark.database
OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)


def replied(cast: Cast, came_on: date, yes: int, other: int) -> list[tuple[str, int]]:
    """Make so many replies of a day; return the voice and the answer of each."""
    found = []
    for n in range(yes + other):
        key = make_shared_voice(
            cast.organisation, by_id=cast.voices_reader, words="Ring first.", state="answered"
        )
        answer = make_answer(key, by_id=cast.voices_reader)
        db.session.add(
            VoiceReply(
                key=secrets.token_urlsafe(16),
                organisation_id=cast.organisation,
                voice_key=key,
                answer_id=answer,
                came_on=came_on,
                said="yes" if n < yes else "no",
            )
        )
        found.append((key, answer))
    db.session.flush()
    return found


def shown(cast: Cast) -> dict[date, tuple[int, int] | None]:
    months = how_it_goes(cast.actor("practitioner")).put_right
    return {month: (share.good, share.answers) if share else None for month, share in months}


def test_a_changed_mind_leaves_the_months_before_as_they_were(app: Flask, cast: Cast) -> None:
    with app.app_context():
        told = replied(cast, date(2026, 10, 5), 8, 6)
        replied(cast, date(2026, 11, 5), 6, 5)
        assert shown(cast) == {}
        assert write_said_months() == 1
        before = shown(cast)
        assert before == {OCTOBER: (8, 14)}
        say_put_right(
            keys=current_app.config["SEALING_KEYS"],
            voice_key=told[0][0],
            answer_id=told[0][1],
            said="no",
            words="",
        )
        assert write_said_months() == 0
        assert shown(cast) == before
        with clock.moved(datetime(2026, 12, 1, 3, 0, tzinfo=ZoneInfo("Europe/London"))):
            assert write_said_months() == 1
            assert write_said_months() == 0
            assert shown(cast) == {OCTOBER: (8, 14), NOVEMBER: (6, 12)}
        db.session.commit()
        kinds = list(db.session.scalars(select(AuditEntry.action)))
        assert kinds.count("voices.replies_counted") == 2


def test_a_month_of_few_is_kept_as_a_gap_and_its_numbers_nowhere(app: Flask, cast: Cast) -> None:
    with app.app_context():
        replied(cast, date(2026, 9, 5), 7, 7)
        replied(cast, date(2026, 10, 5), 9, 2)
        assert write_said_months() == 2
        assert shown(cast) == {date(2026, 9, 1): (7, 14), OCTOBER: None}
        few = select(VoiceMonth.put_right, VoiceMonth.said).where(VoiceMonth.month == OCTOBER)
        assert tuple(db.session.execute(few).one()) == (None, None)
        here = func.count(VoiceMonth.id).filter(VoiceMonth.organisation_id != cast.organisation)
        assert db.session.scalar(select(here)) == 0
