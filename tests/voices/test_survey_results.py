"""A survey shows its response and its answers, counted once 28 days after it, from five on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import delete, select

from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.suppression import Hidden
from improve.voices.counting import survey_numbers
from improve.voices.models import Voice, VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.survey_results import survey_results
from improve.voices.service.survey_results import count_closed_surveys
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_voice


def survey(cast: Cast, closes_on: date) -> int:
    """Make a survey with forty codes, twenty of them used by twelve good and eight bad answers."""
    made = VoiceSurvey(
        organisation_id=cast.organisation,
        name="Everybody reviewed in October",
        opens_on=date(2026, 10, 1),
        closes_on=closes_on,
        made_by_id=cast.voices_reader,
        created_at=clock.now(),
        asked=40,
    )
    db.session.add(made)
    db.session.flush()
    for n in range(40):
        db.session.add(
            VoiceSurveyCode(code_hash=f"{made.id} {n}", survey_id=made.id, is_used=n < 20)
        )
    for n in range(20):
        make_voice(
            cast.organisation,
            survey_id=made.id,
            way_in="survey",
            state="answered",
            rating=1 if n < 12 else 4,
            sealed=None,
        )
    return made.id


@pytest.mark.database
def test_a_survey_is_counted_once_when_it_is_over_and_read(app: Flask, cast: Cast) -> None:
    with app.app_context():
        # Today is 24 November: the 26th of October is over for 29 days, the 27th for 28.
        waits = survey(cast, date(2026, 10, 27))
        over = survey(cast, date(2026, 10, 26))
        actor = cast.actor("practitioner")
        assert survey_results(actor, over) is None
        assert count_closed_surveys() == 1
        assert survey_results(actor, waits) is None
        found = survey_results(actor, over)
        assert found is not None
        assert found.response == 50
        assert found.ratings == (0, 0, 0, 12, 0, 0, 8, 0)
        with pytest.raises(NotFound):
            survey_results(cast.actor("outsider"), over)
        # Whoever is locked or set aside later answered, and no number may tell how.
        told = select(Voice).where(Voice.survey_id == over, Voice.rating == 4).order_by(Voice.key)
        for voice in db.session.scalars(told).all():
            voice.state, voice.locked_at = "safeguarding", clock.now()
        assert count_closed_surveys() == 0
        assert survey_results(actor, over) == found
        db.session.commit()
        acts = list(db.session.scalars(select(AuditEntry.action)))
        assert acts.count("voices.survey_counted") == 1


@pytest.mark.database
def test_what_may_not_be_shown_is_not_kept(app: Flask, cast: Cast) -> None:
    with app.app_context():
        over = survey(cast, date(2026, 10, 26))
        for _ in range(2):
            make_voice(
                cast.organisation, survey_id=over, way_in="survey", state="answered", rating=5
            )
        count_closed_surveys()
        kept = db.session.scalars(select(VoiceSurvey.results)).one()
        assert kept is not None
        assert 2 not in kept["ratings"]
        found = survey_results(cast.actor("practitioner"), over)
        assert found is not None
        assert found.ratings[7] is Hidden.NOT_SHOWN


def test_no_share_gives_a_small_number_back() -> None:
    for ratings in product(range(9), repeat=3):
        used = sum(ratings) + 1
        shown = survey_numbers(printed=40, used=used, ratings=ratings)
        cells = (*shown.ratings, shown.not_counted)
        hidden = [number for number in cells if not isinstance(number, int)]
        assert shown.response is None or len(hidden) != 1, (ratings, shown)


@pytest.mark.parametrize("codes", [0, 15])
def test_a_survey_whose_codes_stayed_elsewhere_shows_no_share(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], codes: int
) -> None:
    with app.app_context():
        over = survey(cast, date(2026, 10, 26))
        # An archive brings none of them; of new ones fifteen are used, five fewer than answers.
        db.session.execute(delete(VoiceSurveyCode))
        for n in range(codes):
            db.session.add(VoiceSurveyCode(code_hash=f"new {n}", survey_id=over, is_used=True))
        count_closed_surveys()
        found = survey_results(cast.actor("practitioner"), over)
        assert found is not None
        assert found.response is None
        assert found.ratings == (0, 0, 0, 12, 0, 0, 8, 0)
        assert found.not_counted is Hidden.NOT_SHOWN
        db.session.commit()
    page = visit(cast.administrator).get(f"/voices/surveys/{over}").main
    assert "0%" not in page
    assert "nobody knows how many answered" in page
