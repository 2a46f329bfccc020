"""Administration of people: the list, roles, closing and opening accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from improve.accounts import queries, service
from improve.accounts.oidc.provider import Provider
from improve.accounts.roles import Role
from improve.accounts.service.council_account import add_identity
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, actor, make_person
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
ISSUER = "https://id.larchdale.example"


def names(page: Page) -> list[str]:
    return [str(a.get_text(strip=True)) for a in page.soup.select("tbody th a")]


def test_people_are_listed_a_to_z_with_what_they_may_act_as(visit: Visit, cast: Cast) -> None:
    page = visit(cast.administrator).get("/admin/people")
    assert names(page) == sorted(names(page))
    assert len(names(page)) == 11
    row = next(r for r in page.soup.select("tbody tr") if "Sam Alder" in r.get_text())
    chips = [chip.get_text(strip=True) for chip in row.select(".chip")]
    assert chips == ["Practitioner", "Manager"]
    assert "Riverside" in row.get_text()
    assert "Olive Fen" not in page.text, "people of another council"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sedge", ["Jo Sedge"]),
        ("JO.SEDGE@", ["Jo Sedge"]),
        ("hillside", ["Leah Rowan"]),
        ("robin elm", ["Robin Elm"]),
        ("fen", []),
        ("%", []),
        ("_o Sedge", []),
        ("(a+)+$" * 16, []),
    ],
)
def test_people_are_found(visit: Visit, cast: Cast, search: str, found: list[str]) -> None:
    visitor = visit(cast.administrator)
    page = visitor.get("/admin/people")
    page = visitor.send(page.form("/admin/people"), {"q": search})
    assert names(page) == found
    assert dict(page.form("/admin/people").values)["q"] == search


def test_people_of_one_team_are_found(visit: Visit, cast: Cast) -> None:
    visitor = visit(cast.administrator)
    page = visitor.get(f"/admin/people?team={cast.team}")
    assert names(page) == ["Amina Birch", "Jo Sedge", "Sam Alder"]
    assert names(visitor.get(f"/admin/people?team={cast.outsider_team}")) == []
    for odd in ("x", "-1", "9" * 40, "²"):
        assert visitor.get(f"/admin/people?team={odd}&page={odd}").status == 200


def test_fifty_people_a_page(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        for number in range(100):
            make_person(cast.organisation, name=f"Zed {number:03}", role=None)
        db.session.commit()
    visitor = visit(cast.administrator)
    page = visitor.get("/admin/people")
    assert len(names(page)) == 50
    assert "Showing 50 of 111, A to Z" in page.main
    third = visitor.follow(visitor.follow(page, "Next page"), "Next page")
    assert len(names(third)) == 11
    assert names(third)[-1] == "Zed 099"


def test_the_list_needs_few_statements(
    visit: Visit, cast: Cast, app: Flask, statements: Watch
) -> None:
    visitor = visit(cast.administrator)
    visitor.get("/admin/people")
    with statements() as seen:
        visitor.get("/admin/people")
    assert len(seen) <= 8


def give_password(app: Flask, person: int) -> None:
    with app.app_context():
        db.session.execute(
            text("UPDATE people SET password_hash = 'kept' WHERE id = :id"), {"id": person}
        )
        db.session.commit()


def open_roles(visitor: Visitor, person: int) -> tuple[Page, str]:
    return visitor.get(f"/admin/people/{person}"), f"/admin/people/{person}/roles"


def test_an_administrator_changes_what_somebody_may_act_as(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    admin, theirs = visit(cast.administrator), visit(cast.practitioner)
    page, path = open_roles(admin, cast.practitioner)
    form = page.form(path)
    assert dict(form.values)[f"team-{cast.team}"] == "practitioner"
    done = admin.send(
        form,
        {f"team-{cast.other_team}": "manager", "home": str(cast.other_team), "across": ["coach"]},
    )
    assert "Amina Birch may now act as chosen." in done.text
    assert theirs.client.get("/me/settings").status_code == 303, "signs in again"
    with app.app_context():
        now = actor(cast.practitioner)
        assert now.roles == {Role.PRACTITIONER, Role.MANAGER, Role.COACH}
        assert now.manages(cast.other_team)
        assert now.home_team_id == cast.other_team
        entry = db.session.execute(
            text("SELECT actor_id, facts FROM audit_entries WHERE action = 'roles_changed'")
        ).one()
    assert entry.actor_id == cast.administrator
    assert "Amina" not in str(entry.facts)


@pytest.mark.parametrize(
    ("who", "changed", "error"),
    [
        ("manager", {"across": ["incident_reviewer"]}, "A reviewer of reports cannot also be a manager, a leader or an administrator."),
        ("coach", {"across": ["incident_reviewer", "administrator"]}, "A reviewer of reports cannot also be a manager, a leader or an administrator."),
        ("coach", {"across": []}, "Choose what they may act as."),
        ("coach", {"across": ["coach", "guest"]}, "A guest has no other role."),
        ("administrator", {"across": ["coach"]}, "This is the last administrator. Make somebody else an administrator first."),
    ],
)  # fmt: skip
def test_roles_are_refused_in_words(
    visit: Visit, cast: Cast, who: str, changed: dict[str, object], error: str
) -> None:
    admin = visit(cast.administrator)
    page, path = open_roles(admin, getattr(cast, who))
    refused = admin.send(page.form(path), changed)
    assert (refused.status, refused.errors) == (422, [error])
    across = [value for name, value in refused.form(path).values if name == "across"]
    assert across == changed["across"], "what was chosen stays"


def test_what_is_no_role_is_refused_in_words(visit: Visit, cast: Cast) -> None:
    admin = visit(cast.administrator)
    page, path = open_roles(admin, cast.coach)
    forged = [pair for pair in page.form(path).values if pair[0] != "across"]
    answer = admin.client.post(path, data=MultiDict([*forged, ("across", "queen")]))
    assert answer.status_code == 422
    assert "Choose one of the list." in answer.text


def test_two_administrators_who_change_one_person_lose_nothing(visit: Visit, cast: Cast) -> None:
    one, two = visit(cast.administrator), visit(cast.administrator)
    first, path = open_roles(one, cast.coach)
    second, _ = open_roles(two, cast.coach)
    one.send(first.form(path), {"across": ["coach", "leader"]})
    stale = two.send(second.form(path), {"across": ["leader"]})
    assert stale.status == 409
    assert "Coach, Leader" in stale.main, "what is there now"
    kept = stale.form(path)
    assert [v for n, v in kept.values if n == "across"] == ["leader"], "what was chosen"
    assert two.send(kept).status == 200


def test_of_two_administrators_one_may_go_and_the_last_may_not(context: Flask, cast: Cast) -> None:
    second = make_person(cast.organisation, role=Role.ADMINISTRATOR)
    first = cast.actor("administrator")
    service.disable_person(first, person_id=second)
    service.enable_person(first, person_id=second)
    service.disable_person(actor(second), person_id=cast.administrator)
    with pytest.raises(RuleBroken, match="Somebody else has to close"):
        service.disable_person(actor(second), person_id=second)
    with pytest.raises(RuleBroken, match="last administrator"):
        service.change_roles(
            actor(second), person_id=second, in_teams={}, across=frozenset({Role.COACH}),
            home_team_id=None, seen_version=queries.person_view(actor(second), second).version,
        )  # fmt: skip


def test_a_change_of_roles_on_an_old_version_is_stale(context: Flask, cast: Cast) -> None:
    with pytest.raises(Stale):
        service.change_roles(
            cast.actor("administrator"), person_id=cast.coach, in_teams={},
            across=frozenset({Role.LEADER}), home_team_id=None, seen_version=0,
        )  # fmt: skip


def test_closing_an_account_says_what_stays_and_can_be_undone(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    give_password(app, cast.colleague)
    admin, theirs = visit(cast.administrator), visit(cast.colleague)
    page = admin.get(f"/admin/people/{cast.colleague}")
    confirm = admin.follow(page, "Close the account")
    assert confirm.heading == "Close the account of Jo Sedge"
    assert "Their ideas and everything they wrote, with their name." in confirm.main
    closed = admin.send(confirm.form("/close"))
    assert "Jo Sedge’s account is closed." in closed.text
    assert theirs.client.get("/me/settings").status_code == 303
    assert "Jo Sedge" not in names(admin.get("/admin/people"))
    listed = admin.get("/admin/people?accounts=closed")
    assert names(listed) == ["Jo Sedge"]
    again = admin.send(closed.form("/open"))
    assert "Jo Sedge’s account is open again." in again.text
    with app.app_context():
        assert actor(cast.colleague).is_in(cast.team), "the roles are as they were"


@pytest.mark.security(50)
def test_an_administrator_signs_somebody_out_everywhere(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    give_password(app, cast.colleague)
    admin, theirs = visit(cast.administrator), visit(cast.colleague)
    page = admin.get(f"/admin/people/{cast.colleague}")
    assert "Jo Sedge is signed out everywhere." in admin.send(page.form("/end-sessions")).text
    assert theirs.client.get("/me/settings").status_code == 303


def test_somebody_invited_shows_so(visit: Visit, cast: Cast) -> None:
    page = visit(cast.administrator).get(f"/admin/people/{cast.colleague}")
    # The people of the cast have no password: they are invited and were let in by the test.
    assert "Invited, not here yet" in page.main
    assert page.has_form("/invite-again")


@pytest.mark.parametrize(
    "act",
    [
        queries.person_view,
        lambda a, p: service.disable_person(a, person_id=p),
        lambda a, p: service.enable_person(a, person_id=p),
        lambda a, p: service.end_sessions_of(a, person_id=p),
        lambda a, p: service.change_roles(
            a, person_id=p, in_teams={}, across=frozenset({Role.COACH}), home_team_id=None,
            seen_version=2),
    ],
)  # fmt: skip
def test_another_council_s_people_are_not_found(
    context: Flask, cast: Cast, act: Callable[..., object]
) -> None:
    with pytest.raises(NotFound):
        act(cast.actor("outsider_administrator"), cast.coach)
    with pytest.raises(NotFound):
        act(cast.actor("administrator"), 999_999)


def test_teams_of_another_council_cannot_be_given(context: Flask, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Choose teams from the list"):
        service.change_roles(
            cast.actor("administrator"), person_id=cast.coach,
            in_teams={cast.outsider_team: Role.MANAGER}, across=frozenset(), home_team_id=None,
            seen_version=queries.person_view(cast.actor("administrator"), cast.coach).version,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["practitioner", "manager", "coach", "leader", "guest"])
def test_only_administrators_see_and_change_people(
    visit: Visit, cast: Cast, context: Flask, who: str
) -> None:
    visitor = visit(getattr(cast, who))
    assert visitor.get("/admin/people").status == 403
    assert visitor.get(f"/admin/people/{cast.colleague}").status == 403
    assert (
        visitor.post(f"/admin/people/{cast.colleague}/roles", {"across": "administrator"}).status
        == 403
    )
    with pytest.raises(Forbidden):
        service.disable_person(cast.actor(who), person_id=cast.colleague)


def test_last_here_says_when(visit: Visit, cast: Cast, app: Flask) -> None:
    give_password(app, cast.leader)
    visit(cast.leader)
    for days, words in ((0, "Today"), (1, "Yesterday"), (9, "Tue 24 Nov")):
        with clock.moved(NOW + timedelta(days=days)):
            page = visit(cast.administrator).get("/admin/people?q=ash")
            assert words in page.main


@pytest.mark.parametrize(
    "other",
    [
        "never came",
        "has run out",
        "their provider is gone",
        "their key was entered",
        "their provider is set",
        "has a password",
    ],
)
def test_an_administrator_who_cannot_come_in_does_not_let_the_last_one_go(
    context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    second = make_person(
        cast.organisation,
        role=Role.ADMINISTRATOR,
        team_id=None,
        password=PASSWORD if other in {"has run out", "has a password"} else None,
    )
    if other.startswith("their"):
        add_identity(cast.organisation, second, ISSUER, "s", is_entered=other.endswith("entered"))
    if other in {"their key was entered", "their provider is set"}:
        provider = Provider(ISSUER, "improve", "a secret")
        monkeypatch.setitem(context.config, "OIDC_PROVIDERS", (provider,))
    if other == "has run out":
        db.session.execute(
            text("UPDATE people SET ends_on = '2026-11-01' WHERE id = :id"), {"id": second}
        )
    robin = cast.actor("administrator")

    def step_down() -> None:
        service.change_roles(
            robin,
            person_id=cast.administrator,
            in_teams={},
            across=frozenset({Role.COACH}),
            home_team_id=None,
            seen_version=queries.person_view(robin, cast.administrator).version,
        )

    if other in {"their provider is set", "has a password"}:
        step_down()
    else:
        with pytest.raises(RuleBroken, match="last administrator"):
            step_down()
