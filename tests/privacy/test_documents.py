"""Notice, statement, assessment and records: filled from facts, honest about what is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.privacy.document_facts import FACTS, GROUPS
from improve.privacy.service import set_facts
from improve.shared.errors import Forbidden, Stale
from tests.factories import Cast, make_organisation
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PATH = "/admin/privacy/facts"
NOTICE = "/privacy/larchdale-council"


@pytest.mark.security(20, 26, 71)
def test_everybody_reads_the_notice_and_it_sets_nothing(cast: Cast, visit: Visit) -> None:
    del cast
    somebody = visit()
    for path in (NOTICE, "/accessibility/larchdale-council"):
        answer = somebody.client.get(path)
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
        assert "charset=utf-8" in answer.content_type
        assert "Set-Cookie" not in answer.headers
        assert b"<script" not in answer.get_data()
    page = somebody.get(NOTICE)
    assert "Data protection officer" in page.main
    assert "not filled in yet" in page.main
    assert "90 days" in page.main
    assert somebody.get("/privacy/nowhere").status == 404
    # Two councils are here: somebody chooses.
    assert "Fenwick Council" in somebody.get("/privacy").main
    assert "Larchdale Council" in somebody.get("/accessibility").main


def test_the_only_council_needs_no_choice(app: Flask, visit: Visit) -> None:
    assert "No council is set up here yet." in visit().get("/privacy").main
    with app.app_context():
        from improve.shared.db import db

        make_organisation("Only Council")
        db.session.commit()
    assert visit().client.get("/privacy").headers["Location"] == "/privacy/only-council"


@pytest.mark.security(69)
def test_facts_fill_the_documents_and_two_people_lose_nothing(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    lead, admin = visit(cast.data_protection_lead), visit(cast.administrator)
    assert "facts not filled in yet" in lead.get("/admin/privacy/dpia").main
    first, second = lead.get(PATH).form(PATH), admin.get(PATH).form(PATH)
    said = {"dpo_name": "The Information Office <b>", "dpo_contact": "01632 960 999"}
    assert "The documents show it." in lead.send(first, said).text
    for path in (NOTICE, "/admin/privacy/dpia", "/admin/privacy/records"):
        page = visit(cast.administrator).get(path)
        assert "The Information Office <b>" in page.main
        assert "01632 960 999" in lead.get("/admin/privacy/records").main
    stale = admin.send(second, {"dpo_name": "Somebody else"})
    assert stale.status == 409
    assert "now: The Information Office <b>" in stale.main
    assert dict(stale.form(PATH).values)["dpo_name"] == "Somebody else"
    long = admin.send(admin.get(PATH).form(PATH), {"hosting": "x" * 1001})
    assert long.status == 422
    table = admin.client.get("/admin/privacy/records.csv")
    assert table.headers["Content-Disposition"].startswith("attachment")
    assert "Ideas, tests and what came of them" in table.get_data().decode("utf-8-sig")
    assert visit(cast.leader).get("/admin/privacy/dpia").status == 403
    with app.app_context():
        with pytest.raises(Forbidden):
            set_facts(cast.actor("leader"), words={}, seen={})
        with pytest.raises(Stale):
            set_facts(cast.actor("administrator"), words={}, seen={})


def test_the_form_asks_for_every_fact_once() -> None:
    asked = [key for _, keys in GROUPS for key in keys]
    assert sorted(asked) == sorted(FACTS)
    assert all(fact.needed_by for fact in FACTS.values())
