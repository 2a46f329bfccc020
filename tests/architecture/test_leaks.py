"""What somebody must not read is on no page of theirs: not the words, not the name, not a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from improve.accounts.roles import Role
from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer, ReplyKind, Stage, Way
from improve.shared import clock
from improve.shared.db import db
from tests.factories import (
    PLANNED,
    Cast,
    idea_in,
    make_idea,
    make_measure,
    make_person,
    make_team,
    take,
)
from tests.pages import Visitor
from tests.world import IDEA_PAGES, World, make_world, walk

Visit = Callable[..., Visitor]
Lay = Callable[[str, Callable[[], Any]], Any]
RARE, BESIDE, REPORTED = "quokkazephyr", "zebrafinchet", "numbatmistral"


@pytest.mark.security(55)
@pytest.mark.parametrize(
    "role",
    ["manager", "coach", "leader", "administrator", "voices_reader", "incident_reviewer", "guest"],
)
def test_words_of_another_council_are_on_no_page(
    cast: Cast, lay: Lay, visit: Visit, role: str
) -> None:
    def make() -> tuple[World, World]:
        theirs = make_world(cast, f"{RARE} {BESIDE}", organisation="other")
        ours = make_world(cast, "plain")
        make_team(cast.other_organisation, f"Team {RARE}")
        make_person(cast.other_organisation, name=f"Kim {RARE}", email=f"{RARE}@fenwick.example")
        return theirs, ours

    theirs, ours = lay("two councils", make)
    visitor = visit(getattr(cast, role))
    searches = (
        f"/teams/riverside/board?text={BESIDE}",
        f"/teams/riverside/board?view=list&text={BESIDE}",
        f"/ideas/similar?text={BESIDE}+idea+{BESIDE}",
        f"/admin/people?q={BESIDE}",
        f"/review?team={BESIDE}",
        f"/admin/people?team={cast.outsider_team}",
    )
    walked = walk(visitor, (*ours.paths, *theirs.paths, *searches))
    assert len(walked.pages) > 20
    # What a council answered its families is for everybody to read.
    told = {path for path in walked.pages if path.startswith("/changed/")}
    found = [path for path, body in walked.pages.items() if RARE in body.lower()]
    assert not set(found) - told


def make_raw_world(cast: Cast) -> World:
    """Return a world where one word stands only in what families told, another in what staff did."""
    raw, reported = f"{RARE} {BESIDE} in it", f"{REPORTED} {BESIDE} in it"
    return make_world(cast, f"plain {BESIDE}", raw=raw, reported=reported)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["practitioner", "manager", "leader", "administrator", None])
def test_what_a_voice_says_is_for_its_readers_alone(
    cast: Cast, lay: Lay, visit: Visit, role: str | None
) -> None:
    """As it was told, locked, hidden or set aside: no page of anybody else has a word of it."""
    world = lay("raw words", lambda: make_raw_world(cast))
    visitor = visit(getattr(cast, role) if role else None)
    everybody = ("/changed/larchdale-council", "/answer/larchdale-council", "/voices?text=x")
    searches = (f"/search?q={BESIDE}", f"/voices?text={BESIDE}", "/open-data/voices.csv")
    walked = walk(visitor, (*everybody, *world.paths, *searches), most=200)
    assert not [path for path, body in walked.pages.items() if RARE in body.lower()]
    assert world.listening is not None
    opened = f"/voices/desk/{world.listening.voices['reading']}"
    assert RARE in visit(cast.voices_reader).get(opened).main


@pytest.mark.security(57, 63)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "role", ["practitioner", "manager", "coach", "leader", "data_protection_lead", "administrator",
             "voices_reader", None],
)  # fmt: skip
def test_what_a_report_says_is_for_its_readers_alone(
    cast: Cast, lay: Lay, visit: Visit, role: str | None
) -> None:
    """In whatever state it is: no page of anybody else has a word of it, or where it stands."""
    world = lay("raw words", lambda: make_raw_world(cast))
    visitor = visit(getattr(cast, role) if role else None)
    assert world.reporting is not None
    begin = ("/reports/tell", "/report/larchdale-council", "/report-answer")
    searches = (f"/search?q={BESIDE}", f"/reports?text={BESIDE}", "/reports/patterns.csv")
    walked = walk(visitor, (*begin, *world.reporting.paths, *searches, *world.paths), most=240)
    assert not [path for path, body in walked.pages.items() if REPORTED in body.lower()]
    keys = world.reporting.reports.values()
    told = [path for path in walked.pages if not path.startswith("/reports/desk/")]
    assert not [path for path in told for key in keys if key in walked.pages[path]]
    opened = f"/reports/desk/{world.reporting.reports['reading']}"
    assert REPORTED in visit(cast.incident_reviewer).get(opened).main


@pytest.mark.security(55)
def test_an_address_or_a_name_in_use_elsewhere_is_not_told(cast: Cast, visit: Visit) -> None:
    """Team names of another council are free; its people's addresses say no more than “in use”."""
    admin = visit(cast.administrator)
    form = admin.get("/admin/people/invite").form("/invite")
    page = admin.send(form, {"addresses": "olive.fen@fenwick.example"})
    assert "Fenwick" not in page.main.replace("fenwick.example", "")
    assert "Olive Fen" not in page.main or "Will be invited" not in page.main


