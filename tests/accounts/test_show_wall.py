"""A screen on a wall: how it is let in, all that it opens, and every way that it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy import select, text

from improve.accounts import queries, service
from improve.accounts.models import WallDevice
from improve.accounts.roles import Permission, Role, has_any, may
from improve.accounts.service.tokens import token_hash
from improve.accounts.sessions import walls
from improve.app import create_app
from improve.shared import clock, contributions
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken
from tests.architecture.test_routes import GUARDED, RULES, ask, path_of
from tests.architecture.test_routes import ids as ids  # noqa: PLC0414 - a fixture
from tests.conftest import NOW, test_settings
from tests.factories import Cast, make_idea
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
COOKIE = "improve-wall"
WALLS = "/teams/riverside/walls"
WRONG = "This code is not right, was used before, or its time has run out."
#: All that a wall opens, besides its own page. A new line here is a decision.
OPEN_TO_A_WALL = {("accounts.wall_colours", "POST")}
SECRET = str(test_settings("sqlite:///:memory:")["SECRET_KEY"])


def code_of(page: Page) -> str:
    node = page.soup.select_one(".wall-code-large [aria-hidden]")
    assert node is not None
    return node.get_text()


def make_code(visit: Visit, person_id: int, name: str = "Kitchen TV") -> str:
    maker = visit(person_id)
    made = maker.send(maker.get(WALLS).form("/walls"), {"name": name})
    assert made.status == 200
    return code_of(made)


def as_wall(visit: Visit, cast: Cast, name: str = "Kitchen TV") -> Visitor:
    """Return a screen that is the wall of the first team."""
    screen = visit()
    shown = screen.send(
        screen.get("/wall").form("/wall"), {"code": make_code(visit, cast.manager, name)}
    )
    assert shown.heading == "Riverside"
    return screen


def rows(app: Flask) -> list[Any]:
    with app.app_context():
        found = list(db.session.execute(select(WallDevice.__table__).order_by(text("id"))).all())
        db.session.rollback()
        return found


def audited(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        found = db.session.execute(
            select(AuditEntry.action, AuditEntry.actor_id)
            .where(AuditEntry.object_kind == "wall")
            .order_by(AuditEntry.id)
        ).all()
        return [(row.action, row.actor_id) for row in found]


def end(app: Flask, cast: Cast, wall_id: int) -> None:
    with app.app_context():
        service.end_wall(cast.actor("manager"), team_id=cast.team, wall_id=wall_id)
        db.session.commit()


def token_of(page: Page) -> str:
    node = page.soup.find("input", attrs={"name": "csrf_token"})
    assert node is not None
    return str(node["value"])  # type: ignore[index]


# ---- making one


@pytest.mark.parametrize("who", ["manager", "coach"])
def test_who_plans_huddles_makes_a_code(app: Flask, cast: Cast, visit: Visit, who: str) -> None:
    code = make_code(visit, getattr(cast, who)).replace("\u00a0", "")
    assert len(code) == 8
    assert not set(code) & set("0O1IL2Z5S68BUV")
    (row,) = rows(app)
    assert (row.name, row.team_id, row.started_at) == ("Kitchen TV", cast.team, None)
    assert row.code_expires_at == NOW + timedelta(minutes=30)
    assert code not in str(row), "only a hash of it is kept"
    assert audited(app) == [("wall_made", getattr(cast, who))]
    listed = visit(cast.manager).get(WALLS)
    assert "Its code was not typed in yet. It works until 10:00." in listed.main
    assert code not in listed.text.replace(" ", ""), "it is shown once"


@pytest.mark.parametrize("who", ["manager", "coach"])
def test_the_days_of_a_team_lead_to_its_screens(cast: Cast, visit: Visit, who: str) -> None:
    person = visit(getattr(cast, who))
    days = person.get("/teams/riverside/huddles/settings")
    assert person.follow(days, "Wall screens").heading == "Wall screens of Riverside"


@pytest.mark.parametrize("who", ["practitioner", "leader", "other_manager"])
def test_others_make_none(cast: Cast, visit: Visit, who: str) -> None:
    assert visit(getattr(cast, who)).get(WALLS).status == 403


def test_another_council_finds_no_walls(app: Flask, cast: Cast, visit: Visit) -> None:
    make_code(visit, cast.manager)
    outsider = visit(cast.outsider)
    assert "These screens" not in outsider.get(WALLS).text  # their own team of that name
    (row,) = rows(app)
    assert outsider.get(f"{WALLS}/{row.id}/end").status == 404


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_name_is_refused_in_words(app: Flask, cast: Cast, visit: Visit, name: str) -> None:
    maker = visit(cast.manager)
    page = maker.send(maker.get(WALLS).form("/walls"), {"name": name})
    assert page.status == 422
    assert page.error_for("name")
    assert rows(app) == []


def test_making_it_again_makes_a_fresh_code_for_the_same_screen(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    first, second = make_code(visit, cast.manager), make_code(visit, cast.manager, "kitchen tv")
    assert len(rows(app)) == 1
    screen = visit()
    form = screen.get("/wall").form("/wall")
    assert screen.send(form, {"code": first}).error_for("code") == "Error: " + WRONG
    assert screen.send(form, {"code": second}).heading == "Riverside"


def test_a_standing_screen_keeps_its_name(app: Flask, cast: Cast, visit: Visit) -> None:
    as_wall(visit, cast)
    maker = visit(cast.manager)
    page = maker.send(maker.get(WALLS).form("/walls"), {"name": "KITCHEN TV"})
    assert page.status == 422
    assert page.error_for("name") == "Error: There is a screen called Kitchen TV already."


def test_an_eleventh_screen_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for number in range(10):
            service.make_wall(
                cast.actor("manager"), secret="x", team_id=cast.team, name=f"TV {number}"
            )
        with pytest.raises(RuleBroken, match="The team has 10 screens"):
            service.make_wall(cast.actor("manager"), secret="x", team_id=cast.team, name="TV 11")


def test_a_closed_team_gets_no_screen(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE teams SET closed_on = '2026-11-24'"))
        with pytest.raises(RuleBroken, match="This team is closed"):
            service.make_wall(cast.actor("coach"), secret="x", team_id=cast.team, name="TV")
        # Nobody manages a team that is closed.
        with pytest.raises(Forbidden, match="Only this team’s manager or a coach"):
            service.make_wall(cast.actor("manager"), secret="x", team_id=cast.team, name="TV")


def all_at_once(app: Flask, act: Callable[[int], Any]) -> list[Any]:
    """Have four do the same at the same moment; return what each got, None for a refusal."""
    gate, got = threading.Barrier(4), []

    def go(number: int) -> None:
        with app.app_context():
            # A connection is at hand before the moment comes.
            db.session.execute(text("SELECT 1"))
            db.session.rollback()
            gate.wait(20)
            try:
                made = act(number)
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
                made = None
            got.append(made)
            db.session.remove()

    # Each thread keeps the clock of this test.
    threads = [threading.Thread(target=copy_context().run, args=(go, n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


def test_pressed_twice_at_once_there_is_one_screen_with_one_good_code(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        db.session.rollback()
    made = all_at_once(
        app,
        lambda _: service.make_wall(manager, secret=SECRET, team_id=cast.team, name="Kitchen TV"),
    )
    assert len(rows(app)) == 1
    assert len({wall.id for wall in made}) == 1
    with app.app_context():
        good = 0
        for wall in made:
            try:
                service.begin_wall(secret=SECRET, code=wall.code)
            except RuleBroken:
                continue
            good += 1
        db.session.rollback()
    assert good == 1


def test_of_four_screens_that_type_one_code_one_gets_in(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = service.make_wall(
            cast.actor("manager"), secret=SECRET, team_id=cast.team, name="Kitchen TV"
        )
        db.session.commit()
    begun = all_at_once(app, lambda _: service.begin_wall(secret=SECRET, code=made.code))
    assert sum(wall is not None for wall in begun) == 1


# ---- letting it in


def test_the_code_lets_a_screen_in_and_works_once(app: Flask, cast: Cast, visit: Visit) -> None:
    code = make_code(visit, cast.manager)
    screen, other = visit(), visit()
    page = screen.get("/wall")
    assert page.heading == "Show a team’s wall on this screen"
    shown = screen.send(page.form("/wall"), {"code": f" {code.lower()[:4]}-{code[5:].lower()} "})
    assert (shown.path, shown.heading) == ("/wall", "Riverside")
    refused = other.send(other.get("/wall").form("/wall"), {"code": code})
    assert (refused.status, refused.error_for("code")) == (422, "Error: " + WRONG)
    (row,) = rows(app)
    assert row.code_hash is None
    assert row.started_at == NOW
    cookie = screen.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value not in str(row)
    assert [act for act, _ in audited(app)] == ["wall_made", "wall_begun", "wall_code_refused"]
    assert "Shows the wall since today 09:30" in visit(cast.manager).get(WALLS).main


def test_the_link_asks_for_one_press(app: Flask, cast: Cast, visit: Visit) -> None:
    code = make_code(visit, cast.manager).replace("\u00a0", "")
    scanner, screen = visit(), visit()
    for _ in range(3):
        assert scanner.get(f"/wall/{code}").status == 200
    assert rows(app)[0].started_at is None, "looking at a link uses nothing up"
    page = screen.get(f"/wall/{code}")
    assert page.soup.find("input", attrs={"name": "code", "type": "hidden"})
    assert screen.send(page.form("/wall"), button="Show the wall").heading == "Riverside"


def test_a_wrong_link_looks_like_a_right_one_until_it_is_pressed(visit: Visit, cast: Cast) -> None:
    right = make_code(visit, cast.manager).replace("\u00a0", "")
    screen = visit()
    pages = [screen.get(f"/wall/{code}") for code in (right, "KXRM4T7Q")]
    assert pages[0].main == pages[1].main
    refused = screen.send(pages[1].form("/wall"), button="Show the wall")
    assert (refused.status, refused.error_for("code")) == (422, "Error: " + WRONG)


def test_a_code_is_over_after_half_an_hour(cast: Cast, visit: Visit) -> None:
    code = make_code(visit, cast.manager)
    screen = visit()
    with clock.moved(NOW + timedelta(minutes=30, seconds=1)):
        page = screen.send(screen.get("/wall").form("/wall"), {"code": code})
    assert (page.status, page.error_for("code")) == (422, "Error: " + WRONG)


@pytest.mark.parametrize("typed", ["", "KXRM 4T7Q", "'; --", "x" * 41, "ß" * 8, "\u202e" * 8])
def test_what_is_no_code_is_refused(cast: Cast, visit: Visit, typed: str) -> None:
    screen = visit()
    page = screen.send(screen.get("/wall").form("/wall"), {"code": typed})
    assert page.status == 422
    assert page.error_for("code")
    assert screen.client.get_cookie(COOKIE) is None


def test_guessing_waits_longer_and_longer(app: Flask, cast: Cast, visit: Visit) -> None:
    code = make_code(visit, cast.manager)
    screen = visit()
    form = screen.get("/wall").form("/wall")
    for _ in range(23):
        assert screen.send(form, {"code": "KXRM4T7Q"}).status == 422
    page = screen.send(form, {"code": code})
    assert page.status == 429
    assert "Wait 2 seconds and try again." in page.errors
    with clock.moved(NOW + timedelta(seconds=3)):
        assert screen.send(form, {"code": code}).heading == "Riverside"


def test_guesses_from_one_address_are_limited(limited: Flask) -> None:
    client = limited.test_client()
    page = Page(client.get("/wall"), "/wall")
    for _ in range(30):
        client.post("/wall", data={"csrf_token": token_of(page), "code": ""}).close()
    assert client.post("/wall", data={"csrf_token": token_of(page), "code": ""}).status_code == 429


def test_whoever_is_signed_in_on_the_screen_is_signed_out(cast: Cast, visit: Visit) -> None:
    code = make_code(visit, cast.manager)
    screen = visit(cast.manager)
    page = screen.get("/wall")
    assert "This browser is signed in as Sam Alder." in page.main
    assert screen.send(page.form("/wall"), {"code": code}).heading == "Riverside"
    assert screen.get("/me", follow=False).status == 303


def test_a_capture_pass_of_the_screen_ends(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = service.make_capture_pass(cast.actor("practitioner"), device="Firefox on Linux")
        db.session.commit()
    screen = visit()
    screen.client.set_cookie("improve-capture", made.token)
    assert screen.get("/log").status == 200, "it logs ideas as Amina"
    page = screen.get("/wall")
    assert "Ideas logged on this browser are Amina Birch’s." in page.main
    code = make_code(visit, cast.manager)
    assert screen.send(page.form("/wall"), {"code": code}).heading == "Riverside"
    assert screen.client.get_cookie("improve-capture") is None
    screen.client.set_cookie("improve-capture", made.token)
    assert screen.get("/log", follow=False).status != 200, "and it ended, not only its cookie"


def test_its_cookie_is_as_close_as_that_of_a_session(cast: Cast, visit: Visit) -> None:
    screen = visit()
    form = screen.get("/wall").form("/wall")
    data = {**dict(form.values), "code": make_code(visit, cast.manager)}
    answer = screen.client.post("/wall", data=data)
    (told,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(COOKIE)]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={400 * 24 * 3600}"):
        assert part in told
    assert "Domain" not in told
    secure = create_app({**test_settings("sqlite:///:memory:"), "IS_SECURE": True})
    with secure.test_request_context():
        given = Response()
        walls.give_wall(given, "token")
        told = given.headers["Set-Cookie"]
    assert told.startswith("__Host-improve-wall=token;")
    assert "Secure" in told


# ---- what it opens, and what it does not


def test_only_these_routes_say_that_a_wall_opens_them(app: Flask) -> None:
    found = {
        (rule.endpoint, method)
        for rule in RULES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if getattr(app.view_functions[rule.endpoint], "is_open_to_wall", False)
    }
    assert found == OPEN_TO_A_WALL


def test_a_wall_opens_those_routes_and_no_other(
    app: Flask, cast: Cast, visit: Visit, ids: dict[str, Any]
) -> None:
    """Every route, with the wall of a team: what is not named above answers as to nobody."""
    screen = as_wall(visit, cast, "Hall screen")
    wall_token = token_of(screen.get("/wall"))
    token = token_of(screen.get("/sign-in"))
    for rule, method in GUARDED:
        path = path_of(rule, ids)
        where = f"{method} {rule.rule}"
        if (rule.endpoint, method) in OPEN_TO_A_WALL:
            assert ask(screen, method, path, wall_token).status in {200, 303}, where
            assert ask(screen, method, path, token).status == 400, where
            continue
        page = ask(screen, method, path, token)
        if method == "GET":
            assert page.status == 303, where
            assert "/sign-in" in page.response.headers["Location"], where
        else:
            assert page.status == 401, where
            # The token of the wall is good for nothing here.
            assert ask(screen, method, path, wall_token).status == 400, where
    assert screen.get("/", follow=False).response.headers["Location"].endswith("/sign-in")


def test_a_wall_may_see_the_wall_of_its_team_and_nothing_else(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = service.make_wall(
            cast.actor("manager"), secret=SECRET, team_id=cast.team, name="Kitchen TV"
        )
        begun = service.begin_wall(secret=SECRET, code=made.code)
        held = queries.wall_by_token_hash(token_hash(begun.token))
        assert held is not None
        assert held.actor.roles == {Role.WALL}
        assert may(held.actor, Permission.SEE_WALL, team_id=cast.team)
        assert not may(held.actor, Permission.SEE_WALL, team_id=cast.other_team)
        assert [p for p in Permission if has_any(held.actor, p)] == [Permission.SEE_WALL]
        db.session.rollback()


def test_a_forged_cookie_is_no_wall(visit: Visit) -> None:
    screen = visit()
    for forged in ("x", "a" * 43, "a" * 2000, "s." + "a" * 43, "'; --"):
        screen.client.set_cookie(COOKIE, forged)
        assert screen.get("/wall").heading == "Show a team’s wall on this screen"


def test_its_own_switch_makes_it_dark_and_light(app: Flask, cast: Cast, visit: Visit) -> None:
    screen = as_wall(visit, cast)
    html = screen.get("/wall").soup.html
    assert html is not None
    assert html["data-theme"] == "light"
    dark = screen.send(screen.get("/wall").form("/wall/colours"), button="Dark colours")
    assert dark.soup.html["data-theme"] == "dark"  # type: ignore[index]
    light = screen.send(dark.form("/wall/colours"), button="Light colours")
    assert light.soup.html["data-theme"] == "light"  # type: ignore[index]
    assert not rows(app)[0].is_dark


def test_a_person_has_no_switch_of_a_wall(cast: Cast, visit: Visit) -> None:
    assert visit(cast.manager).post("/wall/colours").status == 404


def test_a_page_from_above_comes_before_the_board(cast: Cast, visit: Visit) -> None:
    screen = as_wall(visit, cast)
    seen = []

    def offer(actor: Any, team: queries.TeamView) -> str | None:
        seen.append((actor.roles, team.slug, walls.is_wall()))
        return None

    offers = contributions.gather("wall")
    contributions.register("wall", offer)
    try:
        assert screen.get("/wall").heading == "Riverside"
    finally:
        contributions._offers["wall"][:] = offers
    assert seen == [({Role.WALL}, "riverside", True)]


def test_showing_the_wall_takes_few_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    screen = as_wall(visit, cast)
    with app.app_context():
        for _ in range(5):
            make_idea(cast)
        db.session.commit()
    with statements() as sent:
        screen.get("/wall")
    assert len(sent) <= 4


# ---- how it ends


def test_ending_it_asks_once_and_signs_it_out(app: Flask, cast: Cast, visit: Visit) -> None:
    screen, manager = as_wall(visit, cast), visit(cast.coach)
    asked = manager.follow(manager.get(WALLS), "End Kitchen TV")
    assert asked.heading == "End Kitchen TV?"
    assert screen.get("/wall").heading == "Riverside"
    done = manager.send(asked.form("/end"), button="End this screen")
    assert "Kitchen TV is signed out. It shows nothing of the team any more." in done.text
    assert manager.send(asked.form("/end"), button="End this screen").status == 200
    over = screen.get("/wall")
    assert over.heading == "This screen was signed out"
    assert "Ask the team’s manager or a coach for a new code." in over.main
    for told in ("Riverside", "Sam", "Priya"):
        assert told not in over.text
    assert screen.client.get("/wall?since=b0").status_code == 200, "a poll learns it"
    assert audited(app)[2:] == [("wall_ended", cast.coach)], "twice is once"
    assert manager.get(f"{WALLS}/{rows(app)[0].id}/end").heading == "Kitchen TV is signed out"
    token = token_of(screen.get("/sign-in"))
    answer = screen.client.post("/wall/colours", data={"csrf_token": token, "dark": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wall")


def test_an_ended_screen_takes_a_new_code(app: Flask, cast: Cast, visit: Visit) -> None:
    screen = as_wall(visit, cast)
    end(app, cast, rows(app)[0].id)
    code = make_code(visit, cast.manager)
    assert screen.send(screen.get("/wall").form("/wall"), {"code": code}).heading == "Riverside"


def test_a_new_code_ends_what_the_screen_was_before(app: Flask, cast: Cast, visit: Visit) -> None:
    screen = as_wall(visit, cast)
    code = make_code(visit, cast.manager, "Hall screen").replace("\u00a0", "")
    screen.send(screen.get(f"/wall/{code}").form("/wall"), button="Show the wall")
    assert [(row.name, row.ended_at is None) for row in rows(app)] == [
        ("Kitchen TV", False),
        ("Hall screen", True),
    ]
    assert [act for act, _ in audited(app)][-2:] == ["wall_begun", "wall_ended"]


def test_a_screen_of_a_closed_team_is_signed_out(app: Flask, cast: Cast, visit: Visit) -> None:
    screen = as_wall(visit, cast)
    with app.app_context():
        db.session.execute(text("UPDATE teams SET closed_on = '2026-11-24'"))
        db.session.commit()
    assert screen.get("/wall").heading == "This screen was signed out"


def test_it_stands_however_long_nobody_looks(cast: Cast, visit: Visit) -> None:
    screen = as_wall(visit, cast)
    with clock.moved(NOW + timedelta(days=300)):
        assert screen.get("/wall").heading == "Riverside"


def test_only_who_plans_huddles_ends_it(app: Flask, cast: Cast, visit: Visit) -> None:
    as_wall(visit, cast)
    (row,) = rows(app)
    for who in ("practitioner", "other_manager"):
        assert visit(getattr(cast, who)).post(f"{WALLS}/{row.id}/end").status == 403
    assert rows(app)[0].ended_at is None


def test_old_walls_are_cleared(app: Flask, cast: Cast, visit: Visit) -> None:
    as_wall(visit, cast)
    make_code(visit, cast.manager, "Never begun")
    end(app, cast, rows(app)[0].id)
    as_wall(visit, cast, "Standing")
    # A council keeps what let somebody in for three months, unless it chose another time.
    for days, standing in ((91, 3), (93, 1)):
        with app.app_context(), clock.moved(NOW + timedelta(days=days)):
            service.purge_access()
            db.session.commit()
        assert len(rows(app)) == standing
    assert [row.name for row in rows(app)] == ["Standing"]
