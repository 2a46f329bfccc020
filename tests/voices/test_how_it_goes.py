"""Days to open and to answer, and what waits long, without a number of fewer than 5."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from improve.shared.suppression import Hidden
from improve.voices.queries.how_it_goes import how_it_goes
from tests.factories import Cast
from tests.voices.make import make_voice


@pytest.mark.database
def test_months_of_five_have_a_median_and_few_that_wait_are_no_number(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        # A Friday, opened on the Monday after it: one working day.
        for _ in range(5):
            make_voice(
                cast.organisation,
                came_on=date(2026, 10, 2),
                opened_on=date(2026, 10, 5),
                answered_on=date(2026, 10, 12),
                state="answered",
            )
        make_voice(cast.organisation, came_on=date(2026, 9, 2))
        make_voice(cast.organisation, came_on=date(2026, 9, 2), state="set_aside")
        found = how_it_goes(cast.actor("practitioner"))
        assert [m.days for m in found.working_days_to_open] == [None, 1.0]
        assert [m.days for m in found.days_to_answer] == [None, 10.0]
        assert found.waiting is Hidden.FEWER
        assert how_it_goes(cast.actor("outsider")).waiting == 0
