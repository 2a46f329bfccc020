"""Logging an idea: three fields on a phone, and what may stand between them and the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.ideas.models import Comment, Idea
from improve.shared import limits
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, make_idea, make_person
from tests.pages import Page, Visitor
from tests.statements import Watch

TEXT = "Text families a photo of the worker before the first visit"


def ideas(app: Flask) -> list[Any]:
    """Return every idea, as rows."""
    with app.app_context():
        rows = db.session.execute(select(Idea.__table__).order_by(Idea.id)).all()
        db.session.rollback()
    return list(rows)


def audited(app: Flask, action: str) -> list[dict[str, Any]]:
    """Return the facts of every audit entry of this kind."""
    with app.app_context():
        found = db.session.execute(
            select(AuditEntry.facts).where(AuditEntry.action == action).order_by(AuditEntry.id)
        ).scalars()
        facts = list(found)
        db.session.rollback()
    return facts


def log(visitor: Visitor, text: str = TEXT, **changed: Any) -> Page:
    """Open the form, write, and send it."""
    form = visitor.get("/log").form("/log")
    return visitor.send(form, {"text": text, **changed}, button="Send idea")


def test_an_idea_is_logged_in_three_fields(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    amina = visit(cast.practitioner)
    page = log(amina, benefit="Children know who is coming", source="child")
    (idea,) = ideas(app)
    assert page.path == f"/ideas/{idea.id}/sent"
    assert page.heading == "Sent. Thank you, Amina."
    assert f"Idea {idea.id} is on the Riverside board." in page.main
    assert "Sam replies by Thu 26 Nov" in page.main
    assert (idea.suggestion, idea.benefit, idea.source) == (
        TEXT,
        "Children know who is coming",
        "child",
    )
    assert (idea.team_id, idea.author_id, idea.hides_name) == (cast.team, cast.practitioner, False)
    board = amina.follow(page, "See it on the board")
    assert TEXT in board.main
    assert page.soup.find(attrs={"data-idea-sent": True})
    (facts,) = audited(app, "idea_logged")
    assert TEXT not in str(facts)


def test_the_form_begins_with_what_is_usual(cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = visit(cast.practitioner).get("/log")
    form = dict(page.form("/log").values)
    assert form["source"] == "own"
    assert form["answerer"] == "manager"
    assert form["team_id"] == str(cast.team)
    first = [words for words in page.main.split("More")[0].splitlines() if words]
    assert "Something that went wrong" in first[0]
    assert "A learning review" not in first[0]
    assert "A learning review" in page.main
    heading = page.soup.find("h1")
    assert heading is not None
    assert heading.has_attr("data-focus")
    assert page.link("This is a safeguarding worry") == "/safeguarding-worry"
    assert "Your manager and the coaches can still see it, so they can reply." in page.main
    assert "So can those who look after personal data here." in page.main


def test_enter_in_a_line_sends_the_idea(cast: Cast, visit: Callable[..., Visitor]) -> None:
    """A browser presses the first button of a form, and that must be this one."""
    form = visit(cast.practitioner).get("/log").form("/log")
    first = form.node.find("button")
    assert first is not None
    assert first.get("formaction") is None
    assert first.get_text() == "Send idea"


def test_an_empty_idea_is_refused_in_words(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    page = log(visit(cast.practitioner), "   ", benefit="Calmer visits", source="partner")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.errors == ["Write your idea in a sentence or two"]
    assert page.error_for("text") == "Error: Write your idea in a sentence or two"
    kept = dict(page.form("/log").values)
    assert (kept["benefit"], kept["source"]) == ("Calmer visits", "partner")
    assert ideas(app) == []
    assert page.soup.find("details", class_="more-choices").has_attr("open")  # type: ignore[union-attr]


@pytest.mark.parametrize(("field", "limit"), [("text", "idea_text"), ("benefit", "benefit")])
def test_too_long_words_are_refused_and_kept(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], field: str, limit: str
) -> None:
    most = limits.length(limit)
    words = "a" * (most + 1)
    page = log(visit(cast.practitioner), **{"text": TEXT, field: words})  # type: ignore[arg-type]
    assert page.status == 422
    assert f"{most:,}" in page.errors[0]
    assert dict(page.form("/log").values)[field] == words
    assert ideas(app) == []


def test_a_form_sent_twice_makes_one_idea(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    amina = visit(cast.practitioner)
    form = amina.get("/log").form("/log")
    first = amina.send(form, {"text": TEXT}, button="Send idea")
    again = amina.send(form, {"text": TEXT}, button="Send idea")
    assert first.path == again.path
    assert len(ideas(app)) == 1
    assert len(audited(app, "idea_logged")) == 1


def test_words_that_may_identify_pause_once(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    amina = visit(cast.practitioner)
    words = "Ring Mrs Jones at home before every visit, born 12/03/2014"
    page = log(amina, words, benefit="Less waiting")
    assert page.status == 200
    assert page.heading == "This may identify someone"
    assert "a name" in page.main
    assert "date of birth" in page.main
    assert ideas(app) == []
    (facts,) = audited(app, "identifier_hint_shown")
    assert facts == {
        "kinds": ["a date of birth or other exact date", "a name"],
        "form": "log",
    }

    back = amina.send(page.form("/log"), button="Change it")
    assert back.heading == "Log an idea"
    kept = dict(back.form("/log").values)
    assert (kept["text"], kept["benefit"]) == (words, "Less waiting")
    assert not kept.get("confirmed")

    sent = amina.send(page.form("/log"), button="It’s fine, continue")
    assert sent.heading.startswith("Sent.")
    assert ideas(app)[0].suggestion == words


def test_ideas_like_it_are_shown_once_without_script(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        known = make_idea(cast, text="Send families a photo before the first visit")
        db.session.commit()
    amina = visit(cast.colleague)
    page = log(amina)
    assert page.status == 200
    assert page.heading == "1 idea like yours"
    assert "Send families a photo before the first visit" in page.main
    assert len(ideas(app)) == 1
    changed = amina.send(page.form("/log"), button="Change my words")
    assert dict(changed.form("/log").values)["text"] == TEXT
    sent = amina.send(page.form("/log"), button="Send mine anyway")
    assert sent.heading.startswith("Sent.")
    assert ideas(app)[0].id == known
    assert len(ideas(app)) == 2


def test_support_keeps_the_words_as_a_comment(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        known = make_idea(cast, text="Send families a photo before the first visit")
        db.session.commit()
    jo = visit(cast.colleague)
    page = log(jo, benefit="Children are calmer")
    form = page.form(f"/ideas/{known}/support")
    label = "Add my support instead to Send families a photo before the first visit"
    idea = jo.send(form, button=label)
    assert idea.path == f"/ideas/{known}"
    assert "Your words are kept as a comment" in idea.main
    jo.send(form, button=label)
    with app.app_context():
        said = db.session.execute(select(Comment.words, Comment.author_id)).all()
        db.session.rollback()
    assert [tuple(row) for row in said] == [
        (f"{TEXT}\n\nWhat would be better: Children are calmer", cast.colleague)
    ]
    assert len(ideas(app)) == 1
    assert len(audited(app, "comment_added")) == 1


def test_what_was_stopped_is_read_not_supported(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    """Words for something new would be lost as a comment on what is over: its lesson is read."""
    with app.app_context():
        known = finish_cycle(cast, "abandon", title="Send families a photo before the first visit")
        db.session.commit()
    jo = visit(cast.colleague)
    for page in (jo.get(f"/ideas/similar?text={TEXT}", htmx=True), log(jo)):
        assert f"/ideas/{known}/learned" in page.soup.decode()
        assert "Stopped. We learned:" in page.text
        assert "Add my support" not in page.text


def test_support_from_the_form_itself(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    """While typing, the button stands in the form and sends its words elsewhere."""
    with app.app_context():
        known = make_idea(cast, text="Send families a photo before the first visit")
        db.session.commit()
    jo = visit(cast.colleague)
    found = jo.get(f"/ideas/similar?text={TEXT}", htmx=True)
    button = found.soup.find("button", attrs={"formaction": True})
    assert button is not None
    assert button["formaction"] == f"/ideas/{known}/support"
    assert found.soup.find("input", attrs={"name": "similar_seen", "value": "1"})
    form = jo.get("/log").form("/log")
    form.action = str(button["formaction"])
    refused = jo.send(form, {"text": ""})
    assert refused.status == 422
    assert refused.errors == ["Write your idea in a sentence or two"]
    pause = jo.send(form, {"text": "Ask Mrs Jones for a photo"})
    assert pause.heading == "This may identify someone"
    done = jo.send(pause.form("/support"), button="It’s fine, continue")
    assert done.path == f"/ideas/{known}"


def test_typing_finds_at_most_three_of_ones_own_council(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        for number in range(4):
            make_idea(cast, text=f"A photo before the first visit, way {number}")
        make_idea(
            cast,
            by=cast.outsider,
            team_id=cast.outsider_team,
            text="A photo before the first visit, elsewhere",
        )
        db.session.commit()
    jo = visit(cast.colleague)
    page = jo.get("/ideas/similar?text=photo before the first visit", htmx=True)
    assert page.text.startswith("3 similar ideas")
    assert "elsewhere" not in page.text
    whole = jo.get("/ideas/similar?text=photo before the first visit")
    assert whole.heading == "Ideas like it"
    assert "A photo before the first visit, way 3" in whole.main
    assert "Yours may be the first." in jo.get("/ideas/similar").main
    assert jo.get("/ideas/similar?text=photo", htmx=True).text == ""
    assert jo.get("/ideas/similar", htmx=True).text == ""


def test_a_coach_answers_and_the_board_does_not_show_it(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    amina = visit(cast.practitioner)
    page = log(amina, answerer="coach")
    assert "It is not on the Riverside board." in page.main
    assert "Priya replies by" in page.main
    assert TEXT not in visit(cast.manager).get("/teams/riverside/board").main
    assert amina.follow(page, "See my idea").path == f"/ideas/{ideas(app)[0].id}"


def test_a_hidden_name_is_not_on_the_board(cast: Cast, visit: Callable[..., Visitor]) -> None:
    log(visit(cast.practitioner), hides_name="y")
    board = visit(cast.colleague).get("/teams/riverside/board")
    assert TEXT in board.main
    assert "Amina" not in board.main
    assert "A colleague" in board.main


def test_several_teams_and_none(app: Flask, cast: Cast, visit: Callable[..., Visitor]) -> None:
    log(visit(cast.practitioner), team_id=str(cast.other_team))
    assert ideas(app)[0].team_id == cast.other_team
    priya = visit(cast.coach)
    refused = log(priya, "Read ten plans together")
    assert refused.errors == ["Choose a team"]
    form = refused.form("/log")
    sent = priya.send(form, {"team_id": str(cast.team)}, button="Send idea")
    assert sent.heading.startswith("Sent.")


@pytest.mark.parametrize("team", ["outsider_team", "nonsense"])
def test_a_team_that_was_not_offered_is_refused(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], team: str
) -> None:
    amina = visit(cast.practitioner)
    team_id = str(getattr(cast, team, "12 or 1=1"))
    fields = {"text": TEXT, "team_id": team_id, "source": "own", "answerer": "manager"}
    page = amina.post("/log", fields)
    assert page.status == 422
    assert page.errors == ["Choose a team"]
    assert ideas(app) == []


def test_choices_that_do_not_exist_are_refused(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    fields = {"text": TEXT, "team_id": cast.team, "source": "report", "answerer": "nobody"}
    page = visit(cast.practitioner).post("/log", fields)
    assert page.errors == ["Choose where it came from", "Choose who should answer"]
    assert ideas(app) == []


def test_an_administrator_logs_an_idea_and_sees_no_board(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    page = log(visit(cast.administrator), "One form for leavers", team_id=str(cast.team))
    assert page.heading == "Sent. Thank you, Robin."
    assert page.link("See my ideas") == "/me"


def test_a_guest_may_not_log(app: Flask, cast: Cast, visit: Callable[..., Visitor]) -> None:
    guest = visit(cast.guest)
    assert guest.get("/log").status == 403
    assert guest.post("/log", {"text": TEXT}).status == 403
    assert ideas(app) == []


def test_other_methods_are_refused(cast: Cast, visit: Callable[..., Visitor]) -> None:
    amina = visit(cast.practitioner)
    with amina.client.put("/log") as answer:
        assert answer.status_code in {400, 405}
    assert amina.get("/ideas/1/support").status == 405
    assert amina.post("/ideas/similar").status == 405


def test_only_the_author_is_thanked(app: Flask, cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = log(visit(cast.practitioner))
    for somebody in (cast.colleague, cast.manager, cast.outsider):
        assert visit(somebody).get(page.path).status == 404


def test_an_outsider_supports_nothing(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        known = make_idea(cast)
        db.session.commit()
    olive = visit(cast.outsider)
    form = olive.get("/log").form("/log")
    form.action = f"/ideas/{known}/support"
    assert olive.send(form, {"text": TEXT}).status == 404
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(Comment)).scalar() == 0
        db.session.rollback()


def test_the_page_asks_little_of_the_database(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    amina = visit(cast.practitioner)
    with statements() as seen:
        amina.get("/log")
    assert len(seen) <= 5
    page = log(amina)
    with statements() as seen:
        amina.get(page.path)
    assert len(seen) <= 5


def test_strange_words_are_kept_as_they_are(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    """A word of 200 letters, markup, and what the database could take for its own."""
    with app.app_context():
        zoe = make_person(cast.organisation, name="Zoë O’Hara-Łęcka", team_id=cast.team)
        db.session.commit()
    visitor = visit(zoe)
    text = "x" * 200 + " <b>bold</b> {{ 7*7 }} %s ' OR 1=1 --"
    log(visitor, text)
    assert ideas(app)[0].suggestion == text
    board = visitor.get("/teams/riverside/board")
    assert "Zoë" in board.main
    assert "<b>bold" not in board.response.get_data(as_text=True)
