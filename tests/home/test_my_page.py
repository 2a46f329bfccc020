"""My page, the start and help: what each person meets first."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from improve.huddles import service as huddles
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_start_leads_staff_to_their_board(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/")
    assert page.heading == "Riverside’s board is ready, and empty"


def test_start_leads_people_without_a_team_to_all_boards(cast: Cast, visit: Visit) -> None:
    page = visit(cast.coach).get("/")
    assert page.heading == "Team boards"
    assert page.links("Riverside")
    assert page.links("Hillside")


def test_start_leads_a_leader_to_the_month(cast: Cast, visit: Visit) -> None:
    """What waits for them stands first; the boards are one step away."""
    page = visit(cast.leader).get("/")
    assert page.heading == "This month, from you"
    assert page.link("Board") == "/teams"
    assert visit(cast.leader).get("/me").link("This month, from you") == "/review/month"


def test_start_leads_the_administrator_to_people(cast: Cast, visit: Visit) -> None:
    assert visit(cast.administrator).get("/").heading == "People"


def test_start_leads_a_guest_to_their_page(cast: Cast, visit: Visit) -> None:
    assert visit(cast.guest).get("/").heading == "Good morning, Gwen"


def test_start_leads_nobody_to_the_sign_in_page(cast: Cast, visit: Visit) -> None:
    assert "Sign in" in visit().get("/").heading


def test_boards_of_another_council_are_not_listed(cast: Cast, visit: Visit) -> None:
    page = visit(cast.outsider).get("/teams")
    assert not page.links("Hillside")


def test_my_ideas_are_listed_and_nobody_elses(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_idea(cast, text="Ring back by a time we name")
        db.session.commit()
    assert visit(cast.practitioner).get("/me").links("Ring back by a time we name")
    assert "Ring back" not in visit(cast.colleague).get("/me").main


def test_a_manager_sees_what_waits_for_a_reply(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_idea(cast, text="Ring back by a time we name")
        db.session.commit()
    assert "Waiting for a first reply" in visit(cast.manager).get("/me").main
    assert "Waiting for a first reply" not in visit(cast.other_manager).get("/me").main


def test_news_is_read_and_put_away(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast, text="Ring back")
        db.session.commit()
    manager = visit(cast.manager)
    form = manager.get(f"/ideas/{idea_id}").form("/comments")
    manager.send(form, {"words": "Which families?"})
    author = visit(cast.practitioner)
    page = author.get("/me")
    assert "Sam commented" in page.main
    after = author.send(page.form(button="I have read these"))
    assert "Sam commented" not in after.main
    assert not after.has_form("/news/read")
    assert "Sam commented" in author.follow(after, "All news").main


def test_empty_page_says_what_belongs_here(cast: Cast, visit: Visit) -> None:
    page = visit(cast.colleague).get("/me")
    assert page.links("Log your first idea")
    assert "When someone replies to your idea" in page.main


def test_help_is_open_to_everybody(cast: Cast, visit: Visit) -> None:
    assert visit().get("/help").heading == "Help"
    assert visit(cast.guest).get("/help").heading == "Help"
    # Each finds of voices what is for them.
    for person, has in ((cast.voices_reader, 1), (cast.practitioner, 1), (cast.guest, 0)):
        found = visit(person).get("/help").soup.select('dl.kv a[href="/voices"]')
        assert len(found) == has


def test_a_worry_is_told_what_to_do_now(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/safeguarding-worry")
    assert page.links("999")
    assert not any(
        form.get("method") == "post" and "worry" in form.get("action", "")
        for form in page.soup.find_all("form")
    )


def test_what_i_said_i_would_do_is_ticked_there(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        huddle = huddles.start_huddle(manager, team_id=cast.team, form_token="s").huddle_id
        for number, owner in enumerate((cast.colleague, cast.manager)):
            huddles.add_action(
                manager,
                huddle_id=huddle,
                what=f"Ring office {number}",
                owner_id=owner,
                due_on=clock.today(),
                form_token=f"a{number}",
            )
        db.session.commit()
    colleague = visit(cast.colleague)
    page = colleague.get("/me")
    assert "What you said you would do" in page.main
    assert "From the huddle, Tue 24 Nov" in page.main
    assert "Ring office 1" not in page.main
    done = "Done: Ring office 0"
    page = colleague.send(page.form(button=done), button=done)
    assert page.heading == "Good morning, Jo"
    assert "What you said you would do" not in page.main
