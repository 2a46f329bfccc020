"""A phone with a capture pass: what it opens, what it never shows, and every way that it ends."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from improve.accounts import queries, service
from improve.accounts.models import CapturePass
from improve.accounts.roles import Role
from improve.accounts.service.tokens import token_hash
from improve.app import create_app
from improve.ideas.models import Idea
from improve.measures import service as measures
from improve.measures.models import TallyTap
from improve.measures.service import TallyDetails
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from tests.architecture.test_routes import GUARDED, RULES, ask, path_of
from tests.architecture.test_routes import ids as ids  # noqa: PLC0414 - a fixture
from tests.conftest import NOW, test_settings
from tests.factories import PASSWORD, Cast, actor, make_cast, make_idea, make_person
from tests.pages import Page, PageFault, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
COOKIE = "improve-capture"
OVER = "This phone’s pass has ended. Sign in to make a new one."
IDEA = "Send the plan to the family before the meeting"
QUESTION = "Did the family know your name?"
#: All that a pass opens. A new line here is a decision.
OPEN_TO_A_PASS = {
    ("ideas.log_idea", "GET"),
    ("ideas.log_idea", "POST"),
    ("measures.tally", "GET"),
    ("measures.tap", "POST"),
    ("measures.undo_tap", "POST"),
}


def make_tally(app: Flask, who: int, team_id: int, **details: Any) -> int:
    with app.app_context():
        made = measures.make_tally(
            actor(who), team_id=team_id, details=TallyDetails(**{"question": QUESTION, **details})
        )
        db.session.commit()
    return made


@pytest.fixture
def tally_id(app: Flask, cast: Cast) -> int:
    """An open question of the first team."""
    return make_tally(app, cast.manager, cast.team)


def with_pass(visit: Visit, person_id: int) -> Visitor:
    """Return a phone on which the person made a pass and signed out."""
    phone = visit(person_id)
    phone.send(phone.get("/me/settings").form("/me/capture-passes"))
    phone.send(phone.get("/me").form("/sign-out"))
    assert phone.client.get_cookie(COOKIE) is not None
    return phone


def pass_rows(app: Flask) -> list[Any]:
    with app.app_context():
        rows = list(db.session.execute(select(CapturePass.__table__).order_by(text("id"))).all())
        db.session.rollback()
        return rows


def audited(app: Flask) -> list[str]:
    with app.app_context():
        found = db.session.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars()
        return list(found)


def count(app: Flask, table: str) -> int:
    with app.app_context():
        return int(db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def opens(phone: Visitor) -> bool:
    """Return whether the pass of this phone still stands."""
    return phone.client.get("/log").status_code == 200


# ---- making one


def test_a_pass_is_made_by_one_button(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    me = phone.get("/me/settings")
    assert "It opens no board, no chart and no names" in me.text
    done = phone.send(me.form("/me/capture-passes"), button="Make a pass for this phone")
    assert "This phone has a pass until Thu 24 Dec." in done.text
    assert done.link("Log an idea") == "/log"
    assert "This phone. Made today 09:30, ends Thu 24 Dec" in done.main
    (row,) = pass_rows(app)
    assert (row.person_id, row.expires_at) == (cast.practitioner, NOW + timedelta(days=30))
    assert audited(app).count("capture_pass_made") == 1
    me = phone.get("/me/settings")
    assert "This phone has a pass until Thu 24 Dec" in me.text
    assert not me.has_form("/me/capture-passes")


def test_only_a_hash_of_it_is_kept(app: Flask, cast: Cast, visit: Visit) -> None:
    cookie = with_pass(visit, cast.practitioner).client.get_cookie(COOKIE)
    assert cookie is not None
    assert len(cookie.value) >= 43  # 256 bits
    with app.app_context():
        rows = db.session.execute(text("SELECT * FROM capture_passes")).all()
    assert rows
    assert cookie.value not in str(rows)


def test_its_cookie_is_as_close_as_that_of_a_session(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    form = phone.get("/me/settings").form("/me/capture-passes")
    answer = phone.client.post(form.action, data=dict(form.values))
    (told,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(COOKIE)]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={30 * 24 * 3600}"):
        assert part in told
    assert "Domain" not in told


def test_in_production_only_this_host_may_set_it(app: Flask) -> None:
    from improve.accounts.sessions import capture

    secure = create_app({**test_settings("sqlite:///:memory:"), "IS_SECURE": True})
    with secure.test_request_context():
        answer = secure.response_class()
        made = service.MadePass(1, "token", clock.now() + timedelta(days=30))
        capture.give_pass(answer, made)
        told = answer.headers["Set-Cookie"]
    assert told.startswith("__Host-improve-capture=token;")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in told
    assert "Domain" not in told


def test_who_is_in_no_team_is_offered_none(app: Flask, cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    assert not leader.get("/me/settings").has_form("/me/capture-passes")
    answer = leader.post("/me/capture-passes", follow=True)
    assert "You are in no team yet." in answer.text
    assert leader.client.get_cookie(COOKIE) is None
    assert pass_rows(app) == []


def test_the_button_needs_its_token_and_nothing_but_a_post(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    phone = visit(cast.practitioner)
    assert phone.client.get("/me/capture-passes").status_code == 405
    assert phone.client.post("/me/capture-passes", data={}).status_code == 400
    other = visit(cast.colleague).csrf_token()
    answer = phone.client.post("/me/capture-passes", data={"csrf_token": other})
    assert answer.status_code == 400
    assert visit().post("/me/capture-passes").status == 401
    assert pass_rows(app) == []


def test_a_second_pass_on_one_phone_ends_the_first(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    for _ in range(2):
        phone.post("/me/capture-passes")
    first, second = pass_rows(app)
    assert first.ended_at is not None
    assert second.ended_at is None
    # Also when the phone changed hands.
    phone.send(phone.get("/me").form("/sign-out"))
    with app.app_context():
        token = visit(cast.colleague).client.get_cookie("improve")
    assert token is not None
    phone.client.set_cookie("improve", token.value)
    phone.post("/me/capture-passes")
    assert [row.ended_at is None for row in pass_rows(app)] == [False, False, True]
    assert audited(app).count("capture_pass_ended") == 2


def test_an_eleventh_pass_is_refused_in_words(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for _ in range(10):
            service.make_capture_pass(cast.actor("practitioner"), device="Chrome on Android")
        with pytest.raises(RuleBroken, match="You have 10 passes"):
            service.make_capture_pass(cast.actor("practitioner"), device="Chrome on Android")
        db.session.commit()
    page = visit(cast.practitioner).post("/me/capture-passes", follow=True)
    assert "You have 10 passes. End one of them first." in page.text
    assert len(pass_rows(app)) == 10


def test_on_an_own_phone_making_one_asks_the_password_again(
    app: Flask, cast: Cast, visit: Visit, amina: int
) -> None:
    phone = visit()
    form = phone.get("/sign-in").form("/sign-in")
    phone.send(
        form, {"email": "amina@larchdale.example", "password": PASSWORD, "is_own_device": "y"}
    )
    with clock.moved(NOW + timedelta(hours=13)):
        assert phone.post("/me/capture-passes").status == 401
    assert pass_rows(app) == []


# ---- what it opens, and what it does not


def test_only_these_routes_say_that_a_pass_opens_them(app: Flask) -> None:
    found = {
        (rule.endpoint, method)
        for rule in RULES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if getattr(app.view_functions[rule.endpoint], "is_open_to_pass", False)
    }
    assert found == OPEN_TO_A_PASS


def test_a_pass_opens_those_routes_and_no_other(
    app: Flask, cast: Cast, visit: Visit, ids: dict[str, Any]
) -> None:
    """Every route, with a manager's pass: what is not named above answers as to nobody."""
    phone, nobody = with_pass(visit, cast.manager), visit()
    pass_token = token_of(phone.get(f"/tallies/{ids['tally_id']}"))
    token = token_of(phone.get("/sign-in"))
    tables = {"ideas", "comments", "stage_moves", "observations", "measures", "people"}
    before = {table: count(app, table) for table in tables}
    for rule, method in GUARDED:
        path = path_of(rule, ids)
        where = f"{method} {rule.rule}"
        if (rule.endpoint, method) in OPEN_TO_A_PASS:
            assert ask(phone, method, path, pass_token).status in {200, 303, 422}, where
            continue
        page = ask(phone, method, path, token)
        if method == "GET":
            assert page.status == 303, where
            assert "/sign-in" in page.response.headers["Location"], where
            assert "over=" not in page.response.headers["Location"], where
        else:
            assert page.status == 401, where
            # The token of the pass is good for nothing here.
            assert ask(phone, method, path, pass_token).status == 400, where
    assert {table: count(app, table) for table in tables} == before
    for path in ("/", "/help", "/sign-in", "/forgot-password", "/healthz"):
        mine, theirs = phone.client.get(path), nobody.client.get(path)
        assert mine.status_code == theirs.status_code
        assert without_tokens(mine) == without_tokens(theirs), path
        for answer in (mine, theirs):
            answer.close()


