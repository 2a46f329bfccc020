"""The measures of the demo: defined by people, and their numbers entered as time goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from improve.demo.calendar import Calendar
from improve.demo.people import Council
from improve.demo.series import Drawn, lay_all
from improve.demo.steps import Step, Timetable
from improve.measures import service
from improve.measures.service import MeasureDetails, NewPoint
from improve.shared import clock

#: How often somebody enters numbers, besides the days on which an idea is looked at.
ENTERED_EVERY = 28
_OWN_NAMES = {field.name for field in fields(MeasureDetails)}


def measure_steps(council: Council, content: Mapping[str, Any], timetable: Timetable) -> list[Step]:
    """Return the steps that define the council's measures and enter their numbers.

    A number is entered when its week or month is over, never before: so every verdict in the
    history of an idea is the one that could be read on that day.
    """
    steps: list[Step] = []
    drawn = lay_all(content["measures"], timetable.calendar)
    looked_at = _days_looked_at(content["ideas"])
    for number, measure in enumerate(content["measures"]):
        book = _Book(council, measure, drawn[measure["key"]])
        at = timetable.early(measure["defined"], number)
        steps.append(Step(at, book.define))
        days = set(range(measure["defined"], 0, ENTERED_EVERY)) | {0}
        days |= {d for d in looked_at.get(measure["key"], ()) if d > measure["defined"]}
        steps += [
            Step(max(timetable.early(day, number), at + timedelta(minutes=1)), book.enter)
            for day in sorted(days)
        ]
    if content["measures"]:
        # Partners may be defined later than the measure they stand beside.
        last = max(timetable.early(m["defined"], 50) for m in content["measures"])
        steps.append(Step(last, lambda: _tie_partners(council, content["measures"])))
    return steps


def _days_looked_at(ideas: Sequence[Mapping[str, Any]]) -> dict[str, set[int]]:
    """Return the days on which an idea moves on, by measure: the numbers are fresh then."""
    found: dict[str, set[int]] = {}
    for idea in ideas:
        days = {
            cycle[stage]
            for cycle in idea["cycles"]
            for stage in ("do", "study", "act", "decided")
            if stage in cycle
        }
        for place in ("main", "beside"):
            if place in idea:
                found.setdefault(idea[place], set()).update(days)
    return found


class _Book:
    """One measure and its numbers, entered up to whatever day it is."""

    def __init__(self, council: Council, measure: Mapping[str, Any], drawn: list[Drawn]) -> None:
        self.council, self.measure = council, measure
        self.waiting = drawn

    def define(self) -> None:
        """Define the measure."""
        named = {name: self.measure[name] for name in _OWN_NAMES if name in self.measure}
        self.council.measures[self.measure["key"]] = service.define_measure(
            self.council.actor(self.measure["by"]),
            team_id=self._team_id,
            details=MeasureDetails(**named, owner_id=self.council.people[self.measure["keeper"]]),
        )

    def enter(self) -> None:
        """Enter the numbers of every period that is over and not yet entered."""
        newest = Calendar(clock.today()).last_whole(self.measure["frequency"])
        now = [d for d in self.waiting if d.start <= newest]
        if not now:
            return
        self.waiting = self.waiting[len(now) :]
        # Of the whole council's measures a coach enters the numbers.
        who = self.measure["keeper"] if self._team_id else self.measure["by"]
        service.add_points(
            self.council.actor(who),
            measure_id=self.council.measures[self.measure["key"]],
            points=[NewPoint(d.start, d.value, d.numerator, d.denominator, d.note) for d in now],
        )

    @property
    def _team_id(self) -> int | None:
        team = self.measure["team"]
        return self.council.teams[team] if team else None


def _tie_partners(council: Council, measures: Sequence[Mapping[str, Any]]) -> None:
    for measure in measures:
        if "partner" in measure:
            _tie_partner(council, measure)


def _tie_partner(council: Council, measure: Mapping[str, Any]) -> None:
    named = {name: measure[name] for name in _OWN_NAMES if name in measure}
    service.edit_measure(
        council.actor(measure["by"]),
        measure_id=council.measures[measure["key"]],
        seen_version=1,
        details=MeasureDetails(
            **named,
            owner_id=council.people[measure["keeper"]],
            partner_id=council.measures[measure["partner"]],
        ),
    )
