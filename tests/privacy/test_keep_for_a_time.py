"""A council chooses how long some kinds are kept; the night deletes by it, and says so before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.ideas import service as ideas
from improve.privacy.service import clearing, set_times
from improve.shared import clock
from improve.shared.clearing import Clearing
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.keeping_times import CHANGEABLE
from tests.conftest import NOW
from tests.factories import Cast, actor, finish_cycle, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PATH = "/admin/privacy/times"
USUAL = {code: bounds.usual for code, bounds in CHANGEABLE.items()}


def count(table: str, where: str = "1 = 1") -> int:
    found = db.session.execute(text(f"SELECT count(*) FROM {table} WHERE {where}"))
    return int(found.scalar_one())


@pytest.mark.security(69, 85)
def test_times_are_chosen_within_bounds(app: Flask, cast: Cast, visit: Visit) -> None:
    lead = visit(cast.data_protection_lead)
    first, second = lead.get(PATH).form(PATH), lead.get(PATH).form(PATH)
    bad = lead.send(first, {"news": "2", "leavers": "soon"})
    assert bad.status == 422
    assert bad.error_for("news") == "Error: Use a whole number of months from 3 to 24."
    assert bad.error_for("leavers") == "Error: Use a whole number of months from 6 to 84."
    done = lead.send(bad.form(PATH), {"news": "6", "leavers": "24"})
    assert "Tonight’s run deletes by it." in done.text
    assert "6 months" in done.main
    again = lead.send(second, {"news": "9"})
    assert again.status == 409
    assert "Somebody changed these times" in again.main
    assert "9" in dict(again.form(PATH).values)["news"]
    assert "6 months" in visit().get("/privacy/larchdale-council").main
    assert "6 months" not in visit().get("/privacy/fenwick-council").main
    assert visit(cast.coach).get(PATH).status == 403
    with app.app_context():
        with pytest.raises(Forbidden):
            set_times(cast.actor("coach"), months=USUAL, seen=USUAL)
        with pytest.raises(Stale):
            set_times(cast.actor("administrator"), months={**USUAL, "news": 5}, seen=USUAL)
        with pytest.raises(RuleBroken):
            set_times(cast.actor("administrator"), months={}, seen=USUAL)
        assert count("audit_entries", "action = 'retention_set'") == 1


@pytest.mark.security(85)
def test_the_night_deletes_by_the_time_of_each_council(app: Flask, cast: Cast) -> None:
    with app.app_context():
        finished = finish_cycle(cast, "adopt", title="Photos first")
        open_idea = make_idea(cast)
        for idea in (finished, open_idea):
            ideas.comment(
                cast.actor("colleague"), idea_id=idea, words="Well put", form_token=f"c{idea}"
            )
        db.session.commit()
        news, comments = count("notices"), count("comments")
        assert news
        assert comments >= 2
        set_times(cast.actor("administrator"), months={**USUAL, "news": 3}, seen=USUAL)
        db.session.commit()
        runner = app.test_cli_runner()
        with clock.moved(NOW + timedelta(days=100)):
            dry = runner.invoke(args=["purge", "--dry-run"])
            assert f"{news:>9,}  news on people’s own pages that had its time" in dry.output
            assert count("notices") == news
            assert clearing.clear_news() == news
            assert clearing.clear_comments() == 0
            db.session.commit()
        with clock.moved(NOW + timedelta(days=366 * 7)):
            clearing.clear_comments()
            db.session.commit()
            assert count("comments", f"idea_id = {finished}") == 0
            assert count("comments", f"idea_id = {open_idea}") == 1
            clearing.clear_earlier_words()
            assert count("idea_edits", "kind = 'edit'") == 0


@pytest.mark.security(85)
def test_details_of_leavers_go_and_their_name_stays(app: Flask, cast: Cast) -> None:
    with app.app_context():
        name = actor(cast.practitioner).name
        accounts.close_and_hand_over(
            cast.actor("administrator"), person_id=cast.practitioner, to={}
        )
        db.session.commit()
        with clock.moved(NOW + timedelta(days=23 * 30)):
            assert clearing.clear_leavers() == 0
        with clock.moved(NOW + timedelta(days=25 * 31)):
            # The guest's last day has passed as well.
            assert clearing.clear_leavers() >= 1
            db.session.commit()
            assert clearing.clear_leavers() == 0
        row = db.session.execute(
            text("SELECT name, email, job_title FROM people WHERE id = :id"),
            {"id": cast.practitioner},
        ).one()
        assert row.name == name
        assert row.email.endswith(".invalid")
        assert row.job_title == ""
        assert count("people", f"id = {cast.colleague} AND email LIKE '%.invalid'") == 0


def test_what_a_night_takes_in_parts_is_cleared_whole_in_rounds() -> None:
    left = [3, 2, 1]
    clearing_in_parts = Clearing("in parts", lambda: left.pop(0) if left else 0)
    assert list(clearing_in_parts.rounds()) == [3, 2, 1]
    assert not left


@pytest.mark.security(85)
def test_purge_counts_and_takes_more_than_a_night_does(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "AT_ONCE", 1)
    with app.app_context():
        for person_id in (cast.practitioner, cast.colleague):
            accounts.close_and_hand_over(cast.actor("administrator"), person_id=person_id, to={})
        db.session.commit()
        details = "email NOT LIKE '%.invalid'"
        both = f"{details} AND id IN ({cast.practitioner}, {cast.colleague})"
        had, runner = count("people", details), app.test_cli_runner()
        with clock.moved(NOW + timedelta(days=25 * 31)):
            dry = runner.invoke(args=["purge", "--dry-run"]).output
            assert count("people", details) == had
            done = runner.invoke(args=["purge"]).output
            assert count("people", both) == 0
            gone = had - count("people", details)
        assert gone >= 2
        for said in (dry, done):
            assert f"{gone:>9,}  details of people who left long ago" in said
