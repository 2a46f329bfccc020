"""What children, young people and families of the demo told, who read it, and what came of it.

The form is filled in, read and settled by the services of both sides, each on its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from flask import current_app

from improve.demo.further_voices import further_steps
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.shared import clock, receipt_words
from improve.shared.marked_changes import marked_changes
from improve.voices.kinds import WayIn
from improve.voices.queries.codes import place_of
from improve.voices.queries.desk import original_of
from improve.voices.queries.draft import draft_of
from improve.voices.queries.help_wanted import Contact
from improve.voices.queries.readiness import readiness, setup_of
from improve.voices.queries.receipt import told as told_to
from improve.voices.questions import Step as Question
from improve.voices.questions import steps_for, with_answer
from improve.voices.routes.help_wanted import pick_up_link
from improve.voices.service.answer import AnswerWords, give_answer
from improve.voices.service.codes import make_code
from improve.voices.service.cover import add_cover
from improve.voices.service.danger import lock_for_danger, say_no_danger
from improve.voices.service.draft import answer as keep_answer
from improve.voices.service.draft import begin, throw_away
from improve.voices.service.draft_answer import draft_answer
from improve.voices.service.help_wanted import ask_for_help
from improve.voices.service.look_up import look_up
from improve.voices.service.one import voice_for_reading, written
from improve.voices.service.open import open_voice
from improve.voices.service.put_right import say_put_right
from improve.voices.service.routes import (
    NOBODY_TO_REACH,
    keep_complaint,
    say_not_about_staff,
    say_not_complaint,
)
from improve.voices.service.send import add_voice, send
from improve.voices.service.setup import (
    change_facts,
    open_form,
    sign_off,
    sign_promise,
    train_reader,
)
from improve.voices.service.themes import add_theme
from improve.voices.service.use import choose_theme, link_idea, start_idea
from improve.voices.service.words import put_into_english, settle_words, write_words
from improve.voices.wording import ENGLISH

_ADMINISTRATOR, _LEADER, _MANAGER = "robin", "gideon", "nadia"
_PROMISE: Final = (
    "We read every word, and a person answers. Nobody gets into trouble for telling us. If you are "
    "not safe we act the same day. Where we got it wrong we say so, here, for everybody to read."
)
_FACTS: Final = {
    "duty_inbox": "duty@merrowdale.example",
    "duty_hours": {str(day): ["08:45", "17:15"] for day in range(5)},
    "complaints": (
        "Write to complaints@merrowdale.example or ring 01632 960 200, Monday to Friday, 9 to 5. "
        "Somebody who does not know your worker reads it and answers within ten working days."
    ),
    "advocates": (
        "An advocate speaks up for you and does not work for us. Merrowdale Voices: 01632 960 300."
    ),
    "leave_url": "",
    "keep_days": 90,
    "tried_with": "Six young people of the Children in Care Council, the summer before it opened",
}


@dataclass
class Told:
    """What is known of the voices loaded so far: keys and receipts by name, ids of themes."""

    keys: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)


def voice_steps(
    council: Council, content: Mapping[str, Any], timetable: Timetable
) -> Iterator[Step]:
    """Yield how the council opened its form, each voice, and many further ones; else nothing."""
    voices = content.get("voices")
    if voices is None:
        return
    told, opened = Told(), voices["opened"]
    yield Step(timetable.early(opened - 3, 200), lambda: _get_ready(council, voices))
    yield Step(timetable.early(opened - 1, 201), lambda: _promise(council))
    yield Step(timetable.early(opened, 202), lambda: open_form(council.actor(_ADMINISTRATOR)))
    yield Step(timetable.early(opened, 203), lambda: _make_codes(council, voices, told))
    for voice in voices["told"]:
        yield from _story(council, voice, told, timetable)
    asked_on = timetable.hours("help").on(voices["help"]["day"])
    yield Step(asked_on, lambda: _ask_for_help(council, voices["help"]))
    yield from further_steps(council, voices, told.themes, timetable)


def _get_ready(council: Council, voices: Mapping[str, Any]) -> None:
    administrator, today = council.actor(_ADMINISTRATOR), clock.today()
    for reader in voices["readers"]:
        train_reader(
            administrator,
            person_id=council.people[reader],
            trained_on=today - timedelta(days=20),
            trained_by="Merrowdale Safeguarding Partnership",
        )
    signed = {
        "dpia": ("Stellan Greycroft, data protection lead", today - timedelta(days=12)),
        "legal": ("Legal services, A. Thornbury", today - timedelta(days=8)),
        "numbers_tried": ("Tamsin, by day and at 23:10", today - timedelta(days=2)),
    }
    seen = readiness(administrator, today)
    sign_off(
        administrator,
        signed=signed,
        rung=seen.duty_numbers,
        seen_version=setup_of(administrator).version,
    )
    change_facts(administrator, facts=_FACTS, seen_version=setup_of(administrator).version)
    _cover(council, voices["readers"])


def _cover(council: Council, readers: list[str]) -> None:
    """Let both read by turns, half a year each, until well after the day of loading."""
    begin_on = clock.today()
    for number in range(4):
        begins = begin_on + timedelta(days=150 * number)
        add_cover(
            council.actor(_ADMINISTRATOR),
            person_id=council.people[readers[number % len(readers)]],
            from_on=begins,
            to_on=begins + timedelta(days=149),
        )


def _promise(council: Council) -> None:
    leader = council.actor(_LEADER)
    sign_promise(leader, words=_PROMISE, seen_version=setup_of(leader).version)


def _make_codes(council: Council, voices: Mapping[str, Any], told: Told) -> None:
    for one in voices["codes"]:
        team_id = council.teams[one["team"]] if one["team"] else None
        make_code(
            council.actor(_ADMINISTRATOR), label=one["label"], code=one["code"], team_id=team_id
        )
    for name in voices["themes"]:
        told.themes[name] = add_theme(council.actor(voices["readers"][0]), name=name)


def _story(
    council: Council, voice: Mapping[str, Any], told: Told, timetable: Timetable
) -> Iterator[Step]:
    """Yield one voice from the form to its answer. Families write on any day of the week."""
    hours = timetable.hours(f"voice {voice['name']}")
    yield Step(hours.on(voice["day"], is_exact=True), lambda: _tell(voice, told))
    if "opened" not in voice:
        return
    yield Step(hours.on(voice["opened"]), lambda: _read(council, voice, told))
    if "danger" in voice:
        return
    given = voice.get("answer") or voice.get("draft")
    on = given["day"] if given else voice["used"]
    yield Step(hours.on(on), lambda: _use(council, voice, told))
    if "reply" in voice:
        at = hours.on(voice["reply"]["day"], is_exact=True)
        yield Step(at, lambda: _reply(voice, told))


def _tell(voice: Mapping[str, Any], told: Told) -> None:
    place = place_of(voice["code"], clock.today())
    assert place is not None  # noqa: S101 - the address was made on the day of opening
    answers: dict[str, str] = {}
    names = ("who", "whose", "age", "about", "how", "happened", "better", "show")
    for name in names:
        if name in voice and Question(name) in steps_for(answers):
            answers = with_answer(Question(name), voice[name], answers)
    language, name = voice.get("language", ENGLISH), voice["name"]
    if voice.get("paper") or "receipt" in voice:
        # The one whose receipt the README names has the same words in every demo.
        told.receipts[name] = voice.get("receipt") or receipt_words.new()
        way_in = WayIn.PAPER if voice.get("paper") else WayIn.WEB
        told.keys[name] = add_voice(
            answers, place=place, language=language, way_in=way_in, receipt=told.receipts[name]
        )
        return
    told.receipts[name] = _send(answers, place, voice["code"], language)
    told.keys[name] = look_up(keys=_keys(), typed=told.receipts[name], slug=place.slug)


def _send(answers: Mapping[str, str], place: Any, code: str, language: str) -> str:
    """Fill the form in as a browser would, and return the words to come back with."""
    token = f"demo {code} {sorted(answers.items())}"
    begin(token=token, organisation_id=place.organisation_id, code=code, language=language)
    with clock.moved(clock.now() + timedelta(minutes=2)):
        for step, said in answers.items():
            keep_answer(token=token, code=code, step=Question(step), said=said)
        send(token=token, place=place, code=code)
        sent = draft_of(token, code)
        throw_away(token=token)
    assert sent is not None  # noqa: S101 - it was sent just now
    return sent.receipt


def _read(council: Council, voice: Mapping[str, Any], told: Told) -> None:
    reader, key = council.actor(voice["reader"]), told.keys[voice["name"]]

    def seen() -> int:
        return voice_for_reading(reader, key).version

    open_voice(reader, key=key)
    if "danger" in voice:
        lock_for_danger(reader, key=key, agreed=voice["danger"])
        return
    say_no_danger(reader, key=key, seen_version=seen())
    say_not_about_staff(reader, key=key, seen_version=seen())
    if voice.get("complaint", False):
        keep_complaint(reader, key=key, agreed=NOBODY_TO_REACH, seen_version=seen())
    else:
        say_not_complaint(reader, key=key, seen_version=seen())
    if "english" in voice:
        put_into_english(reader, key=key, english=voice["english"], seen_version=seen())
    write_words(reader, key=key, words=voice["share"], seen_version=seen())
    rules = voice["rules"]
    if isinstance(rules, str):
        original = original_of(written(voice_for_reading(reader, key)))
        rules = [rules] * len(marked_changes(original, voice["share"].strip()).changes)
    settle_words(reader, key=key, rules=rules, could_tell="no", seen_version=seen())


def _use(council: Council, voice: Mapping[str, Any], told: Told) -> None:
    reader, key = council.actor(voice["reader"]), told.keys[voice["name"]]

    def seen() -> int:
        return voice_for_reading(reader, key).version

    theme_id = told.themes[voice["theme"]]
    choose_theme(reader, key=key, theme_id=theme_id, name="", seen_version=seen())
    if voice.get("idea"):
        idea_id = council.ideas[voice["idea"]]
        link_idea(reader, key=key, idea_id=idea_id, seen_version=seen())
    if "starts" in voice:
        start_idea(
            reader,
            key=key,
            text=voice["starts"]["text"],
            team_id=council.teams[voice["starts"]["team"]],
            form_token=f"voice {voice['name']}",
            seen_version=seen(),
        )
    if "answer" in voice:
        answer = _answer_words(voice["answer"])
        give_answer(reader, key=key, answer=answer, seen_version=seen())
    if "draft" in voice:
        answer = _answer_words(voice["draft"])
        draft_answer(council.actor(_MANAGER), key=key, answer=answer, seen_version=0)


def _answer_words(said: Mapping[str, Any]) -> AnswerWords:
    return AnswerWords(
        words=said["words"],
        said=said.get("said", ""),
        tried=said.get("tried", ""),
        happened=said.get("happened", ""),
        ending=said["ending"],
        is_public="said" in said,
    )


def _reply(voice: Mapping[str, Any], told: Told) -> None:
    """Come back with the receipt, and say whether it was put right."""
    name, said = voice["name"], voice["reply"]
    key = look_up(keys=_keys(), typed=told.receipts[name], slug=None)
    say_put_right(
        keys=_keys(),
        voice_key=key,
        answer_id=told_to(key).answers[0].id,
        said=said["said"],
        words=said["words"],
    )


def _ask_for_help(council: Council, contact: Mapping[str, Any]) -> None:
    """Let somebody wait for the duty team: the desk says that one waits, and nothing of them."""
    who = Contact(contact["name"], contact["reach"], contact["when"], contact["keep_from"])
    ask_for_help(
        organisation_id=council.organisation_id, once="demo", contact=who, link_of=pick_up_link
    )


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = current_app.config["SEALING_KEYS"]
    return keys
