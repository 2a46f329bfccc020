"""A hazard told at once to whoever owns the system: no names, and nothing that leads to a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text

from improve.incidents.models import IncidentAlert, IncidentStep
from improve.mail.models import OutboxMessage
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.desk import council, made, read
from tests.incidents.make import HAPPENED
from tests.incidents.nights import delete_what_was_reported
from tests.pages import Visitor

Visit = Callable[..., Visitor]
HAZARD = "The plan is not sent to schools when a worker is changed on the same day."
OWNER = {"told": "The owner of the case system", "email": "systems@council.example"}


def test_what_was_told_of_a_hazard_goes_a_year_after(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    reviewer = visit(found.reviewers[0])
    read(reviewer, here)
    form = reviewer.get(f"{here}/alert").form(f"{here}/alert")
    assert reviewer.send(form, {**OWNER, "words": HAZARD}, follow=False).status == 303
    for days, left in ((365, 1), (366, 0)):
        with app.app_context(), clock.moved(clock.now() + timedelta(days=days)):
            delete_what_was_reported()
            db.session.commit()
            assert len(db.session.scalars(select(IncidentAlert)).all()) == left


def test_the_owner_is_mailed_and_nothing_leads_back(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    reviewer = visit(found.reviewers[0])
    read(reviewer, here)
    page = reviewer.get(f"{here}/alert")
    refused = reviewer.send(page.form(f"{here}/alert"), {"email": "nobody"}, follow=False)
    assert refused.status == 422
    for words in ("Say whose system it is", "Enter an e-mail address", "Say what the hazard is"):
        assert words in refused.main
    form = page.form(f"{here}/alert")
    for _ in range(2):  # twice is one mail
        assert reviewer.send(form, {**OWNER, "words": HAZARD}, follow=False).status == 303
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        alert = db.session.scalars(select(IncidentAlert)).one()
        assert (alert.words, alert.sent_by_id) == (HAZARD, found.reviewers[0])
        mail = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.to_address == OWNER["email"])
        ).one()
        shown = f"{mail.key} {mail.subject} {mail.body}"
        assert key not in shown
        assert "report" not in shown.lower().replace("reported", "")
        assert HAZARD not in shown
        assert HAPPENED not in shown
        kinds = list(db.session.scalars(select(IncidentStep.kind)))
        assert kinds.count("alerted") == 1
        audit = "SELECT count(*) FROM audit_entries WHERE object_kind LIKE '%incident%'"
        assert db.session.execute(text(audit)).scalar_one() == 0


def test_words_that_may_name_somebody_are_read_again(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    reviewer = visit(found.reviewers[0])
    read(reviewer, here)
    form = reviewer.get(f"{here}/alert").form(f"{here}/alert")
    words = {**OWNER, "words": "Niamh Kelly, born 12/03/2015, was left out of the list."}
    page = reviewer.send(form, words, follow=False)
    assert page.status == 200
    assert "born 12/03/2015" in page.main
    with app.app_context():
        assert not db.session.scalars(select(IncidentAlert)).all()
        shown = "SELECT count(*) FROM audit_entries WHERE action = 'identifier_hint_shown'"
        assert db.session.execute(text(shown)).scalar_one() == 0


def test_only_who_opened_it_tells_of_it(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    assert visit(found.reviewers[0]).get(f"{here}/alert").status == 422
    assert visit(cast.administrator).get(f"{here}/alert").status == 403