def token_of(page: Page) -> str:
    node = page.soup.find("input", attrs={"name": "csrf_token"})
    assert node is not None
    return str(node["value"])  # type: ignore[index]


def without_tokens(answer: TestResponse) -> str:
    return "\n".join(
        line for line in answer.get_data(as_text=True).splitlines() if "csrf_token" not in line
    )


@pytest.mark.parametrize("who", ["manager", "coach"])
def test_whoever_made_it_a_pass_has_the_rights_of_a_practitioner(
    app: Flask, cast: Cast, visit: Visit, who: str
) -> None:
    with app.app_context():
        if who == "coach":
            service.grant_role(
                organisation_id=cast.organisation,
                person_id=cast.coach,
                role=Role.PRACTITIONER,
                team_id=cast.team,
                is_home=True,
            )
            db.session.commit()
        made = service.make_capture_pass(cast.actor(who), device="")
        held = queries.capture_pass_by_token_hash(token_hash(made.token))
        assert held is not None
        assert held.actor.roles == {Role.PRACTITIONER}
        assert held.actor.team_ids == {cast.team}
        db.session.rollback()


def test_a_session_wins_over_a_pass(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    phone.post("/me/capture-passes")
    page = phone.get("/log")
    assert "Signed in as" in page.text
    done = phone.send(page.form("/log"), {"text": IDEA})
    assert done.path.endswith("/sent")


def test_a_forged_cookie_is_nobody(visit: Visit) -> None:
    phone = visit()
    for forged in ("x", "a" * 43, "a" * 2000, "s." + "a" * 43, "'; --"):
        phone.client.set_cookie(COOKIE, forged)
        answer = phone.client.get("/log")
        assert answer.status_code == 303
        assert "/sign-in" in answer.headers["Location"]


# ---- an idea


def test_an_idea_is_logged_to_the_home_team(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_idea(cast, text=IDEA)
        db.session.commit()
    phone = with_pass(visit, cast.practitioner)
    page = phone.get("/log")
    assert page.heading == "Log an idea"
    assert "htmx" not in page.response.get_data(as_text=True)
    for name in ("team_id", "answerer"):
        with pytest.raises(PageFault):
            page.form("/log").with_values({name: "1"})
    # One like it is there already, and is not shown.
    done = phone.send(page.form("/log"), {"text": IDEA, "benefit": "Fewer surprises"})
    assert done.heading == "Sent. Thank you."
    assert done.path == "/log"
    for shown in (page, done):
        # A random token may spell a name.
        body = re.sub(r'value="[\w.-]{30,}"', "", shown.response.get_data(as_text=True))
        for kept in ("Riverside", "Larchdale", *names_of(app), "/ideas/", "/teams/", "/board"):
            assert kept not in body, kept
    with app.app_context():
        idea = db.session.execute(select(Idea).order_by(Idea.id.desc()).limit(1)).scalar_one()
        assert (idea.author_id, idea.team_id) == (cast.practitioner, cast.team)
        assert (idea.suggestion, idea.benefit) == (IDEA, "Fewer surprises")
        logged = db.session.execute(
            select(AuditEntry)
            .where(AuditEntry.action == "idea_logged")
            .order_by(AuditEntry.id.desc())
        ).scalars()
        assert next(iter(logged)).actor_id == cast.practitioner
        db.session.rollback()


def names_of(app: Flask) -> list[str]:
    with app.app_context():
        found = db.session.execute(text("SELECT name FROM people")).scalars()
        return [part for name in found for part in str(name).split()]


def test_a_form_sent_twice_makes_one_idea(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = with_pass(visit, cast.practitioner)
    form = phone.get("/log").form("/log")
    for _ in range(2):
        assert phone.send(form, {"text": IDEA}).heading == "Sent. Thank you."
    assert count(app, "ideas") == 1


def test_a_refused_idea_keeps_what_was_typed(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = with_pass(visit, cast.practitioner)
    page = phone.send(phone.get("/log").form("/log"), {"text": "", "benefit": "Calmer"})
    assert page.status == 422
    assert page.errors == ["Write your idea in a sentence or two"]
    assert dict(page.form("/log").values)["benefit"] == "Calmer"
    assert count(app, "ideas") == 0


def test_words_that_may_identify_are_read_again(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = with_pass(visit, cast.practitioner)
    words = "Ring Mrs Sarah Jones born 12/03/2014 first"
    page = phone.send(phone.get("/log").form("/log"), {"text": words})
    assert page.heading == "This may identify someone"
    assert count(app, "ideas") == 0
    back = phone.send(page.form("/log"), button="Change it")
    assert dict(back.form("/log").values)["text"] == words
    assert phone.send(page.form("/log"), button="It’s fine, continue").heading == "Sent. Thank you."
    assert count(app, "ideas") == 1


def test_forged_fields_change_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = with_pass(visit, cast.practitioner)
    data = {
        **dict(phone.get("/log").form("/log").values),
        "text": IDEA,
        "team_id": str(cast.other_team),
        "answerer": "coach",
        "author_id": str(cast.manager),
        "person_id": str(cast.manager),
        "stage": "done",
    }
    assert phone.client.post("/log", data=data).status_code == 303
    with app.app_context():
        idea = db.session.execute(select(Idea)).scalar_one()
        assert (idea.author_id, idea.team_id) == (cast.practitioner, cast.team)
        assert (idea.answerer, idea.stage) == ("manager", "suggested")
        db.session.rollback()


def test_a_home_team_that_closed_is_told(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = with_pass(visit, cast.practitioner)
    with app.app_context():
        db.session.execute(
            text("UPDATE teams SET closed_on = '2026-11-01' WHERE slug = 'riverside'")
        )
        db.session.commit()
    page = phone.send(phone.get("/log").form("/log"), {"text": IDEA})
    assert page.errors == ["Your home team is closed. Sign in to log this for another team."]
    assert dict(page.form("/log").values)["text"] == IDEA


def test_a_lost_phone_cannot_fill_a_board(limited: Flask) -> None:
    with limited.app_context():
        cast = make_cast()
        db.session.commit()

    def visit(person_id: int) -> Visitor:
        return Visitor(limited, person_id)

    phone, signed_in = with_pass(visit, cast.practitioner), visit(cast.practitioner)
    empty = {**dict(phone.get("/log").form("/log").values), "text": ""}
    own = {**dict(signed_in.get("/log").form("/log").values), "text": ""}
    statuses = [phone.client.post("/log", data=empty).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    assert phone.client.get("/log").status_code == 200
    # Others behind the same address go on, and so does whoever signs in.
    assert signed_in.client.post("/log", data=own).status_code == 422


# ---- a form of another


@pytest.mark.parametrize("token", ["", "nonsense", "nobody's", "of a session", "of another pass"])
def test_a_form_is_good_with_its_own_pass_only(
    app: Flask, cast: Cast, visit: Visit, tally_id: int, token: str
) -> None:
    phone = with_pass(visit, cast.practitioner)
    if token == "nobody's":
        token = visit().csrf_token()
    elif token == "of a session":
        token = visit(cast.practitioner).csrf_token()
    elif token == "of another pass":
        token = token_of(with_pass(visit, cast.practitioner).get("/log"))
    for path, data in (
        ("/log", {"text": IDEA, "source": "own"}),
        (f"/tallies/{tally_id}/taps", {"key": "a" * 32, "answer": "1"}),
        (f"/tallies/{tally_id}/undo", {"key": "a" * 32}),
    ):
        answer = phone.client.post(path, data={**data, "csrf_token": token})
        assert answer.status_code == 400, path
    good = {"text": IDEA, "source": "own", "csrf_token": token_of(phone.get("/log"))}
    answer = phone.client.post("/log", data=good, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert (count(app, "ideas"), count(app, "tally_taps")) == (0, 0)
    assert phone.client.post("/log", data=good).status_code == 303


# ---- taps


def test_taps_are_counted_and_taken_back(
    app: Flask, cast: Cast, visit: Visit, tally_id: int
) -> None:
    phone = with_pass(visit, cast.practitioner)
    page = phone.get(f"/tallies/{tally_id}")
    assert page.heading == QUESTION
    for kept in ("This week so far", "Riverside", "Rowan", f"/tallies/{tally_id}/week"):
        assert kept not in page.response.get_data(as_text=True)
    page = phone.send(page.form("/taps"), button="Yes")
    assert "Counted: Yes" in page.text
    page = phone.send(page.form("/undo"), button="Undo last tap")
    assert "Taken back." in page.text
    key = secrets.token_hex(16)
    data = {"csrf_token": token_of(page), "key": key, "answer": "0", "week": "2026-11-23"}
    for _ in range(2):
        answer = phone.client.post(
            f"/tallies/{tally_id}/taps", data=data, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 204
    with app.app_context():
        taps = db.session.execute(
            select(TallyTap.answer, TallyTap.is_undone).order_by(TallyTap.answer)
        ).all()
        assert [tuple(tap) for tap in taps] == [(0, False), (1, True)]


def test_a_tap_leaves_no_person(app: Flask, cast: Cast, visit: Visit, tally_id: int) -> None:
    """Of the whole database, a tap by a pass changes the taps, and in them nobody is named."""
    phone = with_pass(visit, cast.practitioner)
    page = phone.get(f"/tallies/{tally_id}")

    def everything() -> dict[str, Any]:
        with app.app_context():
            return {
                table.name: sorted(map(str, db.session.execute(select(table)).all()))
                for table in db.metadatas[None].sorted_tables
            }

    with clock.moved(NOW + timedelta(hours=2)):
        before = everything()
        phone.send(page.form("/taps"), button="Yes")
        after = everything()
    assert {name for name in after if after[name] != before[name]} == {"tally_taps"}
    with app.app_context():
        columns = set(TallyTap.__table__.columns.keys())
    assert columns == {"id", "tally_id", "week_on", "answer", "is_undone"}


def test_a_tally_of_another_team_is_not_there(app: Flask, cast: Cast, visit: Visit) -> None:
    hillside = make_tally(app, cast.other_manager, cast.other_team)
    with app.app_context():
        manager = make_person(
            cast.other_organisation, role=Role.MANAGER, team_id=cast.outsider_team
        )
        db.session.commit()
    elsewhere = make_tally(app, manager, cast.outsider_team)
    phone = with_pass(visit, cast.practitioner)
    token = token_of(phone.get("/log"))
    bodies = set()
    for tally in (hillside, elsewhere, 9_999):
        page = phone.get(f"/tallies/{tally}")
        assert page.status == 404
        bodies.add(page.main)
        for tail, data in (("taps", {"answer": "1"}), ("undo", {})):
            answer = phone.client.post(
                f"/tallies/{tally}/{tail}", data={"csrf_token": token, "key": "a" * 32, **data}
            )
            assert answer.status_code == 404
    assert len(bodies) == 1
    assert count(app, "tally_taps") == 0


# ---- the end of one


@pytest.mark.parametrize(
    "ended_by",
    ["time", "its owner", "an administrator", "password", "reset", "closed", "last day", "others"],
)
def test_a_pass_ends(app: Flask, cast: Cast, visit: Visit, amina: int, ended_by: str) -> None:
    phone = with_pass(visit, amina)
    moment = NOW
    assert opens(phone)
    with app.app_context():
        admin, owner = cast.actor("administrator"), actor(amina)
        if ended_by == "time":
            moment += timedelta(days=30)
        elif ended_by == "its owner":
            service.end_capture_pass(owner, pass_id=1)
        elif ended_by == "an administrator":
            service.end_sessions_of(admin, person_id=amina)
        elif ended_by == "password":
            service.change_password(
                owner, session_id=0, current=PASSWORD, password="another four words here"
            )
        elif ended_by == "reset":
            reset(app, amina)
        elif ended_by == "closed":
            service.disable_person(admin, person_id=amina)
            service.enable_person(admin, person_id=amina)
        elif ended_by == "last day":
            db.session.execute(
                text("UPDATE people SET ends_on = '2026-11-24' WHERE id = :id"), {"id": amina}
            )
            moment += timedelta(days=1)
        else:
            service.end_other_devices(owner, keep_session_id=0)
        db.session.commit()
    with clock.moved(moment):
        assert not opens(phone)
        page = phone.get("/log")
        assert page.heading == "Sign in"
        assert OVER in page.text
        assert dict(page.form("/sign-in").values)["next"] == "/log"


def reset(app: Flask, person_id: int) -> None:
    addresses: list[str] = []
    post = service.Post(
        address_of=lambda token: addresses.append(token) or token,  # type: ignore[func-returns-value]
        has_mail=True,
        site_name="Improve",
    )
    service.ask_for_reset(email="amina@larchdale.example", post=post)
    service.reset_password(
        secret=app.config["SECRET_KEY"], token=addresses[0], password="another four words here"
    )


def test_use_never_makes_it_last_longer(
    app: Flask, cast: Cast, visit: Visit, tally_id: int
) -> None:
    phone = with_pass(visit, cast.practitioner)
    with clock.moved(NOW + timedelta(days=29, hours=23)):
        page = phone.get(f"/tallies/{tally_id}")
        phone.send(page.form("/taps"), button="Yes")
        assert opens(phone)
    with clock.moved(NOW + timedelta(days=30)):
        assert not opens(phone)
    assert pass_rows(app)[0].expires_at == NOW + timedelta(days=30)


def test_a_change_of_team_is_followed(app: Flask, cast: Cast, visit: Visit, tally_id: int) -> None:
    """Rights are read at each use: who left a team taps its questions no more."""
    phone = with_pass(visit, cast.practitioner)
    with app.app_context():
        shown = queries.person_view(cast.actor("administrator"), cast.practitioner)
        service.change_roles(
            cast.actor("administrator"),
            person_id=cast.practitioner,
            in_teams={cast.other_team: Role.PRACTITIONER},
            across=frozenset(),
            home_team_id=cast.other_team,
            seen_version=shown.version,
        )
        db.session.commit()
    assert phone.get(f"/tallies/{tally_id}").status == 404
    phone.send(phone.get("/log").form("/log"), {"text": IDEA})
    with app.app_context():
        assert db.session.execute(select(Idea.team_id)).scalar_one() == cast.other_team


def test_words_sent_after_the_end_are_kept_through_a_sign_in(
    app: Flask, cast: Cast, visit: Visit, amina: int
) -> None:
    phone = with_pass(visit, amina)
    form = phone.get("/log").form("/log")
    with app.app_context():
        service.end_sessions_of(cast.actor("administrator"), person_id=amina)
        db.session.commit()
    page = phone.send(form, {"text": IDEA, "benefit": "Calmer"})
    assert page.status == 401
    assert f"{OVER} What you typed is kept" in page.text
    assert count(app, "ideas") == 0
    page = phone.send(
        page.form("/sign-in"), {"email": "amina@larchdale.example", "password": PASSWORD}
    )
    assert page.heading == "Welcome back"
    page = phone.send(page.form("/log"), button="Back to your words")
    values = dict(page.form("/log").values)
    assert (values["text"], values["benefit"]) == (IDEA, "Calmer")
    assert count(app, "ideas") == 0


def test_words_of_a_pass_do_not_come_back_to_another(
    app: Flask, cast: Cast, visit: Visit, amina: int
) -> None:
    phone = with_pass(visit, cast.practitioner)
    form = phone.get("/log").form("/log")
    with clock.moved(NOW + timedelta(days=31)):
        page = phone.send(form, {"text": IDEA})
        page = phone.send(
            page.form("/sign-in"), {"email": "amina@larchdale.example", "password": PASSWORD}
        )
        assert page.path == "/teams/riverside/board"
        assert IDEA not in page.text


def test_a_form_of_an_ended_session_stays_that_sessions(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    """The phone has a pass, and a form that was opened signed in: the words wait for a sign-in."""
    phone = visit(cast.practitioner)
    phone.post("/me/capture-passes")
    form = phone.get("/log").form("/log")
    with clock.moved(NOW + timedelta(hours=13)):
        page = phone.send(form, {"text": IDEA})
        assert page.status == 401
        assert "You were signed out to keep things safe. What you typed is kept" in page.text
        assert opens(phone), "the pass itself still stands"
    with clock.moved(NOW + timedelta(hours=13)):
        phone.client.delete_cookie("improve")
        assert (
            phone.send(phone.get("/log").form("/log"), {"text": IDEA}).heading == "Sent. Thank you."
        )


def test_one_ends_a_pass_where_the_devices_are(app: Flask, cast: Cast, visit: Visit) -> None:
    phone, desk = with_pass(visit, cast.practitioner), visit(cast.practitioner)
    page = desk.get("/me/devices")
    assert "Phones with a pass" in page.text
    done = desk.send(page.form("/me/capture-passes/1/end"))
    assert "That pass has ended." in done.text
    assert "Phones with a pass" not in done.text
    assert not opens(phone)
    # Twice is harmless, and noted once.
    assert desk.post("/me/capture-passes/1/end").status == 303
    assert audited(app).count("capture_pass_ended") == 1


def test_ending_the_pass_of_this_phone_takes_its_cookie(cast: Cast, visit: Visit) -> None:
    phone = visit(cast.practitioner)
    phone.post("/me/capture-passes")
    phone.send(phone.get("/me/devices").form("/me/capture-passes/1/end"))
    assert phone.client.get_cookie(COOKIE) is None
    answer = visit().client.get("/log")
    assert "over=" not in answer.headers["Location"]


def test_nobody_ends_the_pass_of_another(app: Flask, cast: Cast, visit: Visit) -> None:
    phone = with_pass(visit, cast.practitioner)
    for who in (cast.colleague, cast.manager, cast.administrator, cast.outsider):
        other = visit(who)
        assert other.post("/me/capture-passes/1/end").status == 404
        assert "Phones with a pass" not in other.get("/me/devices").text
    with app.app_context(), pytest.raises(NotFound):
        service.end_capture_pass(cast.actor("manager"), pass_id=99)
    assert opens(phone)


def test_signing_the_others_out_keeps_the_pass_of_this_phone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    other = with_pass(visit, cast.practitioner)
    phone = visit(cast.practitioner)
    phone.post("/me/capture-passes")
    phone.send(phone.get("/me/devices").form("/me/devices/end-others"))
    assert not opens(other)
    phone.send(phone.get("/me").form("/sign-out"))
    assert opens(phone)


def test_old_passes_are_thrown_away(app: Flask, cast: Cast, visit: Visit) -> None:
    with_pass(visit, cast.practitioner)
    for days, left in ((119, 1), (121, 0)):
        with app.app_context(), clock.moved(NOW + timedelta(days=days)):
            service.purge_access()
            db.session.commit()
        assert len(pass_rows(app)) == left


def test_opening_with_a_pass_takes_few_statements(
    app: Flask, cast: Cast, visit: Visit, tally_id: int, statements: Watch
) -> None:
    phone = with_pass(visit, cast.practitioner)
    with statements() as seen:
        phone.get("/log")
    assert len(seen) == 1
    with statements() as seen:
        phone.get(f"/tallies/{tally_id}")
    assert len(seen) == 2
