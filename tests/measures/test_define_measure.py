"""Define a measure, edit it, stop counting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import queries, service
from improve.measures.models import Measure, MeasureChange
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.pages import Visitor

Visit = Callable[..., Visitor]
NEW = "/teams/riverside/measures/new"
FILLED = {
    "name": "Child protection visits on time",
    "kind": "process",
    "recorded": "proportion",
    "frequency": "week",
    "numerator": "Visits that fell due Monday to Sunday and were made, child seen",
    "top_name": "Visits made",
    "denominator": "All visits that fell due that week",
    "bottom_name": "Fell due",
    "better_when": "higher",
    "without_partner": "later",
    "partner_words": "Children seen alone",
}


def made(app: Flask, cast: Cast, **details: Any) -> int:
    # An outcome: a measure of our own work would ask what is shown beside it.
    details.setdefault("kind", "outcome")
    with app.app_context():
        measure_id = make_measure(cast, **details)
        db.session.commit()
    return measure_id


def test_manager_defines_a_measure(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.follow(manager.get("/teams/riverside/measures"), "Add a measure").form("/new")
    page = manager.send(form, FILLED)
    assert page.heading == FILLED["name"]
    assert "All visits that fell due that week" in page.text
    assert "Kept by Sam Alder" in page.text
    with app.app_context():
        measure = db.session.execute(select(Measure)).scalar_one()
        assert (measure.unit, measure.team_id, measure.version) == ("%", cast.team, 1)
        audit = db.session.execute(
            select(AuditEntry).where(AuditEntry.action == "measure.defined")
        ).scalar_one()
        assert FILLED["name"] not in str(audit.facts)
        change = db.session.execute(select(MeasureChange)).scalar_one()
        assert (change.kind, change.facts) == ("defined", {"without_partner": "later"})
        assert change.reason == "Children seen alone"


def test_definition_is_needed_and_what_was_typed_stays(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get(NEW).form("/new")
    page = manager.send(form, {**FILLED, "numerator": "", "denominator": "", "left_out": "Abroad"})
    assert page.status == 422
    assert page.error_for("numerator") == "Error: Say what is counted."
    assert "bottom line" in page.error_for("denominator")
    assert ("left_out", "Abroad") in page.form("/new").values


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "x" * 101, "Use 100 characters or fewer"),
        ("numerator", "x" * 601, "Use 600 characters or fewer"),
        ("lookback_days", "ninety", "whole number of days"),
        ("lookback_days", "0", "from 1 to"),
    ],
)
def test_bad_fields_are_refused_in_words(
    cast: Cast, visit: Visit, field: str, value: str, words: str
) -> None:
    manager = visit(cast.manager)
    page = manager.send(manager.get(NEW).form("/new"), {**FILLED, field: value})
    assert page.status == 422
    assert words in page.error_for(field)


def test_practitioner_may_not_define(cast: Cast, visit: Visit) -> None:
    person = visit(cast.practitioner)
    assert person.get(NEW).status == 403
    assert person.post(NEW, FILLED).status == 403
    assert not person.get("/teams/riverside/measures").links("Add a measure")


def test_manager_of_another_team_may_not_define(cast: Cast, visit: Visit) -> None:
    other = visit(cast.other_manager)
    assert other.get(NEW).status == 403
    assert other.post(NEW, FILLED).status == 403


def test_edit_keeps_what_numbers_rest_on(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id = made(app, cast, numbers=[(8, 10)], name="Visits")
    manager = visit(cast.manager)
    form = manager.get(f"/measures/{measure_id}/edit").form("/edit")
    page = manager.send(form, {"name": "Visits on time", "recorded": "count", "frequency": "month"})
    assert page.heading == "Visits on time"
    with app.app_context():
        measure = queries.measure(cast.actor("manager"), measure_id)
        assert (measure.recorded, measure.frequency, measure.version) == ("proportion", "week", 2)


def test_stale_edit_shows_both_texts(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id = made(app, cast, name="Visits")
    manager, coach = visit(cast.manager), visit(cast.coach)
    form = manager.get(f"/measures/{measure_id}/edit").form("/edit")
    theirs = coach.get(f"/measures/{measure_id}/edit").form("/edit")
    coach.send(theirs, {"name": "Theirs"})
    page = manager.send(form, {"name": "Mine"})
    assert page.status == 409
    assert "Theirs" in page.text
    assert ("name", "Mine") in page.form("/edit").values
    again = manager.send(page.form("/edit"))
    assert again.heading == "Mine"


def test_partner_must_be_another_measure(app: Flask, cast: Cast) -> None:
    measure_id = made(app, cast)
    with app.app_context():
        from improve.shared.errors import RuleBroken

        details = service.MeasureDetails(name="x", numerator="x", partner_id=measure_id)
        with pytest.raises(RuleBroken):
            service.edit_measure(
                cast.actor("coach"), measure_id=measure_id, seen_version=1, details=details
            )


def test_outsider_finds_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id = made(app, cast)
    outsider = visit(cast.outsider)
    for path in (f"/measures/{measure_id}", f"/measures/{measure_id}/edit"):
        assert outsider.get(path).status == 404
    for path in ("edit", "close", "reopen"):
        assert outsider.post(f"/measures/{measure_id}/{path}").status == 404


def test_stop_counting_and_count_again(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id = made(app, cast, name="Visits", numbers=[(8, 10)])
    manager = visit(cast.manager)
    page = manager.send(manager.get(f"/measures/{measure_id}/edit").form("/close"))
    assert "No longer counted since" in page.text
    assert not page.has_form("/points")
    team = manager.get("/teams/riverside/measures")
    assert "Visits" in manager.follow(team, "No longer counted: 1").main
    with app.app_context():
        assert queries.measure_choices(cast.actor("manager"), cast.team) == []
    assert manager.post(f"/measures/{measure_id}/points", {"period": "2026-11-16"}).status == 422
    page = manager.send(manager.get(f"/measures/{measure_id}/edit").form("/reopen"))
    assert page.has_form("/points")


def test_choices_are_of_the_team_and_the_council(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_measure(cast, name="B", numbers=[(8, 10), (9, 10)])
        make_measure(cast, name="A", team_id=cast.other_team)
        coach = cast.actor("coach")
        whole = service.MeasureDetails(name="Whole", numerator="x", recorded="count")
        service.define_measure(coach, team_id=None, details=whole)
        db.session.commit()
        choices = queries.measure_choices(cast.actor("practitioner"), cast.team)
        assert [choice.name for choice in choices] == ["B", "Whole"]
        assert queries.measure_choices(cast.actor("outsider"), cast.team) == []


def test_coach_defines_for_the_whole_council(app: Flask, cast: Cast, visit: Visit) -> None:
    coach = visit(cast.coach)
    page = coach.send(coach.get(NEW).form("/new"), {**FILLED, "is_whole_council": "y"})
    assert "Whole council" in page.text
    with app.app_context():
        for team in (cast.team, cast.other_team):
            assert len(queries.measure_choices(cast.actor("practitioner"), team)) == 1
    manager = visit(cast.manager)
    assert "whole council" not in manager.get(NEW).text
    assert (
        manager.post(
            NEW,
            {**FILLED, "owner_id": str(cast.manager), "partner_id": "0", "is_whole_council": "y"},
        ).status
        == 403
    )


def test_process_measure_asks_once_what_might_get_worse(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    manager = visit(cast.manager)
    alone = {**FILLED, "without_partner": "", "partner_words": ""}
    page = manager.send(manager.get(NEW).form("/new"), alone)
    assert page.status == 422
    assert "Choose a measure to watch beside it" in page.error_for("without_partner")
    assert ("name", FILLED["name"]) in page.form("/new").values
    assert manager.send(page.form("/new")).heading == FILLED["name"], "never blocks"
    with app.app_context():
        measure = db.session.execute(select(Measure)).scalar_one()
        said = queries.answers_without_partner(cast.actor("manager"), [measure.id])
        assert said == {measure.id: ("open", "")}
    form = manager.get(f"/measures/{measure.id}/edit").form("/edit")
    assert manager.send(form, {"name": "Visits"}).heading == "Visits", "asked once only"


def test_what_was_said_of_a_partner_is_kept_and_shown(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    manager.send(manager.get(NEW).form("/new"), FILLED)
    assert (
        "still to be counted: Children seen alone" in manager.get("/teams/riverside/measures").main
    )
    with app.app_context():
        measure_id = db.session.execute(select(Measure.id)).scalar_one()
    form = manager.get(f"/measures/{measure_id}/edit").form("/edit")
    assert ("without_partner", "later") in form.values
    manager.send(form)
    with app.app_context():
        assert kinds_of(measure_id) == ["defined"], "saving what stands there changes nothing"
        assert queries.measure(cast.actor("manager"), measure_id).version == 1


def test_an_outcome_is_not_asked_for_a_partner(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    outcome = {**FILLED, "kind": "outcome", "without_partner": "", "partner_words": ""}
    assert manager.send(manager.get(NEW).form("/new"), outcome).heading == FILLED["name"]


def kinds_of(measure_id: int) -> list[str]:
    return list(
        db.session.execute(
            select(MeasureChange.kind)
            .where(MeasureChange.measure_id == measure_id)
            .order_by(MeasureChange.id)
        ).scalars()
    )


@pytest.mark.parametrize(
    ("recorded", "both"),
    [
        ("rate", ({"per": "1,000"}, {"per": 1000.0, "denominator": FILLED["denominator"]})),
        ("count", ({"unit": "moves"}, {"unit": "moves", "denominator": "", "bottom_name": ""})),
        ("value", ({"unit": "hours"}, {"unit": "hours", "per": 1.0})),
        ("times", ({"standard": "45"}, {"standard": 45.0, "denominator": ""})),
        ("days_between", ({"frequency": "month"}, {"frequency": "day", "unit": ""})),
        ("cases_between", ({"unit": "cases"}, {"frequency": "day", "unit": "cases"})),
    ],
)
def test_every_kind_of_what_is_recorded_can_be_defined(
    app: Flask,
    cast: Cast,
    visit: Visit,
    recorded: str,
    both: tuple[dict[str, str], dict[str, Any]],
) -> None:
    typed, kept = both
    manager = visit(cast.manager)
    page = manager.send(manager.get(NEW).form("/new"), {**FILLED, "recorded": recorded, **typed})
    assert page.heading == FILLED["name"]
    with app.app_context():
        measure = db.session.execute(select(Measure)).scalar_one()
        assert measure.recorded == recorded
        assert {name: getattr(measure, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (("rate", "per", "many"), "Give a number, such as 1,000"),
        (("rate", "per", "-1"), "above 0"),
        (("rate", "denominator", ""), "a rate has a bottom line"),
        (("times", "standard", "soon"), "Give a number, such as 45"),
        (("times", "standard", "-3"), "above 0"),
    ],
)
def test_fields_of_a_kind_are_refused_in_words(
    cast: Cast, visit: Visit, sent: tuple[str, str, str], words: str
) -> None:
    manager = visit(cast.manager)
    recorded, field, value = sent
    typed = {**FILLED, "recorded": recorded, field: value}
    page = manager.send(manager.get(NEW).form("/new"), typed)
    assert page.status == 422
    assert words in page.error_for(field)


def test_edit_keeps_what_the_form_does_not_ask(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id = made(app, cast, chart="run", target=90.0, target_by="The board", catalogue_key="x")
    manager = visit(cast.manager)
    manager.send(
        manager.get(f"/measures/{measure_id}/edit").form("/edit"), {"unit": "", "name": "A"}
    )
    with app.app_context():
        view = queries.measure(cast.actor("manager"), measure_id)
        assert (view.name, view.chart, view.target, view.target_by) == (
            "A",
            "run",
            90.0,
            "The board",
        )
        assert view.catalogue_key == "x"
        changes = db.session.execute(select(MeasureChange).order_by(MeasureChange.id)).scalars()
        assert list(changes)[-1].facts["fields"] == ["name"]
    manager.send(manager.get(f"/measures/{measure_id}/edit").form("/edit"), {"recorded": "count"})
    with app.app_context():
        view = queries.measure(cast.actor("manager"), measure_id)
        assert (view.recorded, view.chart, view.target) == ("count", None, None)


def test_context_is_chosen_from_what_explains(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    assert "Drawn under it" not in manager.get(NEW).main, "nothing to choose from"
    context_id = made(app, cast, name="Contacts", kind="context", recorded="count")
    other_id = made(app, cast, name="Visits")
    form = manager.get(f"/measures/{other_id}/edit").form("/edit")
    assert ("context_id", "0") in form.values
    manager.send(form, {"context_id": str(context_id)})
    assert "What was going on: Contacts" in manager.get("/teams/riverside/measures").main
    sent = manager.send(
        manager.get(f"/measures/{other_id}/edit").form("/edit"), {"context_id": str(other_id)}
    )
    assert sent.status == 422


def test_stopping_and_counting_again_stay_in_the_history(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id = made(app, cast)
    manager = visit(cast.manager)
    for action in ("/close", "/reopen"):
        manager.send(manager.get(f"/measures/{measure_id}/edit").form(action))
    with app.app_context():
        assert kinds_of(measure_id) == ["defined", "closed", "reopened"]
