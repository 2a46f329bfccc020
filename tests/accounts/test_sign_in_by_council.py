"""Signing in by the council's own sign-in: there and back, who is let in, whom it opens."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug import Response

from improve.accounts import service
from improve.accounts.oidc import provider_calls
from improve.accounts.oidc.id_token import Known
from improve.accounts.oidc.provider import Provider
from improve.accounts.oidc.provider_checkup import look_at_providers
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from improve.shared.logs import JSONLines
from tests.accounts.own_issuer import Issuer, running_issuer
from tests.at_once import at_once
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, make_person
from tests.pages import Page, Visitor, words

Visit = Callable[..., Visitor]
EMAIL = "priya.shah@larchdale.example"
COUNCIL = "larchdale-council"
BACK = f"/sign-in/{COUNCIL}/back"
#: What is asked of the provider is the same on either engine.
ONE_ENGINE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def issuer(app: Flask) -> Iterator[Issuer]:
    """The first council's own sign-in, and Priya signed in at it."""
    with running_issuer() as made:
        provider_calls.forget()
        made.person = {"sub": "s-1", "email": EMAIL, "email_verified": True, "name": "Priya Shah"}
        given(app, made.provider(council=COUNCIL))
        yield made
    app.config["OIDC_PROVIDERS"] = ()


def given(app: Flask, *providers: Provider) -> None:
    """Have the settings name these."""
    app.config["OIDC_PROVIDERS"] = providers


def go_there(visitor: Visitor, start: str = f"/sign-in/{COUNCIL}/start") -> str:
    """Follow the link to the provider and return the address."""
    answer = visitor.client.get(start)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def come_back(visitor: Visitor, issuer: Issuer, address: str) -> Page:
    """Let the provider sign the person in, come back, and press the one button."""
    back = visitor.get(issuer.approve(address).removeprefix("http://localhost"))
    assert back.heading == "Almost there"
    return visitor.send(back.form("/back"), follow=False)


def sign_in(visitor: Visitor, issuer: Issuer, start: str = f"/sign-in/{COUNCIL}/start") -> Page:
    """Go there and come back."""
    return come_back(visitor, issuer, go_there(visitor, start))


def way(page: Page, said: str) -> str:
    """Return where the link with these words leads."""
    return next(str(a["href"]) for a in page.soup.find_all("a") if words(a) == said)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.client.get("/me/devices").status_code == 200


def rows(app: Flask, sql: str) -> list[tuple[object, ...]]:
    with app.app_context():
        found = [tuple(row) for row in db.session.execute(text(sql))]
        db.session.rollback()
    return found


def invite(app: Flask, cast: Cast, email: str = EMAIL, role: Role = Role.PRACTITIONER) -> int:
    """Make an account that waits for its person."""
    with app.app_context():
        person = make_person(
            cast.organisation, name="Priya S", email=email, role=role, team_id=cast.team
        )
        db.session.commit()
    return person


@pytest.fixture
def priya(app: Flask, cast: Cast) -> int:
    """Somebody invited by the address that the provider vouches for."""
    return invite(app, cast)


