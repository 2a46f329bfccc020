"""Words that are hidden leave the library, the public page at once, and the feeds."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select, text

from improve.ideas.kinds import Stage, Way
from improve.library import queries, service
from improve.library.models import LearningPage, Spread
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, take
from tests.library.pages import published_page, written_page
from tests.library.test_read_library import borrow
from tests.pages import Visitor

Visit = Callable[..., Visitor]
SECRET = "The photo of the small dog made her smile"
COUNCIL = "larchdale-council"
OUTSIDE = ("", "/feed.xml", "/feed.json", "/pages.json")


def test_hidden_words_leave_everything_at_once(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        page = written_page(cast, happened=f"{SECRET}.")
        key = published_page(cast, page)
        db.session.commit()
    nobody = visit()
    outside = [f"/learning/{COUNCIL}{end}" for end in OUTSIDE]
    assert SECRET in nobody.client.get(f"/learning/{COUNCIL}/{key}").text
    with app.app_context():
        redaction.hide_text(actor(cast.leader), name=Name("learning", page, "happened"))
        db.session.commit()
    for path in [*outside, f"/learning/{COUNCIL}/{key}"]:
        assert SECRET not in nobody.client.get(path).text, path
    assert nobody.client.get(f"/learning/{COUNCIL}/{key}").status_code == 410
    reader = visit(cast.leader)
    for path in ("/library", f"/library/{page}", "/library?q=smile", "/search?q=smile+dog"):
        assert SECRET not in reader.get(path).soup.decode(), path
    with app.app_context():
        hidden = db.session.execute(text("SELECT id FROM hidden_texts")).scalar_one()
        redaction.take_words_out(actor(cast.coach), hidden_id=hidden, phrases=[SECRET], breach="no")
        db.session.commit()
        view = queries.page(actor(cast.leader), page)
        assert "words removed by coach" in view.words.happened
        row = db.session.scalars(select(LearningPage)).one()
        assert row.public_content is None


def test_a_copy_of_hidden_words_leaves_the_page_too(app: Flask, cast: Cast) -> None:
    """The page began with the words of a cycle; these are hidden where they came from."""
    with app.app_context():
        idea = idea_in(cast, Stage.ACT, text="Photos")
        take(cast, idea, Way.STOP, answers={"learned": f"{SECRET}.", "decision_why": "No"}, note="")
        page = written_page(cast, idea_id=idea, happened=f"Five photos.\n\n{SECRET}.")
        key = published_page(cast, page)
        cycle = db.session.execute(text("SELECT id FROM cycles")).scalar_one()
        redaction.hide_text(actor(cast.coach), name=Name("cycle", cycle, "learned"))
        assert SECRET not in queries.page(actor(cast.leader), page).words.happened
        assert queries.public_page(COUNCIL, key).page is None


def test_what_is_told_of_a_borrowed_page_can_be_hidden_and_taken_out(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    """It stands on no idea: the page of the other council is what it stands on."""
    with app.app_context():
        page = borrow(cast, "Photos there")
        told = service.tell_spread(
            cast.actor("practitioner"),
            place="Thornmere School",
            words=SECRET,
            borrowed_page_id=page,
            form_token="told",
        )
        db.session.commit()
    reader = visit(cast.leader)
    tree = reader.get(f"/library/borrowed/{page}/spread")
    assert SECRET in tree.main
    which = reader.follow(tree, "Words here may identify someone")
    say = reader.get(which.link(f"May identify someone : What another place told, {SECRET}"))
    assert SECRET in say.main
    hidden = reader.send(say.form("/told_words"))
    assert hidden.path == f"/library/borrowed/{page}/spread"
    assert SECRET not in hidden.main
    coach = visit(cast.coach)
    assert "on a page of another council" in coach.get("/words").main
    with app.app_context():
        (row,) = db.session.execute(text("SELECT id FROM hidden_texts")).scalars()
        redaction.take_words_out(actor(cast.coach), hidden_id=row, phrases=[SECRET], breach="no")
        db.session.commit()
        stands = db.session.get(Spread, told)
        assert stands is not None
        assert "words removed by coach" in stands.told_words
    assert visit(cast.outsider).get(f"/may-identify/spread/{told}/told_words").status == 404
