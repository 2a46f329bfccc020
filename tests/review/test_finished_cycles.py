"""Anybody on the staff reads what finished, narrowed in the address; leaders what is unread."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from improve.accounts.models import Team
from improve.accounts.roles import Role
from improve.accounts.service.found import add_service
from improve.ideas import service as ideas
from improve.ideas.kinds import Source, Stage, Unblocker
from improve.ideas.service import aims, drivers
from improve.ideas.service.aims import AimDetails
from improve.review.periods import days_of
from improve.review.service import tick_read
from improve.review.summary import Asked, summary_sentence
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in, make_idea, make_person, make_team
from tests.library.pages import written_page
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


def in_service(cast: Cast, *team_ids: int) -> int:
    """Return a new service that these teams belong to."""
    service_id = add_service(organisation_id=cast.organisation, name="Family Help")
    for team_id in team_ids:
        db.session.get_one(Team, team_id).service_id = service_id
    return service_id


def said(counts: Any, **asked: Any) -> str:
    return summary_sentence(counts, Asked(**asked)).replace("\u00a0", " ")


def test_sentence_stands_alone_in_print() -> None:
    counts = SimpleNamespace(total=18, kept=9, changed=6, stopped=3)
    days = {"first": date(2026, 9, 1), "last": date(2026, 11, 27)}
    assert said(counts, **days, where="Family Help", source="a child or young person") == (
        "18 cycles finished in Family Help, 1 Sep to 27 Nov 2026, from a child or young person: "
        "9 kept, 6 changed, 3 stopped with what was learned."
    )
    assert said(counts, first=date(2025, 12, 1), last=date(2026, 1, 3)).startswith(
        "18 cycles finished, 1 Dec 2025 to 3 Jan 2026: 9 kept"
    )
    nine = SimpleNamespace(total=9, kept=9, changed=6, stopped=3)
    assert said(
        nine, aim="Fewer moves", driver="Matching", ending="kept", verdict="Improvement",
        is_unread=True,
    ) == (
        "9 cycles finished, for “Matching”, only those kept, where the chart now says "
        "“Improvement”, not yet read by you."
    )  # fmt: skip


def test_sentence_for_nothing_counts_nothing() -> None:
    assert said(SimpleNamespace(total=0, kept=0, changed=0, stopped=0)) == "0 cycles finished."


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("this-month", date(2026, 11, 1)),
        ("last-3-months", date(2026, 9, 1)),
        ("this-quarter", date(2026, 10, 1)),
        ("this-year", date(2026, 1, 1)),
        ("last-12-months", date(2025, 12, 1)),
        ("anything", date(2026, 9, 1)),
    ],
)
def test_quick_periods(period: str, first: date) -> None:
    assert days_of(period, date(2026, 11, 29)) == (first, date(2026, 11, 29))


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 29), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2027, 1, 1), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_the_last_quarter_ends_before_this_one(today: date, first: date, last: date) -> None:
    assert days_of("last-quarter", today) == (first, last)


def test_the_last_quarter_is_named_by_its_days(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get("/review?when=last-quarter")
    assert "1 Jul to 30\xa0Sep" in page.main or "1 Jul to 30 Sep" in page.main


def test_kept_and_stopped_stand_side_by_side(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back by a time we name")
        finish_cycle(cast, "abandon", title="A longer form")
        db.session.commit()
    page = visit(cast.leader).get("/review")
    assert page.heading == "All finished work"
    assert "2 cycles finished" in page.main
    assert "1 kept, 0 changed, 1 stopped with what was learned." in page.main
    assert "Stopped, and this is what we learned" in page.main
    assert "No goal for any of these." in page.main
    assert page.links("Ring back by a time we name")
    assert page.links("A longer form")


def test_empty_period_says_what_is_in_study(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_in(cast, Stage.STUDY)
        db.session.commit()
    leader = visit(cast.leader)
    page = leader.get("/review?decided_from=1/1/2020&decided_to=31/1/2020")
    assert "No cycles finished in this period. 1 is in Study." in page.main
    page = leader.get("/review?team=hillside")
    assert "No cycles finished in this period with these filters." in page.main
    assert "None is in Study now." in page.main


def test_filter_by_service_team_source_verdict_and_ending(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back", source=Source.CHILD)
        finish_cycle(cast, "adapt", title="Hello visit")
        service_id = in_service(cast, cast.team)
        db.session.commit()
    leader = visit(cast.leader)
    assert "Hello visit" not in leader.get("/review?decision=adopt").main
    assert "Ring back" in leader.get("/review?team=riverside").main
    assert "Ring back" not in leader.get("/review?team=hillside").main
    assert "Ring back" not in leader.get("/review?decided_to=1/10/2026").main
    page = leader.get(f"/review?service={service_id}&source=child")
    assert "1 cycle finished in Family Help" in page.main
    assert "from a child or young person" in page.main
    assert page.links("Hello visit") == []
    small = leader.get("/review?says=small").main
    assert "2 cycles finished" in small
    assert "tried small without a chart" in small
    assert "0 cycles finished" in leader.get("/review?says=better").main


def test_filter_by_aim_and_driver(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        leader = cast.actor("leader")
        aim_id = aims.make_aim(leader, details=AimDetails("Every child knows who comes"))
        top = drivers.add_driver(leader, aim_id=aim_id, name="We say who we are")
        under = drivers.add_driver(leader, aim_id=aim_id, name="By photo", under_id=top)
        hung = finish_cycle(cast, "adopt", title="Ring back")
        drivers.hang_idea(cast.actor("manager"), idea_id=hung, driver_id=under)
        finish_cycle(cast, "adopt", title="Hello visit")
        db.session.commit()
    for query in (f"aim={aim_id}", f"driver={top}", f"driver={under}"):
        page = visit(cast.leader).get(f"/review?{query}")
        assert "1 cycle finished" in page.main
        assert page.links("Ring back")
        assert not page.links("Hello visit")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("decided_from=31/02/2026", "There is no 31 February"),
        ("decided_from=soon", "soon"),
        ("decided_from=1/11/2026&decided_to=1/10/2026", "before the first"),
    ],
)
def test_a_day_that_cannot_be_read_is_said_beside_it(
    cast: Cast, visit: Visit, query: str, says: str
) -> None:
    page = visit(cast.leader).get(f"/review?{query}")
    assert page.status == 422
    assert any(says in error for error in page.errors)
    assert visit(cast.leader).get(f"/review/data.csv?{query}").status == 422


def test_an_address_that_asks_for_nothing_there_shows_all(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get(
        "/review?team=no-such&decision=burn&page=x&service=999999999999&aim=-1&driver=a&source=b"
        "&says=c&when=never&unread=y"
    )
    assert page.status == 200
    assert "cycles finished" in page.main
    assert "All services" in page.main


def test_what_stands_beside_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", source=Source.PARENT_OR_CARER)
        make_idea(cast, source=Source.CHILD)
        blocked = idea_in(cast, Stage.PLAN)
        ideas.mark_blocked(
            cast.actor("manager"), idea_id=blocked, reason="No room", who="A director",
            level=Unblocker.DIRECTOR,
        )  # fmt: skip
        db.session.commit()
    page = visit(cast.leader).get("/review")
    assert "2 ideas came from children, young people and families." in page.main
    assert "1 idea from children and families still waits for an answer." in page.main
    (link,) = page.links("1 idea is blocked and needs you")
    assert link["href"] == "/blocked?level=director"
    assert "of 9 staff took part" in page.main
    small = visit(cast.manager).get("/review?team=riverside").main
    assert "Who took part is not counted in a group this small." in small
    assert "staff took part" not in small
    assert "blocked and need" not in small


def test_a_small_team_cannot_be_told_from_its_service(app: Flask, cast: Cast, visit: Visit) -> None:
    """Riverside has seven people, Hillside one: of both, less of one, would tell of the other."""
    with app.app_context():
        service_id = in_service(cast, cast.team, cast.other_team)
        for number in range(4):
            make_person(cast.organisation, team_id=cast.team, name=f"More{number} Example")
        db.session.commit()
    leader = visit(cast.leader)
    assert "staff took part" in leader.get("/review?team=riverside").main
    assert "staff took part" not in leader.get(f"/review?service={service_id}").main
    shown = leader.get(f"/review/how-we-work?service={service_id}&measure=participation").main
    assert "what its other teams show would tell the rest" in shown
    with app.app_context():
        for number in range(4):
            make_person(cast.organisation, team_id=cast.other_team, name=f"Else{number} Example")
        db.session.commit()
    assert "of 12 staff took part" in leader.get(f"/review?service={service_id}").main


def test_file_holds_all_pages_and_no_formula(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for number in range(52):
            finish_cycle(cast, "adopt", title=f"=Idea {number}")
        tick_read(
            cast.actor("leader"), idea_id=1, cycle_number=1, words="Thank you", seen_version=0
        )
        db.session.commit()
    leader = visit(cast.leader)
    assert leader.get("/review").links("Next page")
    answer = leader.client.get("/review/data.csv?team=riverside")
    text = answer.get_data().decode("utf-8-sig")
    answer.close()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 52
    assert all(row["Idea"].startswith("'=Idea") for row in rows)
    assert {row["Team"] for row in rows} == {"Riverside"}
    assert [row["Read by"] for row in rows].count("") == 51


def test_leaders_see_what_they_have_not_read(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        read = finish_cycle(cast, "adopt", title="Ring back")
        finish_cycle(cast, "abandon", title="A longer form")
        tick_read(cast.actor("leader"), idea_id=read, cycle_number=1)
        db.session.commit()
    page = visit(cast.leader).get("/review?unread=y")
    assert "1 cycle finished" in page.main
    assert "not yet read by you" in page.main
    assert not page.links("Ring back")
    # Of no matter to whoever does not tick.
    assert "2 cycles finished" in visit(cast.coach).get("/review?unread=y").main


def test_another_council_sees_none_of_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back")
        db.session.commit()
    assert "Ring back" not in visit(cast.outsider).get("/review").text
    assert "Ring back" not in visit(cast.outsider).get("/review/data.csv").text


def test_how_we_work_of_a_service_and_a_team(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        with clock.moved(datetime(2026, 9, 7, 10, tzinfo=UTC)):
            finish_cycle(cast, "adopt")
        service_id = in_service(cast, cast.team)
        db.session.commit()
    leader = visit(cast.leader)
    for query, name in ((f"service={service_id}", "Family Help"), ("team=riverside", "Riverside")):
        page = leader.get(f"/review/how-we-work?{query}")
        assert page.heading == f"{name}: how we work"
        assert page.links("Days in Plan")
        assert "Counted from 1 stay in 1 month." in page.main
        one = leader.get(f"/review/how-we-work?{query}&measure=days_in_study")
        assert one.heading == "Days in Study"
        answer = leader.client.get(f"/review/how-we-work/data.csv?{query}")
        assert b"Days in Act" in answer.get_data()
        answer.close()
    empty = leader.get("/review/how-we-work?team=hillside&measure=days_in_plan")
    assert "Nothing to count yet" in empty.main


def test_at_most_eight_statements(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    with app.app_context():
        service_id = in_service(cast, cast.team)
        make_team(cast.organisation)
        make_person(cast.organisation, role=Role.LEADER)
        for number in range(12):
            idea_id = finish_cycle(cast, "adopt", title=f"Idea {number}")
            tick_read(cast.actor("leader"), idea_id=idea_id, cycle_number=1, words="Thank you")
        db.session.commit()
    leader = visit(cast.leader)
    for query in (
        "",
        "?team=riverside&says=small&source=own",
        f"?service={service_id}&unread=y",
        f"/how-we-work?service={service_id}",
        "/how-we-work?team=riverside",
        "/data.csv",
    ):
        with statements() as seen:
            leader.get(f"/review{query}")
        assert len(seen) <= 8, (query, seen)


def test_stories_stand_below_and_lead_to_their_pages(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        story = written_page(
            cast,
            title="Ten minutes on Monday",
            is_story=True,
            was_hard="Nobody knew.",
            changed_for_child="A visit was made.",
        )
        written_page(cast, title="No story", changed_for_child="Nothing")
        db.session.commit()
    page = visit(cast.practitioner).get("/review")
    assert "One story that teams picked" in page.main
    shown = page.soup.select(".story-grid li")
    assert len(shown) == 1
    for words in ("Ten minutes on Monday", "Nobody knew.", "A visit was made."):
        assert words in shown[0].get_text()
    assert f"/library/{story}" in [a["href"] for a in page.links("Ten minutes on Monday")]
    assert not visit(cast.practitioner).get("/review?team=hillside").soup.select(".story-grid")


def test_ideas_of_families_that_wait_are_a_link_away(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_idea(cast, text="Ask my name", source=Source.CHILD)
        make_idea(cast, text="Ring me back", source=Source.PARENT_OR_CARER)
        make_idea(cast, text="A shorter form")
        db.session.commit()
    leader = visit(cast.leader)
    page = leader.get("/review?team=riverside")
    assert "2 ideas from children and families still wait for an answer" in page.main
    found = leader.get(page.link("a child or young person"))
    assert "Ask my name" in found.main
    assert "Ring me back" not in found.main
    assert "A shorter form" not in found.main
    everywhere = leader.get("/review").link("a parent, carer or family")
    assert everywhere.startswith("/board?show=needs-reply")
