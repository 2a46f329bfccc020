"""The measures of the demo: defined by people, and their numbers entered as time goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from improve.demo.books import Book, decision_steps
from improve.demo.people import Council
from improve.demo.series import lay_all
from improve.demo.steps import Step, Timetable
from improve.measures import queries, service
from improve.measures.service import WithoutPartner

#: How often somebody enters numbers, besides the days on which an idea is looked at.
ENTERED_EVERY = 28


def measure_steps(
    council: Council,
    content: Mapping[str, Any],
    timetable: Timetable,
    *,
    every: int = ENTERED_EVERY,
) -> list[Step]:
    """Return the steps that define the council's measures and enter their numbers.

    A number is entered when its week or month is over, never before: so every verdict in the
    history of an idea is the one that could be read on that day. ``every`` so many days numbers are
    entered besides.
    """
    steps: list[Step] = []
    drawn = lay_all(content["measures"], timetable.calendar)
    looked_at = _days_looked_at(content["ideas"])
    for number, measure in enumerate(content["measures"]):
        book = Book(council, measure, drawn[measure["key"]])
        at = timetable.early(measure["defined"], number)
        steps.append(Step(at, book.define))
        days = set(range(measure["defined"], 0, every)) | {0}
        days |= {d for d in looked_at.get(measure["key"], ()) if d > measure["defined"]}
        steps += [
            Step(max(timetable.early(day, number), at + timedelta(minutes=1)), book.enter)
            for day in sorted(days)
        ]
        steps += decision_steps(book, timetable, number)
    if content["measures"]:
        # Partners may be defined later than the measure they stand beside.
        last = max(timetable.early(m["defined"], 50) for m in content["measures"])
        steps.append(Step(last, lambda: _tie_all(council, content["measures"])))
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


def _tie_all(council: Council, measures: Sequence[Mapping[str, Any]]) -> None:
    for measure in measures:
        if any(name in measure for name in ("partner", "context", "without_partner")):
            _tie(council, measure)


def _tie(council: Council, measure: Mapping[str, Any]) -> None:
    """Say what stands beside a measure and under it, or that something will."""
    actor = council.actor(measure["by"])
    view = queries.measure(actor, council.measures[measure["key"]])
    said = measure.get("without_partner")
    service.edit_measure(
        actor,
        measure_id=view.id,
        seen_version=view.version,
        details=replace(
            service.details_of(view),
            partner_id=council.measures.get(measure.get("partner", ""), view.partner_id),
            context_id=council.measures.get(measure.get("context", ""), view.context_id),
        ),
        without_partner=WithoutPartner(**said) if said else None,
    )
