"""Nothing personal or confidential leaves: every address that anybody can open, in a full council."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.library import service
from improve.library.service.exchange import export_pages
from improve.measures import service as measures
from improve.measures.queries.numbers import observations_of
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared import clock
from improve.shared.db import db
from tests.architecture.test_routes import PUBLIC, RULES
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, make_measure, take
from tests.library.pages import published_page, written_page
from tests.pages import Visitor

Visit = Callable[..., Visitor]
COUNCIL = "larchdale-council"
#: Words that only staff may ever read; each stands in another kind of text.
SECRETS = (
    "Comment about Kwame",
    "Thanks to dear Jo",
    "Note: Kwame was ill",
    "Unpublished secret",
    "Because the board asked",
    "hidden otter sentence",
    "The idea as logged by Amina",
    "Counted by hand by Jo",
    "Stopped since Sam said so",
)
NAMES = (
    "Amina", "Birch", "Sedge", "Alder", "Rowan", "Hazel", "Willow", "Maple", "Florence", "Poplar",
    "Robin Elm", "Gwen", "@larchdale.example",
)  # fmt: skip


def full_council(cast: Cast) -> str:
    """Fill a council with all of it; return the key of its public page."""
    manager, coach = cast.actor("manager"), cast.actor("coach")
    idea = idea_in(cast, Stage.PLAN, text="The idea as logged by Amina")
    numbers = [(10 + n % 3, 20) if n % 7 else (2, 20) for n in range(30)]
    measure = make_measure(
        cast,
        name="Children seen alone",
        numerator="Counted by hand by Jo",
        numbers=numbers,
        first_on=(NOW - timedelta(weeks=31)).date(),
    )
    ideas.choose_measures(manager, idea_id=idea, main_id=measure, beside_id=None)
    for way in (Way.DO, Way.STUDY, Way.ACT):
        take(cast, idea, way)
    why = "Stopped since Sam said so"
    take(cast, idea, Way.STOP, answers={"decision_why": why}, note="")
    ideas.comment(manager, idea_id=idea, words="Comment about Kwame", form_token="c")
    ideas.say_thanks(
        manager, to_id=cast.colleague, words="Thanks to dear Jo", idea_id=idea, form_token="t"
    )
    days = [point.period_start for point in observations_of(coach, [measure])[measure]]
    measures.note_point(coach, measure_id=measure, period_start=days[4], note="Note: Kwame was ill")
    page = written_page(cast, idea_id=idea, title="A photo first")
    key = published_page(cast, page)
    # What is only shared, only a draft, hidden, or was public once.
    written_page(cast, title="Unpublished secret", tried="Unpublished secret")
    gone = written_page(cast, title="It was public", happened="Unpublished secret again")
    published_page(cast, gone)
    service.take_down(coach, page_id=gone)
    hidden = written_page(cast, title="Soon hidden", happened="A hidden otter sentence stood here.")
    published_page(cast, hidden)
    redaction.hide_text(actor(cast.leader), name=Name("learning", hidden, "happened"))
    return key


def test_no_name_and_no_word_of_staff_leaves(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context(), clock.moved(NOW):
        key = full_council(cast)
        db.session.commit()
    nobody, opened = visit(), 0
    for rule in RULES:
        if rule.endpoint not in PUBLIC or not rule.endpoint.startswith("library."):
            continue
        values = {"council": COUNCIL, "key": key}
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", values[name])
        answer = nobody.client.get(path)
        body = answer.get_data(as_text=True)
        opened += answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, path
        for words in (*SECRETS, *NAMES):
            assert words.lower() not in body.lower(), f"{words} stands on {path}"
    assert opened >= 5
    page = nobody.get(f"/learning/{COUNCIL}/{key}")
    assert "A photo first" in page.main
    assert "Not shown, fewer than 5 people or cases" in page.main
    assert "Fewer than 5, not shown" in page.main
    assert "<script" not in page.soup.decode()
    for tag in page.soup.find_all(["img", "link", "a", "script"]):
        address = str(tag.get("src") or tag.get("href") or "")
        assert not address.startswith(("http", "//")), address


def test_the_file_between_councils_holds_nothing_more(app: Flask, cast: Cast) -> None:
    with app.app_context(), clock.moved(NOW):
        key = full_council(cast)
        coach = cast.actor("coach")
        made = export_pages(coach, keys=[key], site="https://larchdale.example", secret="k" * 40)
        text = made.body.decode()
    assert json.loads(text)["pages"][0]["key"] == key
    for words in (*SECRETS, *NAMES[:-1]):
        assert words.lower() not in text.lower(), words
