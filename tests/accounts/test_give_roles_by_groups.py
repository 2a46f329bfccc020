"""Groups of the council's own directory: what they give and take at each sign-in, and its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import passwords, queries, service
from improve.accounts.oidc import provider_calls
from improve.accounts.oidc.group_roles import Spot, fault_of, without_clashes, words_of_code
from improve.accounts.roles import Role
from improve.accounts.service.group_roles import settle_groups
from improve.accounts.service.tokens import token_hash
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.accounts.own_issuer import Issuer, running_issuer
from tests.accounts.test_sign_in_by_council import (
    COUNCIL,
    EMAIL,
    given,
    invite,
    is_signed_in,
    rows,
    sign_in,
)
from tests.at_once import at_once
from tests.factories import PASSWORD, Cast, actor, make_person, proved_session
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def issuer(app: Flask, cast: Cast) -> Iterator[Issuer]:
    """A directory that lets in whoever is in a group that has a role here; Priya is in two."""
    with running_issuer() as made:
        provider_calls.forget()
        made.person = {"sub": "s-1", "email": EMAIL, "name": "Priya Shah", "groups": ["g-sw", "x"]}
        ours = ("larchdale.example",)
        given(app, made.provider(council=COUNCIL, admits="groups", domains=ours))
        yield made
    app.config["OIDC_PROVIDERS"] = ()


def gives(app: Flask, cast: Cast, group: str, role: Role, team_id: int | None = None) -> None:
    """Have a group give a role."""
    with app.app_context():
        service.add_group_role(
            cast.actor("administrator"),
            group=group,
            label="",
            role=role,
            team_id=team_id,
            service_id=None,
            session_id=proved_session(cast.administrator),
        )
        db.session.commit()


def holds(app: Flask, person_id: int) -> set[tuple[str, bool]]:
    """Return what somebody holds, and whether by a group."""
    with app.app_context():
        return {(h.spot.code, h.is_by_group) for h in queries.held_spots([person_id])[person_id]}


def the_person(app: Flask) -> int:
    (row,) = rows(app, "SELECT person_id FROM identities")
    return int(str(row[0]))


@pytest.mark.security(46, 48)
def test_a_group_makes_an_account_gives_and_takes(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    visitor = visit()
    page = sign_in(visitor, issuer)
    assert (page.status, page.heading) == (403, "You have no part here yet")
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    gives(app, cast, "g-manager", Role.MANAGER, cast.team)
    assert sign_in(visitor, issuer).status == 303
    assert is_signed_in(visitor)
    person = the_person(app)
    assert rows(app, f"SELECT name, email FROM people WHERE id = {person}") == [
        ("Priya Shah", EMAIL)
    ]
    assert holds(app, person) == {(f"practitioner:{cast.team}", True)}
    with app.app_context():
        assert actor(person).home_team_id == cast.team
        service.grant_role(organisation_id=cast.organisation, person_id=person, role=Role.COACH)
        db.session.commit()
    issuer.person["groups"] = ["g-manager"]
    first, again = visit(), visit()
    assert sign_in(first, issuer).status == 303
    assert holds(app, person) == {("coach", False), (f"manager:{cast.team}", True)}
    assert not is_signed_in(visitor), "rights changed: other sessions end"
    assert sign_in(again, issuer).status == 303
    assert is_signed_in(first), "nothing changed: they go on"
    issuer.person["groups"] = []
    assert sign_in(visit(), issuer).status == 303
    assert holds(app, person) == {("coach", False)}, "what was given by hand stays"
    settled = rows(app, "SELECT count(*) FROM audit_entries WHERE action = 'group_roles_settled'")
    assert settled == [(3,)]


@pytest.mark.security(50)
def test_who_has_left_every_group_is_out_at_once(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    visitor = visit()
    sign_in(visitor, issuer)
    issuer.person["groups"] = ["x"]
    page = sign_in(visit(), issuer)
    assert (page.status, page.heading) == (403, "You have no part here yet")
    assert holds(app, the_person(app)) == set(), "taken although nobody was let in"
    assert not is_signed_in(visitor)


def test_invited_people_need_no_group_and_the_setting_lets_nobody_else_in(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    given(app, issuer.provider(council=COUNCIL, admits="invited"))
    assert sign_in(visit(), issuer).status == 403
    person = invite(app, cast, role=Role.MANAGER)
    issuer.person["email_verified"] = True
    assert sign_in(visit(), issuer).status == 303
    both = {(f"manager:{cast.team}", False), (f"practitioner:{cast.team}", True)}
    assert holds(app, person) == both


@pytest.mark.parametrize(
    ("change", "heading"),
    [
        ({"groups": None, "hasgroups": True}, "Your groups could not be read"),
        ({"_claim_names": {"groups": "src1"}, "groups": []}, "Your groups could not be read"),
        ({"email": ""}, "Your address is missing"),
        # Somebody's address: whose, is nobody's to know.
        ({"email": "sam.alder@larchdale.example"}, "You have no part here yet"),
        # An address of no person of this council, in use elsewhere or free, verified or not.
        ({"email": "olive.fen@fenwick.example"}, "Your address is not the council’s"),
        (
            {"email": "director@fenwick.example", "email_verified": True},
            "Your address is not the council’s",
        ),
        ({"email": "x@notlarchdale.example"}, "Your address is not the council’s"),
    ],
)
def test_an_account_is_not_made_of_nothing(
    app: Flask, visit: Visit, issuer: Issuer, change: dict[str, object], heading: str
) -> None:  # fmt: skip
    (administrator,) = rows(app, "SELECT id FROM people WHERE email LIKE 'robin.elm%'")
    with app.app_context():
        service.add_group_role(
            actor(int(str(administrator[0]))),
            group="g-sw",
            label="",
            role=Role.COACH,
            team_id=None,
            service_id=None,
        )
        db.session.commit()
    before = rows(app, "SELECT count(*) FROM people")
    issuer.person |= change
    page = sign_in(visit(), issuer)
    assert (page.status, page.heading) == (403, heading)
    assert rows(app, "SELECT count(*) FROM people") == before
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]


def test_more_groups_than_can_be_named_change_nothing_and_the_page_says_so(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    sign_in(visit(), issuer)
    issuer.person |= {"groups": None, "hasgroups": True}
    assert sign_in(visit(), issuer).status == 303
    assert holds(app, the_person(app)) == {(f"practitioner:{cast.team}", True)}
    page = visit(cast.administrator).get("/admin/groups")
    assert "In more groups than could be named Priya Shah" in page.main


def test_a_provider_that_speaks_of_groups_no_more_takes_nothing_and_administrators_are_told(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    visitor = visit()
    sign_in(visitor, issuer)
    held = holds(app, the_person(app))
    named = rows(app, "SELECT groups FROM identities")
    del issuer.person["groups"]
    for _ in range(2):
        assert sign_in(visit(), issuer).status == 303
    assert holds(app, the_person(app)) == held == {(f"practitioner:{cast.team}", True)}
    assert rows(app, "SELECT groups FROM identities") == named, "who would lose what stays known"
    assert is_signed_in(visitor)
    mails = rows(app, "SELECT to_address FROM outbox_messages WHERE key LIKE 'no-groups:%'")
    assert mails == [("robin.elm@larchdale.example",)]
    issuer.person["groups"] = []
    assert sign_in(visit(), issuer).status == 403
    assert holds(app, the_person(app)) == set()


def test_who_never_had_groups_is_not_told_of(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    invite(app, cast)
    issuer.person = {"sub": "s-1", "email": EMAIL, "email_verified": True}
    assert sign_in(visit(), issuer).status == 303
    assert rows(app, "SELECT 1 FROM outbox_messages WHERE key LIKE 'no-groups:%'") == []


def test_a_clash_is_left_out_and_told(app: Flask, visit: Visit, issuer: Issuer, cast: Cast) -> None:
    gives(app, cast, "g-sw", Role.INCIDENT_REVIEWER)
    gives(app, cast, "x", Role.MANAGER, cast.team)
    assert sign_in(visit(), issuer).status == 303
    person = the_person(app)
    assert holds(app, person) == {(f"manager:{cast.team}", True)}
    page = visit(cast.administrator).get("/admin/groups")
    assert "Not given, since it clashes Priya Shah Incident reviewer" in page.main
    mails = rows(app, "SELECT to_address FROM outbox_messages WHERE key LIKE 'group-roles:%'")
    assert mails == [("robin.elm@larchdale.example",)]
    assert sign_in(visit(), issuer).status == 303
    assert len(rows(app, "SELECT 1 FROM outbox_messages WHERE key LIKE 'group-roles:%'")) == 1


@pytest.mark.security(57)
def test_a_reviewer_by_a_group_still_reads_nothing_without_training(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.INCIDENT_REVIEWER)
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    assert holds(app, the_person(app)) == {("incident_reviewer", True)}
    assert "training" in visitor.get("/reports/desk").main.lower()


def test_the_last_administrator_stays_one(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "x", Role.ADMINISTRATOR)
    assert sign_in(visit(), issuer).status == 303
    person = the_person(app)
    with app.app_context():
        service.disable_person(actor(person), person_id=cast.administrator)
        db.session.commit()
    issuer.person["groups"] = []
    assert sign_in(visit(), issuer).status == 303
    assert holds(app, person) == {("administrator", True)}


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_of_two_last_administrators_who_leave_at_once_one_stays(app: Flask, cast: Cast) -> None:
    with app.app_context():
        two = [
            make_person(
                cast.organisation,
                password=PASSWORD,
                email=f"a{n}@larchdale.example",
                team_id=cast.team,
            )
            for n in (1, 2)
        ]
        db.session.commit()
    gives(app, cast, "g-admin", Role.ADMINISTRATOR)
    with app.app_context():
        for person_id in two:
            settle_groups(
                organisation_id=cast.organisation, person_id=person_id, groups=["g-admin"]
            )
        service.disable_person(actor(two[0]), person_id=cast.administrator)
        db.session.commit()

    def leave(person_id: int) -> Callable[[], object]:
        return lambda: settle_groups(
            organisation_id=cast.organisation, person_id=person_id, groups=[]
        )

    gave = at_once(app, leave(two[0]), leave(two[1]))
    assert Spot(Role.ADMINISTRATOR) in gave.spots
    with app.app_context():
        assert queries.administrators(cast.organisation) == {two[1]}


def test_a_deputy_is_no_reviewer_meanwhile_and_covers_end_with_what_they_stand_on(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    gives(app, cast, "g-r", Role.INCIDENT_REVIEWER)
    sign_in(visit(), issuer)
    person = the_person(app)
    with app.app_context():
        service.name_deputy(
            cast.actor("manager"),
            team_id=cast.team,
            person_id=cast.manager,
            deputy_id=person,
            from_on=clock.today(),
            to_on=clock.today() + timedelta(days=7),
        )
        db.session.commit()
    issuer.person["groups"] = ["g-sw", "g-r"]
    assert sign_in(visit(), issuer).status == 303
    assert holds(app, person) == {(f"practitioner:{cast.team}", True)}


def test_a_closed_team_is_given_no_more(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    with app.app_context():
        team = service.add_team(organisation_id=cast.organisation, name="Night team")
        db.session.commit()
    gives(app, cast, "g-sw", Role.PRACTITIONER, team)
    gives(app, cast, "x", Role.COACH)
    with app.app_context():
        service.close_team(
            cast.actor("administrator"),
            team_id=team,
            seen_version=queries.team_by_id(cast.actor("administrator"), team).version,
        )
        db.session.commit()
    sign_in(visit(), issuer)
    assert holds(app, the_person(app)) == {("coach", True)}
    assert "This team is closed" in visit(cast.administrator).get("/admin/groups").main


def fill_in(visitor: Visitor, **values: object) -> Page:
    return visitor.send(visitor.get("/admin/groups").form("/admin/groups"), dict(values))


def test_the_page_shows_who_would_change_and_then_saves(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "x", Role.COACH)
    sign_in(visit(), issuer)
    administrator = visit(cast.administrator)
    look = fill_in(
        administrator,
        group="g-sw",
        label="Social workers",
        role="practitioner",
        team=str(cast.team),
    )
    assert look.heading == "Check the group"
    assert "Social workers would give Practitioner in Riverside" in look.main
    assert "1 person known here would get it Priya Shah" in look.main
    assert rows(app, "SELECT count(*) FROM group_roles") == [(1,)], "nothing is kept by looking"
    back = administrator.send(look.form("/admin/groups/change"))
    assert dict(back.form("/admin/groups").values)["label"] == "Social workers"
    for _ in range(2):
        assert "Saved." in administrator.send(look.form("/admin/groups/add")).main
    page = administrator.get("/admin/groups")
    assert page.main.count("Social workers Practitioner in Riverside · g-sw") == 1
    sign_in(visit(), issuer)
    (rule,) = rows(app, "SELECT id FROM group_roles WHERE group_name = 'g-sw'")
    remove = administrator.get(f"/admin/groups/{rule[0]}/remove")
    assert "1 person will lose it at once Priya Shah" in remove.main
    administrator.send(remove.form("/remove"))
    assert administrator.get(f"/admin/groups/{rule[0]}/remove").status == 404
    sign_in(visit(), issuer)
    assert holds(app, the_person(app)) == {("coach", True)}
    acts = [
        a
        for (a,) in rows(
            app, "SELECT action FROM audit_entries WHERE object_kind = 'group_role' ORDER BY id"
        )
    ]
    assert acts == ["group_role_added", "group_role_added", "group_role_removed"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"group": ""}, "Write or paste the group."),
        ({"group": "g", "role": "practitioner"}, "Choose the team: practitioners and managers"),
        ({"group": "g", "role": "coach", "team": "team"}, "This role reaches over the council."),
        ({"group": "g" * 201, "role": "coach"}, "Use 200 characters or fewer."),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_words(
    visit: Visit, cast: Cast, values: dict[str, str], says: str
) -> None:
    sent = {name: str(cast.team) if value == "team" else value for name, value in values.items()}
    page = fill_in(visit(cast.administrator), **sent)
    assert page.status == 422
    assert page.errors[0].startswith(says)


@pytest.mark.security(54, 56)
def test_only_an_administrator_of_the_council_sets_lines(
    app: Flask, visit: Visit, cast: Cast, context: Flask
) -> None:
    for name in ("manager", "data_protection_lead", "leader"):
        assert visit(getattr(cast, name)).get("/admin/groups").status == 403
    gives(app, cast, "g", Role.COACH)
    (row,) = queries.group_roles(cast.organisation)
    assert queries.group_roles(cast.other_organisation) == []
    outsider = cast.actor("outsider_administrator")
    with pytest.raises(NotFound):
        service.remove_group_role(outsider, rule_id=row.id)
    line = {"group": "g", "label": "", "role": Role.MANAGER, "service_id": None}
    with pytest.raises(RuleBroken):
        service.add_group_role(outsider, **line, team_id=cast.team)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        service.add_group_role(cast.actor("manager"), **line, team_id=cast.team)  # type: ignore[arg-type]


R, M, C, P = Role.INCIDENT_REVIEWER, Role.MANAGER, Role.COACH, Role.PRACTITIONER


@pytest.mark.parametrize(
    ("by_hand", "given_now", "kept", "refused"),
    [
        ([], [Spot(R), Spot(M, 3)], [Spot(M, 3)], [Spot(R)]),
        ([Spot(R)], [Spot(M, 3)], [], [Spot(M, 3)]),
        ([Spot(M, 3)], [Spot(R), Spot(C)], [Spot(C)], [Spot(R)]),
        ([Spot(C)], [Spot(C)], [], []),
        ([Spot(P, 3)], [Spot(P, 3), Spot(P, 4)], [Spot(P, 4)], []),
        ([Spot(Role.GUEST)], [Spot(C)], [], [Spot(C)]),
    ],
)
def test_what_stands_beside_what(
    by_hand: list[Spot], given_now: list[Spot], kept: list[Spot], refused: list[Spot]
) -> None:
    assert without_clashes(by_hand, given_now) == (frozenset(kept), frozenset(refused))


def test_words_of_lines() -> None:
    assert fault_of(Role.GUEST, team_id=None, service_id=None)
    assert fault_of(C, team_id=None, service_id=1)
    assert not fault_of(Role.LEADER, team_id=None, service_id=1)
    assert words_of_code("manager:3", {3: "Riverside"}) == "Manager in Riverside"
    assert words_of_code("leader", {}) == "Leader"


@pytest.mark.security(48, 50)
def test_a_line_that_is_removed_takes_what_it_alone_gave_at_once(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    gives(app, cast, "x", Role.COACH)
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    person = the_person(app)
    administrator = cast.administrator
    with app.app_context():
        rule = next(r for r in queries.group_roles(cast.organisation) if r.role is Role.COACH)
        service.remove_group_role(actor(administrator), rule_id=rule.id)
        db.session.commit()
    assert holds(app, person) == {(f"practitioner:{cast.team}", True)}
    assert not is_signed_in(visitor), "signed in anew with what is left"


@pytest.mark.security(48, 50)
def test_a_removed_line_takes_its_role_also_of_whose_groups_are_too_many(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    gives(app, cast, "x", Role.COACH)
    gives(app, cast, "g-sw", Role.LEADER)
    assert sign_in(visit(), issuer).status == 303
    person = the_person(app)
    issuer.person |= {"groups": None, "hasgroups": True}
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    with app.app_context():
        rules = queries.group_roles(cast.organisation)
        coach = next(r for r in rules if r.role is Role.COACH)
        losses = service.who_would_lose(actor(cast.administrator), rule_id=coach.id)[1]
        assert [one.person_id for one in losses] == [person]
        service.remove_group_role(actor(cast.administrator), rule_id=coach.id)
        # The same group may give more since: whether they are in it nobody knows.
        db.session.commit()
    gives(app, cast, "g-sw", Role.VOICES_READER)
    left = {(f"practitioner:{cast.team}", True), ("leader", True)}
    assert holds(app, person) == left
    assert not is_signed_in(visitor), "signed in anew with what is left"
    assert sign_in(visit(), issuer).status == 303
    assert holds(app, person) == left


def comes_by_password(app: Flask, visit: Visit, cast: Cast, person: int) -> Visitor:
    """Have somebody be a practitioner by hand, with a password, and come in by it."""
    with app.app_context():
        service.grant_role(
            organisation_id=cast.organisation,
            person_id=person,
            role=Role.PRACTITIONER,
            team_id=cast.team,
        )
        found = {"hashed": passwords.hash_password(PASSWORD), "id": person}
        db.session.execute(text("UPDATE people SET password_hash = :hashed WHERE id = :id"), found)
        db.session.commit()
    by_password = visit()
    form = by_password.get("/sign-in").form("/sign-in")
    by_password.send(form, {"email": EMAIL, "password": PASSWORD})
    return by_password


@pytest.mark.security(46, 50)
def test_a_password_opens_no_role_that_only_a_group_gives(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.COACH)
    assert sign_in(visit(), issuer).status == 303
    person = the_person(app)
    by_password = comes_by_password(app, visit, cast, person)
    assert by_password.get("/log").status == 200, "what was given by hand counts"
    page = by_password.get("/coaching")
    assert page.status == 403
    assert "Your roles come from your council’s directory" in page.text
    by_directory = visit()
    assert sign_in(by_directory, issuer).status == 303
    assert by_directory.get("/coaching").status == 200


@pytest.mark.security(46)
def test_who_is_administrator_by_a_group_alone_is_let_in_whole_by_a_password(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.ADMINISTRATOR)
    assert sign_in(visit(), issuer).status == 303
    person = the_person(app)
    by_password = comes_by_password(app, visit, cast, person)
    assert by_password.get("/log").status == 200
    assert by_password.get("/admin/people").status == 403
    said = (
        "SELECT DISTINCT action FROM audit_entries WHERE action IN ('signed_in', 'password_given')"
    )
    assert rows(app, said) == [("signed_in",)]


def roles_page(visitor: Visitor, person: int) -> tuple[Page, str]:
    return visitor.get(f"/admin/people/{person}"), f"/admin/people/{person}/roles"


@pytest.mark.security(43)
def test_the_form_of_roles_holds_what_is_given_by_hand_and_names_the_rest(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    gives(app, cast, "x", Role.COACH)
    sign_in(visit(), issuer)
    person, robin = the_person(app), visit(cast.administrator)
    page, path = roles_page(robin, person)
    listed = [row.get_text(" ", strip=True) for row in page.soup.select("#may-act-as ~ ul li")]
    assert listed == ["Coach", "Practitioner in Riverside"]
    sent = dict(page.form(path).values)
    assert sent[f"team-{cast.team}"] == ""
    assert "across" not in sent, "no box of the directory's to untick"
    # Saved as it stands: nothing given by a group is lost, or turns into one given by hand.
    assert robin.send(page.form(path), follow=False).status == 303
    both = {(f"practitioner:{cast.team}", True), ("coach", True)}
    assert holds(app, person) == both
    page, path = roles_page(robin, person)
    robin.send(page.form(path), {"across": "leader", f"team-{cast.team}": "manager"})
    assert holds(app, person) == both | {("leader", False), (f"manager:{cast.team}", False)}


@pytest.mark.security(50)
def test_a_role_given_by_hand_as_well_stays_when_the_group_goes(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    gives(app, cast, "x", Role.COACH)
    sign_in(visit(), issuer)
    person, robin = the_person(app), visit(cast.administrator)
    practitioner = f"practitioner:{cast.team}"
    page, path = roles_page(robin, person)
    robin.send(page.form(path), {f"team-{cast.team}": "practitioner"})
    assert holds(app, person) == {(practitioner, False), ("coach", True)}
    # Taken back while they are in the group: the group's is left.
    page, path = roles_page(robin, person)
    robin.send(page.form(path), {f"team-{cast.team}": ""})
    assert holds(app, person) == {(practitioner, True), ("coach", True)}
    page, path = roles_page(robin, person)
    robin.send(page.form(path), {f"team-{cast.team}": "practitioner"})
    with app.app_context():
        service.grant_role(organisation_id=cast.organisation, person_id=person, role=Role.COACH)
        db.session.commit()
    issuer.person["groups"] = []
    assert sign_in(visit(), issuer).status == 303
    assert holds(app, person) == {(practitioner, False), ("coach", False)}


@pytest.mark.security(43)
def test_a_role_by_hand_that_clashes_with_a_groups_is_refused_in_words(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    gives(app, cast, "g-sw", Role.MANAGER, cast.team)
    sign_in(visit(), issuer)
    person, robin = the_person(app), visit(cast.administrator)
    page, path = roles_page(robin, person)
    refused = robin.send(page.form(path), {"across": "incident_reviewer"})
    assert refused.status == 422
    assert "The council’s directory gives them one of the two" in refused.errors[0]
    assert holds(app, person) == {(f"manager:{cast.team}", True)}


@pytest.mark.security(50)
def test_a_pass_and_a_calendar_count_what_groups_gave_for_seven_days(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    """Whoever leaves the directory is not asked for again: the phone in their pocket is."""
    gives(app, cast, "g-sw", Role.PRACTITIONER, cast.team)
    sign_in(visit(), issuer)
    person = the_person(app)
    with app.app_context():
        service.grant_role(organisation_id=cast.organisation, person_id=person, role=Role.COACH)
        me = actor(person)
        made = service.make_capture_pass(me, device="Phone")
        feed = service.make_calendar_feed(me)
        db.session.commit()

    def roles_of(days: int) -> list[frozenset[Role]]:
        with app.app_context(), clock.moved(clock.now() + timedelta(days=days)):
            held = queries.capture_pass_by_token_hash(token_hash(made.token))
            themself = queries.actor_of_calendar_feed(token_hash(feed))
            db.session.rollback()
        assert held is not None
        assert themself is not None
        return [held.actor.roles, themself.roles]

    by_group, by_hand = frozenset({Role.PRACTITIONER}), frozenset({Role.COACH})
    assert roles_of(7) == [by_group, by_group | by_hand]
    assert roles_of(8) == [frozenset(), by_hand], "what was given by hand stays"
