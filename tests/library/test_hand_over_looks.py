"""A look at what was kept goes with its idea to whoever takes it on; its words can be hidden."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from improve.library import service
from improve.redaction.service import hide_text
from improve.redaction.texts import Name, is_hidden
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.library.test_check_sustained import kept, told
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_a_look_goes_to_the_new_lead(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = kept(cast)
        service.remind_of_sustaining()
        administrator = cast.actor("administrator")
        held = service.looks_held(administrator, cast.practitioner)
        assert [thing.key for thing in held] == [f"look-{idea}"]
        assert "is still done" in held[0].words
        service.hand_over_looks(
            administrator, cast.practitioner, {f"look-{idea}": cast.colleague, "idea-9": None}
        )
        db.session.commit()
        assert service.looks_held(administrator, cast.practitioner) == []
        assert [t.key for t in service.looks_held(administrator, cast.colleague)]
    assert "is it still done?" in visit(cast.colleague).get("/me").main
    assert "is it still done?" not in visit(cast.practitioner).get("/me").main
    assert len(told(app)) == 2


def test_words_can_be_hidden(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = kept(cast)
        sam = cast.actor("manager")
        service.answer_sustained(
            sam, idea_id=idea, due_on=clock.today(), answer="partly", words="By Priya Nash only"
        )
        elsewhere = service.try_in_team(
            sam, origin_id=idea, team_id=cast.other_team, text="Photos", form_token="a",
            adaptation="With Ola Marsh",
        )  # fmt: skip
        service.tell_spread(
            sam, parent_idea_id=idea, place="Thornmere", words="Bo Reed liked it", form_token="b"
        )
        check = db.session.execute(text("SELECT id FROM sustain_checks")).scalar_one()
        spread, told_id = db.session.execute(text("SELECT id FROM spreads ORDER BY id")).scalars()
        db.session.commit()
        for kind, subject, field in (
            ("sustain_check", check, "words"),
            ("spread", spread, "adaptation"),
            ("spread", told_id, "told_words"),
        ):
            hide_text(cast.actor("colleague"), name=Name(kind, subject, field))
        db.session.commit()
        row = db.session.execute(text("SELECT words FROM sustain_checks")).scalar_one()
        assert is_hidden(row)
    pages = (f"/ideas/{idea}", f"/ideas/{idea}/spread", f"/ideas/{elsewhere.idea_id}",
             f"/ideas/{idea}/sustained")  # fmt: skip
    for path in pages:
        page = visit(cast.leader).get(path)
        for name in ("Priya Nash", "Ola Marsh", "Bo Reed"):
            assert name not in page.text
    assert visit(cast.leader).get(f"/ideas/{idea}/spread").main.count("Hidden since") == 2
