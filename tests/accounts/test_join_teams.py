"""Teams are renamed, joined, closed and opened again; addresses go on working."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.accounts.roles import Role
from improve.huddles import service as huddles
from improve.ideas import queries as ideas
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, actor, finish_cycle, idea_in, make_idea, make_measure, make_team
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


def join(cast: Cast, by: str = "administrator", **more: Any) -> None:
    facts = {"team_id": cast.team, "into_id": cast.other_team}
    facts["seen_version"] = queries.team_by_id(actor(cast.administrator), cast.team).version
    service.join_teams(cast.actor(by), **{**facts, **more})
    db.session.commit()


def scalar(statement: str) -> Any:
    return db.session.execute(text(statement)).scalar()


def news_links(reader: Visitor) -> list[Any]:
    return list(reader.get("/me/news").soup.select("main a"))


def test_a_team_is_joined_with_everything_it_has(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        idea_id = idea_in(cast, "do", text="Names first")
        finish_cycle(cast, "abandon", title="Tea first")
        make_measure(cast)
        db.session.commit()
    admin, path = visit(cast.administrator), "/admin/teams/riverside/join"
    page = admin.get(path)
    assert "1 open idea" in page.main.replace("\xa0", " ")
    assert admin.send(page.form(path)).errors == ["Choose a team."]
    done = admin.send(page.form(path), {"into": str(cast.other_team)})
    assert "Riverside is joined to Hillside." in done.text
    with app.app_context():
        shown = ideas.idea_page(actor(cast.practitioner), idea_id)
        assert shown.team.slug == "hillside"
        assert shown.lead is not None, "whoever leads it comes along"
        lines = ideas.history(actor(cast.practitioner), idea_id)
        assert any("Hillside" in line.words or "Hillside" in str(line) for line in lines)
        assert scalar(f"SELECT count(*) FROM ideas WHERE team_id = {cast.team}") == 0
        assert scalar(f"SELECT count(*) FROM measures WHERE team_id = {cast.team}") == 0
        someone = actor(cast.practitioner)
        assert someone.home_team_id == cast.other_team
        assert actor(cast.manager).manages(cast.other_team)
        told = db.session.execute(
            text("SELECT person_id, count(*) FROM notices WHERE kind = 'team_changed' GROUP BY 1")
        ).all()
        assert {row[0] for row in told} >= {cast.practitioner, cast.colleague, cast.manager}
        assert {row[1] for row in told} == {1}, "once each"
    reader = visit(cast.practitioner)
    old = reader.get("/teams/riverside/board", follow=False)
    assert old.status == 303
    assert old.response.headers["Location"].endswith("/teams/hillside/board")
    assert "Names first" in reader.get("/teams/riverside/board").main
    for path_now in ("measures", "finished"):
        moved = reader.get(f"/teams/riverside/{path_now}", follow=False)
        assert moved.status == 303
        assert moved.response.headers["Location"].endswith(f"/teams/hillside/{path_now}")
    assert reader.get("/teams/riverside/huddles").status == 200
    assert "/teams/hillside/board" in [link.get("href") for link in news_links(reader)]
    again = admin.send(page.form(path), {"into": str(cast.other_team)})
    assert "Riverside is joined to Hillside." in again.text, "twice is harmless"


def test_six_hundred_ideas_take_as_many_statements_as_one(
    cast: Cast, context: Flask, statements: Watch
) -> None:
    other = make_team(cast.organisation, "Weir")
    third = make_team(cast.organisation, "Mill")
    make_idea(cast)
    db.session.commit()
    with statements() as few:
        join(cast, into_id=other)
    rows = ", ".join(
        column.name
        for column in db.metadatas[None].tables["ideas"].columns
        if column.name not in {"id", "form_token"}
    )
    for number in range(600):
        db.session.execute(
            text(
                f"INSERT INTO ideas (form_token, {rows}) "
                f"SELECT 'copy{number}', {rows} FROM ideas ORDER BY id LIMIT 1"
            )
        )
    db.session.commit()
    version = queries.team_by_id(cast.actor("administrator"), other).version
    with statements() as many:
        join(cast, team_id=other, into_id=third, seen_version=version)
    assert scalar(f"SELECT count(*) FROM ideas WHERE team_id = {third}") == 601
    assert scalar("SELECT count(*) FROM idea_edits WHERE kind = 'team'") == 602
    assert len(many) <= len(few) + 2


def test_what_is_refused(cast: Cast, context: Flask) -> None:
    for by in ("manager", "coach", "leader", "practitioner"):
        with pytest.raises(Forbidden):
            join(cast, by)
    with pytest.raises(NotFound):
        join(cast, "outsider_administrator", into_id=cast.outsider_team)
    with pytest.raises(RuleBroken):
        join(cast, into_id=cast.outsider_team)
    with pytest.raises(RuleBroken):
        join(cast, into_id=cast.team)
    with pytest.raises(Stale):
        join(cast, seen_version=99)
    huddles.start_huddle(cast.actor("manager"), team_id=cast.team, form_token="h")
    db.session.commit()
    with pytest.raises(RuleBroken, match="Finish it first"):
        join(cast)


def test_a_team_is_closed_once_nothing_is_open(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        idea_id = make_idea(cast, text="Ask each child")
        db.session.commit()
    admin, path = visit(cast.administrator), "/admin/teams/riverside/close"
    page = admin.get(path)
    assert "It still has 1 open idea" in page.main.replace("\xa0", " ")
    assert not page.has_form(path)
    with app.app_context():
        with pytest.raises(RuleBroken, match="open idea"):
            service.close_team(cast.actor("administrator"), team_id=cast.team, seen_version=1)
        db.session.rollback()
        db.session.execute(
            text(
                "UPDATE ideas SET stage = 'done', outcome = 'withdrawn', "
                "waiting_since = NULL, finished_at = created_at WHERE id = :id"
            ),
            {"id": idea_id},
        )
        db.session.commit()
    done = admin.send(admin.get(path).form(path))
    assert "Riverside is closed." in done.text
    assert "Riverside" not in [link.text for link in done.links()]
    reader = visit(cast.practitioner)
    board = reader.get("/teams/riverside/board")
    assert "This team was closed on" in board.main
    assert reader.get(f"/ideas/{idea_id}").status == 200
    assert admin.post(path, {"csrf_token": admin.csrf_token(), "version": "1"}).status == 303
    with app.app_context():
        someone = actor(cast.practitioner)
        assert someone.roles == frozenset({Role.PRACTITIONER})
        assert someone.team_ids == frozenset()
    opened = admin.send(admin.get("/admin/teams/riverside").form("/admin/teams/riverside/open"))
    assert "Riverside is open again." in opened.text
    with app.app_context():
        assert actor(cast.practitioner).home_team_id == cast.team
    assert visit(cast.manager).get(path).status == 403


def test_a_new_team_may_have_a_name_that_another_gave_up(cast: Cast, context: Flask) -> None:
    admin = cast.actor("administrator")
    service.change_team(
        admin,
        slug="riverside",
        seen_version=1,
        aim="",
        wip=(4, 3, 4),
        name="Weir",
        service_id=None,
    )
    db.session.commit()
    made = service.set_up_team(admin, name="Riverside", aim="", service_id=None, wip=(4, 3, 4))
    assert made == "riverside-2"
    assert queries.team_by_slug(admin, "riverside").name == "Weir", "posters still work"
    assert scalar("SELECT count(*) FROM notices WHERE kind = 'team_changed'") > 0
