"""One action on its page: done, another day, dropped with a reason, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from improve.huddles import service
from improve.huddles.models import Action
from improve.shared.db import db
from tests.factories import Cast
from tests.huddles.scene import make_scene
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def action(cast: Cast, lay: Callable[[str, Callable[[], int]], int]) -> int:
    """An action of the colleague's, due on Friday."""

    def make() -> int:
        scene = make_scene(cast)
        made = service.add_action(
            cast.actor("manager"),
            huddle_id=scene.huddle_id,
            what="Ask the clerk for start times",
            owner_id=cast.colleague,
            due_on=date(2026, 11, 27),
            form_token="a",
        )
        return made.action_id

    return lay("an action", make)


def stands(app: Flask, action_id: int) -> Action:
    """Return the row as it stands."""
    with app.app_context():
        row = db.session.get_one(Action, action_id)
        db.session.expunge(row)
        db.session.rollback()
        return row


def test_its_owner_says_that_it_is_done(app: Flask, cast: Cast, action: int, visit: Visit) -> None:
    owner = visit(cast.colleague)
    page = owner.get(f"/actions/{action}")
    assert page.heading == "Ask the clerk for start times"
    assert "Fri 27 Nov" in page.main
    form = page.form(button="It is done")
    assert owner.send(form).heading == "Good morning, Jo"
    assert stands(app, action).done_on == date(2026, 11, 24)
    again = owner.send(form)
    assert again.status == 200
    page = owner.get(f"/actions/{action}")
    assert "Done Tue 24 Nov" in page.main
    owner.send(page.form(button="It is not done yet"))
    assert stands(app, action).done_on is None


def test_it_moves_to_another_day_and_the_first_stays_known(
    app: Flask, cast: Cast, action: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    form = manager.get(f"/actions/{action}").form(button="Move it")
    refused = manager.send(form, {"due_on": "soon"})
    assert refused.status == 422
    assert refused.error_for("due_on")
    assert "soon" in str(refused.soup.find("input", attrs={"name": "due_on"}))
    manager.send(form, {"due_on": "1/12/2026"})
    page = manager.get(f"/actions/{action}")
    assert "Tue 1 Dec (first Fri 27 Nov )" in page.main.replace("Nov)", "Nov )")
    assert stands(app, action).first_due_on == date(2026, 11, 27)


def test_dropping_it_asks_why(app: Flask, cast: Cast, action: int, visit: Visit) -> None:
    owner = visit(cast.colleague)
    form = owner.get(f"/actions/{action}").form(button="Drop it")
    refused = owner.send(form)
    assert refused.status == 422
    assert refused.errors == ["Say why, in a few words."]
    read = owner.send(form, {"why": "Ring 07700 900123 instead"})
    assert read.heading == "This may identify someone"
    owner.send(form, {"why": "The court lists them now"})
    page = owner.get(f"/actions/{action}")
    assert "Dropped" in page.main
    assert "The court lists them now" in page.main


def test_a_change_meanwhile_is_shown(app: Flask, cast: Cast, action: int, visit: Visit) -> None:
    owner, manager = visit(cast.colleague), visit(cast.manager)
    form = owner.get(f"/actions/{action}").form(button="Drop it")
    manager.send(manager.get(f"/actions/{action}").form(button="Move it"), {"due_on": "1/12/2026"})
    page = owner.send(form, {"why": "Not needed"})
    assert page.status == 409
    assert "Someone changed this action meanwhile" in page.main
    assert "Not needed" in str(page.soup.find("input", attrs={"name": "why"}))
    owner.send(page.form(button="Drop it"))
    assert stands(app, action).dropped_why == "Not needed"


def test_it_leads_back_to_where_one_came_from(cast: Cast, action: int, visit: Visit) -> None:
    owner = visit(cast.colleague)
    page = owner.get(f"/actions/{action}?back=/teams/riverside/huddles")
    went = owner.send(page.form(button="It is done"), follow=False)
    assert went.response.headers["Location"].startswith("/teams/riverside/huddles?said=")
    away = owner.get(f"/actions/{action}?back=//elsewhere.example")
    assert "elsewhere" not in str(away.soup)


def test_by_htmx(cast: Cast, action: int, visit: Visit) -> None:
    owner = visit(cast.colleague)
    form = owner.get(f"/actions/{action}").form(button="Drop it")
    page = owner.send(form, htmx=True)
    assert page.status == 422
    assert page.response.headers["HX-Retarget"] == "#main"
    assert owner.send(form, {"why": "Not needed"}, htmx=True).status == 204


def test_whose_it_is(cast: Cast, action: int, visit: Visit) -> None:
    stranger = visit(cast.other_manager)
    assert stranger.get(f"/actions/{action}").status == 403
    assert stranger.post(f"/actions/{action}", {"do": "done", "version": "1"}).status == 403
    outsider = visit(cast.outsider)
    assert outsider.get(f"/actions/{action}").status == 404
    assert outsider.post(f"/actions/{action}", {"do": "done", "version": "1"}).status == 404
    leader = visit(cast.leader).get(f"/actions/{action}")
    assert leader.status == 200
    assert not leader.has_form(f"/actions/{action}")
    assert visit(cast.colleague).post(f"/actions/{action}", {"do": "vanish"}).status in {200, 422}


def test_it_is_given_to_somebody_else(app: Flask, cast: Cast, action: int, visit: Visit) -> None:
    """A wrong name is put right in a huddle, and whoever has it now reads of it."""
    manager = visit(cast.manager)
    form = manager.get(f"/actions/{action}").form(button="Move it")
    assert dict(form.values)["owner"] == str(cast.colleague)
    went = manager.send(form, {"owner": str(cast.practitioner)})
    assert "Amina does it now, by Fri 27 Nov." in went.text.replace("\u00a0", " ")
    assert stands(app, action).owner_id == cast.practitioner
    news = visit(cast.practitioner).get("/me")
    assert "put an action to your name" in news.main
    assert visit(cast.practitioner).get(news.link("Something to do")).heading == (
        "Ask the clerk for start times"
    )


def test_it_is_given_to_nobody_of_another_council(
    app: Flask, cast: Cast, action: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    form = manager.get(f"/actions/{action}").form(button="Move it")
    refused = manager.send(form, {"owner": str(cast.outsider)})
    assert refused.status == 422
    assert stands(app, action).owner_id == cast.colleague
