"""Adding to a huddle from a phone: an action, a decision, thanks, what made it hard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.huddles.models import Action, Decision, HardThing, HuddlePlan
from improve.shared import clock, limits
from improve.shared.db import db
from tests.factories import Cast
from tests.huddles.scene import Scene, make_scene
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """A huddle that goes on; its team has the optional part about what made it hard."""
    with app.app_context():
        db.session.add(
            HuddlePlan(
                team_id=cast.team,
                organisation_id=cast.organisation,
                parts=["due", "new", "stuck", "hard"],
            )
        )
        db.session.flush()
        made = make_scene(cast)
        db.session.commit()
    return made


def add(scene: Scene, kind: str | None = None) -> str:
    """Return the address that a phone adds from."""
    address = f"/teams/riverside/huddles/{scene.huddle_id}/add"
    return f"{address}?kind={kind}" if kind else address


def message(page: Page) -> str:
    """Return the message at the top."""
    found = page.soup.find(id="message")
    return found.get_text(" ", strip=True).replace("\u00a0", " ") if found else ""


def test_an_action_for_a_colleague_by_a_day(cast: Cast, scene: Scene, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    page = phone.get(add(scene))
    assert page.heading == "Add an action"
    assert "The wall shows Ask parents once" in page.main
    pills = [label.get_text(strip=True) for label in page.soup.select(".pill label")]
    assert pills[0] == "Me"
    went = phone.send(
        page.form("/actions"),
        {"what": "Ask Florence to sign the symbols licence", "who": str(cast.colleague)},
    )
    assert message(went).startswith("Added for Jo, ")
    assert went.heading == "Add an action"
    assert "Ask Florence" not in str(went.soup.find("textarea"))
    seen = visit(cast.manager).get(f"/teams/riverside/huddles/{scene.huddle_id}/new")
    assert "Ask Florence to sign the symbols licence" in seen.main


def test_an_action_sent_twice_is_one(app: Flask, cast: Cast, scene: Scene, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    form = phone.get(add(scene)).form("/actions")
    for _ in range(2):
        page = phone.send(form, {"what": "Book the room", "who": str(cast.practitioner)})
        assert message(page).startswith("Added for ")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Action)) == 1


def test_refusals_stand_by_their_fields_and_lose_nothing(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    phone = visit(cast.practitioner)
    form = phone.get(add(scene)).form("/actions")
    page = phone.send(form, {"what": "Book the room"})
    assert page.status == 422
    assert page.errors == ["Choose who will do it."]
    assert "Book the room" in page.soup.find("textarea").get_text()  # type: ignore[union-attr]
    page = phone.send(form, {"what": "", "who": str(cast.colleague)})
    assert page.errors == ["Write what will be done."]
    assert page.soup.find("input", attrs={"name": "who", "checked": True})
    page = phone.send(form, {"what": "Book it", "who": "987654"})
    assert page.errors == ["Choose who will do it."]
    page = phone.send(form, {"what": "Book it", "who": str(cast.colleague), "by": "other"})
    assert page.errors == ["Say by which day, for example 27/11/2026."]
    past = {"what": "Book it", "who": str(cast.colleague), "by": "other", "other_day": "1/11/2026"}
    page = phone.send(form, past)
    assert page.status == 422
    assert page.errors
    page = phone.send(form, {**past, "other_day": "4/12/2026"})
    assert message(page) == "Added for Jo, Fri 4 Dec"


def test_who_is_not_driving_joins_or_adds(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    """Nobody who only wants to add must wonder whether “go on” takes the huddle over."""
    with app.app_context():
        driver = scene.huddle().driver_id
    phone = visit(cast.practitioner if driver != cast.practitioner else cast.colleague)
    page = phone.get("/teams/riverside/huddles")
    assert not page.has_form("/resume")
    assert not page.links("Finish it")
    assert phone.follow(page, "Add something").heading == "Add an action"
    assert "Tuesday huddle" in phone.follow(page, "Join it").heading
    assert visit(driver).get("/teams/riverside/huddles").has_form("/resume")


def test_what_is_decided_about_no_idea_is_written_at_the_close(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.get(f"/teams/riverside/huddles/{scene.huddle_id}/close")
    page = manager.send(page.form("/decisions"), {"decision": "Latecomers join where we are."})
    assert message(page) == "Written down."
    assert "Latecomers join where we are." in page.main


def test_by_htmx_the_form_comes_back_alone(cast: Cast, scene: Scene, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    form = phone.get(add(scene)).form("/actions")
    page = phone.send(form, {"what": "Book the room"}, htmx=True)
    assert page.status == 422
    assert page.response.headers["HX-Retarget"] == "#main"
    body = page.response.get_data(as_text=True)
    assert "<html" not in body
    assert "Book the room" in body
    sent = phone.send(form, {"what": "Book the room", "who": str(cast.colleague)}, htmx=True)
    assert sent.status == 204
    assert "/add" in sent.response.headers["HX-Redirect"]


def test_a_form_says_how_to_stay_without_signal(cast: Cast, scene: Scene, visit: Visit) -> None:
    page = visit(cast.practitioner).get(add(scene))
    form = page.form("/actions")
    assert form.node.has_attr("data-huddle-form")
    assert form.node["hx-target"] == "#main"
    assert page.soup.find("script", src=lambda address: address and "huddle.js" in address)


def test_a_decision_a_thank_you_and_something_hard(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    phone = visit(cast.practitioner)
    page = phone.get(add(scene, "decision"))
    page = phone.send(page.form("/decisions"), {"decision": "Try it with two families."})
    assert message(page) == "Written down."
    page = phone.get(add(scene, "thanks"))
    names = [option.get_text() for option in page.soup.select("select option")]
    assert "Amina Birch" not in names
    refused = phone.send(page.form("/thanks"), {"thanks_words": "You rang back."})
    assert refused.errors == ["Choose who you thank."]
    page = phone.send(
        page.form("/thanks"),
        {"thanks_words": "You rang back the same night.", "to": str(cast.colleague)},
    )
    assert "Your thanks are sent" in message(page)
    page = phone.get(add(scene, "hard"))
    assert len(page.soup.select(".conditions .choice")) == 14
    assert phone.send(page.form("/hard")).errors == ["Choose the one that comes nearest."]
    page = phone.send(page.form("/hard"), {"condition": "F06", "hard_words": "No car"})
    assert message(page) == "Added, without a name."
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
        assert db.session.scalar(select(HardThing.condition)) == "F06"


def test_hard_things_are_offered_only_where_the_team_has_that_part(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    assert visit(cast.practitioner).get(add(scene)).links("What made it hard?")
    assert visit(cast.practitioner).get(add(scene, "nonsense")).status == 404


def test_words_over_their_limit_are_refused(cast: Cast, scene: Scene, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    long = "x" * (limits.length("decision") + 1)
    page = phone.send(phone.get(add(scene, "decision")).form("/decisions"), {"decision": long})
    assert page.status == 422
    assert long in str(page.soup.find("textarea"))


def test_a_huddle_that_is_over_takes_nothing_and_keeps_the_words(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    phone = visit(cast.practitioner)
    form = phone.get(add(scene, "decision")).form("/decisions")
    with app.app_context():
        scene.end()
        db.session.commit()
    page = phone.send(form, {"decision": "Too late to say this"})
    assert page.status == 422
    assert "This huddle is finished" in page.main
    assert "Too late to say this" in str(page.soup.find("textarea"))
    assert page.links("Read the notes")


def test_words_that_may_name_someone_are_read_again_first(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    phone = visit(cast.practitioner)
    page = phone.send(
        phone.get(add(scene)).form("/actions"),
        {"what": "Ring 07700 900123", "who": str(cast.colleague)},
    )
    assert page.heading == "This may identify someone"
    page = phone.send(page.form("/actions"), button="It’s fine, continue")
    assert message(page).startswith("Added for Jo")


def test_people_with_one_first_name_are_told_apart_and_many_stand_in_a_list(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    from tests.factories import make_person

    with app.app_context():
        twin = make_person(cast.organisation, name="Jo Rush", team_id=cast.team)
        others = [make_person(cast.organisation, team_id=cast.team) for _ in range(6)]
        db.session.commit()
    phone = visit(cast.practitioner)
    page = phone.get(add(scene))
    pills = [label.get_text(strip=True) for label in page.soup.select(".pill label")]
    assert "Jo Sedge" in pills
    assert "Jo" not in pills
    assert "Someone else" in pills
    form = page.form("/actions")
    last = max(others)
    sent = {"what": "Ask the clerk", "who": "other", "someone": str(last)}
    listed = {str(option["value"]) for option in page.soup.select("select[name=someone] option")}
    assert str(last) in listed
    assert message(phone.send(form, sent)).startswith("Added for ")
    refused = phone.send(form, {**sent, "someone": ""})
    assert refused.errors == ["Choose who will do it."]
    assert twin


def test_the_day_offered_is_not_behind_us(cast: Cast, scene: Scene, visit: Visit) -> None:
    page = visit(cast.practitioner).get(add(scene))
    days = [str(one["value"]) for one in page.soup.select("input[name=by]")]
    assert all(on > clock.today().isoformat() for on in days if on != "other")
    assert days[0] <= (clock.today() + timedelta(days=14)).isoformat()


def test_the_page_takes_few_statements(
    cast: Cast, scene: Scene, visit: Visit, statements: Watch
) -> None:
    phone = visit(cast.practitioner)
    with statements() as seen:
        phone.get(add(scene))
    assert len(seen) <= 8
