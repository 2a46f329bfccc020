"""A reader's desk: what waits, opening one, and the question about danger before all else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.accounts.actor import Actor
from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import Voice, VoiceTheme
from improve.voices.service import themes
from improve.voices.service.put_right import say_put_right
from tests.factories import Cast
from tests.pages import Visitor
from tests.statements import Watch
from tests.voices.make import make_answer, make_shared_voice, make_voice

Visit = Callable[..., Visitor]
DESK = "/voices/desk"


def made(app: Flask, cast: Cast, **facts: Any) -> str:
    with app.app_context():
        key = make_voice(cast.organisation, **facts)
        db.session.commit()
        return key


def state_of(app: Flask, key: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Voice.state).where(Voice.key == key)).one()


def opened(reader: Visitor, key: str) -> str:
    here = f"{DESK}/{key}"
    assert reader.send(reader.get(here).form(f"{here}/open"), {}, follow=False).status == 303
    return here


def test_a_reader_opens_a_voice_and_answers(app: Flask, cast: Cast, visit: Visit) -> None:
    key = made(app, cast, happened="I waited.")
    made(app, cast, may_be_danger=True, came_on=clock.today() - timedelta(days=1))
    reader = visit(cast.voices_reader)
    page = reader.get(DESK)
    (how,) = page.links("How to read them")
    assert reader.get(str(how["href"])).heading == "I read voices"
    desk = page.main
    assert desk.index("Could be danger") < desk.index("Came today")
    assert "I waited." not in reader.get(f"{DESK}/{key}").main
    here = opened(reader, key)
    page = reader.get(here)
    assert "I waited." in page.main
    assert page.main.index("in danger") < page.main.index("I waited.")
    assert reader.send(page.form(f"{here}/no-danger"), {}, follow=False).status == 303
    page = reader.get(f"{here}/danger")
    assert reader.send(page.form(f"{here}/danger"), {"agreed": ""}, follow=False).status == 422
    sent = reader.send(page.form(f"{here}/danger"), {"agreed": "Rang duty at ten."}, follow=False)
    assert sent.status == 303
    page = reader.get(here)
    assert "with safeguarding" in page.main
    assert "Rang duty at ten." in page.main
    assert key not in reader.get(DESK).main
    assert key in str(reader.get(f"{DESK}?show=locked").response.get_data(as_text=True))
    with app.app_context():
        acts = text("SELECT count(*) FROM audit_entries WHERE action = 'voice_opened'")
        assert db.session.execute(acts).scalar_one() == 1


def test_a_voice_says_by_which_day_it_is_opened(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    # Today is Tuesday 24 November; the days between a Friday and its Monday are no working days.
    for came_on, sent, said in (
        (date(2026, 11, 24), "Sent today", "Open it by Wed 25 Nov"),
        (date(2026, 11, 23), "Sent 1 working day ago", "Open it by today"),
        (date(2026, 11, 20), "Sent 2 working days ago", "It was to be opened by Mon 23 Nov"),
    ):
        key = made(app, cast, came_on=came_on)
        page = reader.get(f"{DESK}/{key}").main
        assert sent in page
        assert said in page
        assert said.split(" by ")[1] in reader.get(DESK).main
        opened(reader, key)
        assert "pen it by" not in reader.get(f"{DESK}/{key}").main
        assert "to be opened" not in reader.get(f"{DESK}/{key}").main


def test_words_that_may_not_be_shown_are_offered_for_their_theme_first(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reader = visit(cast.voices_reader)
    for may_show, said in (
        ("no", "They said no to showing their words."),
        ("unknown", "They did not say that we may show their words"),
        ("yes", ""),
    ):
        facts = {"is_danger": False, "is_about_staff": False, "is_complaint": False}
        key = made(app, cast, may_show=may_show, **facts)
        page = reader.get(opened(reader, key))
        assert said in page.main
        words = "Write what others may read" if may_show == "yes" else "Write them for readers"
        first = page.main.index("Keep the theme only") < page.main.index(words)
        assert first == (may_show != "yes")
        page = reader.send(page.form(button="Keep the theme only"), {})
        assert ("their own worker could tell" in page.main) == (may_show == "yes")
        assert "The theme only" in page.main


def test_the_questions_lead_to_words_that_others_may_read(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reader = visit(cast.voices_reader)
    here = opened(reader, made(app, cast, happened="Saoirse rang on Tuesday.", better=""))
    for step in ("no-danger", "not-staff", "not-complaint"):
        sent = reader.send(reader.get(here).form(f"{here}/{step}"), {}, follow=False)
        assert sent.status == 303, step
    page = reader.get(f"{here}/words")
    assert "Saoirse rang on Tuesday." in page.main, "it starts from what came"
    page = reader.send(page.form(f"{here}/words"), {"words": "A worker rang."})
    assert "2 changes, and why" in page.main.replace("\xa0", " ")
    form = page.form(f"{here}/compare")
    refused = reader.send(form, {"rule": ["names", ""], "could_tell": "no"})
    assert refused.status == 422
    assert "Choose why, for each change." in refused.main
    chosen = {"rule": ["names", "times"], "could_tell": "no"}
    assert reader.send(form, chosen, follow=False).status == 303
    assert state_of(app, here.rsplit("/", 1)[1]) == "to_answer"


def test_no_step_takes_more_than_eight_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        by = cast.voices_reader
        facts: dict[str, Any] = {"by_id": by, "reader_id": by, "words": "A worker rang."}
        settled = make_shared_voice(cast.organisation, happened="Saoirse rang.", **facts)
        unsettled = make_shared_voice(cast.organisation, shared_at=None, state="reading", **facts)
        db.session.commit()
    reader = visit(cast.voices_reader)
    tails = ("", "/danger", "/staff", "/complaint", "/words", "/english", "/compare")
    uses = ("/theme", "/idea", "/link?q=a", "/thanks?q=a", "/team", "/answer")
    for path in [f"{unsettled}{tail}" for tail in tails] + [f"{settled}{tail}" for tail in uses]:
        with statements() as ran:
            assert reader.get(f"{DESK}/{path}").status == 200, path
        assert len(ran) <= 8, path


def test_a_stale_text_is_answered_with_both(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    here = opened(reader, made(app, cast))
    for step in ("no-danger", "not-staff", "not-complaint"):
        reader.send(reader.get(here).form(f"{here}/{step}"), {}, follow=False)
    old = reader.get(f"{here}/words").form(f"{here}/words")
    reader.send(old, {"words": "The first words."})
    page = reader.send(old, {"words": "The second words."})
    assert page.status == 409
    assert "The first words." in page.main
    assert "The second words." in page.main
    reader.send(page.form(f"{here}/words"), {})
    assert "The second words." in reader.get(f"{here}/words").main


def test_an_allegation_goes_to_the_designated_officer(app: Flask, cast: Cast, visit: Visit) -> None:
    reader, key = visit(cast.voices_reader), made(app, cast)
    here = opened(reader, key)
    reader.send(reader.get(here).form(f"{here}/no-danger"), {}, follow=False)
    page = reader.get(f"{here}/staff")
    assert reader.send(page.form(f"{here}/staff"), {"agreed": " "}).status == 422
    page = reader.send(page.form(f"{here}/staff"), {"agreed": "Rang the officer."})
    assert "with the designated officer" in page.main
    assert state_of(app, key) == "allegation"


def test_a_complaint_is_kept_with_what_was_done(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    here = opened(reader, made(app, cast))
    for step in ("no-danger", "not-staff"):
        reader.send(reader.get(here).form(f"{here}/{step}"), {}, follow=False)
    there = f"{here}/complaint"
    page = reader.get(there)
    for refused in ({}, {"can_reach": "yes", "agreed": " "}):
        assert reader.send(page.form(there), refused).status == 422
    stale = page.form(there)
    page = reader.send(stale, {"can_reach": "no"})
    assert "No way to reach them: our answer says how to complain." in page.main
    assert reader.send(stale, {"can_reach": "no"}, follow=False).status == 303, "twice is once"
    assert "It is kept as a complaint already." in reader.get(there).main
    older = visit(cast.voices_reader)
    other = opened(older, made(app, cast))
    older.send(older.get(other).form(f"{other}/no-danger"), {}, follow=False)
    seen = older.get(f"{other}/complaint")
    older.send(older.get(other).form(f"{other}/not-staff"), {}, follow=False)
    page = older.send(seen.form(f"{other}/complaint"), {"can_reach": "yes", "agreed": "Rang Kit."})
    assert page.status == 409
    assert "Rang Kit." in str(page.response.get_data(as_text=True)), "nothing typed is lost"
    assert "Rang Kit." in older.send(page.form(f"{other}/complaint"), {}).main


def test_another_language_is_put_into_english(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    here = opened(reader, made(app, cast, happened="Było dobrze", better="", language="pl"))
    page = reader.get(f"{here}/english")
    page = reader.send(page.form(f"{here}/english"), {"english": "It was good"})
    assert "Było dobrze" in page.main
    assert "It was good" in page.main


def test_nobody_else_comes_to_the_desk(app: Flask, cast: Cast, visit: Visit) -> None:
    key = made(app, cast)
    for person in (cast.administrator, cast.manager, cast.leader):
        assert visit(person).get(DESK).status == 403
        assert visit(person).get(f"{DESK}/{key}").status == 403
    assert visit(cast.voices_reader).get(f"{DESK}/nobody").status == 404


def test_staff_hide_words_and_a_reader_looks_again(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        key = make_shared_voice(cast.organisation, by_id=cast.voices_reader, words="I waited.")
        db.session.commit()
    worker = visit(cast.practitioner)
    sent = worker.client.post(f"/voices/{key}/hide", data={"csrf_token": worker.csrf_token()})
    assert sent.status_code == 303
    assert "Hidden by staff: look again" in visit(cast.voices_reader).get(DESK).main


def test_an_answer_owed_for_long_says_since_how_many_days(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    key = made(app, cast, came_on=clock.today() - timedelta(days=30))
    reader = visit(cast.voices_reader)
    assert "30 days without an answer" in reader.get(DESK).main
    assert "30 days without an answer" in reader.get(opened(reader, key)).main


def test_themes_are_kept_by_readers(cast: Cast, visit: Visit) -> None:
    reader, here = visit(cast.voices_reader), "/voices/themes"
    for name in ("Waiting", "waiting", "Being heard"):
        page = reader.send(reader.get(here).form(here), {"name": name})
    assert page.main.count("Rename Waiting New name") == 1
    refused = reader.send(page.form(f"{here}/1"), {"name": "being HEARD"})
    assert refused.status == 422
    page = reader.send(page.form(f"{here}/1"), {"name": "Why we wait"})
    assert "Rename Why we wait New name" in page.main


def test_a_theme_with_an_accent_typed_twice_is_the_same(cast: Cast, visit: Visit) -> None:
    reader, here = visit(cast.voices_reader), "/voices/themes"
    for name in ("Écoute", "Écoute", "ÉCOUTE"):
        page = reader.send(reader.get(here).form(here), {"name": name})
        assert page.status == 200
    assert page.main.count("Rename Écoute New name") == 1
    assert "ÉCOUTE" not in page.main


def test_a_theme_that_two_add_at_once_is_one(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        first = themes.add_theme(reader, name="Waiting")
        looked: list[str] = []
        of_name = themes._of_name

        def late(actor: Actor, name: str) -> VoiceTheme | None:
            looked.append(name)
            return of_name(actor, name) if len(looked) > 1 else None

        monkeypatch.setattr(themes, "_of_name", late)
        assert themes.add_theme(reader, name="Waiting") == first
        db.session.commit()


def test_what_they_said_of_our_answer_is_read_too(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        by = cast.voices_reader
        key = make_shared_voice(cast.organisation, by_id=by, words="I waited.", state="answered")
        answer = make_answer(key, by_id=by)
        keys = app.config["SEALING_KEYS"]
        say_put_right(
            keys=keys, voice_key=key, answer_id=answer, said="yes", words="He shouts at night."
        )
        db.session.commit()
    reader = visit(cast.voices_reader)
    assert "They said something about our answer" in reader.get(DESK).main
    here = opened(reader, key)
    page = reader.get(here)
    assert "He shouts at night." in page.main
    reader.send(page.form(f"{here}/reply"), {}, follow=False)
    assert "They said something" not in reader.get(DESK).main
    assert state_of(app, key) == "answered", "it was put right"
