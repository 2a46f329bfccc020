"""A board that has only begun: what it says, and the five things that a new team does first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask

from improve.accounts.days.huddle_days import HuddleDays
from improve.accounts.roles import Role
from improve.accounts.service import change_team, set_huddle_days
from improve.ideas.first_things import TeamFacts, first_things
from improve.ideas.kinds import Way
from improve.shared.db import db
from improve.shared.formatting import whose
from tests.factories import Cast, actor, make_idea, make_measure, make_person, take
from tests.pages import Page, Visitor
from tests.statements import Watch

BOARD = "/teams/riverside/board"
FIVE = [
    "Add the team’s aim",
    "Invite three people",
    "Set the huddle day",
    "Log one idea",
    "Choose one measure",
]


def five(page: Page) -> dict[str, bool]:
    """Return the five things of the page, each with whether it is done."""
    found = {}
    for item in page.soup.select(".five-thing"):
        said, _, state = item.get_text(strip=True).partition(",")
        found[said] = state.strip() == "done"
    return found


# ---------------------------------------------------------------- the rule


def test_the_five_are_told_in_order_and_go_when_all_are_done() -> None:
    begun = first_things(TeamFacts(3, False), has_aim=True, has_huddle_day=False, has_idea=False)
    assert [thing.words for thing in begun] == FIVE
    assert [thing.is_done for thing in begun] == [True, True, False, False, False]
    done = {"has_aim": True, "has_huddle_day": True, "has_idea": True}
    assert first_things(TeamFacts(2, True), **done)[1].is_done is False
    assert first_things(TeamFacts(3, True), **done) == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Hillside", "Hillside’s"),
        ("Next Steps", "Next Steps’"),
        ("Disabled Children’s", "Disabled Children’s"),
    ],
)
def test_a_team_is_said_to_own_its_board(name: str, said: str) -> None:
    assert whose(name) == said


# ---------------------------------------------------------------- on the board


def test_a_manager_is_led_to_each_of_the_five(cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = visit(cast.manager).get(BOARD)
    assert list(five(page)) == FIVE
    assert page.link("Add the team’s aim") == "/admin/teams/riverside"
    assert page.link("Set the huddle day") == "/teams/riverside/huddles/settings"
    assert page.link("Log one idea") == "/log"
    assert page.link("Choose one measure") == "/teams/riverside/measures/catalogue"
    # Only administrators invite: to others it is said, and no link.
    assert not page.soup.find("a", string="Invite three people")


def test_others_of_the_team_are_led_to_what_they_may_do(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    page = visit(cast.practitioner).get(BOARD)
    assert list(five(page)) == FIVE
    assert page.link("Log one idea") == "/log"
    for words in set(FIVE) - {"Log one idea"}:
        assert not page.soup.find("a", string=words)


def test_each_of_the_five_ticks_itself_and_then_they_are_gone(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    sam = visit(cast.manager)

    def tag() -> str:
        with sam.client.get(BOARD) as answer:
            return str(answer.headers["ETag"])

    def stands(mark: str) -> bool:
        with sam.client.get(BOARD, headers={"If-None-Match": mark}) as answer:
            return bool(answer.status_code == 304)

    def aim() -> None:
        change_team(
            actor(cast.administrator),
            slug="riverside",
            aim="Every child knows what happens next",
            wip=(4, 3, 4),
            seen_version=1,
        )

    def people() -> None:
        for _ in range(2):
            make_person(cast.organisation, role=Role.PRACTITIONER, team_id=cast.team)

    def huddle() -> None:
        days = HuddleDays((1,), time(9, 30), 15)
        set_huddle_days(actor(cast.manager), team_id=cast.team, days=days, seen_version=2)

    steps: list[tuple[str, Callable[[], object]]] = [
        ("Add the team’s aim", aim),
        ("Invite three people", people),
        ("Set the huddle day", huddle),
        ("Log one idea", lambda: make_idea(cast)),
        ("Choose one measure", lambda: make_measure(cast)),
    ]
    for number, (words, do) in enumerate(steps, start=1):
        mark = tag()
        assert stands(mark)
        assert five(sam.get(BOARD))[words] is False
        with app.app_context():
            do()
            db.session.commit()
        # What the browser kept does not stand any more, since a tick changed.
        assert not stands(mark), words
        if number < len(steps):
            assert five(sam.get(BOARD))[words] is True
    with statements() as seen:
        assert five(sam.get(BOARD)) == {}
    assert len(seen) <= 4, seen


def test_on_a_board_with_ideas_the_five_are_for_those_who_set_the_team_up(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        db.session.commit()
    page = visit(cast.manager).get(BOARD)
    assert page.heading == "Riverside"
    assert five(page)["Log one idea"] is True
    assert list(five(visit(cast.coach).get(f"{BOARD}?view=list"))) == FIVE
    assert five(visit(cast.practitioner).get(BOARD)) == {}
    assert five(visit(cast.manager).get(f"{BOARD}?show=mine")) == {}
    # A team that has finished something knows how it goes.
    with app.app_context():
        answers = {"what_happened": "The map hangs there", "learned": "Ask who waits there"}
        take(cast, idea_id, Way.QUICK_FIX, answers=answers, note="")
        db.session.commit()
    assert five(visit(cast.manager).get(BOARD)) == {}


def test_a_wall_shows_none_of_it(cast: Cast, visit: Callable[..., Visitor]) -> None:
    assert "Five things" not in visit(cast.manager).get(f"{BOARD}?wall=1").text
