"""Somebody keeps finished work as they like to see it: saved, opened, renamed, removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.review import queries, service
from improve.review.finished_address import as_query, from_query, kept_in
from improve.review.service.views import SAVED_MOST
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
SHOWN = "when=this-year&team=riverside&decision=adopt"


def test_address_keeps_what_the_page_knows_in_one_order() -> None:
    asked = {"decision": "adopt", "page": "3", "x": "y", "when": "this-year", "team": "a" * 99}
    assert kept_in(asked) == {"when": "this-year", "decision": "adopt"}
    assert as_query(kept_in(asked)) == "when=this-year&decision=adopt"
    assert from_query("decision=adopt&when=this-year&page=2") == kept_in(asked)


def test_save_open_rename_and_remove(cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    (link,) = leader.get(f"/review?{SHOWN}&page=2").links("Save this view")
    page = leader.get(link["href"])
    saved = leader.send(page.form("/review/saved"), {"name": "Kept this year"})
    assert saved.path == "/review"
    assert "in Riverside, 1 Jan to 24 Nov 2026, only those kept" in saved.main
    assert "Saved as “Kept this year”." in saved.text
    (opened,) = leader.get("/review/saved").links("Kept this year")
    assert opened["href"] == f"/review?{SHOWN}"
    with visit(cast.coach).client.get("/review/saved") as others:
        assert b"Kept this year" not in others.get_data()
    rename = leader.get(leader.get("/review/saved").links("Rename Kept this year")[0]["href"])
    leader.send(rename.form(rename.path), {"name": "What we keep"})
    listed = leader.get("/review/saved")
    assert listed.links("What we keep")
    gone = leader.send(listed.form("/remove"))
    assert "None yet." in gone.main


def test_rules_in_words(cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    form = leader.get(f"/review/saved?{SHOWN}").form("/review/saved")
    assert leader.send(form, {"name": " "}).errors == ["Give this view a name."]
    leader.send(form, {"name": "Mine"})
    other = leader.get("/review/saved?decision=adapt").form("/review/saved")
    again = leader.send(other, {"name": "mine"})
    assert again.status == 422
    assert any("a view with this name" in words for words in again.errors)


def test_twice_is_harmless_and_others_are_none_of_theirs(app: Flask, cast: Cast) -> None:
    with app.app_context():
        leader, coach = cast.actor("leader"), cast.actor("coach")
        first = service.save_review(leader, name="Mine", query=SHOWN)
        assert service.save_review(leader, name=" mine", query=SHOWN) == first
        assert service.save_review(coach, name="Mine", query=SHOWN) != first
        with pytest.raises(RuleBroken):
            service.save_review(leader, name="Nothing", query="page=2")
        for act in (
            lambda: service.rename_review(coach, saved_id=first, name="Theirs"),
            lambda: service.remove_review(coach, saved_id=first),
            lambda: service.remove_review(cast.actor("outsider"), saved_id=first),
        ):
            with pytest.raises(NotFound):
                act()
        for number in range(SAVED_MOST - 1):
            service.save_review(leader, name=f"View {number}", query=SHOWN)
        with pytest.raises(RuleBroken):
            service.save_review(leader, name="One more", query=SHOWN)
        db.session.commit()
        assert len(queries.saved_reviews(leader)) == SAVED_MOST
        assert service.remove_review(leader, saved_id=first) == "Mine"
        with pytest.raises(NotFound):
            service.remove_review(leader, saved_id=first)
