"""A reviewer at the desk, for tests of what is done there with one report."""

from __future__ import annotations

from flask import Flask

from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened, opened
from tests.pages import Visitor

DESK = "/reports/desk"


def council(app: Flask, cast: Cast) -> Opened:
    """Open the first council to reports. Commits."""
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer)
        db.session.commit()
        return found


def made(app: Flask, found: Opened, **facts: object) -> str:
    """Return the address of a new report of the council’s group. Commits."""
    with app.app_context():
        key = make_report(found.organisation, found.group, **facts)  # type: ignore[arg-type]
        db.session.commit()
        return f"{DESK}/{key}"


def read(reviewer: Visitor, here: str) -> None:
    """Open a report, and say that it shows no danger."""
    assert reviewer.send(reviewer.get(here).form(f"{here}/open"), {}, follow=False).status == 303
    page = reviewer.get(here)
    if page.has_form(f"{here}/no-danger"):
        assert reviewer.send(page.form(f"{here}/no-danger"), {}, follow=False).status == 303