@pytest.mark.security(46)
def test_an_invited_person_is_known_by_issuer_and_subject_from_then_on(
    app: Flask, visit: Visit, issuer: Issuer, priya: int
) -> None:
    visitor = visit()
    page = visitor.get("/sign-in?next=/teams")
    answer = sign_in(visitor, issuer, way(page, "Sign in with your council account"))
    assert (answer.status, answer.response.headers["Location"]) == (
        303,
        "/first-days?next=/teams",  # three things to know, once, on the way there
    )
    assert is_signed_in(visitor)
    # Another address, the same subject: the same person.
    issuer.person |= {"email": "p.shah-jones@larchdale.example", "email_verified": False}
    again = visit()
    assert sign_in(again, issuer).status == 303
    assert is_signed_in(again)
    # The same address, another subject: somebody else.
    issuer.person |= {"sub": "s-2", "email": EMAIL, "email_verified": True}
    other = visit()
    assert sign_in(other, issuer).heading == "You have an account here already"
    assert not is_signed_in(other)
    assert rows(app, "SELECT person_id, subject FROM identities") == [(priya, "s-1")]
    assert rows(app, "SELECT DISTINCT factor FROM auth_sessions") == [("provider",)]
    acts = rows(app, f"SELECT action FROM audit_entries WHERE object_id = '{priya}' ORDER BY id")
    assert ("council_account_joined",) in acts
    assert acts.count(("signed_in",)) == 2


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_invited", [True, False])
def test_the_first_time_in_two_windows_at_once_opens_both(
    app: Flask, cast: Cast, is_invited: bool
) -> None:
    provider = Provider(
        issuer="https://sign-in.example",
        client_id="i",
        client_secret="s",
        council=COUNCIL,
        admits="groups",
        domains=("larchdale.example",),
    )
    known = Known(provider.issuer, "s-1", EMAIL, is_invited, "Priya", () if is_invited else ("g",))
    if is_invited:
        invite(app, cast)
    else:
        with app.app_context():
            service.add_group_role(
                cast.actor("administrator"),
                group="g",
                label="",
                role=Role.COACH,
                team_id=None,
                service_id=None,
            )
            db.session.commit()

    def come_in() -> int:
        return service.come_in(
            provider=provider, known=known, device="", site_name="Improve"
        ).person_id

    second = at_once(app, come_in, come_in)
    assert rows(app, "SELECT person_id, subject FROM identities") == [(second, "s-1")]
    assert rows(app, "SELECT count(*) FROM auth_sessions") == [(2,)]


@pytest.mark.security(46)
@pytest.mark.usefixtures("priya")
@pytest.mark.parametrize("verified", [False, None, "yes", "by Entra", "a user name"])
def test_an_address_alone_opens_nothing(
    app: Flask, visit: Visit, issuer: Issuer, verified: object
) -> None:
    issuer.person["email_verified"] = verified
    if verified == "by Entra":
        # Microsoft Entra vouches for no address, whatever its token says.
        issuer.person |= {"email_verified": True, "oid": "o-1", "tid": "tenant-1"}
        given(app, issuer.provider(council=COUNCIL, is_entra=True))
    if verified == "a user name":
        # Where people choose it, they could choose somebody's address.
        issuer.person = {"sub": "mallory", "preferred_username": EMAIL, "email_verified": True}
    visitor = visit()
    page = sign_in(visitor, issuer)
    assert (page.status, page.heading) == (403, "You have no part here yet")
    assert "open the link in that mail" in page.main
    assert not is_signed_in(visitor)
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]
    refused = rows(app, "SELECT facts FROM audit_entries WHERE action = 'sign_in_refused'")
    assert len(refused) == 1


