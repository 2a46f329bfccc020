"""From opening to words that others may read: each step kept, nothing skipped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.marked_changes import Rule
from improve.voices.models import Voice, VoiceAnswer, VoiceReply, VoiceStep
from improve.voices.queries.desk import desk
from improve.voices.queries.reading import reading_of
from improve.voices.sealed import sealer
from improve.voices.service.danger import lock_for_danger, say_no_danger
from improve.voices.service.hide import hide_words
from improve.voices.service.one import written
from improve.voices.service.open import open_voice
from improve.voices.service.pass_on import (
    pass_to_other_reader,
    set_aside,
    set_same_words_aside,
    take_back,
)
from improve.voices.service.routes import (
    NOBODY_TO_REACH,
    keep_complaint,
    lock_for_allegation,
    say_not_about_staff,
    say_not_complaint,
)
from improve.voices.service.words import (
    ask_second_reader,
    put_into_english,
    settle_words,
    write_words,
)
from tests.factories import Cast, actor, make_person
from tests.pages import Visitor
from tests.voices.make import make_answer, make_shared_voice, make_voice, voice_of


def read_on(reader: Actor, key: str, *, is_complaint: bool = False) -> Voice:
    voice = voice_of(key)
    open_voice(reader, key=key)
    say_no_danger(reader, key=key, seen_version=voice.version)
    say_not_about_staff(reader, key=key, seen_version=voice.version)
    if is_complaint:
        keep_complaint(reader, key=key, agreed=NOBODY_TO_REACH, seen_version=voice.version)
    else:
        say_not_complaint(reader, key=key, seen_version=voice.version)
    return voice


def test_words_are_settled_with_a_rule_for_each_change(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_voice(cast.organisation, happened="Saoirse rang on Tuesday.", better="")
        voice = read_on(reader, key)
        write_words(reader, key=key, words="A worker rang.", seen_version=voice.version)
        settle = {"key": key, "could_tell": "no", "seen_version": voice.version}
        for refused in ({"rules": []}, {"rules": ["names", "x"]}):
            with pytest.raises(RuleBroken):
                settle_words(reader, **{**settle, **refused})  # type: ignore[arg-type]
        rules = [Rule.NAMES.value, Rule.TIMES.value]
        with pytest.raises(RuleBroken):
            settle_words(reader, **{**settle, "rules": rules, "could_tell": "maybe"})  # type: ignore[arg-type]
        settle_words(reader, rules=rules, **settle)  # type: ignore[arg-type]
        settle_words(reader, rules=rules, **settle)  # type: ignore[arg-type]
        assert voice.state == "to_answer"
        assert [one["rule"] for one in voice.changes] == rules
        assert "Saoirse" not in str(voice.changes), "what was taken out is kept nowhere else"
        kinds = db.session.scalars(select(VoiceStep.kind).order_by(VoiceStep.id)).all()
        assert list(kinds) == ["opened", "danger_no", "staff_no", "complaint_no", "words_settled"]


def test_a_worker_who_could_tell_leaves_the_theme_only(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        voice = read_on(reader, make_voice(cast.organisation), is_complaint=True)
        settle_words(reader, key=voice.key, rules=[], could_tell="yes", seen_version=voice.version)
        assert (voice.is_theme_only, voice.shareable, voice.shared_at) == (True, "", None)


def test_no_words_before_the_questions_and_no_stale_ones(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_voice(cast.organisation)
        with pytest.raises(RuleBroken):
            say_no_danger(reader, key=key, seen_version=1)
        open_voice(reader, key=key)
        open_voice(reader, key=key)
        assert voice_of(key).version == 2, "opened twice is kept once"
        with pytest.raises(RuleBroken):
            write_words(reader, key=key, words="Words", seen_version=2)
        voice = read_on(reader, key)
        with pytest.raises(Stale):
            write_words(reader, key=key, words="Words", seen_version=voice.version - 1)


def test_a_danger_and_an_allegation_lock_with_what_was_agreed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_shared_voice(cast.organisation, by_id=reader.person_id, words="Words")
        with pytest.raises(RuleBroken):
            lock_for_danger(reader, key=key, agreed=" ")
        lock_for_danger(reader, key=key, agreed="Rang duty at ten; they visit today.")
        lock_for_danger(reader, key=key, agreed="Again")
        voice = voice_of(key)
        assert (voice.state, voice.shareable, voice.shared_at) == ("safeguarding", "", None)
        with pytest.raises(RuleBroken):
            write_words(reader, key=key, words="Words", seen_version=voice.version)
        other = make_voice(cast.organisation)
        open_voice(reader, key=other)
        with pytest.raises(RuleBroken):
            lock_for_allegation(reader, key=other, agreed="Rang the designated officer.")
        say_no_danger(reader, key=other, seen_version=2)
        lock_for_allegation(reader, key=other, agreed="Rang the designated officer.")
        assert voice_of(other).state == "allegation"


def test_anybody_of_staff_hides_words_until_readers_looked_again(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader, worker = cast.actor("voices_reader"), cast.actor("practitioner")
        key = make_shared_voice(
            cast.organisation, by_id=reader.person_id, words="I waited a long time."
        )
        hide_words(worker, key=key)
        hide_words(worker, key=key)
        voice = voice_of(key)
        assert voice.hidden_by_id == worker.person_id
        assert (voice.shared_at, voice.state) == (None, "reading")
        hidden = text("SELECT count(*) FROM voice_steps WHERE kind = 'hidden'")
        assert db.session.execute(hidden).scalar_one() == 1
        with pytest.raises(NotFound):
            hide_words(worker, key=make_voice(cast.organisation))


def test_english_stands_beside_the_original_and_is_sealed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_voice(cast.organisation, happened="Było dobrze", language="pl")
        open_voice(reader, key=key)
        before = voice_of(key).sealed
        most = limits.length("voice_words")
        with pytest.raises(RuleBroken, match=f"Use {most:,} characters or fewer."):
            put_into_english(reader, key=key, english="x" * (most + 1), seen_version=2)
        put_into_english(reader, key=key, english=f" {'x' * most} ", seen_version=2)
        assert voice_of(key).sealed != before
        steps = db.session.scalars(select(VoiceStep.words)).all()
        assert not any(steps)


def test_a_voice_goes_to_the_other_reader_or_aside(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_voice(cast.organisation)
        open_voice(reader, key=key)
        with pytest.raises(RuleBroken):
            set_aside(reader, keys=[key])
        say_no_danger(reader, key=key, seen_version=2)
        assert set_aside(reader, keys=[key, key]) == 1
        assert set_aside(reader, keys=[key]) == 0
        pass_to_other_reader(reader, key=key)
        pass_to_other_reader(reader, key=key)
        assert voice_of(key).reader_id is None


def test_settled_words_that_are_changed_wait_for_a_reader_again(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_shared_voice(
            cast.organisation,
            by_id=reader.person_id,
            words="I waited.",
            happened="I waited.",
            better="",
            reader_id=reader.person_id,
            state="answered",
            answered_on=clock.today(),
        )
        make_answer(key, by_id=reader.person_id, is_public=True, said="I waited.")
        voice = voice_of(key)
        write_words(reader, key=key, words=" I waited. ", seen_version=1)
        assert (voice.state, voice.version) == ("answered", 1), "nothing was changed"
        write_words(reader, key=key, words="A child waited.", seen_version=1)
        assert (voice.state, voice.shared_at) == ("reading", None)
        assert [row.key for row in desk(reader, 1).rows] == [key], "it stands on the desk"
        write_words(reader, key=key, words="Somebody waited.", seen_version=voice.version)
        kinds = db.session.scalars(select(VoiceStep.kind).order_by(VoiceStep.id)).all()
        assert kinds == ["words_reopened"], "that it was taken back is kept once"
        db.session.commit()
        action = text("SELECT count(*) FROM audit_entries WHERE action = 'voice_words_reopened'")
        assert db.session.execute(action).scalar_one() == 1
        rules = [Rule.NAMES.value]
        settle_words(reader, key=key, rules=rules, could_tell="no", seen_version=voice.version)
        assert voice.state == "to_answer"


def test_a_theme_kept_alone_gets_no_words_again(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        voice = read_on(reader, make_voice(cast.organisation, happened="I waited.", better=""))
        key, seen = voice.key, voice.version
        write_words(reader, key=key, words="I waited.", seen_version=seen)
        seen = voice.version
        settle_words(reader, key=key, rules=[], could_tell="yes", seen_version=seen)
        for version in (seen, voice.version):
            with pytest.raises(RuleBroken, match="Only the theme"):
                write_words(reader, key=key, words="I waited.", seen_version=version)
        with pytest.raises(Stale):
            settle_words(reader, key=key, rules=[], could_tell="no", seen_version=seen)
        settle_words(reader, key=key, rules=[], could_tell="yes", seen_version=seen)
        assert (voice.shareable, voice.is_theme_only, voice.shared_at) == ("", True, None)
        db.session.commit()
    visitor, here = visit(cast.voices_reader), f"/voices/desk/{key}"
    assert "Only the theme is kept" in visitor.get(f"{here}/compare").main
    typed = visitor.send(visitor.get(f"{here}/words").form(f"{here}/words"), {"words": "I waited"})
    assert typed.status == 422
    assert "Only the theme is kept" in typed.main
    assert "I waited" in typed.main, "what was typed stays"


def test_a_reader_who_could_tell_is_not_passed_over_for_another_who_could_not(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        voice = read_on(reader, make_voice(cast.organisation, happened="I waited.", better=""))
        write_words(reader, key=voice.key, words="I waited.", seen_version=voice.version)
        settle = {"key": voice.key, "rules": [], "seen_version": voice.version}
        settle_words(reader, could_tell="no", **settle)  # type: ignore[arg-type]
        make_answer(voice.key, by_id=reader.person_id, is_public=True, said="I waited.")
        with pytest.raises(Stale):
            settle_words(reader, could_tell="yes", **settle)  # type: ignore[arg-type]
        settle["seen_version"] = voice.version
        settle_words(reader, could_tell="yes", **settle)  # type: ignore[arg-type]
        assert (voice.is_theme_only, voice.shareable, voice.shared_at) == (True, "", None)
        assert not db.session.scalars(select(VoiceAnswer.is_public)).one()


@pytest.mark.parametrize("is_theme_only", [True, False])
def test_what_is_settled_is_not_set_aside(app: Flask, cast: Cast, is_theme_only: bool) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        facts = {"is_theme_only": True, "shared_at": None} if is_theme_only else {}
        key = make_shared_voice(
            cast.organisation,
            by_id=reader.person_id,
            words="" if is_theme_only else "I waited.",
            reader_id=reader.person_id,
            **facts,
        )
        with pytest.raises(RuleBroken, match="settled"):
            set_aside(reader, keys=[key])
        with pytest.raises(RuleBroken, match="settled"):
            set_same_words_aside(reader, key=key)
        voice = voice_of(key)
        assert voice.state == "to_answer"
        voice.state = "set_aside"
        take_back(reader, key=key)
        assert voice.state == "to_answer", "it waits for its answer, and is settled already"


def test_a_complaint_is_kept_with_who_was_told_and_stays_one(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_voice(cast.organisation)
        open_voice(reader, key=key)
        for refused in ("Rang Kit.", " "):
            with pytest.raises(RuleBroken):
                keep_complaint(reader, key=key, agreed=refused, seen_version=2)
        say_no_danger(reader, key=key, seen_version=2)
        with pytest.raises(RuleBroken):
            keep_complaint(reader, key=key, agreed=" ", seen_version=3)
        with pytest.raises(Stale):
            keep_complaint(reader, key=key, agreed="Rang Kit.", seen_version=2)
        keep_complaint(reader, key=key, agreed="Rang Kit.", seen_version=3)
        keep_complaint(reader, key=key, agreed="Again.", seen_version=3)
        with pytest.raises(RuleBroken):
            say_not_complaint(reader, key=key, seen_version=4)
        kept = db.session.scalars(
            select(VoiceStep.words).where(VoiceStep.kind == "complaint_yes")
        ).all()
        assert kept == ["Rang Kit."]


def test_another_reader_says_whether_their_worker_could_tell(app: Flask, cast: Cast) -> None:
    with app.app_context():
        first = cast.actor("voices_reader")
        other_id = make_person(cast.organisation, role=Role.VOICES_READER)
        other = actor(other_id)
        key = make_voice(cast.organisation, happened="Saoirse rang.", better="")
        voice = read_on(first, key)
        write_words(first, key=key, words="A worker rang.", seen_version=voice.version)
        ask = {"key": key, "rules": [Rule.NAMES.value]}
        ask_second_reader(first, seen_version=voice.version, **ask)  # type: ignore[arg-type]
        ask_second_reader(first, seen_version=1, **ask)  # type: ignore[arg-type]
        assert (voice.reader_id, voice.shared_at) == (None, None)
        row = next(row for row in desk(other, 1).rows if row.key == key)
        assert row.is_asked
        settle = {"could_tell": "no", **ask}
        open_voice(first, key=key)
        with pytest.raises(RuleBroken, match="You asked another reader"):
            settle_words(first, seen_version=voice.version, **settle)  # type: ignore[arg-type]
        open_voice(other, key=key)
        assert reading_of(other, key).asked is not None
        assert reading_of(other, key).rules == ("names",), "the rules chosen are there"
        settle_words(other, seen_version=voice.version, **settle)  # type: ignore[arg-type]
        assert voice.shared_by_id == other_id
        assert reading_of(other, key).asked is None


def test_what_no_key_opens_says_so_and_stops_no_page(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        reader = cast.voices_reader
        key = make_shared_voice(
            cast.organisation, by_id=reader, words="I waited.", reader_id=reader, language="pl"
        )
        answer = make_answer(key, by_id=reader)
        for name, said in (("y" * 22, "yes"), ("n" * 22, "no")):
            db.session.add(
                VoiceReply(
                    key=name,
                    organisation_id=cast.organisation,
                    voice_key=key,
                    answer_id=answer,
                    came_on=clock.today(),
                    said=said,
                    sealed=sealer().seal('{"words": "He came again"}', about=name),
                )
            )
            answer = make_answer(key, by_id=reader)
        db.session.commit()
        before = voice_of(key).sealed
    here, visitor = f"/voices/desk/{key}", visit(cast.voices_reader)
    assert visitor.get(here).text.count("He came again") == 2
    monkeypatch.setitem(
        app.config, "SEALING_KEYS", ("another key of this council, and not the one",)
    )
    page = visitor.get(here)
    assert page.main.count("No key here opens it.") == 1
    assert page.main.count("no key here opens it.") == 2, "each reply, also a “yes”"
    assert "No, I have read it" not in page.main, "nobody read it"
    for tail in ("/danger", "/staff", "/complaint", "/words", "/english", "/compare", "/answer"):
        assert visitor.get(f"{here}{tail}").status == 200, tail
    with app.app_context():
        actor = cast.actor("voices_reader")
        assert written(voice_of(key)) == {}
        with pytest.raises(RuleBroken):
            put_into_english(actor, key=key, english="I waited", seen_version=1)
        assert voice_of(key).sealed == before, "another day the key may be back"
        lock_for_danger(actor, key=key, agreed="Rang duty, who go today.")


def words_begun(app: Flask, cast: Cast) -> tuple[Actor, str]:
    """Return a reader, and the key of a voice for which they wrote words, not settled yet."""
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_voice(cast.organisation, happened="Saoirse rang on Tuesday.", better="")
        voice = read_on(reader, key)
        write_words(reader, key=key, words="A worker rang.", seen_version=voice.version)
        db.session.commit()
    return reader, key


def test_what_was_chosen_stays_where_another_reader_was_quicker(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    reader, key = words_begun(app, cast)
    visitor, here = visit(cast.voices_reader), f"/voices/desk/{key}/compare"
    form = visitor.get(here).form(here)
    with app.app_context():
        write_words(reader, key=key, words="A helper rang.", seen_version=voice_of(key).version)
        db.session.commit()
    chosen = {"rule": ["names", "times"], "could_tell": "no"}
    page = visitor.send(form, chosen)
    assert page.status == 409
    assert "Another reader did something with it meanwhile." in page.main
    picked = [option["value"] for option in page.soup.select("select[name=rule] option[selected]")]
    assert picked == chosen["rule"]
    assert page.soup.select_one("input[name=could_tell][value=no][checked]")
    again = visitor.send(page.form(here), chosen, follow=False)
    assert again.status == 303
    with app.app_context():
        assert voice_of(key).shareable == "A helper rang."
        assert voice_of(key).shared_at is not None


def test_it_says_so_where_the_words_have_other_changes_now(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    reader, key = words_begun(app, cast)
    visitor, here = visit(cast.voices_reader), f"/voices/desk/{key}/compare"
    form = visitor.get(here).form(here)
    with app.app_context():
        write_words(reader, key=key, words="Somebody phoned.", seen_version=voice_of(key).version)
        db.session.commit()
    page = visitor.send(form, {"rule": ["names", "times"], "could_tell": "no"})
    assert page.status == 409
    assert "Choose why again" in page.main
    assert page.soup.select_one("input[name=could_tell][value=no][checked]")


@pytest.mark.parametrize("is_changed", [True, False])
def test_hidden_words_are_settled_anew_when_the_original_is_gone(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], is_changed: bool
) -> None:
    rules = [{"n": 1, "kind": "replaced", "to": "A worker", "rule": "names"}]
    with app.app_context():
        reader = cast.voices_reader
        facts = {"reader_id": reader, "sealed": None, "changes": rules}
        key = make_shared_voice(cast.organisation, by_id=reader, words="A worker rang.", **facts)
        hide_words(cast.actor("practitioner"), key=key)
        if is_changed:
            actor, seen = cast.actor("voices_reader"), voice_of(key).version
            write_words(actor, key=key, words="Somebody rang.", seen_version=seen)
        db.session.commit()
    visitor, here = visit(reader), f"/voices/desk/{key}/compare"
    page = visitor.get(here)
    assert "There is nothing to compare them with any more." in page.main
    sent = visitor.send(page.form(here), {"could_tell": "no"}, follow=False)
    assert sent.status == 303
    with app.app_context():
        voice = voice_of(key)
        assert (voice.state, voice.hidden_at) == ("to_answer", None)
        assert voice.changes == ([] if is_changed else rules)
