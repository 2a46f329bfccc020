"""A coach's prompt on the idea page and beside the plan: one at a time, put away by “Not now”."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in
from tests.ideas.test_invite_guest import invite
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def planned(app: Flask, cast: Cast) -> int:
    """An idea in Plan whose study day is far away and where nothing is said to get worse."""
    with app.app_context():
        made = idea_in(cast, Stage.PLAN)
        ideas.save_answers(
            actor(cast.practitioner),
            idea_id=made,
            seen_version=_version(made),
            answers={"change_to_try": "A photo", "prediction": "They know", "expected_count": 4},
        )
        db.session.commit()
    return made


def _version(idea_id: int) -> int:
    found = db.session.execute(text("SELECT version FROM ideas WHERE id = :i"), {"i": idea_id})
    return int(found.scalar_one())


def test_not_now_keeps_it_away_for_this_person(
    app: Flask, cast: Cast, visit: Visit, planned: int
) -> None:
    amina, sam = visit(cast.practitioner), visit(cast.manager)
    page = amina.get(f"/ideas/{planned}")
    assert "What might get worse?" in page.main
    assert page.main.count("A coach would ask") == 1
    form = page.form("/prompt")
    after = amina.send(form)
    assert "A coach would ask" not in after.main
    assert amina.send(form).status == 200  # twice is harmless
    assert "What might get worse?" in sam.get(f"/ideas/{planned}").main
    assert "A coach would ask" not in amina.get(f"/ideas/{planned}/plan").main
    assert "What might get worse?" in sam.get(f"/ideas/{planned}/plan").main
    with app.app_context():
        kept = db.session.execute(text("SELECT count(*) FROM prompts_put_away")).scalar_one()
    assert kept == 1


def test_with_htmx_only_the_part_changes(cast: Cast, visit: Visit, planned: int) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{planned}").form("/prompt")
    part = amina.send(form, htmx=True)
    assert part.status == 200
    assert "Put away for this cycle." in part.text
    assert "<h1" not in part.text


def test_the_next_one_comes_another_day(
    app: Flask, cast: Cast, visit: Visit, planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        ideas.save_answers(
            actor(cast.practitioner),
            idea_id=planned,
            seen_version=_version(planned),
            answers={"expected_count": None},
        )
        ideas.put_prompt_away(actor(cast.practitioner), idea_id=planned, key="sooner")
        db.session.execute(
            text("UPDATE prompts_put_away SET at = :at"),
            {"at": (clock.now() - timedelta(days=1)).replace(tzinfo=None)},
        )
        db.session.commit()
    assert "What might get worse?" in visit(cast.practitioner).get(f"/ideas/{planned}").main


def test_a_guest_who_commented_has_read_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = idea_in(cast, Stage.STUDY)
        db.session.commit()
    amina = visit(cast.practitioner)
    assert "Who outside the team has read it?" in amina.get(f"/ideas/{made}").main
    with app.app_context():
        invite(cast, made)
        ideas.comment(actor(cast.guest), idea_id=made, words="Clear to us", form_token="g")
        db.session.commit()
    assert "Who outside the team has read it?" not in amina.get(f"/ideas/{made}").main


def test_who_may_not(cast: Cast, visit: Visit, planned: int) -> None:
    path = f"/ideas/{planned}/prompt"
    assert "A coach would ask" not in visit(cast.leader).get(f"/ideas/{planned}").main
    assert visit(cast.leader).post(path, {"key": "worse"}).status == 403
    assert visit(cast.guest).post(path, {"key": "worse"}).status == 403
    assert visit(cast.outsider).post(path, {"key": "worse"}).status == 404
    assert visit(cast.practitioner).post(path, {"key": "no-such"}).status == 404
    assert visit(cast.practitioner).client.get(path).status_code == 405
