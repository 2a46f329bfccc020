"""Ten thousand posts of a machine: the desk stays usable, and the same words go aside at once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, insert, select

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import Voice, VoiceStep
from improve.voices.queries.desk import Show, desk
from improve.voices.sealed import words_hash
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_voice

MANY = 10_000


def flood(cast: Cast) -> None:
    same = words_hash("Buy now", "")
    row = {
        "organisation_id": cast.organisation,
        "came_on": clock.today(),
        "speaker_kind": "child",
        "wording": "older",
        "way_in": "web",
        "scale": 5,
        "sealed": b"",
        "words_hash": same,
    }
    rows = [
        {**row, "key": secrets.token_urlsafe(16), "receipt_hash": secrets.token_hex(32)}
        for _ in range(MANY)
    ]
    db.session.execute(insert(Voice), rows)


def test_a_flood_is_one_row_and_goes_aside_at_once(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        flood(cast)
        mine = make_voice(cast.organisation, happened="buy  NOW!", better="")
        elsewhere = make_voice(cast.other_organisation, happened="Buy now", better="")
        child = make_voice(
            cast.organisation, happened="I waited.", came_on=clock.today() - timedelta(days=1)
        )
        db.session.commit()
        began = time.perf_counter()
        shown = desk(cast.actor("voices_reader"), 1)
        assert time.perf_counter() - began < 1
        assert shown.count == MANY + 2
        assert [row.same for row in shown.rows] == [0, MANY]
        assert shown.rows[0].key == child
    reader, here = visit(cast.voices_reader), f"/voices/desk/{mine}"
    for step in ("open", "no-danger"):
        reader.send(reader.get(here).form(f"{here}/{step}"), {}, follow=False)
    page = reader.get(here)
    form = page.form(button="Set aside with 10,000 others of the same words")
    began = time.perf_counter()
    assert reader.send(form, {}, follow=False).status == 303
    assert time.perf_counter() - began < 5
    with app.app_context():
        actor = cast.actor("voices_reader")
        assert [row.key for row in desk(actor, 1).rows] == [child]
        assert desk(actor, 1, Show.ASIDE).count == MANY + 1
        left = select(Voice.state).where(Voice.key == elsewhere)
        assert db.session.scalars(left).one() == "waiting", "another council's stays"
        steps = select(func.count()).where(VoiceStep.kind == "set_aside")
        assert db.session.execute(steps).scalar_one() == MANY + 1


def test_words_alone_make_voices_the_same(app: Flask) -> None:
    with app.app_context():
        assert words_hash("Buy  now!", "") == words_hash("buy NOW", "")
        assert words_hash("Buy now", "") != words_hash("I waited", "")
        assert words_hash(" ", "!") == "", "nothing written is never the same"
