"""What we do with it: a theme, thanks to one worker, words for a team, a link to an idea."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from improve.notifications import queries as news
from improve.shared.db import db
from improve.voices.models import VoiceStep
from improve.voices.service.themes import add_theme
from tests.factories import Cast, make_idea
from tests.pages import Page, Visitor
from tests.voices.make import make_shared_voice, voice_of

Visit = Callable[..., Visitor]
WORDS = "A worker was kind and told me when she would come."


def made(app: Flask, cast: Cast, **facts: Any) -> str:
    with app.app_context():
        key = make_shared_voice(
            cast.organisation,
            by_id=cast.voices_reader,
            **{"words": WORDS, "reader_id": cast.voices_reader, **facts},
        )
        db.session.commit()
        return key


def kinds(key: str) -> list[str]:
    steps = select(VoiceStep.kind).where(VoiceStep.voice_key == key).order_by(VoiceStep.id)
    return list(db.session.scalars(steps))


def sent(reader: Visitor, path: str, values: dict[str, Any], action: str | None = None) -> Page:
    return reader.send(
        reader.get(path).form(action or path.partition("?")[0]), values, follow=False
    )


def pick(reader: Visitor, path: str, label: str) -> Page:
    """Press the button of one found row."""
    page = reader.get(path)
    form = page.form(path.partition("?")[0], button=label)
    return reader.send(form, {}, follow=False)


def test_a_theme_is_chosen_or_made_and_words_can_be_taken_back(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    key = made(app, cast)
    with app.app_context():
        theme = add_theme(cast.actor("voices_reader"), name="Being told when")
        db.session.commit()
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}"
    assert "Do one of these first" in reader.get(here).main
    assert sent(reader, f"{here}/theme", {}).status == 422
    for _ in range(2):
        assert sent(reader, f"{here}/theme", {"theme_id": str(theme)}).status == 303
    with app.app_context():
        assert kinds(key) == ["theme_chosen"], "twice is kept once"
        assert db.session.scalars(
            text("SELECT count(*) FROM audit_entries WHERE action = 'voice_theme_chosen'")
        ).one()
    page = reader.get(here)
    assert "Being told when" in page.main
    assert reader.send(page.form(f"{here}/theme-only"), {}, follow=False).status == 303
    with app.app_context():
        voice = voice_of(key)
        assert (voice.shareable, voice.shared_at, voice.is_theme_only) == ("", None, True)
    page = reader.get(here)
    assert "Pass thanks on" not in page.main
    assert sent(reader, f"{here}/theme", {"name": "Waiting"}).status == 303
    assert "Waiting" in reader.get(here).main


def test_thanks_reach_one_worker_alone(app: Flask, cast: Cast, visit: Visit) -> None:
    key = made(app, cast)
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}"
    with app.app_context():
        name = cast.actor("practitioner").name
    found = f"{here}/thanks?q={name.split()[0]}"
    for _ in range(2):
        assert pick(reader, found, f"Pass thanks on to {name}").status == 303
    with app.app_context():
        (notice,) = news.notices(cast.actor("practitioner"))
        assert notice.words.endswith("passes on thanks from somebody you worked with")
        assert WORDS not in str(notice.facts), "the words are read on the page of the voice"
        assert not news.notices(cast.actor("manager"))
        assert kinds(key) == ["thanks_passed_on"]
    page = visit(cast.practitioner).get("/me/news")
    assert f"/voices/{key}" in str(page.soup)


def test_a_team_is_given_the_words_and_told(app: Flask, cast: Cast, visit: Visit) -> None:
    key = made(app, cast)
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}"
    assert sent(reader, f"{here}/team", {}).status == 422
    for _ in range(2):
        assert sent(reader, f"{here}/team", {"picked": str(cast.team)}).status == 303
    with app.app_context():
        assert voice_of(key).given_to_team_id == cast.team
        assert len(news.notices(cast.actor("practitioner"))) == 1
        assert kinds(key) == ["given_to_team"]


def test_words_that_may_not_be_shown_are_given_to_nobody(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reader = visit(cast.voices_reader)
    with app.app_context():
        name = cast.actor("practitioner").name
    for may_show in ("no", "unknown"):
        here = f"/voices/desk/{made(app, cast, may_show=may_show)}"
        page = sent(reader, f"{here}/team", {"picked": str(cast.team)})
        assert page.status == 422
        assert "They did not say that others may read their words." in page.text
        found = f"{here}/thanks?q={name.split()[0]}"
        assert pick(reader, found, f"Pass thanks on to {name}").status == 422
    assert "Nothing waits for an answer." in visit(cast.manager).get("/voices/drafts").main
    with app.app_context():
        assert not news.notices(cast.actor("practitioner"))


def test_an_idea_is_found_by_its_words_and_linked(app: Flask, cast: Cast, visit: Visit) -> None:
    key = made(app, cast)
    with app.app_context():
        idea = make_idea(cast, text="Send a photo of the worker first")
        db.session.commit()
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}"
    assert "0 ideas found" in reader.get(f"{here}/link?q=zebra").main
    found = f"{here}/link?q=photo+worker"
    for _ in range(2):
        assert pick(reader, found, "Link it : Send a photo of the worker first").status == 303
    with app.app_context():
        assert voice_of(key).idea_id == idea
        assert kinds(key) == ["idea_linked"]


def test_another_reader_was_faster(app: Flask, cast: Cast, visit: Visit) -> None:
    key = made(app, cast)
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}"
    page = reader.get(f"{here}/theme")
    with app.app_context():
        voice_of(key).version += 1
        db.session.commit()
    answer = reader.send(page.form(f"{here}/theme"), {"name": "Waiting"}, follow=False)
    assert answer.status == 409
    assert "Waiting" in str(answer.soup), "what was typed is kept"
    assert reader.send(answer.form(f"{here}/theme"), {}, follow=False).status == 303


def test_nobody_uses_what_is_not_settled_locked_or_elsewhere(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    locked = made(app, cast, state="safeguarding", is_danger=True, shared_at=None, shareable="")
    unread = made(app, cast, shared_at=None, state="reading")
    fine = made(app, cast)
    reader = visit(cast.voices_reader)
    token = reader.csrf_token()
    for key in (locked, unread):
        for step, values in (("theme", {"name": "Waiting"}), ("team", {"picked": str(cast.team)})):
            path = f"/voices/desk/{key}/{step}"
            answer = reader.post(path, {"csrf_token": token, **values}, follow=False)
            assert answer.status == 422, path
    for step in ("theme", "idea", "link", "thanks", "team", "answer"):
        path = f"/voices/desk/{fine}/{step}"
        assert visit(cast.manager).get(path).status == 403
        assert visit(cast.outsider).get(path).status in {403, 404}
        assert reader.get(f"/voices/desk/none/{step}").status == 404
