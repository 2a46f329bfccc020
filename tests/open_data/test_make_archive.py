"""An administrator takes the council's archive out by the browser."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.shared import audit
from improve.shared.db import db
from tests.factories import PASSWORD, Cast, make_cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


@pytest.mark.security(80)
def test_whoever_makes_one_gives_their_password(app: Flask, cast: Cast, visit: Visit) -> None:
    """An unlocked desk must not be enough for what no page shows."""
    admin = visit(cast.administrator)
    page = admin.get("/admin/archive")
    for typed in ("", "wrong words"):
        refused = admin.send(page.form(button="Make the archive"), {"password": typed})
        assert (refused.status, refused.errors) == (422, ["That is not your password."])
    with app.app_context():
        noted = "SELECT count(*) FROM audit_entries WHERE action = 'archive_made'"
        assert db.session.execute(text(noted)).scalar_one() == 0


@pytest.mark.security(80)
def test_an_administrator_makes_one_and_it_is_noted(app: Flask, cast: Cast, visit: Visit) -> None:
    admin = visit(cast.administrator)
    page = admin.get("/admin/archive")
    assert "Anything of another council" in page.main
    form = page.form(button="Make the archive")
    for _ in range(2):  # twice is two files, and no harm
        typed = dict(form.values) | {"password": PASSWORD}
        answer = admin.client.post(form.action, data=typed)
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert "larchdale-council-archive-2026-11-24.zip" in answer.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
            said = json.loads(packed.read("manifest.json"))
            people = packed.read("tables/people.jsonl").decode()
        answer.close()
        assert (said["format"], said["with_private"]) == ("improve-archive/1", False)
        assert ("Amina Birch" in people, "Olive" in people) == (True, False)
    with app.app_context():
        rows = db.session.execute(
            text("SELECT actor_id FROM audit_entries WHERE action = 'archive_made'")
        ).all()
        assert [row.actor_id for row in rows] == [cast.administrator] * 2
        assert audit.find_faults() == []


def test_nobody_else_does(cast: Cast, visit: Visit) -> None:
    for role in ("practitioner", "manager", "coach", "leader", "guest"):
        visitor = visit(getattr(cast, role))
        assert visitor.client.get("/admin/archive").status_code == 403
        assert visitor.post("/admin/archive").status == 403
    assert visit().client.get("/admin/archive").status_code == 303


def test_another_council_gets_its_own(cast: Cast, visit: Visit) -> None:
    theirs = visit(cast.outsider_administrator)
    form = theirs.get("/admin/archive").form(button="Make the archive")
    answer = theirs.client.post(form.action, data=dict(form.values) | {"password": PASSWORD})
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
        whole = b"".join(packed.read(name) for name in packed.namelist()).decode()
    answer.close()
    assert "Fenwick Council" in whole
    assert "Larchdale" not in whole
    assert "larchdale" not in whole


def test_whoever_has_no_password_reads_how_they_prove_who_they_are(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        known = {"id": cast.administrator}
        db.session.execute(text("UPDATE people SET password_hash = NULL WHERE id = :id"), known)
        db.session.commit()
    page = visit(cast.administrator).get("/admin/archive")
    assert "asks for a proof that it is you" in page.main
    assert "Your password" not in page.main
