"""After how many days a report is destroyed: as was said in the week in which it came."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from improve.incidents.models import IncidentSetup
from improve.incidents.queries.destroyed import past_their_days
from improve.incidents.queries.receipt import told
from improve.incidents.queries.setup import public_setup
from improve.incidents.schedule import choose_days, keep_days_of, monday_of
from improve.incidents.service.setup import change_choices_of_form
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.make import make_report
from tests.incidents.open_council import opened

#: A Monday.
WEEK = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("week", "days"),
    [
        (date(2026, 11, 2), 30),
        (date(2026, 11, 9), 60),
        (date(2026, 11, 16), 60),
        (date(2026, 11, 23), 90),
        (date(2027, 1, 4), 90),
    ],
)
def test_each_week_keeps_its_days(week: date, days: int) -> None:
    before = {"2026-11-23": 60, "2026-11-09": 30}
    assert keep_days_of(week, keep_days=90, kept_before=before) == days


def test_a_choice_holds_from_next_monday() -> None:
    thursday = WEEK + timedelta(days=3)
    once = choose_days(90, today=thursday, keep_days=60, kept_before={})
    assert once == {"2026-11-30": 60}
    # Chosen again on the same day: what held before both is what was said this week.
    assert choose_days(30, today=thursday, keep_days=90, kept_before=once) == once
    assert choose_days(90, today=thursday, keep_days=90, kept_before=once) == once
    later = choose_days(30, today=thursday + timedelta(days=7), keep_days=90, kept_before=once)
    assert later == {"2026-11-30": 60, "2026-12-07": 90}


def test_nobodys_words_are_kept_longer_than_they_were_told(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer, keep_days=60)
        administrator, today = cast.actor("administrator"), clock.today()
        here = make_report(cast.organisation, found.group)

        def choose(days: int) -> None:
            version = db.session.get_one(IncidentSetup, cast.organisation).version
            change_choices_of_form(
                administrator,
                keep_days=days,
                smallest_group=20,
                leave_url="",
                seen_version=version,
            )

        choose(365)
        # This week the form still says what those were told who reported before in it.
        assert public_setup(cast.organisation, today).keep_days == 60
        assert told(here).keep_days == 60
        monday = monday_of(today) + timedelta(days=7)
        assert public_setup(cast.organisation, monday).keep_days == 365
        late = make_report(cast.organisation, found.group, day=monday)
        assert told(late).keep_days == 365
        with clock.moved(clock.now() + timedelta(days=61)):
            assert past_their_days() == [here]
        # Nor are they destroyed before they were told.
        choose(1)
        with clock.moved(clock.now() + timedelta(days=30)):
            assert here not in past_their_days()


def test_before_it_first_opens_nobody_was_promised_anything(app: Flask, cast: Cast) -> None:
    with app.app_context():
        change_choices_of_form(
            cast.actor("administrator"),
            keep_days=45,
            smallest_group=20,
            leave_url="",
            seen_version=0,
        )
        assert public_setup(cast.organisation, clock.today()).keep_days == 45
