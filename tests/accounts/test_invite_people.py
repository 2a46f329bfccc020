"""Inviting people: the pasted list, the preview, the link, taking it up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from improve.accounts import queries, service
from improve.accounts.addresses import Pasted, read_addresses
from improve.accounts.roles import Role
from improve.mail import service as mail
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast
from tests.mail.waiting import whole_letters
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
POST = service.Post(
    address_of=lambda token: f"http://x/{token}", has_mail=False, site_name="Improve"
)


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("kofi.larkswood@a.example", [("kofi.larkswood@a.example", "Kofi Larkswood")]),
        ("Kofi Larkswood <K@a.example>", [("k@a.example", "Kofi Larkswood")]),
        ("Larkswood, Kofi <k@a.example>; b@a.example", [("k@a.example", "Kofi Larkswood"), ("b@a.example", "B")]),
        ('"Bo Li" <b@a.example>,\n\n c-d@a.example ,', [("b@a.example", "Bo Li"), ("c-d@a.example", "C D")]),
        ("c@d.example, Bo Li <b@a.example>, e@f.example", [("c@d.example", "C"), ("b@a.example", "Bo Li"), ("e@f.example", "E")]),
        ("Kofi Larkswood\tk@a.example", [("k@a.example", "Kofi Larkswood")]),
        ("a@x.example b@x.example", [("a@x.example", "A"), ("b@x.example", "B")]),
        ("not an address", [("not an address", "")]),
        (" ;,\n", []),
    ],
)  # fmt: skip
def test_lists_are_read_as_people_paste_them(pasted: str, read: list[tuple[str, str]]) -> None:
    assert read_addresses(pasted) == [Pasted(*entry) for entry in read]


@given(st.text(max_size=300))
def test_any_text_is_read(pasted: str) -> None:
    for entry in read_addresses(pasted):
        assert entry.address


def fill_in(visitor: Visitor, addresses: str, **more: object) -> Page:
    page = visitor.get("/admin/people/invite")
    return visitor.send(page.form("/admin/people/invite"), {"addresses": addresses, **more})


def test_every_row_of_the_list_is_shown_with_what_becomes_of_it(visit: Visit, cast: Cast) -> None:
    page = fill_in(
        visit(cast.administrator),
        "Bea New <bea@larchdale.example>\nnobody\njo.sedge@larchdale.example\n"
        "bea@larchdale.example; olive.fen@fenwick.example",
        team=str(cast.team),
    )
    assert page.heading == "Check the list"
    assert "2 people of 5 will be invited to Riverside, as practitioner" in page.main
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
    assert rows == [
        "bea@larchdale.example Bea New Will be invited",
        "nobody This is not an e-mail address",
        "jo.sedge@larchdale.example Jo Sedge Invited before: gets a fresh link",
        "bea@larchdale.example Bea Stands in the list twice",
        "olive.fen@fenwick.example Olive Fen This address cannot be used here",
    ]


def test_nothing_is_written_by_the_preview(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        before = db.session.execute(text("SELECT count(*) FROM people")).scalar()
    fill_in(visit(cast.administrator), "bea@larchdale.example", team=str(cast.team))
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM people")).scalar() == before


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"addresses": ""}, "Paste at least one e-mail address."),
        ({"addresses": "a@b.example", "team": ""}, "Choose the team that they are a practitioner or a manager in."),
        ({"addresses": "a@b.example", "roles": None}, "Choose what they may act as."),
        ({"addresses": "a@b.example", "roles": ["manager", "incident_reviewer"]}, "A reviewer of reports cannot also be a manager, a leader or an administrator."),
        ({"addresses": "a@b.example", "roles": ["administrator", "incident_reviewer"]}, "A reviewer of reports cannot also be a manager, a leader or an administrator."),
        ({"addresses": "a@b.example", "roles": ["guest", "coach"]}, "A guest has no other role."),
        ({"addresses": "a@b.example\n" * 101}, "Invite up to 100 people at once. This list has 101."),
    ],
)  # fmt: skip
def test_a_list_is_refused_in_words_and_kept(
    visit: Visit, cast: Cast, changed: dict[str, object], error: str
) -> None:
    page = fill_in(visit(cast.administrator), **{"team": str(cast.team), **changed})  # type: ignore[arg-type]
    assert page.status == 422
    assert page.errors == [error]
    typed = dict(page.form("/admin/people/invite").values)["addresses"]
    assert typed == str(changed["addresses"]).strip()


@pytest.mark.parametrize(
    ("list_of", "says"),
    [
        ("bea@larchdale.example\nbob@", "This is not an e-mail address: bob@"),
        ("bob@; x;\nbea@larchdale.example", "2 addresses look wrong: bob@, x"),
        (
            "b@, c@, d@, e@, f@, g@, h@",
            "7 addresses look wrong: b@, c@, d@, e@, f@ and 2 more",
        ),
    ],
)
def test_what_is_no_address_is_named_with_a_team_that_is_missing(
    visit: Visit, cast: Cast, list_of: str, says: str
) -> None:
    page = fill_in(visit(cast.administrator), list_of, team="", roles=["practitioner"])
    assert page.status == 422
    team = "Choose the team that they are a practitioner or a manager in."
    assert page.errors == [says, team]
    assert dict(page.form("/admin/people/invite").values)["addresses"] == list_of


def test_roles_and_team_are_refused_in_one_answer(context: Flask, cast: Cast) -> None:
    with pytest.raises(RuleBroken) as found:
        service.check_invitation(
            cast.actor("administrator"),
            text="bob@",
            wanted_roles=[Role.PRACTITIONER, Role.INCIDENT_REVIEWER, Role.ADMINISTRATOR],
            team_id=None,
        )
    assert [reason.field for reason in found.value.reasons] == ["addresses", "roles", "team"]


def test_where_there_is_no_team_yet_the_way_to_one_is_shown(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        closed = "UPDATE teams SET closed_on = '2026-01-01' WHERE organisation_id = :organisation"
        db.session.execute(text(closed), {"organisation": cast.organisation})
        db.session.commit()
    visitor = visit(cast.administrator)
    for path in ("/admin/people", "/admin/people/invite"):
        page = visitor.get(path)
        assert page.soup.select_one('main a[href="/admin/teams/new"]'), path
    refused = fill_in(visitor, "a@b.example")
    assert refused.errors == ["There is no team yet. Add a team first."]


def test_the_list_can_be_changed_again(visit: Visit, cast: Cast) -> None:
    visitor = visit(cast.administrator)
    page = fill_in(visitor, "bea@larchdale.example\nnobody", team=str(cast.team))
    back = visitor.send(page.form("/send"), button="Change the list")
    form = dict(back.form("/admin/people/invite").values)
    assert form["addresses"] == "bea@larchdale.example\nnobody"
    assert form["team"] == str(cast.team)


def invite_by_hand(visitor: Visitor, cast: Cast, address: str) -> str:
    """Invite one person where no mail goes out, and return the path of their link."""
    page = fill_in(visitor, address, team=str(cast.team))
    told = visitor.send(page.form("/send"), button="Invite 1 person")
    assert told.heading == "Links to hand over"
    found = re.search(r"http://localhost(/invitation/[\w-]{32})", told.main)
    assert found
    return found.group(1)


def test_without_mail_the_link_is_shown_once_and_opens_the_account(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    link = invite_by_hand(visit(cast.administrator), cast, "Bea New <bea@larchdale.example>")
    with app.app_context():
        hashes = db.session.execute(text("SELECT token_hash FROM one_time_links")).scalars().all()
        assert all(link.rsplit("/", 1)[1] not in kept for kept in hashes)
    bea = visit()
    page = bea.get(link)
    assert page.heading == "Welcome to Improve"
    assert "Larchdale Council" in page.main
    form = page.form(link)
    assert dict(form.values)["name"] == "Bea New"
    short = bea.send(form, {"password": "short"})
    assert short.status == 422
    assert "Use 12 characters or more." in short.errors[0]
    inside = bea.send(
        short.form(link), {"name": "Beatrice New", "password": PASSWORD}, follow=False
    )
    assert inside.status == 303
    assert bea.client.get("/me/settings").status_code == 200
    assert visit().get(link).status == 404, "used once"
    with app.app_context():
        account = queries.person_for_sign_in("bea@larchdale.example")
        assert account is not None
        assert account.name == "Beatrice New"
        made = queries.actor_of_person(account.id)
        assert [(p.role, p.team_id, p.is_home) for p in made.places] == [
            (Role.PRACTITIONER, cast.team, True)
        ]


@pytest.mark.security(45)
def test_a_link_runs_out_after_a_day(visit: Visit, cast: Cast) -> None:
    link = invite_by_hand(visit(cast.administrator), cast, "bea@larchdale.example")
    with clock.moved(NOW + timedelta(hours=23, minutes=59)):
        assert visit().get(link).status == 200
    with clock.moved(NOW + timedelta(hours=24)):
        page = visit().get(link)
        assert (page.status, page.heading) == (404, "This link no longer works")
        form = {"name": "Bea", "password": PASSWORD}
        assert visit().post(link, form).status == 404


@pytest.mark.security(45)
def test_a_fresh_link_ends_the_earlier_one(visit: Visit, cast: Cast) -> None:
    admin = visit(cast.administrator)
    first = invite_by_hand(admin, cast, "bea@larchdale.example")
    page = admin.get("/admin/invitations")
    bea = page.link("Bea")
    told = admin.send(page.form(f"{bea}/invite-again"))
    second = re.search(r"/invitation/[\w-]{32}", told.main)
    assert second
    assert visit().get(first).status == 404
    assert visit().get(second.group()).status == 200


def test_an_invitation_can_be_taken_back(visit: Visit, cast: Cast) -> None:
    admin = visit(cast.administrator)
    link = invite_by_hand(admin, cast, "bea@larchdale.example")
    page = admin.get("/admin/invitations")
    done = admin.send(page.form(f"{page.link('Bea')}/take-invitation-back"))
    assert "The invitation is taken back." in done.text
    assert "bea@larchdale.example" not in done.main
    assert visit().get(link).status == 404


def test_with_mail_a_letter_goes_out_and_no_link_is_shown(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    app.config["MAIL_URL"] = "smtp://mail.example"
    try:
        admin = visit(cast.administrator)
        page = fill_in(admin, "bea@larchdale.example, cai@larchdale.example", team=str(cast.team))
        told = admin.send(page.form("/send"), button="Invite 2 people")
    finally:
        app.config["MAIL_URL"] = ""
    assert "2 invitations sent." in told.text
    assert "/invitation/" not in told.main
    with app.app_context():
        rows = db.session.execute(
            text("SELECT to_address, subject FROM outbox_messages ORDER BY id")
        ).all()
    assert [row.to_address for row in rows] == ["bea@larchdale.example", "cai@larchdale.example"]
    assert rows[0].subject == "Robin Elm invites you to Improve"
    link = re.search(r"http://localhost(/invitation/[\w-]{32})", whole_letters(app)[0])
    assert link
    assert visit().get(link.group(1)).status == 200


@pytest.mark.security(9)
def test_a_name_writes_no_lines_of_its_own_into_mails_to_others(
    app: Flask, visit: Visit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example")
    admin = visit(cast.administrator)
    name = "Robin\r\n\r\nYour account ends:\thttps://a.example\nElm"
    admin.send(admin.get("/me/details").form("/me/details"), {"name": name})
    page = fill_in(admin, "bea@larchdale.example", team=str(cast.team))
    told = admin.send(page.form("/send"), button="Invite 1 person")
    assert "1 invitation sent." in told.text
    with app.app_context():
        subject = db.session.execute(text("SELECT subject FROM outbox_messages")).scalar_one()
    line = "Robin Your account ends: https://a.example Elm"
    assert subject == f"{line} invites you to Improve"
    assert f"\n{line} at " in whole_letters(app)[0]


@pytest.mark.security(28)
def test_mailed_links_never_carry_a_forged_host(app: Flask, visit: Visit, cast: Cast) -> None:
    page = fill_in(visit(cast.administrator), "bea@larchdale.example", team=str(cast.team))
    visitor = visit(cast.administrator)
    cookie = visitor.client.get_cookie("improve")
    assert cookie is not None
    visitor.client.set_cookie("improve", cookie.value, domain="127.0.0.1")
    answer = visitor.client.post(
        "/admin/people/invite/send",
        data={**dict(page.form("/send").values), "csrf_token": visitor.csrf_token()},
        headers={"X-Forwarded-Host": "evil.example", "Host": "127.0.0.1"},
    )
    said = answer.get_data(as_text=True)
    assert "evil.example" not in said
    # The site answers to this host as well, and still says the one of its settings.
    assert "http://localhost/invitation/" in said
    assert "http://127.0.0.1" not in said
    assert visitor.client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_only_an_administrator_invites_and_only_to_the_own_council(
    context: Flask, cast: Cast
) -> None:
    def invite(who: str, team: int) -> list[service.Invited]:
        return service.invite_people(
            cast.actor(who), text="bea@larchdale.example", wanted_roles=[Role.PRACTITIONER],
            team_id=team, post=POST,
        )  # fmt: skip

    with pytest.raises(Forbidden):
        invite("manager", cast.team)
    with pytest.raises(NotFound):
        invite("administrator", cast.outsider_team)
    assert len(invite("administrator", cast.team)) == 1


def test_people_of_another_council_cannot_be_invited_again_or_taken_back(
    context: Flask, cast: Cast
) -> None:
    admin = cast.actor("administrator")
    with pytest.raises(NotFound):
        service.resend_invitation(admin, person_id=cast.outsider, post=POST)
    with pytest.raises(NotFound):
        service.revoke_invitation(admin, person_id=cast.outsider)


@pytest.mark.security(45)
def test_two_who_use_one_link_at_once_get_one_account(context: Flask, cast: Cast) -> None:
    invited = service.invite_people(
        cast.actor("administrator"), text="bea@larchdale.example",
        wanted_roles=[Role.COACH], team_id=None, post=POST,
    )  # fmt: skip
    token = str(invited[0].link).rsplit("/", 1)[1]
    service.accept_invitation(token=token, name="Bea", password=PASSWORD, device="x")
    with pytest.raises(NotFound):
        service.accept_invitation(token=token, name="Eve", password=PASSWORD, device="x")


@pytest.mark.security(35, 36)
@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("a" * 11, "Use 12 characters or more."),
        ("a" * 129, "Use 128 characters or fewer."),
        ("aaaaaaaaaaaaaaaa", "repeats a few characters"),
        ("password1234", "most often used"),
        ("larchdale-2026!", "built from a name"),
        ("BeaNewman2026!!", "built from a name"),
        ("Improve!Improve!", "built from a name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(
    context: Flask, cast: Cast, password: str, words: str
) -> None:
    invited = service.invite_people(
        cast.actor("administrator"), text="Bea Newman <bea.newman@larchdale.example>",
        wanted_roles=[Role.COACH], team_id=None, post=POST,
    )  # fmt: skip
    token = str(invited[0].link).rsplit("/", 1)[1]
    with pytest.raises(RuleBroken, match=words):
        service.accept_invitation(token=token, name="Bea Newman", password=password, device="x")


@pytest.mark.security(35, 39)
def test_a_password_is_neither_trimmed_nor_cut(context: Flask, cast: Cast) -> None:
    from improve.accounts import passwords

    kept = passwords.hash_password("  " + "ж" * 124 + "  ")
    assert passwords.is_right(kept, "  " + "ж" * 124 + "  ")
    assert not passwords.is_right(kept, "ж" * 124)
    assert not passwords.is_right(kept, "  " + "ж" * 123)
    assert kept.startswith("$argon2id$")


def test_a_mail_with_a_link_that_was_taken_back_does_not_leave(context: Flask, cast: Cast) -> None:
    admin = cast.actor("administrator")
    by_mail = service.Post(site_name="Improve", address_of=lambda token: token, has_mail=True)
    invited = service.invite_people(
        admin, text="bea@larchdale.example", wanted_roles=[Role.COACH], team_id=None, post=by_mail
    )
    assert mail.waiting() == 1
    service.revoke_invitation(admin, person_id=invited[0].person_id)
    assert mail.waiting() == 0


@pytest.mark.security(45)
def test_an_invitation_opens_no_account_that_somebody_has_come_to(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    """One that was made before, and was never used, sets no password over the one there is."""
    with app.app_context():
        post = service.Post(lambda token: token, has_mail=False, site_name="Improve")
        invited = service.invite_people(
            cast.actor("administrator"),
            text="nora.reed@larchdale.example",
            wanted_roles=[Role.COACH],
            team_id=None,
            post=post,
        )[0]
        db.session.execute(
            text("UPDATE people SET password_hash = 'kept' WHERE id = :id"),
            {"id": invited.person_id},
        )
        db.session.commit()
    thief = visit()
    page = thief.get(f"/invitation/{invited.link}")
    answer = thief.send(
        page.form(f"/{invited.link}"), {"name": "Nora", "password": "three other words apart"}
    )
    assert answer.status == 404
    with app.app_context(), pytest.raises(NotFound):
        service.send_guest_link(cast.actor("manager"), invited.person_id, post=post)
