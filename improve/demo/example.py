"""The example board of a council: twelve ideas, four measures, a huddle, in a place of its own.

It is a few of the demo's stories, told through the same services with the same moved clock, so
nothing in it is faked. The organisation is no council: it is in no count, search, review, archive
or open data of anybody, since all of these ask for the reader's own. It lasts at most until night.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.accounts.queries.examples import Example, example_ids, example_of, visitor_address
from improve.accounts.service.examples import (
    EXAMPLE_NAME,
    begin_example,
    end_visits,
    note_removed,
    take_example_turn,
)
from improve.demo.calendar import Calendar
from improve.demo.huddles import huddle_steps
from improve.demo.load import FOUNDED, read_content
from improve.demo.numbers import measure_steps
from improve.demo.people import Council, settle_council
from improve.demo.steps import Timetable
from improve.demo.stories import idea_steps
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.whole_tables import all_tables, is_of

#: Which of the demo's stories it tells: in each column two, and three endings.
_IDEAS: Final = tuple(
    f"IDEA-{number:03}" for number in (1, 4, 9, 13, 15, 18, 25, 26, 32, 33, 34, 35)
)
#: Four measures, each with another verdict.
_MEASURES: Final = ("cp_visits_on_time", "cp_seen_alone", "assess_45", "nothing_surprised")
_TEAM: Final = "safeguarding"
_MANAGER: Final = "tess"
#: Who answers in it besides the manager, and as what. All others are practitioners of the team.
_BESIDE: Final = {"miriam": "coach", "gideon": "leader"}
#: As whom it is looked at: a manager of its team, who may try all that one may.
_VISITOR: Final = "you"
#: Numbers are entered as ideas are looked at, and seldom besides: somebody waits for it.
_ENTERED_EVERY: Final = 400
#: What no story here is told of.
_LEFT_OUT: Final = ("partner", "context", "with", "without_partner")


def load_example(actor: Actor) -> Example:
    """Make the example of the actor's council where there is none, and return it.

    It is whole or not there: everything is one transaction, which the caller commits.
    """
    take_example_turn(actor)
    found = example_of(actor)
    if found is not None:
        return found
    organisation_id = begin_example(actor)
    with audit.unrecorded():
        _tell(organisation_id, of_id=actor.organisation_id)
    made = example_of(actor)
    assert made is not None  # noqa: S101 - it was made a moment ago
    return made


def _tell(organisation_id: int, *, of_id: int) -> None:
    content = example_content(of_id)
    timetable = Timetable(clock.now(), Calendar(clock.today()))
    council = Council(organisation_id, EXAMPLE_NAME)
    with clock.moved(timetable.early(FOUNDED, 0)):
        settle_council(council, content)
    council.managers[_TEAM] = _MANAGER
    steps = measure_steps(council, content, timetable, every=_ENTERED_EVERY)
    for idea in content["ideas"]:
        steps += idea_steps(council, idea, timetable)
    steps += huddle_steps(council, content, timetable, founded=FOUNDED)
    for step in sorted(steps, key=lambda step: step.at):
        with clock.moved(step.at):
            step.do()


def example_content(of_id: int) -> dict[str, Any]:
    """Return what the example tells, as ``content.json`` tells it, for the council of this id."""
    told = read_content()["councils"][0]
    ideas = [_idea(idea) for idea in told["ideas"] if idea["ref"] in _IDEAS]
    measures = [_measure(one) for one in told["measures"] if one["key"] in _MEASURES]
    huddles = [huddle for huddle in told["huddles"] if huddle["team"] == _TEAM]
    [team] = [team for team in told["teams"] if team["key"] == _TEAM]
    named = _names_in([ideas, measures, huddles])
    people = [_person(one, of_id) for one in told["people"] if one["key"] in named]
    visitor = {
        "key": _VISITOR,
        "name": "You",
        "job_title": "Looking at the example",
        "email": visitor_address(of_id),
        "team": _TEAM,
        "roles": ["manager"],
    }
    return {
        "name": EXAMPLE_NAME,
        "services": [],
        "teams": [{**team, "name": "Example team", "service": None}],
        "people": [*people, visitor],
        "measures": measures,
        "ideas": ideas,
        "huddles": huddles,
    }


def _idea(idea: Mapping[str, Any]) -> dict[str, Any]:
    """Return an idea as one of the example's team, marked in its title."""
    reply = idea.get("reply")
    if reply and reply["by"] not in _BESIDE:
        reply = {**reply, "by": _MANAGER}
    told = {**idea, "team": _TEAM, "title": f"Example: {idea['title']}", "reply": reply}
    if idea["author"] == "learning":
        told["author"] = "ines"
    for place in ("main", "beside"):
        if told.get(place) not in _MEASURES:
            told.pop(place, None)
    return {key: value for key, value in told.items() if value is not None}


def _measure(measure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a measure as one of the example's team, marked in its name."""
    told = {key: value for key, value in measure.items() if key not in _LEFT_OUT}
    told |= {"team": _TEAM, "by": _MANAGER, "name": f"Example: {measure['name']}"}
    told.pop("catalogue", None)
    return told


def _person(person: Mapping[str, Any], of_id: int) -> dict[str, Any]:
    """Return a person at an address that is nobody's and never will be."""
    key = person["key"]
    roles = ["manager"] if key == _MANAGER else [_BESIDE.get(key, "practitioner")]
    return {
        **person,
        "email": f"{key}.{of_id}@example.invalid",
        "team": None if key in _BESIDE else _TEAM,
        "roles": roles,
    }


def _names_in(told: Any) -> set[str]:
    """Return whatever stands in it as a word: the keys of people are among them."""
    return set(json.dumps(told).replace('"', " ").replace(",", " ").replace("]", " ").split())


def remove_example(actor: Actor) -> bool:
    """Remove the example of the actor's council, with all its rows; return whether there was one.

    Whoever looks at it just now is at home again.
    """
    take_example_turn(actor)
    found = example_of(actor)
    if found is None:
        return False
    _delete(found.organisation_id)
    note_removed(actor)
    return True


def remove_all_examples() -> int:
    """Remove every example, and return how many: the first thing of a nightly run.

    So what a night counts, reminds of and clears never meets one.
    """
    found = example_ids()
    for organisation_id in found:
        _delete(organisation_id)
    return len(found)


def _delete(organisation_id: int) -> None:
    end_visits(organisation_id)
    for table in reversed(all_tables().values()):
        try:
            whose = is_of(table, organisation_id)
        except LookupError:
            continue  # a table that is nobody's, such as counts of wrong tries
        db.session.execute(delete(table).where(whose))
    db.session.expire_all()
