"""A guest from outside: invited to one idea, reads and comments, sees nothing else, is taken out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries as accounts_queries
from improve.accounts import service as accounts
from improve.accounts.roles import Role
from improve.accounts.service import Post
from improve.huddles import service as huddles
from improve.ideas import service as ideas
from improve.ideas.kinds import Stage
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import PASSWORD, Cast, actor, idea_in, make_idea, make_measure
from tests.mail.waiting import whole_letters
from tests.pages import Visitor

Visit = Callable[..., Visitor]

MAIL = "gwen.visitor@ashlode.example"


def post(*, has_mail: bool = False) -> Post:
    """Return how links go out in a test."""
    return Post(address_of=lambda token: f"/invitation/{token}", has_mail=has_mail, site_name="I")


@pytest.fixture
def invited(app: Flask, cast: Cast, idea_id: int) -> int:
    """The guest of the cast, invited to the idea."""
    with app.app_context():
        invite(cast, idea_id)
        db.session.commit()
    return idea_id


def invite(cast: Cast, idea_id: int, **more: Any) -> ideas.GuestAsked:
    """Have the manager invite the guest of the cast, who has a password."""
    db.session.execute(
        text("UPDATE people SET password_hash = 'x', job_title = 'Ashlode School' WHERE id = :i"),
        {"i": cast.guest},
    )
    facts = {
        "name": "Gwen Visitor",
        "email": "gwen.visitor@larchdale.example",
        "place": "Ashlode School",
        "ends_on": clock.today() + ideas.USUAL_STAY,
        "post": post(),
        **more,
    }
    return ideas.invite_guest(actor(cast.manager), idea_id=idea_id, **facts)


def test_from_the_form_to_a_comment(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    sam = visit(cast.manager)
    page = sam.follow(sam.get(f"/ideas/{idea_id}"), "Invite guests")
    form = page.form("/guests")
    assert "23/02/2027" in str(page.soup.find(id="ends_on"))  # three months
    sent = {"name": "Nell Ashby", "email": MAIL, "place": "Ashlode School"}
    shown = sam.send(form, sent)
    link = re.search(r"http\S+/invitation/\S+", shown.main)
    assert link is not None

    nell = visit()
    door = nell.get(link.group(0).removeprefix("http://localhost"))
    landed = nell.send(door.form(), {"name": "Nell Ashby", "password": PASSWORD + " two"})
    assert landed.heading == "Three things to know, Nell"
    assert "You are invited to" in nell.get(landed.link("Go on")).main
    assert nell.get(link.group(0).removeprefix("http://localhost")).status == 404  # works once
    idea = nell.get(f"/ideas/{idea_id}")
    said = nell.send(idea.form("/comments"), {"words": "Our children would like that."})
    assert "(guest, Ashlode School)" in said.main
    assert "(guest, Ashlode School)" in sam.get(f"/ideas/{idea_id}").main
    assert "Nell Ashby, Ashlode School" in sam.get(f"/ideas/{idea_id}").main
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("guest_invited") == 1


def test_a_guest_sees_that_idea_and_no_names(
    app: Flask, cast: Cast, visit: Visit, invited: int
) -> None:
    with app.app_context():
        other = make_idea(cast, text="Another idea altogether")
        ideas.comment(actor(cast.manager), idea_id=invited, words="A word", form_token="c")
        measure = make_measure(cast, numbers=[(4, 5)] * 14)
        ideas.choose_measures(actor(cast.manager), idea_id=invited, main_id=measure, beside_id=None)
        db.session.commit()
    guest = visit(cast.guest)
    idea = guest.get(f"/ideas/{invited}")
    assert ", from Sam" not in idea.main
    assert idea.status == 200
    for surname in ("Birch", "Alder", "Manager", "Social worker"):
        assert surname not in idea.main
    assert "Amina" in idea.main
    for path in (f"/ideas/{other}", f"/ideas/{other}/history"):
        assert guest.get(path).status == 404
    for path in (
        "/teams/riverside/board",
        "/teams",
        "/log",
        "/review",
        "/measures",
        f"/measures/{measure}",
        "/blocked",
        "/coaching",
        "/teams/riverside/huddles",
        f"/ideas/{invited}/guests",
        f"/ideas/{invited}/stage",
        f"/ideas/{invited}/plan",
        f"/ideas/{invited}/thanks",
        f"/ideas/{invited}/coach",
        "/thanks",
        "/thanks?team=riverside",
        "/search?q=idea",
        "/aims",
    ):
        assert guest.get(path, follow=False).status == 403, path
    mine = guest.get("/me")
    assert "Another idea" not in mine.main
    assert "Small change" in mine.main


def test_a_guest_mentions_the_people_of_the_idea_and_nobody_else(
    app: Flask, cast: Cast, visit: Visit, invited: int
) -> None:
    with app.app_context():
        ideas.comment(actor(cast.coach), idea_id=invited, words="@sam.alder?", form_token="c")
        ideas.choose_lead(actor(cast.manager), idea_id=invited, lead_id=cast.colleague)
        db.session.commit()
    guest = visit(cast.guest)
    offered = guest.get(f"/ideas/{invited}/people", htmx=True)
    assert [b["data-handle"] for b in offered.soup.select("button")] == ["@Amina", "@Jo"]
    assert "Birch" not in offered.text
    page = guest.get(f"/ideas/{invited}")
    assert [mark.text for mark in page.soup.select(".mention")] == ["@Sam"]
    assert "alder" not in page.main.lower()
    guest.send(page.form("/comments"), {"words": "@Amina and @sam.alder, thank you"})
    with app.app_context():
        told = db.session.execute(
            text("SELECT person_id FROM notices WHERE kind = 'mentioned' ORDER BY id")
        )
        assert list(told.scalars()) == [cast.manager, cast.practitioner]


def test_every_link_of_the_guest_s_page_opens(
    app: Flask, cast: Cast, visit: Visit, invited: int
) -> None:
    with app.app_context():
        other = idea_in(cast, Stage.STUDY)
        invite(cast, other)
        measure = make_measure(cast, numbers=[(n % 3 + 2, 5) for n in range(20)])
        ideas.choose_measures(actor(cast.manager), idea_id=other, main_id=measure, beside_id=None)
        db.session.commit()
    guest = visit(cast.guest)
    for start in (f"/ideas/{invited}", f"/ideas/{other}", "/me", f"/ideas/{other}/history"):
        soup = BeautifulSoup(guest.get(start).text, "lxml")
        for link in soup.find_all("a", href=True):
            path = str(link["href"]).split("#")[0]
            if path.startswith("/") and not path.startswith("/static/"):
                answer = guest.client.get(path)
                assert answer.status_code in {200, 303}, f"{start} leads to {path}"
                answer.close()


def test_a_hidden_author_stays_hidden(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_idea(cast, hides_name=True)
        invite(cast, made)
        db.session.commit()
    assert "Amina" not in visit(cast.guest).get(f"/ideas/{made}").main


def test_taken_out_and_the_session_ends(app: Flask, cast: Cast, visit: Visit, invited: int) -> None:
    with app.app_context():
        second = make_idea(cast)
        invite(cast, second)
        db.session.commit()
    guest, sam = visit(cast.guest), visit(cast.manager)
    form = sam.get(f"/ideas/{invited}/guests").form("/end")
    assert "cannot read this idea any more" in sam.send(form).main
    assert sam.send(form).status == 200  # twice is harmless
    assert guest.get(f"/ideas/{invited}").status == 404
    assert guest.get(f"/ideas/{second}").status == 200
    sam.send(sam.get(f"/ideas/{second}/guests").form("/end"))
    assert guest.get(f"/ideas/{second}", follow=False).status == 303  # signed out
    with app.app_context():
        invite(cast, second)
        db.session.commit()
    # Invited again they sign in again: the old session does not come back.
    assert guest.get(f"/ideas/{second}", follow=False).status == 303
    assert visit(cast.guest).get(f"/ideas/{second}").status == 200


@pytest.mark.security(50)
def test_a_guest_who_became_a_colleague_is_no_managers_to_sign_out(
    app: Flask, cast: Cast, visit: Visit, invited: int
) -> None:
    """Neither by the page of guests, nor when the last day of the invitation is over."""
    with app.app_context():
        second = make_idea(cast)
        invite(cast, second)
        become_leader(cast, cast.guest)
        ends_on = text("SELECT ends_on FROM people WHERE id = :i")
        assert db.session.execute(ends_on, {"i": cast.guest}).scalar() is None
        db.session.commit()
    leader, sam = visit(cast.guest), visit(cast.manager)
    sam.send(sam.get(f"/ideas/{invited}/guests").form("/end"))
    assert leader.get("/me", follow=False).status == 200
    with clock.moved(clock.now() + timedelta(days=400)), app.app_context():
        assert ideas.end_guests_of_past() == 1
        db.session.commit()
        assert db.session.execute(ends_on, {"i": cast.guest}).scalar() is None


@pytest.mark.security(45)
def test_a_guests_link_opens_no_account_of_a_colleague(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    sent = {"name": "Nell Ashby", "email": MAIL, "place": "Ashlode School"}
    page = sam.send(sam.get(f"/ideas/{idea_id}/guests").form("/guests"), sent)
    link = re.search(r"/invitation/[\w-]{32}", page.main)
    assert link, page.main
    assert visit().get(link.group(0)).status == 200
    with app.app_context():
        of_mail = text("SELECT id FROM people WHERE email = :e")
        become_leader(cast, db.session.execute(of_mail, {"e": MAIL}).scalar_one())
        db.session.commit()
    assert visit().get(link.group(0)).status == 404


def become_leader(cast: Cast, person_id: int) -> None:
    """Have the administrator make a guest a leader."""
    robin = actor(cast.administrator)
    accounts.change_roles(
        robin,
        person_id=person_id,
        in_teams={},
        across=frozenset({Role.LEADER}),
        home_team_id=None,
        seen_version=accounts_queries.person_view(robin, person_id).version,
    )


def test_ends_on_its_day(
    app: Flask, cast: Cast, visit: Visit, invited: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        later = make_idea(cast)
        invite(cast, later, ends_on=clock.today() + timedelta(days=300))
        db.session.execute(
            text("UPDATE idea_guests SET ends_on = :d WHERE idea_id = :i"),
            {"d": (clock.today() - timedelta(days=1)).isoformat(), "i": invited},
        )
        db.session.commit()
    guest = visit(cast.guest)
    assert guest.get(f"/ideas/{invited}").status == 404
    assert guest.get(f"/ideas/{later}").status == 200
    with app.app_context():
        assert ideas.end_guests_of_past() == 1
        assert ideas.end_guests_of_past() == 0
        db.session.commit()
    assert guest.get(f"/ideas/{later}").status == 200


def test_who_can_be_invited(app: Flask, cast: Cast, idea_id: int) -> None:
    with app.app_context():
        hidden = accounts.register_person(
            organisation_id=cast.organisation, name="Gone", email="gone@x.example"
        )
        db.session.execute(
            text("UPDATE people SET is_active = :no WHERE id = :i"), {"no": False, "i": hidden}
        )

        def refused(**facts: Any) -> list[str]:
            with pytest.raises(RuleBroken) as error:
                invite(cast, idea_id, **facts)
            return [reason.words for reason in error.value.reasons]

        assert "Mention them in a comment" in refused(email="jo.sedge@larchdale.example")[0]
        other = refused(email="olive.fen@fenwick.example")
        assert other == refused(email="gone@x.example")  # alike: nothing of others is told
        assert refused(email="nobody") == ["This is not an e-mail address."]
        assert len(refused(name=" ", place="", email="")) == 3
        today = clock.today()
        assert refused(ends_on=today - timedelta(days=1))
        assert refused(ends_on=today + timedelta(days=367))
        invite(cast, idea_id, ends_on=today + timedelta(days=366))
        db.session.rollback()


def test_again_sets_the_day_and_tells_once(app: Flask, cast: Cast, invited: int) -> None:
    with app.app_context():
        invite(cast, invited, ends_on=clock.today() + timedelta(days=7))
        db.session.commit()
        row = db.session.execute(text("SELECT ends_on FROM idea_guests")).scalars().all()
        told = db.session.execute(
            text("SELECT count(*) FROM notices WHERE kind = 'guest_invited'")
        ).scalar_one()
        account = db.session.execute(
            text("SELECT ends_on FROM people WHERE id = :i"), {"i": cast.guest}
        ).scalar_one()
    assert [str(on) for on in row] == ["2026-12-01"]
    assert str(account) == "2026-12-01"
    assert told == 1


def test_one_mail_however_often_the_form_is_sent(app: Flask, cast: Cast, idea_id: int) -> None:
    with app.app_context():
        for _ in range(2):
            ideas.invite_guest(
                actor(cast.coach),
                idea_id=idea_id,
                name="Nell Ashby",
                email=MAIL,
                place="Ashlode School",
                ends_on=clock.today(),
                post=post(has_mail=True),
            )
        db.session.commit()
    mails = whole_letters(app)
    assert len(mails) == 1
    assert "Choose your password here" in mails[0]
    assert re.search(r"/invitation/[\w-]{32}\n", mails[0])
    assert "Small change" not in mails[0]


def test_the_link_again(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    sam = visit(cast.manager)
    sent = {"name": "Nell Ashby", "email": MAIL, "place": "Ashlode School"}
    first = sam.send(sam.get(f"/ideas/{idea_id}/guests").form("/guests"), sent)
    page = sam.get(f"/ideas/{idea_id}/guests")
    assert "has not come yet" in page.main
    second = sam.send(page.form("/link"))
    links = [re.search(r"/invitation/\S+", shown.main) for shown in (first, second)]
    assert links[0] is not None
    assert links[1] is not None
    assert visit().get(links[0].group(0)).status == 404
    assert visit().get(links[1].group(0)).status == 200


def test_who_may_invite(cast: Cast, visit: Visit, invited: int) -> None:
    path = f"/ideas/{invited}/guests"
    for person, status in (
        (cast.practitioner, 403),
        (cast.other_manager, 403),
        (cast.leader, 403),
        (cast.guest, 403),
        (cast.outsider, 404),
        (cast.coach, 200),
    ):
        assert visit(person).get(path).status == status
        for tail in ("end", "link"):
            made = visit(person).post(f"{path}/{cast.colleague}/{tail}").status
            assert made == (404 if status == 200 else status)
    assert visit(cast.manager).client.get(f"{path}/{cast.guest}/end").status_code == 405
    assert visit(cast.manager).post(path, {}).status == 422


def test_an_idea_that_waits_for_its_author_has_no_guests(app: Flask, cast: Cast) -> None:
    from improve.ideas.kinds import Answerer

    with app.app_context():
        made = make_idea(cast, answerer=Answerer.COACH)
        with pytest.raises(RuleBroken):
            ideas.invite_guest(
                actor(cast.coach),
                idea_id=made,
                name="N",
                email=MAIL,
                place="S",
                ends_on=clock.today(),
                post=post(),
            )


def test_an_action_named_to_a_guest(app: Flask, cast: Cast, visit: Visit, invited: int) -> None:
    with app.app_context():
        huddle = huddles.start_huddle(actor(cast.manager), team_id=cast.team, form_token="h")
        db.session.commit()
        facts = {
            "huddle_id": huddle.huddle_id,
            "what": "Bring the school’s sheet",
            "owner_id": cast.guest,
            "due_on": clock.today(),
        }
        with pytest.raises(RuleBroken, match="guest of other ideas"):
            huddles.add_action(actor(cast.manager), form_token="a", **facts)
        db.session.rollback()
        item = db.session.execute(
            text("SELECT id FROM huddle_items WHERE idea_id = :i"), {"i": invited}
        ).scalar_one()
        made = huddles.add_action(actor(cast.manager), item_id=item, form_token="b", **facts)
        db.session.commit()
    guest = visit(cast.guest)
    assert "Bring the school’s sheet" in guest.get("/me").main
    page = guest.get(f"/actions/{made.action_id}")
    assert "Jo Sedge" not in page.main
    assert "Sam Alder" not in page.main
    assert guest.send(page.form(button="It is done")).status == 200
