"""Send public pages as a signed file: what is in it, who may, and that nothing else gets out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.roles import Role
from improve.library import service
from improve.library.models import LearningPage
from improve.library.open_format import faults_of, open_envelope
from improve.library.service import exchange
from improve.library.service.trust import own_key
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken
from tests.factories import Cast, actor, make_person
from tests.library.published import kept_page, stopped_page
from tests.pages import Visitor

Visit = Callable[..., Visitor]
Inside = Callable[[Callable[[], Any]], Any]
SECRET = "a secret that is long enough to be one"
SITE = "https://improve.larchdale.example"
ASKED = {"site": SITE, "secret": SECRET}


def test_a_coach_downloads_all_public_pages_signed(
    cast: Cast, visit: Visit, inside: Inside, app: Flask
) -> None:
    keys = {inside(lambda: stopped_page(cast)), inside(lambda: kept_page(cast))}
    coach = visit(cast.coach)
    page = coach.get("/library/exchange")
    assert "A photo before the first visit" in page.main
    answer = coach.send(page.form("/export"))
    assert answer.response.mimetype == "application/json"
    assert "attachment" in answer.response.headers["Content-Disposition"]
    body = answer.response.get_data()
    assert not faults_of(json.loads(body))
    found = open_envelope(body)
    assert {one["key"] for one in found.pages} == keys
    key = own_key("larchdale-council", app.config["SIGNING_KEY"])
    assert key is not None
    assert found.fingerprint == key.fingerprint
    assert " ".join(key.groups) in page.main
    actor_id, facts = inside(exported)
    assert actor_id == cast.coach
    assert len(facts["pages"]) == 2


def exported() -> tuple[int, dict[str, Any]]:
    row = db.session.execute(
        select(AuditEntry.actor_id, AuditEntry.facts).where(
            AuditEntry.action == "learning_exported"
        )
    ).one()
    return row.actor_id, row.facts


def test_only_the_ticked_pages_go_out(cast: Cast, context: Flask) -> None:
    stopped, _ = stopped_page(cast), kept_page(cast)
    made = exchange.export_pages(cast.actor("leader"), keys=[stopped], **ASKED)
    assert [one["key"] for one in open_envelope(made.body).pages] == [stopped]
    assert made.file_name == "larchdale-council-learning-2026-11-24.json"


def test_nothing_ticked_and_what_is_public_no_more_are_refused_in_words(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    key = inside(lambda: stopped_page(cast))
    coach = visit(cast.coach)
    page = coach.get("/library/exchange")
    refused = coach.send(page.form("/export"), {"pages": None})
    assert refused.status == 422
    assert refused.errors == ["Choose at least one page."]
    inside(lambda: service.take_down(cast.actor("coach"), page_id=id_of(key)))
    refused = coach.send(page.form("/export"))
    assert refused.status == 422
    assert "not public any more" in refused.errors[0]


def id_of(key: str) -> int:
    return db.session.execute(
        select(LearningPage.id).where(LearningPage.public_key == key)
    ).scalar_one()


@pytest.mark.parametrize("who", ["practitioner", "manager", "administrator", "guest"])
def test_others_may_not_send(cast: Cast, visit: Visit, who: str) -> None:
    visitor = visit(getattr(cast, who))
    assert visitor.get("/library/exchange").status == 403
    assert visitor.post("/library/exchange/export", {"pages": "x"}).status == 403


def test_the_service_asks_again_who_it_is(cast: Cast, context: Flask) -> None:
    with pytest.raises(Forbidden):
        exchange.export_pages(cast.actor("manager"), keys=["x"], **ASKED)


def test_another_council_has_nothing_of_ours_to_send(cast: Cast, context: Flask) -> None:
    key = stopped_page(cast)
    other = actor(make_person(cast.other_organisation, role=Role.COACH))
    with pytest.raises(RuleBroken, match="not public any more"):
        exchange.export_pages(other, keys=[key], **ASKED)


def test_without_a_key_the_page_says_what_to_set(
    cast: Cast, visit: Visit, inside: Inside, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = inside(lambda: stopped_page(cast))
    monkeypatch.setitem(app.config, "SIGNING_KEY", "")
    coach = visit(cast.coach)
    page = coach.get("/library/exchange")
    assert "SIGNING_KEY" in page.main
    assert not page.has_form("/export")
    refused = coach.post("/library/exchange/export", {"pages": key})
    assert refused.status == 422
    assert "SIGNING_KEY" in refused.main
    assert visit().get("/learning/larchdale-council/key.json").status == 404
    assert visit().get("/learning/larchdale-council/pages.json").status == 404
    assert visit().get("/learning/larchdale-council/feed.json").status == 200
