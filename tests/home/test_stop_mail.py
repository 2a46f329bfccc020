"""Ending mails by the link in them: no sign-in, nothing revealed, nothing ended by looking."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.home.news_addresses import MailAddresses
from improve.ideas import service as ideas
from improve.ideas.queries.following import followers_of
from improve.notifications import queries
from improve.notifications.kinds import Group, NoticeKind, Pace
from improve.notifications.stop_links import Stop, read_stop, write_stop
from improve.shared.db import db
from tests.factories import Cast, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
KEY = "a key for these links"


def path_for(app: Flask, stop: Stop) -> str:
    """Return the path of the link in a mail."""
    return f"/mail/stop/{write_stop(app.config['SECRET_KEY'], stop)}"


def pace(app: Flask, cast: Cast, group: Group) -> Pace:
    """Return how soon mail tells the practitioner."""
    with app.app_context():
        return queries.paces(cast.actor("practitioner"))[group]


def test_looking_ends_nothing_and_the_button_ends_one_group(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    nobody = visit()
    path = path_for(app, Stop(cast.practitioner, groups=(Group.FOLLOWED,)))
    page = nobody.get(path)
    assert page.heading == "Stop these mails?"
    assert "Other news of ideas that I follow" in page.main
    assert "Amina" not in page.text
    assert pace(app, cast, Group.FOLLOWED) is Pace.DAILY
    page = nobody.send(page.form(button="Stop these mails"))
    assert page.heading == "Stopped"
    assert pace(app, cast, Group.FOLLOWED) is Pace.NEVER
    assert pace(app, cast, Group.REPLIES) is Pace.AT_ONCE
    assert nobody.send(nobody.get(path).form(button="Stop these mails")).heading == "Stopped"
    with app.app_context():
        kept = db.session.execute(
            text("SELECT count(*) FROM audit_entries WHERE action = 'mail_stopped'")
        ).scalar()
        assert kept == 2


def test_a_mail_program_ends_it_with_one_click(app: Flask, cast: Cast, visit: Visit) -> None:
    path = path_for(app, Stop(cast.practitioner, groups=(Group.ASKED, Group.TEAM)))
    answer = visit().client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "mail programs follow no redirect"
    assert pace(app, cast, Group.ASKED) is Pace.NEVER
    assert pace(app, cast, Group.TEAM) is Pace.NEVER


def test_another_site_may_not_press_the_button(app: Flask, cast: Cast, visit: Visit) -> None:
    path = path_for(app, Stop(cast.practitioner, groups=(Group.ASKED,)))
    answer = visit().client.post(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 400
    assert pace(app, cast, Group.ASKED) is Pace.DAILY


def test_news_of_one_idea_ends_and_its_title_is_not_shown(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea_id = make_idea(cast, text="Ring back by a time we name")
        ideas.comment(cast.actor("colleague"), idea_id=idea_id, words="Yes.", form_token="c")
        db.session.commit()
    nobody = visit()
    page = nobody.get(path_for(app, Stop(cast.colleague, idea_id=idea_id)))
    assert page.heading == "Stop news of this idea?"
    assert "Ring back" not in page.text
    assert nobody.send(page.form(button="Stop news of it")).heading == "Stopped"
    with app.app_context():
        assert [person for person, _ in followers_of(idea_id)] == [cast.practitioner]


def test_an_idea_that_is_out_of_sight_is_nothing_to_end(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    nobody = visit()
    for idea_id in (987654, 1):
        page = nobody.get(path_for(app, Stop(cast.outsider, idea_id=idea_id)))
        assert nobody.send(page.form(button="Stop news of it")).heading == "Stopped"


@pytest.mark.parametrize("token", ["nonsense", "WzEsWyJhc2tlZCJdXQ.AAAA", "WzEsWyJhc2tlZCJdXQ"])
def test_a_link_that_was_not_signed_here_is_no_page(cast: Cast, visit: Visit, token: str) -> None:
    for method in ("get", "post"):
        answer = getattr(visit().client, method)(f"/mail/stop/{token}")
        assert answer.status_code == 404


def test_a_token_is_bound_to_its_person_and_what_it_ends() -> None:
    for stop in (Stop(7, groups=(Group.TEAM, Group.ASKED)), Stop(7, idea_id=12)):
        token = write_stop(KEY, stop)
        assert read_stop(KEY, token) == stop
        assert read_stop("another key", token) is None
        assert read_stop(KEY, "x" + token) is None
    assert write_stop(KEY, Stop(7, idea_id=12)) != write_stop(KEY, Stop(8, idea_id=12))


def test_every_news_has_an_address_where_nobody_asks_for_a_page(app: Flask) -> None:
    with app.app_context():
        to, base = MailAddresses(), app.config["BASE_URL"]
        for kind in NoticeKind:
            known: list[dict[str, object]] = [{}, {"slug": "riverside"}, {"hidden": 3}]
            for facts in known:
                assert to.of(kind, 5, facts).startswith(f"{base}/"), (kind, facts)