def read(visitor: Visitor, paths: list[str]) -> dict[str, BeautifulSoup]:
    """Fetch pages as they are, and take the lists of everybody in the team out of them."""
    found = {}
    for path in paths:
        answer = visitor.client.get(path, follow_redirects=True)
        soup = BeautifulSoup(answer.get_data(as_text=True), "lxml")
        answer.close()
        for option in soup.find_all("option"):
            assert not (option.has_attr("selected") and "Amina" in option.get_text()), path
            option.decompose()
        found[path] = soup
    return found


def pages_of(idea_id: int) -> list[str]:
    here = f"/ideas/{idea_id}"
    return [
        here,
        *(f"{here}/{tail}" for tail in IDEA_PAGES),
        *(f"{here}/stage?to={way.value}" for way in Way),
        f"{here}/edit/what_happened",
        "/teams/riverside/board",
        "/teams/riverside/board?view=list",
        "/teams/riverside/finished",
        "/review",
        "/me",
        "/teams",
        "/ideas/similar?text=photo+before+the+first+visit",
        "/board",
        "/blocked",
        "/coaching",
        "/search?q=photo",
        "/search?q=camera",
        "/teams/riverside/board/cards",
        "/me/news",
        "/me/record",
        f"/may-identify/idea/{idea_id}",
    ]


@pytest.fixture
def hidden(cast: Cast, lay: Lay) -> int:
    """An idea whose author hides their name, leads it, and does everything that leaves a name."""

    def make() -> int:
        idea_id = idea_in(cast, "do", text="A photo before the first visit", hides_name=True)
        amina = cast.actor("practitioner")
        ideas.comment(amina, idea_id=idea_id, words="I will bring the camera", form_token="a")
        ideas.mark_blocked(amina, idea_id=idea_id, reason="No camera", who="The office")
        ideas.unblock(amina, idea_id=idea_id)
        ideas.edit_field(
            amina, idea_id=idea_id, field="what_happened", value="Two photos", seen_version=99
        )
        for person in ("manager", "coach"):
            # Who may see the name adds to the author's text, which everybody reads.
            ideas.add_words_after_conflict(
                cast.actor(person), idea_id=idea_id, answers={"what_happened": f"Seen by {person}"}
            )
        ideas.mark_blocked(amina, idea_id=idea_id, reason="No film", who="The office")
        for number, to_id in enumerate((cast.colleague, cast.other_manager, cast.leader)):
            ideas.say_thanks(
                amina, idea_id=idea_id, to_id=to_id, words="It helped", form_token=f"to{number}"
            )
        ideas.say_thanks(
            cast.actor("manager"), idea_id=idea_id, to_id=0, words="Brave", form_token="of"
        )
        ideas.pin(amina, idea_id=idea_id)
        return idea_id

    return lay("a hidden name", make)


@pytest.mark.parametrize("reader", ["colleague", "leader", "other_manager", "voices_reader"])
def test_a_hidden_name_is_nowhere(
    app: Flask, cast: Cast, visit: Visit, hidden: int, reader: str
) -> None:
    visitor = visit(getattr(cast, reader))
    if reader == "colleague":
        visitor.post(f"/ideas/{hidden}/people")  # takes part, and may then move it too
    for step in ("do", "study", "act", "keep"):
        if step != "do":
            with app.app_context():
                why = {"answers": {"decision_why": "It works"}} if step == "keep" else {}
                take(cast, hidden, Way(step), **why)
                db.session.commit()
        for path, soup in read(visitor, pages_of(hidden)).items():
            body = str(soup)
            assert "Amina" not in body, (step, path)
            assert "Birch" not in body, (step, path)
            assert "AB" not in [disc.get_text(strip=True) for disc in soup.select(".disc")], path
        page = visitor.get(f"/ideas/{hidden}")
        assert "A colleague" in page.main


def test_a_board_hides_the_name_from_everybody(
    app: Flask, cast: Cast, visit: Visit, hidden: int
) -> None:
    """A board hangs on a wall: there not even those see it who may see it on the idea."""
    for reader in ("manager", "coach", "practitioner"):
        for path in ("/teams/riverside/board", "/teams/riverside/board?view=list"):
            board = visit(getattr(cast, reader)).get(path)
            assert "Amina" not in board.main, (reader, path)
    assert "Amina" in visit(cast.manager).get(f"/ideas/{hidden}").main


def test_news_of_a_hidden_author_names_nobody(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, "do", text="A photo before the first visit", hides_name=True)
        ideas.choose_lead(cast.actor("practitioner"), idea_id=idea_id, lead_id=cast.colleague)
        ideas.comment(cast.actor("practitioner"), idea_id=idea_id, words="Please", form_token="p")
        db.session.commit()
    news = visit(cast.colleague).get("/me").main
    assert "A colleague asks you to lead it" in news
    assert "Amina" not in news


