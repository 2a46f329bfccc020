"""A survey shows its response and its answers once it is over, from five answers on."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.counting import survey_numbers
from improve.voices.models import VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.survey_results import survey_results
from tests.factories import Cast
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
def test_a_survey_is_read_when_it_is_over(app: Flask, cast: Cast) -> None:
    with app.app_context():
        still_open = survey(cast, clock.today())
        over = survey(cast, date(2026, 10, 31))
        actor = cast.actor("practitioner")
        assert survey_results(actor, still_open) is None
        found = survey_results(actor, over)
        assert found is not None
        assert found.response == 50
        assert found.ratings == (0, 0, 0, 12, 0, 0, 8, 0)
        with pytest.raises(NotFound):
            survey_results(cast.actor("outsider"), over)


def test_no_share_gives_a_small_number_back() -> None:
    for ratings in product(range(9), repeat=3):
        used = sum(ratings) + 1
        shown = survey_numbers(printed=40, used=used, ratings=ratings)
        cells = (*shown.ratings, shown.not_counted)
        hidden = [number for number in cells if not isinstance(number, int)]
        assert shown.response is None or len(hidden) != 1, (ratings, shown)
