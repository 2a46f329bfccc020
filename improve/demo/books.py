"""One measure of the demo: how it is defined, its numbers entered, and what people decide of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from improve.demo.calendar import Calendar, first_from
from improve.demo.people import Council
from improve.demo.series import Drawn
from improve.demo.steps import Step, Timetable
from improve.measures import queries, service
from improve.measures.service import MeasureDetails, NewPoint
from improve.measures.service.decisions import exclude_point, set_hope
from improve.measures.service.lines import (
    FOUR_QUESTIONS,
    BaselineChoice,
    draw_middle_line,
    set_baseline,
)
from improve.measures.table_import import next_period
from improve.shared import clock

_OWN_NAMES = {field.name for field in fields(MeasureDetails)}


class Book:
    """One measure and its numbers, entered up to whatever day it is."""

    def __init__(self, council: Council, measure: Mapping[str, Any], drawn: list[Drawn]) -> None:
        self.council, self.measure = council, measure
        self.waiting = drawn

    def define(self) -> None:
        """Define the measure, or take it from the catalogue as most do."""
        key, actor = self.measure["key"], self.council.actor(self.measure["by"])
        keeper_id = self.council.people[self.measure["keeper"]]
        if "catalogue" not in self.measure:
            named = {name: self.measure[name] for name in _OWN_NAMES if name in self.measure}
            self.council.measures[key] = service.define_measure(
                actor,
                team_id=self.team_id,
                details=MeasureDetails(**named, owner_id=keeper_id),
            )
            return
        adopted = service.adopt_measure(
            actor,
            # A measure of the whole council is taken from the page of some team.
            team_id=self.team_id or next(iter(self.council.teams.values())),
            key=self.measure["catalogue"],
            beside=self.measure.get("with", ()),
            is_whole_council=self.team_id is None,
        )
        self.council.measures[key] = adopted.measure_id
        view = queries.measure(actor, adopted.measure_id)
        service.edit_measure(
            actor,
            measure_id=view.id,
            seen_version=view.version,
            details=replace(service.details_of(view), owner_id=keeper_id),
        )

    def enter(self) -> None:
        """Enter the numbers of every period that is over and not yet entered."""
        newest = Calendar(clock.today()).last_whole(self.measure["frequency"])
        now = [d for d in self.waiting if d.start <= newest]
        if not now:
            return
        self.waiting = self.waiting[len(now) :]
        # Of the whole council's measures a coach enters the numbers.
        who = self.measure["keeper"] if self.team_id else self.measure["by"]
        service.add_points(
            self.council.actor(who),
            measure_id=self.id,
            points=[
                NewPoint(d.start, d.value, d.numerator, d.denominator, d.note, d.raw_values)
                for d in now
            ],
        )
        for drawn in now:
            if drawn.left_out:
                self._leave_out(drawn)

    def _leave_out(self, drawn: Drawn) -> None:
        actor = self.council.actor(self.measure["by"])
        found = queries.observations_at(actor, self.id, [drawn.start])[drawn.start]
        assert found.id is not None  # noqa: S101 - it was entered a moment ago
        exclude_point(
            actor,
            measure_id=self.id,
            observation_id=found.id,
            reason=drawn.left_out,
            seen=found.mark,
        )

    def set_baseline(self, calendar: Calendar) -> None:
        """Have a stretch of points count as usual, for the measure read by itself."""
        told, actor = self.measure["baseline"], self.council.actor(self.measure["baseline"]["by"])
        set_baseline(
            actor,
            measure_id=self.id,
            choice=BaselineChoice(
                starts_on=self._period_from(calendar.day(told["from"])),
                ends_on=self._period_from(calendar.day(told["to"])),
            ),
            reason=told["reason"],
            seen=queries.newest_baseline_id(actor, self.id),
        )

    def draw_line(self, calendar: Calendar) -> None:
        """Draw a new middle line from the second point after a day on."""
        told, actor = (
            self.measure["middle_line"],
            self.council.actor(self.measure["middle_line"]["by"]),
        )
        # Not from the first: a line on the day that a test began would cut its baseline.
        first = self._period_from(calendar.day(told["after"]))
        draw_middle_line(
            actor,
            measure_id=self.id,
            starts_on=next_period(first, self.measure["frequency"]),
            answers=dict.fromkeys(FOUR_QUESTIONS, True),
            reason=told["reason"],
            seen=0,
        )

    def hope(self) -> None:
        """Write down somebody's hope, which the chart is not judged by."""
        told = self.measure["hope"]
        actor = self.council.actor(told["by"])
        set_hope(
            actor,
            measure_id=self.id,
            target=told["target"],
            target_by=told["target_by"],
            seen_version=queries.measure(actor, self.id).version,
        )

    def _period_from(self, day: date) -> date:
        return first_from(day, self.measure["frequency"])

    @property
    def id(self) -> int:
        """The measure's id, once it is defined."""
        return self.council.measures[self.measure["key"]]

    @property
    def team_id(self) -> int | None:
        """The team it is of, None for the whole council."""
        team = self.measure["team"]
        return self.council.teams[team] if team else None


def decision_steps(book: Book, timetable: Timetable, number: int) -> list[Step]:
    """Return what people decide about a measure: its baseline, a new line, a hope."""
    calendar, steps = timetable.calendar, []
    acts = {
        "baseline": lambda: book.set_baseline(calendar),
        "middle_line": lambda: book.draw_line(calendar),
        "hope": book.hope,
    }
    for name, act in acts.items():
        if name in book.measure:
            at = timetable.early(book.measure[name]["day"], 40 + number)
            steps.append(Step(at, act))
    return steps
