"""Planning a small test on one page of four lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from improve.ideas import queries
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, make_idea, make_measure, take
from tests.pages import Visitor

Visit = Callable[..., Visitor]

FOUR_LINES = {
    "families_count": "5",
    "prediction": "The child knows my name when I arrive",
    "expected_count": "4",
    "expected_of": "5",
    "how_known": "tap",
}


def answered(app: Flask, cast: Cast, text_: str = "Send each child a photo") -> int:
    with app.app_context():
        idea_id = make_idea(cast, text=text_, reply=ReplyKind.WILL_TRY)
        db.session.commit()
    return idea_id


def page_of(app: Flask, cast: Cast, idea_id: int) -> queries.IdeaPage:
    with app.app_context():
        return queries.idea_page(actor(cast.manager), idea_id)


def test_the_authors_words_are_in_it_and_the_test_starts(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    idea_id = answered(app, cast)
    amina = visit(cast.practitioner)
    page = amina.get(f"/ideas/{idea_id}/plan")
    form = page.form("/plan")
    sent = dict(form.values)
    assert sent["change_to_try"] == "Send each child a photo"
    assert sent["study_by_on"] == "08/12/2026"  # two weeks from now
    started = amina.send(form, FOUR_LINES, button="Start the test")
    assert "The prediction is now locked." in started.main
    stands = page_of(app, cast, idea_id)
    assert stands.stage is Stage.DO
    assert stands.cycle is not None
    assert stands.cycle.is_prediction_locked
    assert stands.lead is not None
    assert stands.lead.id == cast.practitioner
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("idea_moved") == 2


def test_a_test_planned_on_a_sunday_ends_on_a_monday(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    with clock.moved(NOW + timedelta(days=5)):
        form = visit(cast.manager).get(f"/ideas/{idea_id}/plan").form("/plan")
    assert dict(form.values)["study_by_on"] == "14/12/2026"


def test_save_for_later_moves_to_plan_only(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea_id}/plan").form("/plan")
    saved = amina.send(form, {"families_count": "2"}, button="Save for later")
    assert saved.path == f"/ideas/{idea_id}"
    assert page_of(app, cast, idea_id).stage is Stage.PLAN
    form = amina.get(f"/ideas/{idea_id}/plan").form("/plan")
    assert ("families_count", "2") in form.values
    again = amina.send(form, {"families_count": "3"}, button="Save for later")
    assert "Saved. Start the test when you are ready." in again.main


def test_start_refuses_all_that_is_missing_at_once(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea_id}/plan").form("/plan")
    refused = amina.send(
        form,
        {"change_to_try": "A photo by post", "study_by_on": "", "expected_count": "six"},
        button="Start the test",
    )
    assert refused.status == 422
    assert refused.error_for("expected_count")
    refused = amina.send(refused.form("/plan"), {"expected_count": ""}, button="Start the test")
    assert refused.error_for("prediction")
    assert refused.error_for("study_by_on")
    panel = refused.soup.find(id="soft-needs")
    assert panel is not None
    assert "how you will know" in panel.get_text()
    assert "A photo by post" in refused.main
    assert page_of(app, cast, idea_id).stage is Stage.SUGGESTED
    started = amina.send(
        refused.form("/plan"),
        {
            "prediction": "They know my name",
            "study_by_on": "8/12/2026",
            "note": "We will just ask",
        },
        button="Start the test",
    )
    assert "locked" in started.main
    assert page_of(app, cast, idea_id).stage is Stage.DO


def test_more_seen_than_asked_is_refused(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea_id}/plan").form("/plan")
    refused = amina.send(form, {**FOUR_LINES, "expected_count": "6"}, button="Start the test")
    assert refused.status == 422
    assert "6 is more than 5" in refused.main


def test_wide_enough_to_move_a_measure(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        main = make_measure(
            cast,
            name="Visits on time",
            numbers=[(8, 10)] * 14,
            first_on=clock.today() - timedelta(days=120),
        )
        beside = make_measure(cast, name="Seen alone")
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/plan").form("/plan")
    started = sam.send(
        form,
        {
            **FOUR_LINES,
            "families_count": None,
            "is_wide": "y",
            "scope": "the whole team, nine weeks",
            "balancing": "Visits get shorter",
            "main_id": str(main),
            "beside_id": str(beside),
        },
        button="Start the test",
    )
    assert "locked" in started.main
    assert "Visits on time" in started.main
    assert "Seen alone" in started.main
    stands = page_of(app, cast, idea_id)
    assert stands.stage is Stage.DO
    assert {w.place for w in stands.windows} == {"main", "beside"}
    assert all(w.is_judged for w in stands.windows)
    assert stands.undo is not None  # the move stayed the last change


def test_a_locked_prediction_is_shown_and_not_asked(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.DO)
        db.session.commit()
    page = visit(cast.manager).get(f"/ideas/{idea_id}/plan")
    assert "Locked when the test started" in page.main
    assert page.soup.find(attrs={"name": "prediction"}) is None


def test_who_may_not_plan_is_told_who_can(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    page = visit(cast.colleague).get(f"/ideas/{idea_id}/plan")
    assert page.status == 200
    assert not page.has_form("/plan")
    with app.app_context():
        waiting = make_idea(cast)
        db.session.commit()
    assert "needs a first reply" in visit(cast.manager).get(f"/ideas/{waiting}/plan").main


def test_strangers_and_wrong_methods(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    outsider = visit(cast.outsider)
    assert outsider.get(f"/ideas/{idea_id}/plan").status == 404
    assert outsider.post(f"/ideas/{idea_id}/plan", {"prediction": "x"}).status == 404
    assert visit(cast.manager).client.put(f"/ideas/{idea_id}/plan").status_code == 405


def test_somebody_moved_it_meanwhile(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea_id}/plan").form("/plan")
    with app.app_context():
        take(cast, idea_id, Way.PLAN)
        take(cast, idea_id, Way.DO)
        db.session.commit()
    page = amina.send(form, {**FOUR_LINES, "prediction": "They smile"}, button="Start the test")
    assert page.status == 409
    assert "Sam moved this to Do" in page.heading
    assert "They smile" in page.main


def test_words_that_may_identify_someone(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id = answered(app, cast)
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea_id}/plan").form("/plan")
    hint = amina.send(
        form, {**FOUR_LINES, "prediction": "A child named Tom smiles"}, button="Start the test"
    )
    assert hint.heading == "This may identify someone"
    started = amina.send(hint.form("/plan"), button="It’s fine, continue")
    assert "locked" in started.main
