"""Editing one field in place, and what happens when a colleague edited the same one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import queries
from improve.ideas import service as ideas
from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO, benefit="Children know who is coming")
        db.session.commit()
    return made


def edit(app: Flask, cast: Cast, idea_id: int, field: str, value: str) -> None:
    """Have the manager edit a field meanwhile."""
    with app.app_context():
        version = queries.idea_page(actor(cast.manager), idea_id).version
        ideas.edit_field(
            actor(cast.manager), idea_id=idea_id, field=field, value=value, seen_version=version
        )
        db.session.commit()


def test_edit_on_its_own_page(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    page = jo.get(f"/ideas/{idea_id}")
    form = jo.get(page.link("Edit what would be better")).form("/benefit")
    assert ("value", "Children know who is coming") in form.values
    saved = jo.send(form, {"value": "Children are less afraid"})
    assert saved.path == f"/ideas/{idea_id}"
    assert "Saved." in saved.main
    assert "Children are less afraid" in saved.main
    history = jo.get(f"/ideas/{idea_id}/history?show=edits").main
    assert "Children know who is coming" in history
    assert "Children are less afraid" in history
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert "idea_edited" in acts


def test_edit_in_place_with_htmx(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    part = jo.get(f"/ideas/{idea_id}/edit/benefit", htmx=True)
    assert part.soup.find(id="field-benefit") is not None
    assert part.soup.find("h1") is None
    saved = jo.send(part.form("/benefit"), {"value": "Less afraid"}, htmx=True)
    assert saved.status == 200
    field = saved.soup.find(id="field-benefit")
    assert field is not None
    assert "Less afraid" in field.get_text()
    announced = saved.soup.find(id="announce")
    assert announced is not None
    assert announced.get_text() == "Saved."


@pytest.mark.parametrize("field", ["what_happened", "change_to_try", "title", "problem"])
def test_fields_of_idea_and_cycle(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, field: str
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/{field}").form(f"/{field}")
    assert "A new text" in jo.send(form, {"value": "A new text"}).main


def test_too_long_is_refused_with_the_words_kept(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/benefit").form("/benefit")
    refused = jo.send(form, {"value": "x" * 501})
    assert refused.status == 422
    assert refused.error_for("value")
    assert "x" * 501 in refused.main


@pytest.mark.security(2)
def test_only_web_addresses_become_links(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/document_link").form("/document_link")
    for bad in ("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "ftp://a.example",
                "//a.example", "x https://a.example"):  # fmt: skip
        assert jo.send(form, {"value": bad}).status == 422, bad
    address = "https://documents.larchdale.example/plan"
    saved = jo.send(form, {"value": address})
    assert saved.link(address) == address


def test_a_locked_prediction_stays(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/prediction").form("/prediction")
    refused = jo.send(form, {"value": "Something else"})
    assert refused.status == 422
    assert "locked" in refused.error_for("value")


@pytest.mark.security(19)
@pytest.mark.parametrize("htmx", [False, True])
def test_the_same_field_changed_meanwhile_shows_both(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, htmx: bool
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/benefit", htmx=htmx).form("/benefit")
    edit(app, cast, idea_id, "benefit", "Children sleep better")
    page = jo.send(form, {"value": "Children are less afraid"}, htmx=htmx)
    assert page.status == 409
    assert "Children sleep better" in page.text
    assert "Children are less afraid" in page.text
    assert "Sam changed this at 09:30" in page.text
    saved = jo.send(page.form(button="Save mine instead"))
    assert "Children are less afraid" in saved.main
    assert "Children sleep better" not in saved.main


def test_both_texts_made_into_one(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/benefit").form("/benefit")
    edit(app, cast, idea_id, "benefit", "Children sleep better")
    page = jo.send(form, {"value": "Children are less afraid"})
    both = page.form(button="Save this")
    assert dict(both.values)["value"] == "Children sleep better\nChildren are less afraid"
    saved = jo.send(both)
    assert "Children sleep better" in saved.main
    assert "less afraid" in saved.main


def test_another_field_changed_meanwhile_does_no_harm(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/benefit").form("/benefit")
    edit(app, cast, idea_id, "problem", "Nobody knows the new worker")
    saved = jo.send(form, {"value": "Children are less afraid"})
    assert "Saved." in saved.main
    assert "Nobody knows the new worker" in saved.main


def test_who_may_not_edit(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    lead = visit(cast.leader)
    assert lead.get(f"/ideas/{idea_id}/edit/benefit").status == 403
    assert lead.post(f"/ideas/{idea_id}/edit/benefit", {"value": "x"}).status == 403
    outsider = visit(cast.outsider)
    assert outsider.get(f"/ideas/{idea_id}/edit/benefit").status == 404
    assert outsider.post(f"/ideas/{idea_id}/edit/benefit", {"value": "x"}).status == 404
    assert visit(cast.colleague).get(f"/ideas/{idea_id}/edit/stage").status == 404
    assert visit(cast.colleague).client.delete(f"/ideas/{idea_id}/edit/benefit").status_code == 405


def test_lead_measures_and_taking_part(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_idea(cast)
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{made}/lead").form("/lead")
    assert "Jo Sedge" in sam.send(form, {"lead_id": str(cast.colleague)}).main
    refused = sam.post(f"/ideas/{made}/lead", {"lead_id": str(cast.leader)})
    assert refused.status == 422
    form = sam.get(f"/ideas/{made}/measures").form("/measures")
    assert sam.send(form).path == f"/ideas/{made}"
    refused = sam.post(f"/ideas/{made}/measures", {"main_id": "987654", "beside_id": "0"})
    assert refused.status == 422


def test_words_that_may_identify_someone(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/benefit", htmx=True).form("/benefit")
    hint = jo.send(form, {"value": "A girl called Ruby sleeps"}, htmx=True)
    assert hint.response.headers["HX-Retarget"] == "#main"
    assert "This may identify someone" in hint.text
    assert "A girl called Ruby sleeps" in hint.text
    saved = jo.send(hint.form("/benefit"), button="It’s fine, continue")
    assert "A girl called Ruby sleeps" in saved.main


def test_taking_part_makes_it_ones_own(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}").form(button="Take part in this idea")
    page = jo.send(form)
    assert "You take part in this idea." in page.main
    assert "Takes part Jo Sedge" in page.main
    assert not page.has_form("/people")
    assert jo.send(form).main.count("Jo Sedge") == 1  # twice is harmless
    assert page.link("Move to Study") == f"/ideas/{idea_id}/stage"


def test_who_of_a_family_takes_part_is_said_on_the_page(
    cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/edit/family_in_team").form("/family_in_team")
    saved = jo.send(form, {"value": "A care leaver"})
    assert "From a family" in saved.main
    assert "A care leaver" in saved.main
