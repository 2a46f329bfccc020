"""Danger and the other routes: the first question, and what is kept of a report sent out."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from improve.incidents.kinds import Route, Safe, State, StepKind
from improve.incidents.models import Incident, IncidentContact, IncidentReading, IncidentStep
from improve.incidents.queries.one import loaded_report
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor
from tests.incidents.desk import DESK, council, made, read
from tests.pages import Visitor

Visit = Callable[..., Visitor]
TOLD = "The duty manager, today; a visit is made this afternoon."


def kept(app: Flask, here: str) -> Incident:
    with app.app_context():
        return db.session.get_one(Incident, here.rsplit("/", 1)[1])


def steps(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(IncidentStep.kind).order_by(IncidentStep.id)))


def opened(reviewer: Visitor, here: str) -> None:
    reviewer.send(reviewer.get(here).form(f"{here}/open"), {})


def test_a_child_in_danger_goes_out_at_once(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found, safe=Safe.NO, contact="Ring me on 01632 960155 after six.")
    reviewer = visit(found.reviewers[0])
    assert "not sure that every child is safe" in reviewer.get(here).main
    opened(reviewer, here)
    page = reviewer.get(f"{here}/route")
    assert page.soup.find(href="tel:999")
    empty = reviewer.send(page.form(f"{here}/route"), {}, follow=False)
    assert empty.status == 422
    assert "Choose where it belongs." in empty.main
    assert "Say whom you told" in empty.main
    words = {"route": Route.SAFEGUARDING.value, "told": TOLD}
    form = page.form(f"{here}/route")
    assert reviewer.send(form, words, follow=False).status == 303
    assert reviewer.send(form, words, follow=False).status == 303  # twice is harmless
    page = reviewer.get(f"{here}/route")
    assert TOLD in page.main
    assert "being sent to another route" in reviewer.get(DESK).main.lower()
    # It stands still: nobody codes it meanwhile.
    refused = reviewer.post(f"{here}/coding", {"kind": "near_miss", "factors": ["F07"]})
    assert refused.status == 422
    unticked = reviewer.send(page.form(f"{here}/passed-on"), {}, follow=False)
    assert unticked.status == 422
    for _ in range(2):  # twice is harmless, and no second person
        sent = reviewer.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
        assert sent.status == 303
    assert kept(app, here).sealed_words is not None
    assert not reviewer.get(f"{here}/route").has_form(f"{here}/passed-on")
    second = visit(found.reviewers[1])
    opened(second, here)
    page = second.get(f"{here}/route")
    assert "Another reviewer says that they have all of it" in page.main
    for _ in range(2):  # twice is harmless
        sent = second.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
        assert sent.status == 303
    row = kept(app, here)
    assert (row.state, row.route) == (State.PASSED_ON.value, Route.SAFEGUARDING.value)
    assert (row.wrapped_key, row.sealed_head, row.sealed_words, row.sealed_work) == (None,) * 4
    with app.app_context():
        assert not db.session.scalars(select(IncidentContact)).all()
        assert not db.session.scalars(select(IncidentReading)).all()
    assert steps(app) == [
        StepKind.OPENED.value,
        StepKind.TOLD.value,
        StepKind.OPENED.value,
        StepKind.PASSED_ON.value,
    ]
    assert "Sent to another route and destroyed" in reviewer.get(here).main
    assert "A child may be at risk: safeguarding" in reviewer.get(f"{DESK}?show=ended").main


def test_one_who_alone_may_read_it_sends_it_out_alone(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found, not_readers=[found.reviewers[1]])
    reviewer = visit(found.reviewers[0])
    opened(reviewer, here)
    words = {"route": Route.SAFEGUARDING.value, "told": TOLD}
    reviewer.send(reviewer.get(f"{here}/route").form(f"{here}/route"), words)
    page = reviewer.get(f"{here}/route")
    assert "Two reviewers say so" not in page.main
    reviewer.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
    assert kept(app, here).state == State.PASSED_ON.value


def test_what_was_noted_anew_is_confirmed_anew(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    first, second = (visit(one) for one in found.reviewers)
    for reader in (first, second):
        opened(reader, here)
    for told in (TOLD, "The police, today."):
        words = {"route": Route.SAFEGUARDING.value, "told": told}
        first.send(first.get(f"{here}/route").form(f"{here}/route"), words)
        page = first.get(f"{here}/route")
        first.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
        assert kept(app, here).state == State.READING.value
    page = second.get(f"{here}/route")
    second.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
    assert kept(app, here).state == State.PASSED_ON.value


def test_no_danger_is_said_once_and_can_be_changed(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    first, second = (visit(one) for one in found.reviewers)
    opened(first, here)
    old = first.get(here).form(f"{here}/no-danger")
    opened(second, here)
    stale = first.send(old, {}, follow=False)
    assert stale.status == 409
    assert "did something with it meanwhile" in stale.main
    form = first.get(here).form(f"{here}/no-danger")
    assert first.send(form, {}, follow=False).status == 303
    assert first.send(form, {}, follow=False).status == 303
    assert steps(app).count(StepKind.NO_DANGER.value) == 1
    assert not second.get(here).has_form(f"{here}/no-danger")
    # The second reader is not so sure, and then it was a mistake.
    page = second.get(f"{here}/route")
    second.send(page.form(f"{here}/route"), {"route": "data_breach", "told": TOLD})
    assert kept(app, here).route == "data_breach"
    page = second.get(f"{here}/route")
    assert second.send(page.form(f"{here}/no-danger"), {}, follow=False).status == 303
    assert kept(app, here).route == ""
    with app.app_context():
        key = here.rsplit("/", 1)[1]
        assert loaded_report(actor(found.reviewers[1]), key).work.passed_words == ""


def test_what_a_lawful_order_keeps_is_not_destroyed(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    reviewer = visit(found.reviewers[0])
    opened(reviewer, here)
    words = {"route": Route.ALLEGATION.value, "told": TOLD}
    reviewer.send(reviewer.get(f"{here}/route").form(f"{here}/route"), words)
    page = reviewer.get(f"{here}/route")
    with app.app_context():
        row = db.session.get_one(Incident, here.rsplit("/", 1)[1])
        row.frozen_by_id, row.frozen_also_by_id = found.reviewers
        db.session.commit()
    kept_page = reviewer.get(f"{here}/route")
    assert "Kept as it is, by a lawful order" in kept_page.main
    assert not kept_page.has_form(f"{here}/passed-on")
    sent = reviewer.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
    assert sent.status == 422
    assert "lawful order" in sent.main
    assert kept(app, here).wrapped_key is not None


def test_each_route_out_names_its_day_for_reviewers_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here = made(app, found)
    reviewer = visit(found.reviewers[0])
    read(reviewer, here)
    assert f"{clock.today():%a %-d %b}" in reviewer.get(here).main
    labels = [
        str(one.parent.get_text())
        for one in reviewer.get(f"{here}/route").soup.select('input[name="route"]')
    ]
    assert len(labels) == len(Route)
