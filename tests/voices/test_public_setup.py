"""What the form says of a council: who reads, when next, and in which words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.shared.leaving_page import LEAVE_URL
from improve.voices.models import VoiceCover, VoiceLanguage, VoiceReader, VoiceSetup, VoiceWording
from improve.voices.queries.setup import public_setup
from improve.voices.queries.wording import words_for
from tests.factories import Cast

MONDAY = date(2026, 6, 8)


def trained(cast: Cast, *, until: date | None) -> None:
    reader = cast.voices_reader
    db.session.add(
        VoiceReader(
            person_id=reader,
            organisation_id=cast.organisation,
            trained_on=MONDAY,
            trained_by="The learning team",
        )
    )
    if until:
        db.session.add(
            VoiceCover(
                organisation_id=cast.organisation, person_id=reader, from_on=MONDAY, to_on=until
            )
        )
    db.session.flush()


def test_before_anything_is_set_up(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = public_setup(cast.organisation, MONDAY)
    assert (found.is_open, found.takes_words, found.readers) == (False, False, ())
    assert (found.languages, found.leave_url, found.keep_days) == (("en",), LEAVE_URL, 90)
    assert found.answer_by == MONDAY + timedelta(days=28)
    assert not found.has_staffed_inbox_now(clock.now())


def test_says_when_it_is_read_next(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.add(VoiceSetup(organisation_id=cast.organisation, opened_at=clock.now()))
        trained(cast, until=MONDAY + timedelta(days=4))
        found = public_setup(cast.organisation, MONDAY)
        assert found.takes_words
        assert (found.next_read_on, found.read_by) == (MONDAY, MONDAY + timedelta(days=1))
        assert len(found.readers) == 1
        friday = public_setup(cast.organisation, MONDAY + timedelta(days=4))
        assert friday.next_read_on == MONDAY + timedelta(days=4)
        # Nobody is there after today: no day could be kept.
        assert (friday.read_by, friday.takes_words) == (None, False)
        assert public_setup(cast.organisation, MONDAY + timedelta(days=5)).next_read_on is None


def test_cover_without_training_is_nobody(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.add(
            VoiceCover(
                organisation_id=cast.organisation,
                person_id=cast.voices_reader,
                from_on=MONDAY,
                to_on=MONDAY + timedelta(days=30),
            )
        )
        db.session.flush()
        assert public_setup(cast.organisation, MONDAY).next_read_on is None


@pytest.mark.parametrize(
    ("at", "is_there"),
    [
        (clock.at_local(date(2026, 6, 8), 9, 0), True),
        (clock.at_local(date(2026, 6, 8), 16, 59), True),
        (clock.at_local(date(2026, 6, 8), 17, 0), False),
        (clock.at_local(date(2026, 6, 9), 10, 0), False),
        # A Monday that is a bank holiday.
        (clock.at_local(date(2026, 8, 31), 10, 0), False),
    ],
)
def test_inbox_is_staffed_in_its_hours(
    app: Flask, cast: Cast, at: datetime, is_there: bool
) -> None:
    with app.app_context():
        db.session.add(
            VoiceSetup(
                organisation_id=cast.organisation,
                duty_inbox="duty@example.org",
                duty_hours={"0": ["09:00", "17:00"]},
            )
        )
        db.session.flush()
        found = public_setup(cast.organisation, MONDAY)
    assert found.has_staffed_inbox_now(at) is is_there


def test_languages_that_are_off_are_not_offered(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for language, ended in (("ur", None), ("pl", clock.now())):
            db.session.add(
                VoiceLanguage(
                    organisation_id=cast.organisation,
                    language=language,
                    checked_by="A teacher of it",
                    checked_on=MONDAY,
                    turned_on_by_id=cast.administrator,
                    turned_on_at=clock.now(),
                    ended_at=ended,
                )
            )
        db.session.flush()
        assert public_setup(cast.organisation, MONDAY).languages == ("en", "ur")


def test_newest_words_of_a_council_come_first(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for version, words in ((1, "Say it here"), (2, "Say it to us")):
            db.session.add(
                VoiceWording(
                    organisation_id=cast.organisation,
                    language="en",
                    name="older.title",
                    version=version,
                    words=words,
                    changed_by_id=cast.administrator,
                    changed_at=clock.now(),
                )
            )
        db.session.flush()
        words = words_for(cast.organisation, "en")
        assert words("older.title") == "Say it to us"
        assert words("adult.title") == "Tell us what it was like"
        assert words("all.step", number=2, count=4) == "2 of 4"
        assert words_for(cast.organisation, "ur").direction == "rtl"
        with pytest.raises(KeyError):
            words("older.nothing")
