"""The page of all that is blocked: for whom, by level, service and team, and in pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.roles import Role
from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer, Stage, Unblocker
from improve.ideas.queries import blocked_page
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea, make_person, make_team
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


def block(cast: Cast, idea_id: int, *, level: Unblocker = Unblocker.TEAM, days: int = 0) -> int:
    """Mark an idea blocked, so many days ago; return its id."""
    with clock.moved(clock.now() - timedelta(days=days)):
        ideas.mark_blocked(
            actor(cast.manager),
            idea_id=idea_id,
            reason=f"The licence needs one signature ({idea_id})",
            who="Head of service",
            level=level,
        )
    return idea_id


def test_nothing_one_and_the_longest_first(app: Flask, cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    assert "Nothing is blocked." in leader.get("/blocked").main
    with app.app_context():
        late = block(cast, make_idea(cast, text="Picture cards"), level=Unblocker.DIRECTOR, days=22)
        block(cast, make_idea(cast, text="Quiet room"))
        done = make_idea(cast, text="Not blocked")
        db.session.commit()
    page = leader.get("/blocked")
    assert page.main.index("Picture cards") < page.main.index("Quiet room")
    assert "Not blocked" not in page.main
    assert "A director" in page.main
    assert "for 22 days" in page.main
    assert f"licence needs one signature ({late})" in page.main
    assert not page.has_form("/unblock")  # a leader is of no team
    assert done


def test_filters_and_a_way_out(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        service = accounts.add_service(organisation_id=cast.organisation, name="Children in care")
        placed = make_team(cast.organisation, "Leaving Care", service_id=service)
        block(cast, make_idea(cast, text="Picture cards"), level=Unblocker.DIRECTOR)
        block(cast, make_idea(cast, text="Quiet room"))
        theirs = make_idea(cast, text="A phone each", team_id=placed)
        ideas.mark_blocked(actor(cast.coach), idea_id=theirs, reason="Money", who="A director")
        db.session.commit()
    leader = visit(cast.leader)

    def shown(query: str) -> set[str]:
        page = leader.get(f"/blocked?{query}")
        return {t for t in ("Picture cards", "Quiet room", "A phone each") if t in page.main}

    assert shown("") == {"Picture cards", "Quiet room", "A phone each"}
    assert shown("level=director") == {"Picture cards"}
    assert shown("level=team") == {"Quiet room", "A phone each"}
    assert shown(f"service={service}") == {"A phone each"}
    assert shown(f"team={cast.team}&level=director") == {"Picture cards"}
    assert shown("level=nonsense&team=-1&service=x&page=99") == shown("")
    nothing = leader.get("/blocked?level=partner")
    assert "Nothing blocked here." in nothing.main
    assert "Showing 0 of 3." in nothing.main


def test_a_manager_unblocks_from_here(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = block(cast, make_idea(cast, text="Quiet room"))
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.send(sam.get("/blocked").form("/unblock"))
    assert "It can go on again." in page.main
    assert "Nothing is blocked." in page.main
    assert made
    assert not visit(cast.other_manager).get("/blocked").has_form("/unblock")


def test_who_may_not(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        block(cast, make_idea(cast, text="Quiet room"))
        hidden = make_idea(cast, text="For a coach", answerer=Answerer.COACH)
        ideas.mark_blocked(actor(cast.coach), idea_id=hidden, reason="x", who="y")
        db.session.commit()
    for person in (cast.practitioner, cast.guest, cast.administrator, cast.voices_reader):
        assert visit(person).get("/blocked").status == 403
    assert "Quiet room" not in visit(cast.outsider).get("/blocked").main
    assert "For a coach" not in visit(cast.leader).get("/blocked").main
    assert "For a coach" in visit(cast.coach).get("/blocked").main


def test_hundreds_in_pages_and_few_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        first = make_idea(cast, text="Blocked the longest")
        at = (clock.now() - timedelta(days=40)).replace(tzinfo=None)
        columns = [
            row[0]
            for row in db.session.execute(text("SELECT * FROM ideas LIMIT 0")).cursor.description  # type: ignore[union-attr]
            if row[0] not in {"id", "form_token", "blocked_at", "blocked_reason", "blocked_who"}
        ]
        names = ", ".join(columns)
        for n in range(300):
            db.session.execute(
                text(
                    f"INSERT INTO ideas ({names}, form_token, blocked_at, blocked_reason, "
                    f"blocked_who) SELECT {names}, :token, :at, 'Money', 'x' FROM ideas "
                    "WHERE id = :i"
                ),
                {"token": f"many-{n}", "at": at + timedelta(hours=n), "i": first},
            )
        db.session.commit()
    coach = visit(cast.coach)
    coach.get("/blocked")
    with statements() as seen:
        page = coach.get("/blocked?page=2")
    assert len(seen) <= 8
    assert "Page 2 of 10" in page.main
    assert len(page.soup.select(".blocked-row")) == 30
    with app.app_context():
        assert blocked_page(actor(cast.coach), page=99).page == 10


def test_the_level_is_asked_kept_and_shown(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = idea_in(cast, Stage.DO)
        db.session.commit()
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{made}/blocked").form("/blocked")
    sent = {"reason": "A signature", "who": "Florence", "level": "director"}
    page = jo.send(form, sent)
    assert "Needed from: a director" in page.main
    changed = jo.get(f"/ideas/{made}/blocked")
    assert changed.soup.select_one("option[value=director][selected]")
    assert "Needed from: a director" in jo.get(f"/ideas/{made}/history").main
    jo.send(page.form("/unblock"))
    unknown = jo.send(form, {**sent, "level": "king"})
    assert "Needed from" not in unknown.main  # what is not offered counts as the own manager
    with app.app_context():
        level = db.session.execute(text("SELECT blocked_from FROM ideas")).scalar_one()
    assert level == "team"


def test_first_replies_are_a_count_for_each_service(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        care = accounts.add_service(organisation_id=cast.organisation, name="Children in care")
        help_ = accounts.add_service(organisation_id=cast.organisation, name="A help service")
        placed = make_team(cast.organisation, "Leaving Care", service_id=care)
        other = make_team(cast.organisation, "Front Door", service_id=help_)
        head = make_person(cast.organisation, name="Hal Head", role=None)
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=head,
            role=Role.LEADER,
            service_id=care,
        )
        with clock.moved(clock.now() - timedelta(days=7)):
            for team in (placed, placed, other):
                make_idea(cast, team_id=team)
        make_idea(cast, team_id=placed)
        db.session.commit()
    page = visit(cast.leader).get("/blocked")
    assert "Children in care: 2 ideas wait 5 working days or longer" in page.main
    assert page.main.index("A help service") < page.main.index("Children in care")
    assert "Leaving Care" not in page.soup.select_one(".waiting-services").get_text()  # type: ignore[union-attr]
    of_one = visit(head).get("/blocked").main
    assert "Children in care: 2 ideas" in of_one
    assert "A help service:" not in of_one
    assert "or longer" not in visit(cast.manager).get("/blocked").main
