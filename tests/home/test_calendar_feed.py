"""One's own dates in a calendar: a secret address that can be ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.service.links import RESET, make_link
from improve.huddles import service as huddles
from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.factories import Cast, idea_in
from tests.pages import Visitor

Visit = Callable[..., Visitor]
BASE = "http://localhost"


@pytest.fixture
def path(app: Flask, cast: Cast, visit: Visit) -> str:
    """The path of the practitioner's address, made on its page."""
    person = visit(cast.practitioner)
    page = person.send(person.get("/me/calendar").form("/me/calendar"))
    address = page.soup.select_one("code").text  # type: ignore[union-attr]
    assert address.startswith(f"{BASE}/calendar/")
    assert "shown this once" in page.main
    assert address not in person.get("/me/calendar").text
    return address.removeprefix(BASE)


def titles(body: bytes) -> list[str]:
    """Return what the events of a calendar are called."""
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(body).walk("VEVENT")]


def test_it_holds_actions_tests_and_huddles_and_nobody_else(
    app: Flask, cast: Cast, visit: Visit, path: str
) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        huddle = huddles.start_huddle(manager, team_id=cast.team, form_token="s").huddle_id
        for owner, what in ((cast.practitioner, "Ring the school; ask"), (cast.manager, "Not me")):
            huddles.add_action(
                manager,
                huddle_id=huddle,
                what=what,
                owner_id=owner,
                due_on=date(2026, 11, 27),
                form_token=what,
            )
        idea_in(cast, Stage.DO, text="Ring back by a time we name")
        db.session.commit()
    answer = visit().client.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = titles(answer.data)
    assert "Ring the school; ask" in found
    assert "Look at the test: Ring back by a time we name" in found
    assert "Not me" not in found
    assert b"Sam" not in answer.data
    assert b"ATTENDEE" not in answer.data
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_an_unchanged_calendar_is_known_to_be(visit: Visit, path: str) -> None:
    client = visit().client
    first = client.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_only_a_mark_of_it_is_kept(app: Flask, path: str) -> None:
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 43, "256 bits"
    with app.app_context():
        kept = db.session.execute(text("SELECT token_hash FROM calendar_feeds")).scalar()
        assert token not in str(kept)


def test_a_new_one_ends_the_old_and_an_ended_one_is_like_none(
    cast: Cast, visit: Visit, path: str
) -> None:
    person, client = visit(cast.practitioner), visit().client
    page = person.send(person.get("/me/calendar").form("/me/calendar"))
    newer = page.soup.select_one("code").text.removeprefix(BASE)  # type: ignore[union-attr]
    assert client.get(path).status_code == 404
    assert client.get(newer).status_code == 200
    person.send(person.get("/me/calendar").form("/me/calendar/end"))
    ended, never = client.get(newer), client.get("/calendar/never-was.ics")
    assert ended.status_code == never.status_code == 404
    assert not person.get("/me/calendar").has_form("/me/calendar/end")
    person.post("/me/calendar/end", follow=True)


@pytest.mark.parametrize(
    "change", ["is_active = false", "ends_on = '2026-11-23'"], ids=["closed", "ended"]
)
def test_it_ends_with_the_account(
    app: Flask, cast: Cast, visit: Visit, path: str, change: str
) -> None:
    with app.app_context():
        db.session.execute(
            text(f"UPDATE people SET {change} WHERE id = :id"), {"id": cast.practitioner}
        )
        db.session.commit()
    assert visit().client.get(path).status_code == 404


def test_it_repeats_the_huddles_of_ones_teams(
    app: Flask, cast: Cast, visit: Visit, path: str
) -> None:
    with app.app_context():
        db.session.execute(
            text("UPDATE teams SET huddle_days = '1', huddle_at = '09:30' WHERE id IN (:a, :b)"),
            {"a": cast.team, "b": cast.other_team},
        )
        db.session.commit()
    found = titles(visit().client.get(path).data)
    assert found == ["Huddle, Riverside"], "of their own teams only"


@pytest.mark.security(50)
@pytest.mark.parametrize("way", ["others", "administrator", "reset"])
def test_it_ends_with_the_sessions(
    app: Flask, cast: Cast, visit: Visit, path: str, way: str
) -> None:
    """Whoever had a session for a minute reads no titles by an address that they made with it."""
    assert visit().client.get(path).status_code == 200
    if way == "others":
        person, button = visit(cast.practitioner), "Sign all the others out"
        person.send(person.get("/me/devices").form(button=button), button=button)
    elif way == "administrator":
        with app.app_context():
            accounts.end_sessions_of(cast.actor("administrator"), person_id=cast.practitioner)
            db.session.commit()
    else:
        with app.app_context():
            made = make_link(
                organisation_id=cast.organisation, person_id=cast.practitioner, kind=RESET
            )
            words = "three plain words together"
            accounts.reset_password(secret="s", token=made.token, password=words)
            db.session.commit()
    assert visit().client.get(path).status_code == 404
