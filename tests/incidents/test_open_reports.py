"""Getting ready to take reports: who reviews, who signed, what is missing, and opening the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from improve.accounts.in_confidence.readiness import OWN_TRAINING
from improve.accounts.service import set_duty_numbers
from improve.incidents.models import IncidentReviewer
from improve.incidents.queries.readiness import readiness, setup_of
from improve.incidents.queries.setup import public_setup
from improve.incidents.service.cover import add_cover
from improve.incidents.service.groups import add_group, close_group
from improve.incidents.service.setup import (
    change_choices_of_form,
    close_form,
    open_form,
    sign_off,
    sign_promise,
    train_reviewer,
)
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.at_once import at_once
from tests.factories import Cast, make_team
from tests.incidents.make import make_report
from tests.incidents.open_council import make_reviewer, make_staff, open_council
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]

CHOICES: dict[str, Any] = {"keep_days": 45, "smallest_group": 20, "leave_url": ""}
NUMBERS = {"day": "Duty 01632 960 123", "night": "Night 01632 960 456"}


def version(cast: Cast) -> int:
    return setup_of(cast.actor("administrator")).version


def acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.id))
        return [act for act in rows if act.startswith("reports_")]


def missing(cast: Cast) -> set[str]:
    ready = readiness(cast.actor("administrator"), clock.today())
    return {need.name for need in ready.missing}


def make_ready(cast: Cast) -> int:
    """Do all that must stand, one reviewer short; return the group."""
    administrator, today = cast.actor("administrator"), clock.today()
    train_reviewer(
        administrator, person_id=cast.incident_reviewer, trained_on=today, trained_by="The academy"
    )
    add_cover(
        administrator,
        person_id=cast.incident_reviewer,
        from_on=today,
        to_on=today + timedelta(days=60),
    )
    team = make_team(cast.organisation)
    for _ in range(20):
        make_staff(cast.organisation, team_id=team)
    group = add_group(administrator, name="Children in care", team_ids=[team])
    set_duty_numbers(administrator, words=NUMBERS, seen={})
    by_today = ("Robin Vale", today)
    sign_off(
        administrator,
        signed={"dpia": by_today, "legal": by_today, "numbers_tried": by_today},
        rung=NUMBERS,
        seen_version=version(cast),
    )
    change_choices_of_form(administrator, **CHOICES, seen_version=version(cast))
    sign_promise(cast.actor("leader"), words="No blame.", seen_version=version(cast))
    return group


def test_opens_when_everything_stands(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    assert administrator.get("/admin/reports").status == 200
    refused = administrator.post("/admin/reports/open")
    assert refused.status == 422
    assert "Two trained reviewers" in refused.main
    with app.app_context():
        group = make_ready(cast)
        db.session.commit()
        assert missing(cast) == {"readers", "apart"}
    assert administrator.post("/admin/reports/open").status == 422
    with app.app_context():
        # One who works there is trained, but the group still lacks a second reviewer.
        (team,) = readiness(cast.actor("administrator"), clock.today()).groups[0].team_ids
        make_reviewer(cast.organisation, team_id=team)
        db.session.commit()
        assert missing(cast) == {"apart"}
    refused = administrator.post("/admin/reports/open")
    assert "One more needed at least for: Children in care" in refused.main
    with app.app_context():
        make_reviewer(cast.organisation)
        db.session.commit()
    for _ in range(2):
        assert administrator.post("/admin/reports/open").status == 303
    assert "The form is open" not in visit(cast.administrator).get("/admin/reports").main
    with app.app_context():
        setup = public_setup(cast.organisation, clock.today())
        assert setup.takes_reports
        assert (setup.keep_days, setup.promise, setup.promised_by) == (
            45,
            "No blame.",
            "Florence Ash",
        )
        close_group(cast.actor("administrator"), group_id=group)
        db.session.commit()
        assert not public_setup(cast.organisation, clock.today()).takes_reports
    assert "The form is open. Mend this" in administrator.get("/admin/reports").main
    for _ in range(2):
        assert administrator.post("/admin/reports/close").status == 303
    with app.app_context():
        assert not public_setup(cast.organisation, clock.today()).is_open
    assert acts(app) == [
        "reports_reviewer_trained",
        "reports_cover_added",
        "reports_group_added",
        "reports_signed_off",
        "reports_choices_changed",
        "reports_promise_signed",
        "reports_opened",
        "reports_group_closed",
        "reports_closed",
    ]


def test_changed_numbers_are_rung_again(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_ready(cast)
        db.session.commit()
    administrator = visit(cast.administrator)
    form = administrator.get("/admin/reports").form("/admin/reports/signed", button="Save")
    assert ("rung_day", NUMBERS["day"]) in form.values
    with app.app_context():
        changed = {**NUMBERS, "night": "Night 01632 960 789"}
        set_duty_numbers(cast.actor("administrator"), words=changed, seen=NUMBERS)
        db.session.commit()
        assert "numbers" in missing(cast)
    # What was rung are the numbers of the page, not those that came after it.
    page = administrator.send(form, {"dpia_by": "Somebody else"})
    assert "They were changed since. Ring them again" in page.main
    page = administrator.send(form, {"dpia_by": "Another", "legal_on": "31/12/2099"})
    assert page.status == 422
    assert page.error_for("legal_on")
    # Somebody else saved first: what they typed stays, beside what is kept.
    page = administrator.send(form, {"dpia_by": "Another"})
    assert page.status == 409
    assert "Somebody else" in page.main
    again = page.form("/admin/reports/signed", button="Save")
    assert ("dpia_by", "Another") in again.values
    assert administrator.send(again, {}).status == 200


def test_training_and_cover_by_the_pages(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    assert "Nobody is trained yet" in administrator.get("/admin/reports/cover").main
    form = administrator.get("/admin/reports").form(
        "/admin/reports/training", button="Keep the training"
    )
    reviewer = str(cast.incident_reviewer)
    page = administrator.send(form, {"person_id": reviewer, "trained_on": "", "trained_by": ""})
    assert page.status == 422
    assert page.error_for("trained_on")
    today = clock.today()
    typed = {"person_id": reviewer, "trained_on": f"{today:%d/%m/%Y}", "trained_by": "Academy"}
    for _ in range(2):
        page = administrator.send(form, typed)
        assert "by Academy" in page.main
    form = administrator.get("/admin/reports/cover").form("/admin/reports/cover", button="Add")
    days = {"from_on": f"{today:%d/%m/%Y}", "to_on": f"{today + timedelta(days=9):%d/%m/%Y}"}
    for _ in range(2):
        assert administrator.send(form, {"person_id": reviewer, **days}).status == 200
    wrong = {**days, "to_on": f"{today - timedelta(days=9):%d/%m/%Y}"}
    assert administrator.send(form, {"person_id": reviewer, **wrong}).status == 422
    with app.app_context():
        (span,) = readiness(cast.actor("administrator"), today).spans
    here = f"/admin/reports/cover/{span.id}/remove"
    # Another council's administrator does not even learn that there are such days.
    assert visit(cast.outsider_administrator).post(here).status == 404
    taken_out = administrator.send(administrator.get("/admin/reports/cover").form(here), {})
    assert administrator.post(here).status == 404
    administrator.send(taken_out.form("/admin/reports/cover", button="Undo"), {})
    with app.app_context():
        (again,) = readiness(cast.actor("administrator"), today).spans
        assert (again.from_on, again.to_on) == (span.from_on, span.to_on)
    assert acts(app).count("reports_reviewer_trained") == 1


def test_an_open_form_says_when_nobody_reads(app: Flask, cast: Cast, visit: Visit) -> None:
    open_council(app, cast)
    administrator = visit(cast.administrator)
    page = administrator.get("/admin/reports/cover")
    assert "The form is open" not in page.main
    with app.app_context():
        spans = readiness(cast.actor("administrator"), clock.today()).spans
    for span in spans:
        page = administrator.send(page.form(f"/admin/reports/cover/{span.id}/remove"), {})
    assert "it takes nothing" in page.main
    with app.app_context():
        assert not public_setup(cast.organisation, clock.today()).takes_reports


def test_choices_are_refused_in_words(cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get("/admin/reports/choices").form("/admin/reports/choices", button="Save")
    for field, typed in (
        ("leave_url", "http://example.org"),
        ("leave_url", "javascript:alert(1)"),
        ("keep_days", "0"),
        ("keep_days", "many"),
        ("keep_days", "366"),
        ("smallest_group", "19"),
        ("smallest_group", "1001"),
        ("smallest_group", "20.5"),
    ):
        page = administrator.send(form, {field: typed})
        assert page.status == 422, typed
        assert page.error_for(field), typed


def test_stale_choices_lose_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    here = "/admin/reports/choices"
    form = administrator.get(here).form(here, button="Save")
    with app.app_context():
        change_choices_of_form(cast.actor("administrator"), **CHOICES, seen_version=version(cast))
        db.session.commit()
    page = administrator.send(form, {"keep_days": "30"})
    assert page.status == 409
    assert "45" in page.main
    again = page.form(here, button="Save")
    for _ in range(2):
        assert administrator.send(again, {}).status == 200
    with app.app_context():
        assert setup_of(cast.actor("administrator")).keep_days == 30


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_two_first_saves_at_once(app: Flask, cast: Cast) -> None:
    """The second waits, and then finds that there is something now."""
    with app.app_context():
        administrator = cast.actor("administrator")

    def save(days: int) -> Callable[[], None]:
        choices = {**CHOICES, "keep_days": days}
        return lambda: change_choices_of_form(administrator, **choices, seen_version=0)

    assert isinstance(at_once(app, save(30), save(31)), Stale)
    with app.app_context():
        assert setup_of(administrator).keep_days == 30


def test_only_a_leader_promises(app: Flask, cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    form = leader.get("/reports/promise").form("/reports/promise", button="Sign with my name")
    page = leader.send(form, {"words": "We learn from it."})
    assert "Signed by" in page.main
    assert leader.send(form, {"words": "We learn from it."}).status == 200
    page = leader.send(form, {"words": "Something else."})
    assert page.status == 409
    assert "We learn from it." in page.main
    assert visit(cast.administrator).get("/reports/promise").status == 403
    with app.app_context(), pytest.raises(Forbidden):
        sign_promise(cast.actor("administrator"), words="x", seen_version=1)


def test_refuses_others(app: Flask, cast: Cast, visit: Visit) -> None:
    pages = ("", "/cover", "/groups", "/choices", "/words", "/words/route.allegation")
    for who in (cast.practitioner, cast.incident_reviewer, cast.leader, cast.manager):
        for page in pages:
            assert visit(who).get(f"/admin/reports{page}").status == 403, page
    with app.app_context():
        administrator = cast.actor("administrator")
        for stranger in (cast.outsider, cast.practitioner):
            with pytest.raises(NotFound):
                train_reviewer(
                    administrator, person_id=stranger, trained_on=clock.today(), trained_by="x"
                )
        with pytest.raises(RuleBroken, match=OWN_TRAINING):
            train_reviewer(
                administrator,
                person_id=administrator.person_id,
                trained_on=clock.today(),
                trained_by="x",
            )
        assert db.session.query(IncidentReviewer).count() == 0
        with pytest.raises(Stale):
            change_choices_of_form(administrator, **CHOICES, seen_version=7)
        with pytest.raises(RuleBroken):
            open_form(administrator)
        for act in (open_form, close_form):
            with pytest.raises(Forbidden):
                act(cast.actor("leader"))


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_few_statements(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    open_council(app, cast)
    administrator = visit(cast.administrator)
    for page in ("", "/cover", "/groups", "/choices", "/words"):
        administrator.get(f"/admin/reports{page}")
        with statements() as seen:
            assert administrator.get(f"/admin/reports{page}").status == 200
        assert len(seen) <= 8, (page, len(seen), seen)


def test_no_page_tells_whether_a_report_came(app: Flask, cast: Cast, visit: Visit) -> None:
    found = open_council(app, cast)
    administrator = visit(cast.administrator)
    pages = ("", "/cover", "/groups", f"/groups/{found.group}", "/choices", "/words")

    def seen() -> list[str]:
        return [administrator.get(f"/admin/reports{page}").main for page in pages]

    before = seen()
    with app.app_context():
        for _ in range(3):
            make_report(cast.organisation, found.group)
        db.session.commit()
    assert seen() == before
