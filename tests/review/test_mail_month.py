"""The letter to leaders: once, on the first working day, naming lines and teams only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from improve.home.month_letters import mail_the_month
from improve.notifications.kinds import Group, Pace
from improve.notifications.service import choose_paces
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.review.test_month import block

#: A Tuesday; the first of November was a Sunday, the second the first working day.
FIRST = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


def letters() -> list[tuple[str, str, str]]:
    rows = db.session.execute(
        text("SELECT to_address, subject, body FROM outbox_messages WHERE key LIKE 'month:%'")
    )
    return [(row[0], row[1], row[2]) for row in rows]


def test_leaders_get_one_letter_and_no_words_of_people(app: Flask, cast: Cast) -> None:
    with app.app_context():
        block(cast, reason="One signature that nobody gives.")
        with clock.moved(FIRST):
            assert mail_the_month() == 1
            assert mail_the_month() == 0
        db.session.commit()
        sent = letters()
        assert len(sent) == 1
        _, subject, body = sent[0]
        assert subject == "This month, from you: 1 line waits"
        assert "1. Needs someone at your level: Riverside" in body
        assert "One signature" not in body
        assert "/review/month" in body
        assert "No more mail of “What somebody asks of me”" in body


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 1, 5, 0, tzinfo=UTC),
        datetime(2026, 11, 20, 5, 0, tzinfo=UTC),
    ],
)
def test_not_before_the_first_working_day_nor_long_after(
    app: Flask, cast: Cast, at: datetime
) -> None:
    with app.app_context():
        block(cast)
        with clock.moved(at):
            assert mail_the_month() == 0


def test_a_night_that_was_missed_is_made_up_for(app: Flask, cast: Cast) -> None:
    with app.app_context():
        block(cast)
        with clock.moved(datetime(2026, 12, 4, 5, 0, tzinfo=UTC)):
            assert mail_the_month() == 1


def test_who_wants_no_such_mail_gets_none_and_an_empty_month_sends_none(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        with clock.moved(FIRST):
            assert mail_the_month() == 0, "nothing waits"
        block(cast)
        choose_paces(cast.actor("leader"), paces={Group.ASKED: Pace.NEVER})
        with clock.moved(datetime(2027, 1, 4, 5, 0, tzinfo=UTC)):
            assert mail_the_month() == 0
