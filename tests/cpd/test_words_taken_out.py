"""Words hidden in an idea, or taken out of it, do not come back from a record drafted from it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from improve.cpd import queries
from improve.cpd import service as cpd
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle

SECRET = "A photo is enough"


def test_words_leave_drafts_and_stay_away(app: Flask, cast: Cast) -> None:
    with app.app_context():
        me, today = actor(cast.practitioner), clock.today()
        finish_cycle(cast, "adopt", title="Send a photo")
        cycle = db.session.execute(text("SELECT id FROM cycles")).scalar_one()
        days = {"from_on": today, "to_on": today, "cycle_ids": [cycle]}
        record = cpd.make_record(me, **days, form_token="before")
        page = cpd.make_page(me, form_token="before")
        piece = queries.record(me, record).pieces[0]
        assert SECRET in piece.learned
        assert SECRET in queries.page(me, page).learned

        redaction.hide_text(actor(cast.coach), name=Name("cycle", cycle, "learned"))
        assert SECRET not in queries.record(me, record).pieces[0].learned
        fresh = queries.record(me, cpd.make_record(me, **days, form_token="while")).pieces[0]
        assert SECRET not in fresh.learned
        assert "Hidden" not in fresh.learned

        hidden = db.session.execute(text("SELECT id FROM hidden_texts")).scalar_one()
        redaction.take_words_out(actor(cast.coach), hidden_id=hidden, phrases=[SECRET], breach="no")
        assert "words removed by coach" in queries.record(me, record).pieces[0].learned
        assert "words removed by coach" in queries.page(me, page).learned
        after = cpd.make_record(me, **days, form_token="after")
        assert SECRET not in str(queries.record(me, after))
        assert SECRET not in str(queries.records(me))
        # Whose form was open meanwhile cannot put the old words back unseen.
        assert queries.record(me, record).pieces[0].version > piece.version
