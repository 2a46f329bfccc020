"""The team's board: what it shows, to whom, for how many statements and bytes."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import insert

from improve.accounts.service import change_team, raise_board_version
from improve.ideas import service
from improve.ideas.kinds import ReplyKind, Source, Stage, Way
from improve.ideas.models import Idea
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, enter_numbers, idea_in, make_idea, make_measure, take
from tests.pages import Page, Visitor, words
from tests.statements import Watch

BOARD = "/teams/riverside/board"
ALL_STAGES = [stage.value for stage in Stage]


def fill(cast: Cast, count: int, **facts: Any) -> None:
    """Write many open ideas at once, spread over the five open columns, past the services."""
    stages = ALL_STAGES[:-1]
    subjects = ("visits", "letters", "duty calls", "core groups", "reviews", "handovers", "plans")
    rows = []
    for number in range(count):
        at = NOW - timedelta(days=number % 40, minutes=number)
        stage = stages[number % 5]
        subject = subjects[number % len(subjects)]
        rows.append(
            {
                "organisation_id": cast.organisation,
                "team_id": cast.team,
                "author_id": cast.practitioner if number % 3 else cast.colleague,
                "lead_id": cast.manager if number % 4 == 0 else None,
                "title": f"Change number {number} to how we do {subject} on day {number % 31}",
                "suggestion": "x",
                "form_token": f"many-{number}",
                "created_at": at,
                "stage_entered_at": at,
                "stage": stage,
                "waiting_since": at if stage == "suggested" else None,
                "cycle_number": 0 if stage == "suggested" else 1,
                **facts,
            }
        )
    for begin in range(0, count, 500):
        db.session.execute(insert(Idea), rows[begin : begin + 500])
    db.session.commit()


def card(page: Page, idea_id: int) -> Tag:
    """Return the card of an idea on a board."""
    found = page.soup.find(id=f"card-{idea_id}")
    assert isinstance(found, Tag), f"no card of idea {idea_id}"
    return found


def column(page: Page, stage: str) -> Tag:
    """Return a column of the board."""
    found = page.soup.find("section", id=stage)
    assert isinstance(found, Tag)
    return found


def titles(node: Tag) -> list[str]:
    """Return the titles of the cards in a part of the page, from top to bottom."""
    return [words(title) for title in node.find_all("h3")]


# ---------------------------------------------------------------- what it shows


def test_an_empty_board_says_what_goes_where(cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = visit(cast.practitioner).get(BOARD)
    assert page.heading == "Riverside’s board is ready, and empty"
    heads = [words(h2) for h2 in page.soup.find_all("h2")]
    assert heads[1:] == ["Riverside team board", "Ideas", "Plan", "Do", "Study", "Act", "Done"]
    assert "New suggestions" in words(column(page, "suggested"))
    assert "Decide what to try" in words(column(page, "plan"))
    assert page.link("Log the first idea") == "/log"
    assert "No huddle day yet" in page.main


def test_a_board_reads_in_the_order_of_its_columns(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        made = {stage: idea_in(cast, stage, text=f"Now in {stage}") for stage in ALL_STAGES[:-1]}
        ended = idea_in(cast, Stage.ACT, text="Now in done")
        take(cast, ended, Way.KEEP, answers={"decision_why": "It worked for all five"}, note="")
        db.session.commit()
    page = visit(cast.manager).get(BOARD)
    for stage, idea_id in made.items():
        assert titles(column(page, stage)) == [f"Now in {stage}"]
        face = card(page, idea_id)
        assert face.name == "li"
        assert face.find("article") is not None
        title = face.find("h3")
        assert isinstance(title, Tag)
        assert title.find("a", href=f"/ideas/{idea_id}") is not None
        move = face.find("a", attrs={"aria-label": f"Move Now in {stage}"})
        assert isinstance(move, Tag)
        assert move["href"] == f"/ideas/{idea_id}/stage"
        assert words(move) == "Move"
    assert "Cycle 1, Do" in words(card(page, made["do"]))
    assert "Amina" in words(card(page, made["do"]))
    assert "1 of 3" in words(column(page, "do"))
    done = words(card(page, ended))
    assert "Kept 24 Nov" in done
    assert "Kept. We learned: A photo is enough. Send it two days before." in done
    assert "Read it" in done
    assert "Move" not in done
    assert page.link("All finished (1)") == "/teams/riverside/finished"
    jumps = page.soup.find("nav", attrs={"aria-label": "Columns"})
    assert isinstance(jumps, Tag)
    assert words(jumps) == "Ideas 1 Plan 1 Do 1 Study 1 Act 1 Done 1"


def test_a_card_says_its_age_its_source_and_what_is_missing(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        with clock.moved(datetime(2026, 11, 18, 10, tzinfo=UTC)):
            old = make_idea(cast, text="Tell children who is coming", source=Source.CHILD)
        with clock.moved(datetime(2026, 11, 23, 10, tzinfo=UTC)):
            new = make_idea(cast, text="One calendar for core groups")
        planned = idea_in(cast, Stage.PLAN, text="Ask for the room")
        db.session.commit()
    page = visit(cast.practitioner).get(BOARD)
    face = words(card(page, old))
    assert "6 days , usual 2" in face
    assert "Young person" in face
    assert "Waiting 4 working days for a first reply" in face
    face = words(card(page, new))
    assert "Yesterday" in face
    assert "Needs a first reply by Wed 25 Nov" in face
    assert "usual" not in face
    assert "To move to Do: say what you expect to see" in words(card(page, planned))
    assert titles(column(page, "suggested")) == [
        "Tell children who is coming",
        "One calendar for core groups",
    ]


def test_a_blocked_card_says_who_can_help(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.DO)
        service.mark_blocked(
            actor(cast.practitioner), idea_id=idea_id, reason="Needs the new contract.", who="Jo"
        )
        db.session.commit()
    page = visit(cast.practitioner).get(BOARD)
    assert "Blocked. Needs the new contract. Jo can help." in words(card(page, idea_id))
    assert "1 blocked" in page.main
    assert card(page, idea_id).find(class_="card-blocked") is not None


def test_a_verdict_stands_with_its_line_and_its_words(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=100)):
            measure = make_measure(cast, recorded="value", name="Visits on time", unit="%")
            idea_id = idea_in(cast, Stage.PLAN, text="Look ahead on Monday")
            manager = actor(cast.manager)
            service.choose_measures(manager, idea_id=idea_id, main_id=measure, beside_id=None)
            service.save_answers(
                manager, idea_id=idea_id, seen_version=99, answers={"is_wide": True}
            )
            take(cast, idea_id, Way.DO)
        first = (NOW - timedelta(days=100 + 24 * 7)).date()
        first -= timedelta(days=first.weekday())
        before = [60.0 + change for change in (3, -2, 1, -4, 4, 0.5, -1, 2, -3, 5, -5, 1.5) * 2]
        enter_numbers(cast, measure, [*before, *([75.0] * 13)], first_on=first)
        db.session.commit()
    face = card(visit(cast.practitioner).get(BOARD), idea_id)
    line = face.find(class_="spark")
    assert isinstance(line, Tag)
    assert line["aria-hidden"] == "true"
    verdict = face.find(class_="verdict")
    assert isinstance(verdict, Tag)
    assert words(verdict).startswith("Improvement:")


def test_a_small_test_shows_what_was_expected_and_seen(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.STUDY, text="Send a photo first")
        db.session.commit()
    face = card(visit(cast.practitioner).get(BOARD), idea_id)
    assert "Tried small: expected 4 of 5, saw 5 of 5" in words(face)
    rows = [row["aria-label"] for row in face.find_all("svg", attrs={"role": "img"})]
    assert [str(label).replace("\u00a0", " ") for label in rows] == ["4 of 5", "5 of 5"]


def test_too_much_at_once_is_said_and_stops_nothing(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        for _ in range(4):
            idea_in(cast, Stage.DO)
        db.session.commit()
    page = visit(cast.manager).get(BOARD)
    assert "4 of 3, over limit" in words(column(page, "do"))


def test_links_are_only_for_those_who_may(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        waiting = make_idea(cast, text="One calendar")
        tried = idea_in(cast, Stage.DO, text="Hand over together")
        db.session.commit()
    sam = visit(cast.manager).get(BOARD)
    assert sam.links("Reply to One calendar")
    assert sam.links("Move One calendar")
    jo = visit(cast.colleague).get(BOARD)
    assert not jo.links("Reply to One calendar")
    assert not jo.links("Move Hand over together")
    amina = visit(cast.practitioner).get(BOARD)
    assert amina.links("Move Hand over together")
    assert not amina.links("Reply to One calendar")
    # All that its author may do with it is to withdraw it: that stands on its page, in words.
    assert not amina.links("Move One calendar")
    own = visit(cast.practitioner).get(f"/ideas/{waiting}")
    assert not own.links("Move")
    assert own.links("Withdraw this idea")
    # Of the team, so they choose what its huddle talks about; a guest of the board does not.
    assert words(card(jo, waiting).find(class_="card-foot")) == "Pin"
    leader = visit(cast.leader).get(BOARD)
    assert "Pin" not in words(card(leader, waiting).find(class_="card-foot"))
    assert card(amina, tried).find(class_="card-foot") is not None


# ---------------------------------------------------------------- filters and pages


def test_filters_stand_in_the_address_and_clear(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        make_idea(cast, text="Waiting for a word", source=Source.CHILD)
        make_idea(cast, text="By a colleague", by=cast.colleague, reply=ReplyKind.WILL_TRY)
        idea_in(cast, Stage.DO, text="Being tried")
        db.session.commit()
    amina = visit(cast.practitioner)
    page = amina.get(BOARD)
    page = amina.follow(page, "1 needs a first reply")
    assert titles(page.soup) == ["Waiting for a word"]
    assert "Showing 1 of 3." in page.main
    assert "None here with these filters." in page.main
    assert page.soup.find("a", attrs={"aria-current": "true"}) is not None
    page = amina.follow(page, "Clear filters")
    assert len(titles(page.soup)) == 3
    assert set(titles(amina.get(f"{BOARD}?show=mine").soup)) == {
        "Waiting for a word",
        "Being tried",
    }
    form = page.form(BOARD.rsplit("/", 1)[1], button="Show these")
    assert form.method == "get"
    page = amina.send(form, {"source": "child"}, button="Show these")
    assert titles(page.soup) == ["Waiting for a word"]
    page = amina.send(form, {"text": "colleague"}, button="Show these")
    assert titles(page.soup) == ["By a colleague"]
    assert "Showing 1 of 3." in page.main
    assert titles(amina.get(f"{BOARD}?text=100%25").soup) == []


def test_ready_to_study_is_counted(app: Flask, cast: Cast, visit: Callable[..., Visitor]) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=20)):
            idea_in(cast, Stage.DO, text="Over its day")
        idea_in(cast, Stage.DO, text="Still going")
        db.session.commit()
    amina = visit(cast.practitioner)
    page = amina.follow(amina.get(BOARD), "1 ready to study")
    assert titles(page.soup) == ["Over its day"]


@pytest.mark.parametrize(
    "query",
    [
        "show=everything",
        "source=report",
        "more=later&page=2",
        "page=-1",
        "view=wall",
        "more=plan&page=99999999",
        "sort=rank&view=list",
        "view=list&view=board&show=&said=nothing",
    ],
)
def test_addresses_that_nobody_offered_are_harmless(
    cast: Cast, visit: Callable[..., Visitor], query: str
) -> None:
    assert visit(cast.practitioner).get(f"{BOARD}?{query}").status == 200


def test_a_full_column_shows_fifty_and_the_way_to_more(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        fill(cast, 600)
    amina = visit(cast.practitioner)
    page = amina.get(BOARD)
    assert [len(titles(column(page, stage))) for stage in ALL_STAGES] == [50, 50, 50, 50, 50, 0]
    assert "120 of 4, over limit" in words(column(page, "plan"))
    first = titles(column(page, "plan"))
    more = amina.follow(page, "Show more in Plan (70)")
    second = titles(column(more, "plan"))
    assert len(second) == 50
    assert not set(first) & set(second)
    assert titles(column(more, "do")) == titles(column(page, "do"))
    last = amina.follow(more, "Show more in Plan (20)")
    assert len(titles(column(last, "plan"))) == 20
    assert not last.links("Show more in Plan (0)")
    assert titles(column(amina.follow(last, "Back to the first 50"), "plan")) == first

    link = page.links("Show more in Plan (70)")[0]
    part = amina.get(str(link["hx-get"]), htmx=True)
    assert link["hx-target"] == "#more-plan"
    assert titles(part.soup) == second
    assert part.soup.find(id="more-plan") is not None
    assert part.soup.find(attrs={"data-focus": True}) is not None
    assert part.soup.find("main") is None


# ---------------------------------------------------------------- who sees it


def test_two_councils_may_have_a_board_of_one_name(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        make_idea(cast, text="Ours")
        make_idea(cast, by=cast.outsider, team_id=cast.outsider_team, text="Theirs")
        db.session.commit()
    assert titles(visit(cast.practitioner).get(BOARD).soup) == ["Ours"]
    assert titles(visit(cast.outsider).get(BOARD).soup) == ["Theirs"]
    assert visit(cast.outsider).get("/teams/hillside/board").status == 404
    assert visit(cast.practitioner).get("/teams/nowhere/board").status == 404


@pytest.mark.parametrize("role", ["administrator", "guest"])
def test_who_sees_no_ideas_sees_no_board(
    cast: Cast, visit: Callable[..., Visitor], role: str
) -> None:
    visitor = visit(getattr(cast, role))
    assert visitor.get(BOARD).status == 403
    assert visitor.get("/teams/riverside/finished").status == 403


def test_a_board_is_only_read(cast: Cast, visit: Callable[..., Visitor]) -> None:
    assert visit(cast.manager).post(BOARD).status == 405


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("count", [0, 1, 30, 3000])
def test_a_board_takes_three_statements_whatever_it_holds(
    app: Flask,
    cast: Cast,
    visit: Callable[..., Visitor],
    statements: Watch,
    count: int,
) -> None:
    with app.app_context():
        fill(cast, count)
    amina = visit(cast.practitioner)
    with statements() as seen:
        page = amina.get(BOARD)
    # Three, and the session's one.
    assert len(seen) <= 4, seen
    assert len(titles(page.soup)) == min(count, 250)
    with statements() as seen:
        amina.get(f"{BOARD}?view=list&show=mine")
    assert len(seen) <= 4, seen


def test_a_full_board_is_small(app: Flask, cast: Cast, visit: Callable[..., Visitor]) -> None:
    """300 cards, the most that are drawn, in at most 20 KB as the browser gets them."""
    with app.app_context():
        fill(cast, 250)
        at = NOW - timedelta(days=3)
        ended = {
            "stage": "done",
            "outcome": "adopted",
            "finished_at": at,
            "stage_entered_at": at,
            "waiting_since": None,
            "lesson": "Ten minutes is enough. Fresh eyes find the gaps.",
        }
        fill_done = {**ended, "form_token": None}
        for number in range(50):
            fill_done["form_token"] = f"done-{number}"
            fill(cast, 1, **{**fill_done, "title": f"A colleague reads report {number} first"})
    visitor = visit(cast.manager)
    with visitor.client.get(BOARD, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        body = answer.get_data()
    assert len(re.findall(r'id="card-', gzip.decompress(body).decode())) == 300
    assert len(body) <= 20 * 1024, f"{len(body):,} bytes"


def ask(visitor: Visitor, tag: str | None = None, path: str = BOARD) -> Any:
    """Ask for the board as a browser that may know it already."""
    headers = {"If-None-Match": tag} if tag else {}
    with visitor.client.get(path, headers=headers) as answer:
        answer.get_data()
        return answer


def test_an_unchanged_board_is_not_read_again(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    with app.app_context():
        fill(cast, 30)
    amina = visit(cast.practitioner)
    first = ask(amina)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    with statements() as seen:
        again = ask(amina, tag)
    assert again.status_code == 304
    assert len(seen) == 2, seen
    assert again.headers["ETag"] == tag
    assert ask(amina, tag, f"{BOARD}?view=list").status_code == 200
    assert ask(amina, tag, f"{BOARD}?show=mine").status_code == 200
    # Others, and the same person signed in anew, hold other forms.
    assert ask(visit(cast.colleague), tag).status_code == 200
    assert ask(visit(cast.practitioner), tag).status_code == 200
    with clock.moved(NOW + timedelta(days=1)):
        assert ask(visit(cast.practitioner), tag).status_code == 200


def _logged(cast: Cast, _idea_id: int) -> None:
    make_idea(cast)


def _moved(cast: Cast, idea_id: int) -> None:
    take(cast, idea_id, Way.DO)


def _retitled(cast: Cast, idea_id: int) -> None:
    service.edit_field(
        actor(cast.manager), idea_id=idea_id, field="title", value="Another", seen_version=99
    )


def _blocked(cast: Cast, idea_id: int) -> None:
    service.mark_blocked(actor(cast.manager), idea_id=idea_id, reason="A contract", who="Jo")


def _planned(cast: Cast, idea_id: int) -> None:
    service.save_answers(
        actor(cast.manager), idea_id=idea_id, seen_version=99, answers={"prediction": "Calmer"}
    )


def _led(cast: Cast, idea_id: int) -> None:
    service.choose_lead(actor(cast.manager), idea_id=idea_id, lead_id=cast.colleague)


def _version(cast: Cast, _idea_id: int) -> None:
    raise_board_version(cast.team)


@pytest.mark.parametrize("change", [_logged, _moved, _retitled, _blocked, _planned, _led, _version])
def test_any_change_brings_a_fresh_board(
    app: Flask,
    cast: Cast,
    visit: Callable[..., Visitor],
    change: Callable[[Cast, int], None],
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    amina = visit(cast.practitioner)
    tag = ask(amina).headers["ETag"]
    assert ask(amina, tag).status_code == 304
    with app.app_context():
        change(cast, idea_id)
        db.session.commit()
    fresh = ask(amina, tag)
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != tag


def test_a_first_reply_brings_a_fresh_board(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        db.session.commit()
    amina = visit(cast.practitioner)
    tag = ask(amina).headers["ETag"]
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/reply").form("/reply")
    said = sam.send(form, {"words": "Yes.", "kind": "will_try"}, button="Send reply", follow=False)
    assert ask(amina, tag).status_code == 200
    # A page that carries a message is never kept.
    mark = said.response.headers["Location"].split("said=")[1]
    told = ask(sam, path=f"{BOARD}?said={mark}")
    assert "ETag" not in told.headers
    assert told.headers["Cache-Control"] == "no-store"


def test_the_limits_of_a_team_bring_a_fresh_board(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    amina = visit(cast.practitioner)
    tag = ask(amina).headers["ETag"]
    with app.app_context():
        change_team(
            actor(cast.administrator),
            slug="riverside",
            aim="Every child knows what happens next",
            wip=(5, 5, 5),
            seen_version=1,
        )
        db.session.commit()
    fresh = visit(cast.practitioner).get(BOARD)
    assert ask(amina, tag).status_code == 200
    assert "Aim: every child knows what happens next" in fresh.main


# ---------------------------------------------------------------- strange words


def test_a_word_of_two_hundred_letters_is_only_a_word(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        make_idea(cast, text="Donau" * 40)
        make_idea(cast, text="<script>alert(1)</script> & “quotes”")
        db.session.commit()
    page = visit(cast.practitioner).get(BOARD)
    found = titles(column(page, "suggested"))
    assert found[0].startswith("DonauDonau")
    assert len(found[0]) <= 120
    assert found[1] == "<script>alert(1)</script> & “quotes”"


def test_a_poll_says_only_how_much_changed(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    with app.app_context():
        make_idea(cast)
        db.session.commit()
    amina = visit(cast.practitioner)
    news = amina.get(BOARD).soup.find(id="board-news")
    assert isinstance(news, Tag)
    poll = str(news["hx-get"])
    with statements() as seen:
        assert amina.get(poll, htmx=True).status == 204
    assert len(seen) == 2, seen
    with app.app_context():
        make_idea(cast)
        make_idea(cast)
        db.session.commit()
    part = amina.get(poll, htmx=True)
    assert part.text == "2 changes. Show them"
    assert part.link("2 changes. Show them") == BOARD
    assert amina.get(f"{BOARD}?since=nonsense", htmx=True).status == 204
