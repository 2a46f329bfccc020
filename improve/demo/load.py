"""Loads the demo: every story's steps in the order of time, each with the clock moved to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from improve.accounts.service.people import disable_person
from improve.demo.aims import aim_steps, set_up_aims
from improve.demo.calendar import Calendar
from improve.demo.counting import counting_steps
from improve.demo.documents import document_steps
from improve.demo.hidden import hidden_steps
from improve.demo.huddles import huddle_steps
from improve.demo.leaders import leader_steps
from improve.demo.learning import learning_steps
from improve.demo.lives import life_steps
from improve.demo.numbers import measure_steps
from improve.demo.outside import outside_steps
from improve.demo.own_records import record_steps
from improve.demo.people import LEARNING, Council, found_council
from improve.demo.spreading import spreading_steps
from improve.demo.steps import Step, Timetable
from improve.demo.stories import idea_steps
from improve.demo.talk import talk_steps
from improve.demo.voices import voice_steps
from improve.measures.catalogue import catalogue
from improve.notifications.service import mark_read
from improve.shared import clock, contributions
from improve.shared.db import db

CONTENT = Path(__file__).resolve().parent / "content.json"
#: Before the first thing that anybody does, in days from the loading.
FOUNDED = -470
#: News older than this has been read, in days from the loading.
READ_UNTIL = -6


@dataclass(frozen=True)
class Demo:
    """What was loaded: the demo's own council, and another that has nothing to do with it."""

    council: Council
    other: Council


def read_content() -> dict[str, Any]:
    """Return what the demo tells, with what its measures take from the catalogue."""
    content: dict[str, Any] = json.loads(CONTENT.read_text(encoding="utf-8"))
    ready = catalogue().measures
    for council in content["councils"]:
        council["measures"] = [
            (ready[m["catalogue"]].definition if "catalogue" in m else {}) | m
            for m in council["measures"]
        ]
    return content


def load_demo(
    app: Flask,
    *,
    password: str | None = None,
    say: Callable[[str], None] = lambda _words: None,
) -> Demo:
    """Fill ``app``'s empty, migrated database with the demo as of now, in one transaction.

    Everything is done through the services that people use, so rules, history, audit and news
    are real. ``password`` becomes everybody's (without one nobody can sign in by e-mail); a weak
    one is refused with ``RuleBroken``. ``say`` is told in words what is being done.
    """
    content = read_content()
    with app.app_context():
        timetable = Timetable(clock.now(), Calendar(clock.today()))
        try:
            councils = [
                _load_council(each, timetable, password=password, say=say)
                for each in content["councils"]
            ]
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.remove()
    return Demo(*councils)


def _load_council(
    content: Mapping[str, Any],
    timetable: Timetable,
    *,
    password: str | None,
    say: Callable[[str], None],
) -> Council:
    with clock.moved(timetable.early(FOUNDED, 0)):
        council = found_council(content, password=password)
        made = set_up_aims(council)
    steps = measure_steps(council, content, timetable)
    steps += document_steps(council, timetable)
    for idea in content["ideas"]:
        steps += idea_steps(council, idea, timetable)
    steps += counting_steps(council, content, timetable)
    steps += huddle_steps(council, content, timetable, founded=FOUNDED)
    steps += aim_steps(council, made, timetable)
    steps += outside_steps(council, {idea["ref"] for idea in content["ideas"]}, timetable)
    steps += hidden_steps(council, {idea["ref"] for idea in content["ideas"]}, timetable)
    steps += talk_steps(council, {idea["ref"] for idea in content["ideas"]}, timetable)
    steps += life_steps(council, timetable)
    steps += record_steps(council, timetable)
    refs = {idea["ref"] for idea in content["ideas"]}
    steps += learning_steps(council, refs, timetable)
    steps += spreading_steps(council, refs, timetable)
    steps += leader_steps(council, refs, timetable)
    steps += voice_steps(council, content, timetable)
    for offer in contributions.gather("demo-reports"):
        steps += [Step(at, do) for at, do in offer(council, content, timetable)]
    steps.append(_news_read(council, timetable))
    counts = [_counted(len(content[f"{noun}s"]), noun) for noun in ("measure", "idea")]
    say(f"{council.name}: {len(content['people'])} people, {', '.join(counts)}")
    for step in sorted(steps, key=lambda step: step.at):
        with clock.moved(step.at):
            step.do()
    _close_shared_account(council, content)
    return council


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _news_read(council: Council, timetable: Timetable) -> Step:
    """Let everybody have read their older news, so that what is new stands out."""

    def read() -> None:
        for key in council.people:
            mark_read(council.actor(key))

    return Step(timetable.early(READ_UNTIL, 99), read)


def _close_shared_account(council: Council, content: Mapping[str, Any]) -> None:
    """Close the learning team's account: an author without a person behind it is nobody's door."""
    if LEARNING not in council.people:
        return
    administrator = next(p["key"] for p in content["people"] if "administrator" in p["roles"])
    disable_person(council.actor(administrator), person_id=council.people[LEARNING])
