"""Take a ready measure from the catalogue, with its partner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import queries, service
from improve.measures.catalogue import catalogue
from improve.measures.models import Measure, MeasureChange
from improve.measures.recorded import KINDS
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound
from tests.factories import Cast, make_measure
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
READY = "/teams/riverside/measures/catalogue"
ON_TIME, ALONE = "Child protection visits on time", "Child seen alone at the visit"


def rows(app: Flask) -> dict[str, Measure]:
    with app.app_context():
        found = db.session.execute(select(Measure).order_by(Measure.id)).scalars().all()
        return {measure.name: measure for measure in found}


def test_the_thirteen_ready_measures_hold_together() -> None:
    ready = catalogue()
    assert len(ready.measures) == 13
    known = {field.name for field in fields(service.MeasureDetails)}
    for entry in ready:
        assert entry.recorded in KINDS
        assert set(entry.definition) <= known
        assert entry.numerator, entry.key
        assert bool(entry.denominator) == KINDS[entry.recorded].has_bottom_line, entry.key
        assert entry.left_out, entry.key
        assert entry.source, entry.key
        assert entry.caution, entry.key
        assert entry.national, entry.key
        assert all(each.key != entry.key for each in ready.offered_with(entry))
        if entry.kind == "process":
            assert entry.partner or entry.beside_idea, f"{entry.key} names what might get worse"


def test_definitions_follow_those_who_would_use_them() -> None:
    ready = catalogue().measures
    assert "fell due" in ready["cp_visits_on_time"].denominator
    assert ready["caseload"].better_when == "neither"
    assert "return" in ready["rhi_72"].numerator
    assert "All missing episodes" in ready["rhi_72"].denominator
    assert "after the referral" in ready["assess_45"].numerator


@pytest.mark.usefixtures("context")
def test_every_ready_measure_can_be_taken(cast: Cast) -> None:
    manager = cast.actor("manager")
    for key in catalogue().measures:
        service.adopt_measure(manager, team_id=cast.team, key=key)
    taken = queries.adopted_measures(manager, cast.team)
    assert set(taken) == set(catalogue().measures)
    found = queries.measures_by_id(manager, [a.measure_id for a in taken.values()])
    assert all(found[a.measure_id].has_definition for a in taken.values())


def test_manager_takes_a_measure_with_its_partner(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    listed = manager.follow(manager.get("/teams/riverside/measures"), "Ready measures")
    form = listed.form("/cp_visits_on_time")
    assert ("with_partner", "y") in form.values, "the partner is ticked"
    page = manager.send(form)
    assert page.heading == ON_TIME
    assert f"Added, with {ALONE}" in page.text
    found = rows(app)
    assert set(found) == {ON_TIME, ALONE}
    assert found[ON_TIME].partner_id == found[ALONE].id
    assert found[ALONE].partner_id == found[ON_TIME].id
    assert found[ON_TIME].owner_id == cast.manager
    assert found[ON_TIME].catalogue_key == "cp_visits_on_time"
    with app.app_context():
        changes = db.session.execute(select(MeasureChange)).scalars().all()
        assert [(c.kind, c.facts["key"]) for c in changes] == [
            ("adopted", "cp_visits_on_time"),
            ("adopted", "cp_seen_alone"),
        ]
        actions = db.session.execute(select(AuditEntry.action)).scalars().all()
        assert actions.count("measure.adopted") == 2
    again = manager.get(READY)
    assert not again.has_form("/cp_visits_on_time")
    assert "Counted here: Child protection visits on time" in again.main


def test_twice_is_harmless(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get(READY).form("/cp_visits_on_time")
    first = manager.send(form)
    second = manager.send(form)
    assert first.heading == second.heading == ON_TIME
    assert "counted here already" in second.text
    assert len(rows(app)) == 2


def test_partner_may_be_left_out_and_tied_later(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get(READY).form("/cp_visits_on_time")
    manager.send(form, {"with_partner": ""})
    assert set(rows(app)) == {ON_TIME}
    page = manager.get(READY)
    assert "is counted already and will be shown beside it" in page.main
    manager.send(page.form("/cp_seen_alone"))
    found = rows(app)
    assert found[ON_TIME].partner_id == found[ALONE].id
    assert found[ALONE].partner_id == found[ON_TIME].id


def test_context_of_the_council_is_drawn_under(app: Flask, cast: Cast, visit: Visit) -> None:
    coach = visit(cast.coach)
    form = coach.get(READY).form("/contacts")
    coach.send(form, {"is_whole_council": "y"})
    manager = visit(cast.manager)
    manager.send(manager.get(READY).form("/re_referral"))
    found = rows(app)
    contacts = found["Contacts received at the front door"]
    assert contacts.team_id is None
    assert found["Re-referrals within 12 months"].context_id == contacts.id
    assert "Counted for the whole council" in manager.get(READY).main


@pytest.mark.usefixtures("context")
def test_what_a_person_tied_stays(cast: Cast) -> None:
    manager = cast.actor("manager")
    own = make_measure(cast, name="Own partner")
    first = service.adopt_measure(manager, team_id=cast.team, key="cp_visits_on_time")
    view = queries.measure(manager, first.measure_id)
    details = service.details_of(view)
    service.edit_measure(
        manager,
        measure_id=view.id,
        seen_version=view.version,
        details=service.MeasureDetails(**{**vars(details), "partner_id": own}),
    )
    service.adopt_measure(
        manager, team_id=cast.team, key="cp_seen_alone", beside=["cp_visits_on_time"]
    )
    assert queries.measure(manager, first.measure_id).partner_id == own


@pytest.mark.usefixtures("context")
def test_a_manager_changes_nothing_of_the_council(cast: Cast) -> None:
    whole = service.adopt_measure(
        cast.actor("coach"), team_id=cast.team, key="cp_visits_on_time", is_whole_council=True
    )
    manager = cast.actor("manager")
    service.adopt_measure(
        manager, team_id=cast.team, key="cp_seen_alone", beside=["cp_visits_on_time"]
    )
    assert queries.measure(manager, whole.measure_id).partner_id is None


@pytest.mark.usefixtures("context")
def test_only_what_the_catalogue_offers_comes_with_it(cast: Cast) -> None:
    manager = cast.actor("manager")
    service.adopt_measure(
        manager, team_id=cast.team, key="voice_in_plan", beside=["contacts", "nothing"]
    )
    assert set(queries.adopted_measures(manager, cast.team)) == {"voice_in_plan"}


def test_each_team_counts_its_own(app: Flask, cast: Cast, visit: Visit) -> None:
    manager, other = visit(cast.manager), visit(cast.other_manager)
    manager.send(manager.get(READY).form("/supervision"))
    with app.app_context():
        actor = cast.actor("other_manager")
        assert queries.adopted_measures(actor, cast.other_team) == {}
        service.adopt_measure(actor, team_id=cast.other_team, key="supervision")
        outsider = cast.actor("outsider")
        assert queries.adopted_measures(outsider, cast.team) == {}
        with pytest.raises(NotFound):
            service.adopt_measure(outsider, team_id=cast.team, key="supervision")
    assert other.post(f"{READY}/supervision", {}).status == 403


def test_practitioner_reads_and_may_not_take(cast: Cast, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = person.get(READY)
    assert "Read it in full" in page.main
    assert "Annex A" not in page.main
    assert not page.has_form("/cp_visits_on_time")
    assert person.post(f"{READY}/cp_visits_on_time", {}).status == 403
    coach = visit(cast.coach).get(READY)
    assert "Annex A" in coach.main
    assert "Nobody has checked them here since" in coach.main


def test_manager_may_not_take_for_the_whole_council(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    assert "whole council" not in manager.get(READY).main
    assert manager.post(f"{READY}/supervision", {"is_whole_council": "y"}).status == 403
    assert rows(app) == {}
    with app.app_context(), pytest.raises(Forbidden):
        service.adopt_measure(
            cast.actor("manager"), team_id=cast.team, key="supervision", is_whole_council=True
        )


def test_outsider_and_unknown_key_find_nothing(cast: Cast, visit: Visit) -> None:
    outsider, hillside = visit(cast.outsider), "/teams/hillside/measures/catalogue"
    assert outsider.get(hillside).status == 404
    assert outsider.post(f"{hillside}/supervision", {}).status in (403, 404)
    assert visit(cast.manager).post(f"{READY}/nothing", {}).status == 404
    assert visit(cast.manager).get(f"{READY}/supervision").status == 405
    assert visit().get(READY).status in (302, 303, 200)


def test_words_and_kind_narrow_the_list(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get(f"{READY}?words=child+alone&kind=balancing")
    assert ALONE in page.main
    assert page.has_form("/cp_seen_alone")
    assert not page.has_form("/cp_visits_on_time")
    assert "No ready measure" in manager.get(f"{READY}?words=zebra").main
    assert ALONE in manager.get(f"{READY}?kind=nonsense").main


def test_what_improve_counts_by_itself_stands_apart(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get(READY)
    assert "Improve counts these by itself" in page.main
    assert page.link("Days to the first reply").startswith("/teams/riverside/how-we-work")


def test_a_stopped_measure_can_be_found_again(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    manager.send(manager.get(READY).form("/supervision"))
    with app.app_context():
        actor = cast.actor("manager")
        taken = queries.adopted_measures(actor, cast.team)["supervision"]
        service.close_measure(actor, measure_id=taken.measure_id, seen_version=1)
        db.session.commit()
    page = manager.get(READY)
    assert "No longer counted since" in page.main
    assert page.has_form("/supervision")


def test_the_page_takes_few_statements(cast: Cast, visit: Visit, statements: Watch) -> None:
    manager = visit(cast.manager)
    with statements() as seen:
        manager.get(READY)
    assert len(seen) <= 4
