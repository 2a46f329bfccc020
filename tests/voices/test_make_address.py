"""An address of the form: made with a word, printed as a poster, ended."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import day_year
from improve.voices.queries.codes import Place, place_of
from improve.voices.service.codes import end_code, make_code
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def make(app: Flask, cast: Cast, code: str, team_id: int | None = None) -> int:
    with app.app_context():
        made = make_code(
            cast.actor("voices_reader"), label="After a first visit", code=code, team_id=team_id
        )
        db.session.commit()
        return made


def where(app: Flask, code: str) -> Place | None:
    with app.app_context():
        return place_of(code, clock.today())


def test_makes_an_address_and_prints_it(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    form = reader.get("/voices/addresses").form("/voices/addresses", button="Make the address")
    page = reader.send(
        form, {"label": "After a first visit", "code": "Red Kite", "team_id": str(cast.team)}
    )
    assert page.status == 200
    assert "/say/red-kite" in page.main
    place = where(app, "red-kite")
    assert place is not None
    assert (place.team_id, place.has_ended) == (cast.team, False)
    for size, copies in (("a4", 1), ("a6", 1), ("a6x4", 4)):
        poster = reader.get(f"/voices/addresses/{place.code_id}/poster?size={size}")
        assert poster.status == 200
        assert poster.text.count("Tell us what would make things better") == copies
        assert "Childline 0800 1111" in poster.text.replace("\u00a0", " ")


def test_proposes_a_word_and_refuses_one_that_is_taken(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    make(app, cast, "kite")
    make(app, cast, "kite")
    reader = visit(cast.voices_reader)
    form = reader.get("/voices/addresses").form("/voices/addresses", button="Make the address")
    for word in ("kite", "once", "not/a word"):
        page = reader.send(form, {"label": "Another", "code": word, "team_id": ""})
        assert page.status == 422
        assert page.error_for("code")
    page = reader.send(form, {"label": "Visits at school", "code": "", "team_id": ""})
    assert "Visits at school" in page.main


def test_ended_address_leads_to_the_general_form(app: Flask, cast: Cast, visit: Visit) -> None:
    made = make(app, cast, "kite", team_id=cast.team)
    page = visit(cast.voices_reader).post(f"/voices/addresses/{made}/end")
    assert page.status == 303
    shown = visit(cast.voices_reader).get("/voices/addresses").main
    ended = day_year(clock.today()).replace("\u00a0", " ")
    assert f"Ended {ended}: leads to the general form" in shown.replace("\u00a0", " ")
    with app.app_context():
        end_code(cast.actor("voices_reader"), code_id=made)
        db.session.commit()
    place = where(app, "kite")
    assert place is not None
    assert (place.code_id, place.team_id, place.has_ended) == (None, None, True)
    general = where(app, place.slug)
    assert general is not None
    assert not general.has_ended
    assert where(app, "nowhere-at-all") is None


def test_nobody_else_makes_addresses(app: Flask, cast: Cast, visit: Visit) -> None:
    made = make(app, cast, "kite")
    assert visit(cast.practitioner).get("/voices/addresses").status == 403
    assert visit(cast.outsider).get(f"/voices/addresses/{made}/poster").status in {403, 404}
