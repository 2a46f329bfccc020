"""The table of what families told: words that all may read, and nothing that tells who it was."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.voices.counting import month_and_teller
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_shared_voice

Visit = Callable[..., Visitor]
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def told(cast: Cast, count: int, **facts: Any) -> None:
    """Make so many voices that everybody may read."""
    given = {"came_on": date(2026, 10, 14), "words": "They came when they said.", **facts}
    for _ in range(count):
        make_shared_voice(cast.organisation, by_id=cast.voices_reader, **given)


def rows(visitor: Visitor) -> list[dict[str, str]]:
    answer = visitor.client.get("/open-data/what-families-told.csv")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    answer.close()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_month_and_teller_stand_only_where_five_did() -> None:
    shown = month_and_teller([(OCTOBER, "child")] * 6 + [(OCTOBER, "parent")] * 7)
    assert Counter(shown) == {(OCTOBER, "child"): 6, (OCTOBER, "parent"): 7}
    # Two of October hide one another and their sum: what is left of it is no number.
    told = [(OCTOBER, "child")] * 2 + [(OCTOBER, "parent")] * 9
    shown = month_and_teller([*told, *[(SEPTEMBER, "child")] * 8, *[(SEPTEMBER, "parent")] * 9])
    assert (OCTOBER, "child") not in shown
    assert shown.count((OCTOBER, "parent")) in {0, 9}
    assert month_and_teller([(OCTOBER, "child")] * 4) == [(None, "")] * 4
    assert month_and_teller([]) == []


@pytest.mark.database
def test_it_holds_words_that_may_be_shown_and_neither_team_day_nor_key(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        told(cast, 6, team_id=cast.team)
        told(cast, 1, may_show="no", words="not for others")
        told(cast, 1, may_show="unknown", words="nobody asked")
        told(cast, 1, hidden_at=clock.now(), words="hidden again")
        told(cast, 1, locked_at=clock.now(), state="safeguarding", words="locked away")
        db.session.commit()
    found = rows(visit(cast.practitioner))
    assert {tuple(row.items()) for row in found} == {
        (
            ("words", "They came when they said."),
            ("who", "A young person"),
            ("month", "2026-10"),
        )
    }
    assert len(found) == 6
    assert rows(visit(cast.outsider)) == []
    assert visit(cast.administrator).client.get(
        "/open-data/what-families-told.csv"
    ).status_code in {
        403,
        404,
    }
