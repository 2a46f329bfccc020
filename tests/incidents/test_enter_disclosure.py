"""A reviewer enters that it came out who had reported: counted for all staff, to be honest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.incidents.models import IncidentDisclosure
from improve.incidents.service.disclosures import enter_disclosure
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden
from tests.factories import Cast
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.database
AT = "/reports/disclosures"
DONE = "We told the person first, and asked the manager to leave it."


def enter(who: Visitor, **changed: str) -> Page:
    form = who.get(AT).form(AT)
    return who.send(form, {"noticed_on": "3/11/2026", "words": DONE, **changed}, button="Enter it")


def rows(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(IncidentDisclosure.id))) or 0


def test_it_counts_once_and_shows_the_month_alone(app: Flask, cast: Cast, visit: Visit) -> None:
    reviewer = visit(cast.incident_reviewer)
    for _ in range(2):
        page = enter(reviewer)
        assert page.status == 200
    assert rows(app) == 1
    assert DONE in page.main
    assert "November 2026" in page.main
    assert "Stella" not in page.main
    for reader in (cast.practitioner, cast.leader):
        assert "Identities disclosed 1" in visit(reader).get("/reports").main
    assert "Identities disclosed 0" in visit(cast.outsider).get("/reports").main
    with app.app_context():
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "report_disclosure_entered")
        ).all()
        assert len(entries) == 1
        assert DONE not in str(vars(entries[0]))


def test_what_does_not_hold_is_refused_in_words(app: Flask, cast: Cast, visit: Visit) -> None:
    reviewer = visit(cast.incident_reviewer)
    page = enter(reviewer, noticed_on="", words="")
    assert page.status == 422
    assert "Write the day" in page.error_for("noticed_on")
    assert "Write what was done" in page.error_for("words")
    page = enter(reviewer, noticed_on="25/11/2026")
    assert "a day up to today" in page.error_for("noticed_on")
    page = enter(reviewer, words="w" * 1001)
    assert "Use 1,000 characters or fewer" in page.error_for("words")
    page = enter(reviewer, words="Mrs Alder of 12 High Street, born 3/4/2011, knew it was her.")
    assert page.heading == "This may identify someone"
    assert rows(app) == 0


def test_only_a_reviewer_enters_it(app: Flask, cast: Cast, visit: Visit) -> None:
    for person in (cast.practitioner, cast.manager, cast.leader, cast.administrator):
        assert visit(person).post(AT, {"noticed_on": "3/11/2026", "words": DONE}).status == 403
    with app.app_context(), pytest.raises(Forbidden):
        enter_disclosure(cast.actor("coach"), noticed_on=clock.today(), words=DONE)
    assert rows(app) == 0