@pytest.fixture
def for_a_coach(cast: Cast, lay: Lay) -> int:
    """An idea that a coach answers, off the board, in Do and tied to a measure of the team."""

    def make() -> int:
        coach = cast.actor("coach")
        idea_id = make_idea(cast, text=f"A {RARE} in every room", answerer=Answerer.COACH)
        measure = make_measure(cast, numbers=[(40, 50)] * 13)
        ideas.reply_first(
            coach, idea_id=idea_id, kind=ReplyKind.WILL_TRY, words="Yes, try it", seen_version=1
        )
        ideas.comment(coach, idea_id=idea_id, words=f"Ask {RARE} first", form_token="x")
        version = 2
        for way, stage, answers in (
            (Way.PLAN, Stage.SUGGESTED, {"improves": RARE}),
            (
                Way.DO,
                Stage.PLAN,
                {**PLANNED, "is_wide": True, "study_by_on": clock.today() + timedelta(days=9)},
            ),
        ):
            if way is Way.DO:
                ideas.choose_measures(coach, idea_id=idea_id, main_id=measure, beside_id=None)
                version += 1
            moved = ideas.move_stage(
                coach, idea_id=idea_id, way=way, seen_version=version, from_stage=stage,
                answers=answers, note="Soon enough",
            )  # fmt: skip
            version = moved.version
        return idea_id

    return lay("off the board", make)


@pytest.mark.parametrize(
    "reader", ["colleague", "manager", "other_manager", "leader", "administrator", "guest"]
)
def test_an_idea_off_the_board_is_known_to_its_author_and_coaches(
    app: Flask, cast: Cast, visit: Visit, for_a_coach: int, reader: str
) -> None:
    visitor = visit(getattr(cast, reader))
    idea = f"/ideas/{for_a_coach}"
    searches = (
        "/teams/riverside/board?text=room",
        "/teams/riverside/board?view=list&text=room",
        "/ideas/similar?text=in+every+room+every+room",
        "/measures/1",
        "/measures/1?view=table",
    )
    walked = walk(visitor, (idea, *(f"{idea}/{tail}" for tail in IDEA_PAGES), *searches))
    assert not [path for path, body in walked.pages.items() if RARE in body.lower()]
    allowed = {403, 404}
    assert visitor.get(idea).status in allowed
    for tail, data in (
        ("comments", {"words": "hello", "form_token": "y"}),
        ("thanks", {"to_id": "0", "words": "hello", "form_token": "y"}),
        ("pin", {}),
        ("unpin", {}),
        ("stage", {"to": "study", "version": "4", "from_stage": "do"}),
        ("edit/title", {"value": "x", "version": "4"}),
        ("people", {}),
        ("on-board", {}),
        ("blocked", {"reason": "a", "who": "b"}),
        ("support", {"text": "x", "form_token": "z"}),
        ("undo", {"move_id": "2"}),
        ("reply", {"words": "no", "kind": "will_try", "version": "4"}),
        ("conflict", {"do": "add", "shown": "what_happened", "what_happened": "x"}),
    ):
        assert visitor.post(f"{idea}/{tail}", data).status in allowed, tail
    assert RARE in visit(cast.practitioner).get(idea).main
    assert RARE in visit(cast.coach).get(idea).main


def test_only_the_ones_who_may_move_and_decide(app: Flask, cast: Cast, visit: Visit) -> None:
    """Somebody of another team moves nothing here, and a manager decides in their own team only."""
    with app.app_context():
        in_act, in_do = idea_in(cast, "act"), idea_in(cast, "do")
        stranger = make_person(cast.organisation, role=Role.PRACTITIONER, team_id=cast.other_team)
        db.session.commit()
    tries = (
        (in_do, {"to": "study", "asked_for": "study", "from_stage": "do", "note": "x"}),
        (in_do, {"to": "plan", "asked_for": "plan", "from_stage": "do", "note": "x"}),
        (in_act, {"to": "keep", "asked_for": "keep", "from_stage": "act", "shown": "decision_why",
                  "decision_why": "mine", "confirmed": "1"}),
        (in_act, {"to": "stop", "asked_for": "stop", "from_stage": "act", "shown": "decision_why",
                  "decision_why": "mine", "confirmed": "1"}),
    )  # fmt: skip
    for person in (stranger, cast.other_manager, cast.leader, cast.colleague):
        visitor = visit(person)
        for idea_id, fields in tries:
            version = visit(cast.manager).get(f"/ideas/{idea_id}/stage").form("/stage").values
            sent = {**fields, "version": dict(version)["version"]}
            page = visitor.post(f"/ideas/{idea_id}/stage", sent)
            assert page.status == 403, (person, fields["to"], page.heading)
    # The author moves their own, and yet does not decide.
    author = visit(cast.practitioner)
    version = dict(visit(cast.manager).get(f"/ideas/{in_act}/stage").form("/stage").values)[
        "version"
    ]
    assert author.post(f"/ideas/{in_act}/stage", {**tries[2][1], "version": version}).status == 403
    coach = visit(cast.coach)
    assert coach.post(f"/ideas/{in_act}/stage", {**tries[2][1], "version": version}).status == 403
