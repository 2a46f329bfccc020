"""Words of huddles and measures: hidden and taken out with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.huddles import service as huddles
from improve.huddles.service.finish import Closing
from improve.ideas import service as ideas
from improve.redaction import service
from improve.redaction.texts import Name
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, make_measure
from tests.pages import Visitor
from tests.redaction.test_take_words_out import all_words

Visit = Callable[..., Visitor]
SECRET = "Rosalind Quickthorn"


def last_hidden() -> int:
    return db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()


def test_a_huddle_loses_words_everywhere(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        huddle = huddles.start_huddle(sam, team_id=cast.team, form_token="h").huddle_id
        decision = huddles.decide(
            sam, huddle_id=huddle, words=f"Ring {SECRET} first", form_token="d"
        ).decision_id
        huddles.add_action(
            sam,
            huddle_id=huddle,
            what=f"Write to {SECRET}",
            owner_id=cast.colleague,
            due_on=clock.today() + timedelta(days=3),
            form_token="a",
        )
        huddles.finish_huddle(
            sam,
            slug="riverside",
            huddle_id=huddle,
            form_token="f",
            closing=Closing(good_news=f"{SECRET} said thanks"),
            address_of=lambda i: f"https://improve.example/teams/riverside/huddles/{i}/notes",
        )
        db.session.commit()
    jo = visit(cast.colleague)
    listed = jo.get(f"/may-identify/huddle/{huddle}")
    assert f"Ring {SECRET} first" in listed.main
    path = f"/may-identify/decision/{decision}/words"
    assert jo.post(path).status == 303
    notes = jo.get(f"/teams/riverside/huddles/{huddle}/notes").main
    assert "until a coach or the data protection lead has read it" in notes
    assert "Ring Rosalind" not in notes
    with app.app_context():
        bodies = db.session.execute(text("SELECT body FROM outbox_messages")).scalars()
        assert all("Ring Rosalind" not in (body or "") for body in bodies)
        places = service.places_of(actor(cast.coach), hidden_id=last_hidden(), phrases=[SECRET])
        found = {place.label for place in places}
        assert found >= {"A decision", "An action", "Good news", "A mail not sent yet"}
        service.take_words_out(
            actor(cast.coach), hidden_id=last_hidden(), phrases=[SECRET], breach="no"
        )
        db.session.commit()
    assert "quickthorn" not in all_words(app).lower()
    assert "Ring [words removed by coach" in jo.get(f"/teams/riverside/huddles/{huddle}/notes").main
    assert visit(cast.other_manager).get(path).status == 404
    assert visit(cast.outsider).get(f"/may-identify/huddle/{huddle}").status == 404


@pytest.mark.parametrize(
    "of", [("measure", "measures", "numerator"), ("point", "observations", "note")]
)
def test_a_measure_loses_words(
    app: Flask, cast: Cast, visit: Visit, of: tuple[str, str, str]
) -> None:
    kind, table, field = of
    with app.app_context():
        measure = make_measure(cast, name="Visits on time", numbers=[(40, 50)] * 14)
        row = db.session.execute(text(f"SELECT min(id) FROM {table}")).scalar_one()
        db.session.execute(
            text(f"UPDATE {table} SET {field} = :w WHERE id = :i"), {"w": f"Not {SECRET}", "i": row}
        )
        db.session.commit()
    jo = visit(cast.colleague)
    assert jo.post(f"/may-identify/{kind}/{row}/{field}").status == 303
    page = jo.get(f"/measures/{measure}?view=table")
    assert SECRET not in page.text
    assert jo.get(f"/measures/{measure}/data.csv").status == 200
    assert SECRET not in jo.get(f"/measures/{measure}/data.csv").response.get_data(as_text=True)
    with app.app_context():
        service.take_words_out(
            actor(cast.data_protection_lead), hidden_id=last_hidden(), phrases=[SECRET], breach="no"
        )
        db.session.commit()
        left = db.session.execute(
            text(f"SELECT {field} FROM {table} WHERE id = :i"), {"i": row}
        ).scalar_one()
    assert left.startswith("Not [")
    assert "quickthorn" not in all_words(app).lower()


def test_thanks_about_no_idea(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        thanks = ideas.say_thanks(
            actor(cast.manager),
            to_id=cast.colleague,
            words=f"You were kind to {SECRET}",
            team_id=cast.team,
            form_token="t",
        )
        service.hide_text(actor(cast.colleague), name=Name("thanks", thanks, "words"))
        db.session.commit()
    assert SECRET not in visit(cast.colleague).get("/me").text
    with app.app_context():
        service.show_again(actor(cast.coach), hidden_id=last_hidden(), why="A book")
        db.session.commit()
    assert SECRET in visit(cast.colleague).get("/me").text
