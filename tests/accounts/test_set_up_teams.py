"""Teams and services: set up by administrators, tended by managers. And the table of rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.accounts.roles import POLICY, ROLE_WORDS, Permission, Role, Scope, may
from improve.accounts.routes.policy import GROUPS
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound
from tests.factories import Cast, actor, make_person
from tests.pages import Visitor

Visit = Callable[..., Visitor]
NEW = {"name": "Next Steps", "aim": "Fewer moves", "wip_plan": "5", "wip_do": "2", "wip_study": "3"}


def test_an_administrator_sets_a_team_up(visit: Visit, cast: Cast, app: Flask) -> None:
    admin = visit(cast.administrator)
    page = admin.follow(admin.get("/admin/teams"), "Add a team")
    done = admin.send(page.form("/admin/teams/new"), NEW)
    assert done.heading == "Next Steps"
    assert "Next Steps has a board now." in done.text
    with app.app_context():
        team = queries.team_by_slug(cast.actor("administrator"), "next-steps")
    assert (team.aim, team.wip_plan, team.wip_do, team.wip_study) == ("Fewer moves", 5, 2, 3)
    assert "Next Steps" in admin.get("/admin/teams").main


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"name": ""}, ["Write the team’s name."]),
        ({"name": "riverside"}, ["There is already a team called riverside."]),
        ({"name": "x" * 81}, ["Use 80 characters or fewer. This has 81."]),
        ({"aim": "x" * 201}, ["Use 200 characters or fewer. This has 201."]),
        ({"wip_do": "0"}, ["Use a whole number from 1 to 999."]),
        ({"wip_do": "three"}, ["Use a whole number from 1 to 999."]),
        ({"wip_do": "1e3", "wip_plan": "-1"}, ["Use a whole number from 1 to 999."] * 2),
        ({"wip_do": "1000"}, ["Use a whole number from 1 to 999."]),
    ],
)
def test_a_team_is_refused_in_words_and_kept(
    visit: Visit, cast: Cast, changed: dict[str, str], errors: list[str]
) -> None:
    admin = visit(cast.administrator)
    typed = {**NEW, **changed}
    page = admin.send(admin.get("/admin/teams/new").form("/admin/teams/new"), typed)
    assert (page.status, page.errors) == (422, errors)
    shown = dict(page.form("/admin/teams/new").values)
    assert {name: shown[name] for name in typed} == typed


def test_a_manager_tends_the_own_team_and_no_more(visit: Visit, cast: Cast, app: Flask) -> None:
    manager = visit(cast.manager)
    listed = manager.get("/admin/teams")
    assert "Riverside" in listed.main
    assert "Hillside" not in listed.main
    page = manager.get("/admin/teams/riverside")
    form = page.form("/admin/teams/riverside")
    assert "name" not in dict(form.values)
    with app.app_context():
        before = queries.team_by_slug(cast.actor("manager"), "riverside").board_version
    done = manager.send(form, {"aim": "Brothers and sisters meet", "wip_do": "1"})
    assert "The team is changed." in done.text
    with app.app_context():
        team = queries.team_by_slug(cast.actor("manager"), "riverside")
    assert (team.aim, team.wip_do) == ("Brothers and sisters meet", 1)
    assert team.board_version == before + 1, "boards see it"
    assert manager.get("/admin/teams/hillside").status == 403
    assert manager.get("/admin/teams/new").status == 403
    assert manager.get("/admin/services").status == 403


def test_a_forged_name_from_a_manager_changes_nothing(visit: Visit, cast: Cast, app: Flask) -> None:
    manager = visit(cast.manager)
    form = manager.get("/admin/teams/riverside").form("/admin/teams/riverside")
    manager.post("/admin/teams/riverside", {**dict(form.values), "name": "Mine now", "slug": "mine",
                                            "csrf_token": manager.csrf_token()})  # fmt: skip
    with app.app_context():
        assert queries.team_by_slug(cast.actor("manager"), "riverside").name == "Riverside"


def test_an_administrator_renames_a_team_and_its_address_stays(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    admin = visit(cast.administrator)
    page = admin.get("/admin/teams/riverside")
    admin.send(page.form("/admin/teams/riverside"), {"name": "Riverside and Weir"})
    with app.app_context():
        assert queries.team_by_slug(cast.actor("manager"), "riverside").name == "Riverside and Weir"
    page = admin.get("/admin/teams/riverside")
    taken = admin.send(page.form("/admin/teams/riverside"), {"name": "Hillside"})
    assert taken.errors == ["There is already a team called Hillside."]


def test_two_who_change_one_team_lose_nothing(visit: Visit, cast: Cast) -> None:
    admin, manager = visit(cast.administrator), visit(cast.manager)
    path = "/admin/teams/riverside"
    first, second = admin.get(path), manager.get(path)
    admin.send(first.form(path), {"aim": "The first aim"})
    stale = manager.send(second.form(path), {"aim": "The second aim"})
    assert stale.status == 409
    assert "The first aim" in stale.main
    assert dict(stale.form(path).values)["aim"] == "The second aim"
    assert manager.send(stale.form(path)).status == 200


def test_another_council_s_teams_are_not_found(visit: Visit, cast: Cast, context: Flask) -> None:
    assert visit(cast.outsider_administrator).get("/admin/teams/hillside").status == 404
    outsider = cast.actor("outsider_administrator")
    with pytest.raises(NotFound):
        service.change_team(outsider, slug="hillside", seen_version=1, aim="", wip=(1, 1, 1))
    # The same slug in both councils: each meets its own.
    service.change_team(
        outsider, slug="riverside", seen_version=1, aim="Fenwick’s", wip=(1, 1, 1), name="Riverside"
    )
    assert queries.team_by_slug(cast.actor("manager"), "riverside").aim == ""


def test_services_are_added_renamed_and_given(visit: Visit, cast: Cast, app: Flask) -> None:
    admin = visit(cast.administrator)
    page = admin.send(admin.get("/admin/services").form("/admin/services"), {"name": "Front doors"})
    assert "Front doors is added." in page.text
    again = admin.send(page.form("/admin/services"), {"name": "Front doors"})
    assert again.errors == ["There is already a service called Front doors."]
    edit = admin.follow(page, "Rename Front doors")
    admin.send(edit.form("/admin/services/" + edit.path.rsplit("/", 1)[1]), {"name": "Front door"})
    with app.app_context():
        assert [name for _, name in queries.services(cast.actor("administrator"))] == ["Front door"]
        assert queries.services(cast.actor("outsider")) == []
        service_id = queries.services(cast.actor("administrator"))[0][0]
        with pytest.raises(NotFound):
            service.set_up_team(cast.actor("outsider_administrator"), name="T", aim="",
                                service_id=service_id, wip=(1, 1, 1))  # fmt: skip
    assert visit(cast.outsider_administrator).get(f"/admin/services/{service_id}").status == 404
    team = admin.get("/admin/teams/riverside")
    admin.send(team.form("/admin/teams/riverside"), {"service": str(service_id)})
    assert "Front door" in admin.get("/admin/teams").main


def test_setting_up_is_in_the_log(context: Flask, cast: Cast) -> None:
    admin = cast.actor("administrator")
    service.set_up_team(admin, name="Next Steps", aim="", service_id=None, wip=(1, 1, 1))
    service.set_up_service(admin, name="Front door")
    db.session.commit()
    entries = db.session.execute(
        text("SELECT action FROM audit_entries WHERE actor_id = :id ORDER BY id"),
        {"id": admin.person_id},
    ).scalars()
    assert list(entries) == ["team_added", "service_added"]
    with pytest.raises(Forbidden):
        service.set_up_service(cast.actor("manager"), name="Mine")


# ---- who may do what


@pytest.mark.security(52)
def test_the_page_shows_the_table_itself(visit: Visit, cast: Cast) -> None:
    page = visit(cast.practitioner).get("/admin/who-may-do-what")
    heads = [th.get_text(strip=True) for th in page.soup.select("thead th")][1:]
    assert heads == list(ROLE_WORDS.values())
    said = {"all": "everywhere", "team": "own team", "own": "own", "no": "no"}
    shown = {
        row.find("th").get_text(strip=True): [td.get_text(strip=True) for td in row.find_all("td")]
        for row in page.soup.select("tbody tr:not(.may-group)")
    }
    assert shown == {
        permission.value: [
            said[
                {Scope.ALL: "all", Scope.TEAM: "team", Scope.OWN: "own"}.get(scopes.get(role), "no")
            ]  # type: ignore[arg-type]
            for role in Role
        ]
        for permission, scopes in POLICY.items()
    }


@pytest.mark.security(52)
def test_every_right_stands_on_the_page_once() -> None:
    listed = [permission for _, permissions in GROUPS for permission in permissions]
    assert sorted(listed) == sorted(Permission)
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("who", "permission", "team", "rights"),
    [
        ("practitioner", Permission.MOVE_IDEA, "team", (False, False)),
        ("practitioner", Permission.MOVE_IDEA, "team", (True, True)),
        ("practitioner", Permission.EDIT_IDEA, "team", (False, True)),
        ("practitioner", Permission.EDIT_IDEA, "other_team", (False, False)),
        ("manager", Permission.DECIDE_IDEA, "team", (False, True)),
        ("manager", Permission.DECIDE_IDEA, "other_team", (False, False)),
        ("coach", Permission.MOVE_IDEA, "other_team", (False, True)),
        ("coach", Permission.DECIDE_IDEA, "team", (False, False)),
        ("leader", Permission.REPLY_FIRST, "other_team", (False, True)),
        ("leader", Permission.MOVE_IDEA, "team", (False, False)),
        ("leader", Permission.MOVE_IDEA, "team", (True, True)),  # staff are practitioners too
        ("administrator", Permission.SEE_IDEAS, "team", (False, False)),
        ("administrator", Permission.SEE_IDEAS, "team", (True, False)),
        ("administrator", Permission.MANAGE_PEOPLE, None, (False, True)),
        ("guest", Permission.SEE_IDEAS, "team", (False, False)),
        ("guest", Permission.LOG_IDEA, None, (False, False)),
    ],
)
def test_rights_reach_as_far_as_the_table_says(
    cast: Cast, who: str, permission: Permission, team: str | None, rights: tuple[bool, bool]
) -> None:
    is_own, answer = rights
    team_id = getattr(cast, team) if team else None
    assert may(cast.actor(who), permission, team_id=team_id, is_own=is_own) is answer


def test_rights_of_several_roles_add_up(context: Flask, cast: Cast) -> None:
    both = make_person(cast.organisation, role=Role.MANAGER, team_id=cast.team)
    service.grant_role(organisation_id=cast.organisation, person_id=both, role=Role.COACH)
    assert may(actor(both), Permission.DECIDE_IDEA, team_id=cast.team)
    assert may(actor(both), Permission.MOVE_IDEA, team_id=cast.other_team)
    assert not may(actor(both), Permission.DECIDE_IDEA, team_id=cast.other_team)


def test_a_name_that_the_database_refuses_is_a_plain_page(app: Flask, cast: Cast) -> None:
    """Two people may take one name at the same moment: the second reads what happened."""
    from sqlalchemy.exc import IntegrityError

    client = app.test_client()
    before = dict(app.view_functions)

    def collides() -> str:
        raise IntegrityError("INSERT", {}, Exception("unique"))

    app.view_functions["home.help_page"] = collides
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = client.get("/help")
    finally:
        app.view_functions.update(before)
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 409
    assert "Nothing of yours was saved over theirs" in answer.get_data(as_text=True)
    answer.close()


def test_what_comes_next_is_said_until_it_is_done(visit: Visit, cast: Cast, app: Flask) -> None:
    administrator = visit(cast.administrator)
    for path in ("/admin/people", "/admin"):
        page = administrator.get(path)
        assert "What comes next" in page.main
        assert "A second administrator" in page.main
        assert "It has a board of its own." not in page.main, "there is a team"
    with app.app_context():
        make_person(cast.organisation, name="Wren Sallow", role=Role.ADMINISTRATOR)
        db.session.commit()
        db.session.remove()
    page = administrator.get("/admin/people")
    assert "A second administrator" not in page.main
    # The two forms are still closed, whatever else is done.
    assert page.link("The form for families") == "/admin/voices"
    assert page.link("Confidential reports")
    # A manager without the rights of an administrator is told of no steps of theirs.
    assert "What comes next" not in visit(cast.manager).get("/admin").main


def test_a_team_just_made_leads_on_to_its_people(visit: Visit, cast: Cast) -> None:
    administrator = visit(cast.administrator)
    page = administrator.send(administrator.get("/admin/teams/new").form("/admin/teams/new"), NEW)
    invite = administrator.follow(page, "Invite people to Next Steps")
    chosen = invite.soup.select_one("#team option[selected]")
    assert chosen is not None
    assert chosen.get_text() == "Next Steps"