def test_the_link_of_an_invitation_joins_whoever_goes_on_with_it(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    with app.app_context():
        (made,) = service.invite_people(
            cast.actor("administrator"),
            text="Priya <other@larchdale.example>",
            wanted_roles=[Role.PRACTITIONER],
            team_id=cast.team,
            post=service.Post(lambda token: token, has_mail=False, site_name="Improve"),
        )
        db.session.commit()
    issuer.person = {"sub": "pairwise", "oid": "o-1", "tid": "tenant-1", "name": "Priya Shah"}
    given(app, issuer.provider(council=COUNCIL, is_entra=True))
    visitor = visit()
    page = visitor.get(f"/invitation/{made.link}")
    assert "Go on with my council account" in page.main
    way = f"/invitation/{made.link}/council-account"
    assert made.link is not None
    assert made.link not in go_there(visitor, way), "the state tells nothing of the link"
    assert sign_in(visitor, issuer, way).status == 303
    assert is_signed_in(visitor)
    assert rows(app, "SELECT subject FROM identities") == [("o-1",)]
    assert rows(app, f"SELECT name FROM people WHERE id = {made.person_id}") == [("Priya Shah",)]
    # The link is used up, for a password as well, and the same council account opens no second one.
    assert visit().get(f"/invitation/{made.link}").status == 404
    people = visit(cast.administrator).get("/admin/people?q=shah")
    assert "Invited" not in words(people.soup.find("tbody"))


def test_a_link_of_another_council_is_not_taken_up(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    with app.app_context():
        (made,) = service.invite_people(
            cast.actor("outsider_administrator"),
            text="x@fenwick.example",
            wanted_roles=[Role.PRACTITIONER],
            team_id=cast.outsider_team,
            post=service.Post(lambda token: token, has_mail=False, site_name="Improve"),
        )
        db.session.commit()
    visitor = visit()
    assert visitor.client.get(f"/invitation/{made.link}/council-account").status_code == 404
    assert "council account" not in visitor.get(f"/invitation/{made.link}").main


@pytest.mark.security(46)
def test_a_provider_opens_no_account_of_another_council(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, priya: int
) -> None:
    issuer.person["email"] = "olive.fen@fenwick.example"
    visitor = visit()
    assert sign_in(visitor, issuer).heading == "You have no part here yet"
    issuer.person["email"] = EMAIL
    assert sign_in(visitor, issuer).status == 303
    # The settings give the provider to the other council: the first one's people stay shut.
    given(app, issuer.provider(council="fenwick-council"))
    other = visit()
    page = sign_in(other, issuer, "/sign-in/fenwick-council/start")
    assert page.heading == "You belong to another council here"
    assert not is_signed_in(other)


def test_a_closed_account_stays_closed(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, priya: int
) -> None:
    assert sign_in(visit(), issuer).status == 303
    with app.app_context():
        service.disable_person(cast.actor("administrator"), person_id=priya)
        db.session.commit()
    visitor = visit()
    page = sign_in(visitor, issuer)
    assert (page.status, page.heading) == (403, "Your account here is closed")
    assert not is_signed_in(visitor)


def test_somebody_with_a_password_joins_the_two_with_it(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    with app.app_context():
        person = make_person(cast.organisation, email=EMAIL, team_id=cast.team, password=PASSWORD)
        db.session.commit()
    assert sign_in(visit(), issuer).heading == "You have an account here already"
    visitor = visit(person)
    page = visitor.get("/me/council-account")
    wrong = visitor.send(page.form("/me/council-account"), {"password": "wrong wrong wrong"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    right = visitor.send(page.form("/me/council-account"), {"password": PASSWORD})
    there = way(right, "Go on to your council account")
    # What was begun in one browser is not gone on with in another, whoever is there.
    elsewhere = visit(cast.colleague)
    stolen = elsewhere.get(issuer.approve(there).removeprefix("http://localhost"), follow=False)
    assert stolen.status == 303
    assert (
        come_back(visitor, issuer, there)
        .response.headers["Location"]
        .startswith("/me/council-account")
    )
    assert "You can sign in with your council account" in visitor.get("/me/council-account").main
    assert sign_in(visit(), issuer).status == 303
    mails = rows(app, "SELECT to_address FROM outbox_messages WHERE key LIKE 'council-account:%'")
    assert mails == [(EMAIL,)]


def test_the_way_there_and_the_page_back_write_nothing(
    app: Flask, visit: Visit, issuer: Issuer, priya: int
) -> None:
    visitor = visit()
    before = rows(app, "SELECT count(*) FROM audit_entries")
    address = go_there(visitor)
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == [f"http://localhost{BACK}"]
    assert asked["scope"] == ["openid email profile"]
    back = visitor.get(issuer.approve(address).removeprefix("http://localhost"))
    assert back.response.headers["Referrer-Policy"] == "no-referrer"
    assert back.response.headers["Cache-Control"] == "no-store"
    assert rows(app, "SELECT count(*) FROM audit_entries") == before
    assert rows(app, "SELECT count(*) FROM auth_sessions") == [(0,)]
    # A browser that tells nobody where it is says so in the form, too.
    form = dict(back.form("/back").values)
    sent = visitor.client.post(BACK, data=form, headers={"Origin": "null"})
    assert sent.status_code == 303


@pytest.mark.security(46)
@ONE_ENGINE
def test_state_is_bound_to_the_browser_the_time_and_itself(
    app: Flask, visit: Visit, issuer: Issuer, priya: int
) -> None:
    mine, theirs = visit(), visit()
    address = go_there(mine)
    go_there(theirs)
    back = issuer.approve(address).removeprefix("http://localhost")
    assert theirs.get(back).heading == "Begin again"
    assert mine.get(f"{back}&iss=https://other.example").status == 400
    assert visit().get(back).status == 400
    state = parse_qs(urlsplit(back).query)["state"][0]
    bent = back.replace(state, ("A" if state[40] != "A" else "B").join((state[:40], state[41:])))
    assert mine.get(bent).status == 400
    with clock.moved(NOW + timedelta(minutes=10, seconds=1)):
        assert mine.get(back).heading == "Begin again"
    assert come_back(mine, issuer, address).status == 303
    # The browser's “back” leads on; the same again opens nothing.
    assert mine.get(back, follow=False).status == 303


@pytest.mark.security(46)
@ONE_ENGINE
def test_no_provider_is_brought_the_code_of_another(
    app: Flask, visit: Visit, issuer: Issuer, priya: int
) -> None:
    """Fenwick's provider leads Priya on to Larchdale's, with what a stranger began there."""
    with running_issuer() as evil:
        given(app, issuer.provider(council=COUNCIL), evil.provider(council="fenwick-council"))
        stranger, victim = visit(), visit()
        begun = parse_qs(urlsplit(go_there(stranger)).query)
        theirs = parse_qs(urlsplit(go_there(victim, "/sign-in/fenwick-council/start")).query)
        assert theirs["redirect_uri"] == ["http://localhost/sign-in/fenwick-council/back"]
        led = urlencode({**begun, "state": theirs["state"]}, doseq=True)
        answer = urlsplit(issuer.approve(f"{issuer.address}/authorize?{led}"))
        assert answer.path == BACK, "the only address that Larchdale's provider knows"
        page = victim.get(f"{BACK}?{answer.query}")
        assert (page.status, page.heading) == (400, "Begin again")
        form = victim.get(f"/sign-in/fenwick-council/back?{answer.query}").form("/back")
        assert form.action == "/sign-in/fenwick-council/back"
        assert victim.client.post(BACK, data=dict(form.values)).status_code == 400
        assert not any(path.endswith("/token") for path in evil.asked)
    assert rows(app, "SELECT count(*) FROM auth_sessions") == [(0,)]


@pytest.mark.security(46)
@ONE_ENGINE
def test_a_provider_that_names_itself_must(visit: Visit, issuer: Issuer, priya: int) -> None:
    issuer.discovery = {"authorization_response_iss_parameter_supported": True}
    visitor = visit()
    back = issuer.approve(go_there(visitor)).removeprefix("http://localhost")
    assert visitor.get(back).status == 400
    assert visitor.get(f"{back}&{urlencode({'iss': 'https://other.example'})}").status == 400
    page = visitor.get(f"{back}&{urlencode({'iss': issuer.address})}")
    assert visitor.send(page.form("/back"), follow=False).status == 303


@pytest.mark.security(46)
def test_a_code_works_once(visit: Visit, issuer: Issuer, priya: int) -> None:
    visitor = visit()
    back = visitor.get(issuer.approve(go_there(visitor)).removeprefix("http://localhost"))
    form = back.form("/back")
    issuer.codes.clear()
    page = visitor.send(form)
    assert (page.status, page.heading) == (400, "Begin again")
    assert not is_signed_in(visitor)


def _set(**claims: object) -> Callable[[dict[str, object]], None]:
    def bend(held: dict[str, object]) -> None:
        for name, value in claims.items():
            if value is None:
                held.pop(name, None)
            else:
                held[name] = value

    return bend


@pytest.mark.security(46)
@pytest.mark.parametrize(
    ("how", "reads"),
    [
        ({"alg": "none"}, ("Begin again", "signed in a way that is not allowed (“alg”)")),
        (
            {"kid": "never published"},
            ("Begin again", "does not publish the key it was signed with (“key”)"),
        ),
        ({"bend": _set(nonce="of another sign-in")}, ("Begin again", "another sign-in (“nonce”)")),
        ({"seconds_off": 600}, ("The clocks differ", "differ by minutes")),
    ],
)
@pytest.mark.usefixtures("priya")
@ONE_ENGINE
def test_a_token_that_proves_nothing_lets_nobody_in(
    app: Flask, visit: Visit, issuer: Issuer, how: dict[str, object], reads: tuple[str, str]
) -> None:
    for name, value in how.items():
        setattr(issuer, name, value)
    visitor = visit()
    page = sign_in(visitor, issuer)
    assert (page.status, page.heading) == (400, reads[0])
    assert reads[1] in page.main
    assert not is_signed_in(visitor)
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]


@ONE_ENGINE
def test_a_key_that_is_new_there_is_asked_for(visit: Visit, issuer: Issuer, priya: int) -> None:
    assert sign_in(visit(), issuer).status == 303
    issuer.kid, issuer.published = "second", ("first", "second")
    assert sign_in(visit(), issuer).status == 400, "not more often than every half minute"
    with clock.moved(NOW + timedelta(seconds=31)):
        assert sign_in(visit(), issuer).status == 303
    issuer.kid, issuer.alg, issuer.published = "curve", "ES256", ("curve",)
    provider_calls.forget()
    assert sign_in(visit(), issuer).status == 303


@pytest.mark.security(8)
@pytest.mark.parametrize(
    "discovery",
    [
        {"token_endpoint": "https://elsewhere.example/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"authorization_endpoint": "https://elsewhere.example/a"},
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"token_endpoint": "https://[bad"},
    ],
)
@ONE_ENGINE
def test_no_host_is_asked_that_the_settings_do_not_name(
    visit: Visit, issuer: Issuer, discovery: dict[str, object]
) -> None:
    issuer.discovery = discovery
    page = visit().get(f"/sign-in/{COUNCIL}/start")
    assert (page.status, page.heading) == (503, "Your council’s sign-in does not answer")


@pytest.mark.security(8, 84)
@pytest.mark.parametrize(
    "answer",
    [
        Response("", 307, headers={"Location": "http://169.254.169.254/"}),
        Response("<html>sorry", 200),
        Response("x" * 1_100_000, 200, mimetype="application/json"),
        Response("", 500),
        Response("[]", 200, mimetype="application/json"),
    ],
)
@pytest.mark.usefixtures("priya")
@ONE_ENGINE
def test_an_answer_that_is_none_is_a_plain_page(
    app: Flask, visit: Visit, issuer: Issuer, answer: Response
) -> None:
    issuer.answer = answer
    visitor = visit()
    page = sign_in(visitor, issuer)
    assert (page.status, page.heading) in {
        (503, "Your council’s sign-in does not answer"),
        (400, "Begin again"),
    }
    assert not is_signed_in(visitor)
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]


@pytest.mark.security(84)
def test_a_provider_that_is_down_is_a_plain_page_and_left_alone_for_a_moment(
    app: Flask, visit: Visit, issuer: Issuer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    given(app, issuer.provider(council=COUNCIL, issuer=f"http://127.0.0.1:{port}"))
    visitor = visit()
    assert visitor.get(f"/sign-in/{COUNCIL}/start").status == 503
    assert (
        "Where you have a password of this site, it still works"
        in visitor.get(f"/sign-in/{COUNCIL}/start").main
    )


@ONE_ENGINE
def test_somebody_who_stops_at_the_provider_reads_so(visit: Visit, issuer: Issuer) -> None:
    page = visit().get(f"{BACK}?error=access_denied&error_description=<b>x")
    assert (page.status, page.heading) == (200, "You are not signed in")
    assert "<b>x" not in page.response.get_data(as_text=True)


@ONE_ENGINE
def test_a_code_that_ran_out_of_secret_is_the_settings_affair(
    app: Flask, visit: Visit, issuer: Issuer, priya: int
) -> None:
    given(app, issuer.provider(council=COUNCIL, client_secret="another"))
    assert sign_in(visit(), issuer).status == 503


@ONE_ENGINE
def test_signing_out_offers_to_end_the_other_sign_in(
    visit: Visit, issuer: Issuer, priya: int
) -> None:
    visitor = visit()
    sign_in(visitor, issuer)
    page = visitor.get("/me/devices")
    answer = visitor.send(page.form("/sign-out"))
    assert answer.heading == "You are signed out"
    out = way(answer, "Also sign out of your council account")
    there = visitor.client.get(out).headers["Location"]
    assert there == f"{issuer.address}/sign-out?client_id=improve-here"


def test_words_typed_before_wait_in_their_window(
    app: Flask, visit: Visit, issuer: Issuer, priya: int, cast: Cast
) -> None:
    visitor = visit()
    sign_in(visitor, issuer)
    form = visitor.get("/log").form("/log")
    with app.app_context():
        service.end_sessions_of(cast.actor("administrator"), person_id=priya)
        db.session.commit()
    ended = visitor.send(form, {"text": "Ring before the visit"})
    assert ended.status == 401
    kept = ended.form("/sign-in/kept")
    assert visitor.send(kept).heading == "Your words wait here"
    link = ended.soup.find("a", attrs={"target": "_blank"})
    assert link is not None
    assert sign_in(visitor, issuer, str(link["href"])).status == 303
    back = visitor.send(kept)
    assert back.heading == "Welcome back"
    assert "Ring before the visit" in visitor.send(back.form("/log")).response.get_data(
        as_text=True
    )
    assert "They are of somebody else" in visit(cast.colleague).client.post(
        "/sign-in/kept", data=dict(kept.values)
    ).get_data(as_text=True)


@ONE_ENGINE
def test_several_councils_are_found_by_address_or_short_name(
    app: Flask, visit: Visit, issuer: Issuer
) -> None:
    given(
        app,
        issuer.provider(council=COUNCIL, domains=("larchdale.example",)),
        issuer.provider(council="fenwick-council", client_id="there"),
    )
    visitor = visit()
    page = visitor.get("/sign-in/council?next=/teams")
    form = page.form("/sign-in/council")
    for typed in (EMAIL, "Larchdale-Council", "x@mail.larchdale.example"):
        assert (
            visitor.send(form, {"council": typed}, follow=False).response.headers["Location"]
            == f"/sign-in/{COUNCIL}?next=/teams"
        )
    for typed, says in (
        ("", "Write your work e-mail or your council’s short name."),
        ("x@notlarchdale.example", "No council here is known by this."),
    ):
        refused = visitor.send(form, {"council": typed})
        assert refused.status == 422
        assert refused.errors[0].startswith(says)
    assert visitor.get("/sign-in/fenwick-council").status == 200
    assert visitor.get("/sign-in/elsewhere").status == 404


@ONE_ENGINE
def test_without_settings_there_is_no_such_way(visit: Visit, cast: Cast) -> None:
    visitor = visit()
    assert "council account" not in visitor.get("/sign-in").main
    for path in ("/sign-in/council", f"/sign-in/{COUNCIL}", f"/sign-in/{COUNCIL}/start"):
        assert visitor.get(path).status == 404
    assert "is not set up" in visit(cast.practitioner).get("/me/council-account").main


@pytest.mark.security(46)
@ONE_ENGINE
def test_with_a_provider_that_others_wrote(
    app: Flask, visit: Visit, cast: Cast, priya: int
) -> None:
    """oidc-provider-mock, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = {"sub": "s-9", "email": EMAIL, "email_verified": True, "groups": ["g-1"]}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-n", "true",
         "--user-claims", json.dumps(user)],
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        import requests

        _wait_for(port)
        given(
            app,
            Provider(
                issuer=f"http://127.0.0.1:{port}",
                client_id="i",
                client_secret="s",
                council=COUNCIL,
                takes_plain_http=True,
            ),
        )
        with clock.moved(datetime.now(UTC)):
            visitor = visit()
            address = go_there(visitor)
            there = requests.post(address, data={"sub": "s-9"}, allow_redirects=False, timeout=10)
            back = visitor.get(there.headers["Location"].removeprefix("http://localhost"))
            answer = visitor.send(back.form("/back"), follow=False)
            assert answer.status == 303
            assert is_signed_in(visitor)
            denied = requests.post(
                address, data={"action": "deny"}, allow_redirects=False, timeout=10
            )
            page = visit().get(denied.headers["Location"].removeprefix("http://localhost"))
            assert page.heading == "You are not signed in"
    finally:
        app.config["OIDC_PROVIDERS"] = ()
        process.terminate()
        process.wait(10)
    assert rows(app, "SELECT groups FROM identities") in ([('["g-1"]',)], [(["g-1"],)])


def _wait_for(port: int) -> None:
    import time

    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the provider did not start")


@ONE_ENGINE
def test_doctor_says_whether_the_provider_answers(app: Flask, issuer: Issuer, cast: Cast) -> None:
    def said() -> list[tuple[bool, str]]:
        with app.app_context():
            return [(f.is_wrong, f"{f.words}. {f.advice}") for f in look_at_providers()]

    back = f"it sends people back to http://localhost{BACK}"
    assert said() == [(False, f"The sign-in of larchdale-council answers; {back}. ")]
    issuer.discovery = {"issuer": "https://other.example"}
    ((is_wrong, words_said),) = said()
    assert is_wrong
    assert "set OIDC_ISSUER to exactly that" in words_said
    issuer.discovery, issuer.published = {}, ()
    assert "publishes no keys" in said()[0][1]
    issuer.published, issuer.discovery = ("first",), {"claims_supported": ["sub", "email"]}
    (_, (is_wrong, of_time)) = said()
    assert not is_wrong
    assert "does not list “auth_time”" in of_time
    given(app, issuer.provider(council=COUNCIL, proof="return"))
    assert len(said()) == 1
    given(app, issuer.provider(council="nowhere"))
    assert "belongs to no council here" in said()[0][1]


@pytest.mark.security(79)
@ONE_ENGINE
def test_neither_code_nor_state_nor_token_is_in_a_log(
    visit: Visit, issuer: Issuer, priya: int, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = visit()
    caplog.set_level("DEBUG", "improve")
    address = go_there(visitor)
    assert come_back(visitor, issuer, address).status == 303
    issuer.alg = "none"
    assert sign_in(visit(), issuer).status == 400
    state = parse_qs(urlsplit(address).query)["state"][0]
    lines = [JSONLines().format(record) for record in caplog.records]
    assert len(lines) >= 6
    assert any('"why": "alg"' in line for line in lines)
    for secret in (state, "code=", "s-1", EMAIL, "opaque"):
        assert secret not in "\n".join(lines)


@pytest.mark.security(84)
def test_nobody_waits_for_the_database_while_the_provider_is_asked(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    with app.app_context():
        person = make_person(cast.organisation, team_id=cast.team, password=PASSWORD)
        db.session.commit()
    visitor = visit(person)
    page = visitor.get("/me/council-account")
    there = visitor.send(page.form("/me/council-account"), {"password": PASSWORD})
    wrote: list[bool] = []

    def write() -> None:
        with app.app_context():
            service.add_team(organisation_id=cast.organisation, name="Meanwhile")
            db.session.commit()
            wrote.append(True)

    issuer.meanwhile = write
    back = come_back(visitor, issuer, way(there, "Go on to your council account"))
    assert (back.status, wrote) == (303, [True])
