"""The verdicts that the demo's numbers give on a day, without a database.

``python -m tests.demo.verdicts`` tries seeds until every verdict is the expected one on every day
of a year, and prints the seeds for ``content.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from improve.demo.calendar import Calendar
from improve.demo.load import read_content
from improve.demo.series import Drawn, lay_all
from improve.measures.reading import Computed, analyse, compute
from improve.measures.views import MeasureView, ObservationView, WindowView

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(366)]


def content() -> dict[str, Any]:
    """Return the first council of the demo."""
    found: dict[str, Any] = read_content()["councils"][0]
    return found


def measure_view(measure: dict[str, Any]) -> MeasureView:
    """Return the measure as pages read it."""
    names = ("name", "kind", "recorded", "better_when", "frequency")
    return MeasureView(
        id=1,
        organisation_id=1,
        team_id=None,
        **{name: measure[name] for name in names},
        unit=measure.get("unit", ""),
        top_name="",
        bottom_name="",
        numerator="",
        denominator="",
        left_out="",
        source="",
        licence="",
        caution="",
        chart=measure.get("chart"),
        per=measure.get("per", 1.0),
        standard=measure.get("standard"),
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
    )


def observations_of(drawn: Iterable[Drawn]) -> list[ObservationView]:
    """Return the numbers as pages read them."""
    return [
        ObservationView(
            1,
            d.start,
            d.value,
            d.numerator,
            d.denominator,
            d.note,
            raw_values=d.raw_values or None,
            excluded_reason=d.left_out,
        )
        for d in drawn
    ]


def windows_of(idea: dict[str, Any], calendar: Calendar, place: str) -> list[WindowView]:
    """Return the windows that the idea's moves open and close, oldest first."""
    found = []
    for number, cycle in enumerate(idea["cycles"], start=1):
        if "do" not in cycle:
            continue
        ends_on = None
        if cycle.get("decision") in {"adapt", "abandon"}:
            ends_on = calendar.day(cycle["decided"])
        if not cycle.get("is_wide") and "study" in cycle:
            ends_on = calendar.day(cycle["study"])
        found.append(
            WindowView(
                id=number,
                measure_id=1,
                measure_name="",
                idea_id=1,
                cycle_number=number,
                place=place,
                label="",
                starts_on=calendar.day(cycle["do"]),
                ends_on=ends_on,
                is_judged=bool(cycle.get("is_wide")),
                is_current=number == len(idea["cycles"]),
                better_when="",
                verdict_code=None,
            )
        )
    return found


def verdict(
    idea: dict[str, Any],
    measure: dict[str, Any],
    drawn: list[Drawn],
    calendar: Calendar,
    place: str,
) -> Computed:
    """Return what the newest window of the idea says of its measure.

    ``place`` “decided” leaves out what was entered after the decision.
    """
    if place == "decided":
        decided_on = calendar.day(idea["cycles"][-1]["decided"])
        newest = Calendar(decided_on).last_whole(measure["frequency"])
        drawn = [d for d in drawn if d.start <= newest]
    observations = observations_of(drawn)
    windows = windows_of(idea, calendar, "beside" if place == "beside" else "main")
    return compute(measure_view(measure), observations, windows[-1], windows)


def expectations(ideas: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str, str]]:
    """Yield idea, measure key, place and expected code, with “decided” for the place at Act."""
    for idea in ideas:
        codes = idea["codes"]
        if "main" in idea and codes.get("now") != "small_test":
            yield idea, idea["main"], "main", codes["now"]
            if "decided" in codes:
                yield idea, idea["main"], "decided", codes["decided"]
        if "beside" in idea:
            yield idea, idea["beside"], "beside", codes["beside"]


Case = tuple[dict[str, Any], str, str]


def faults(council: dict[str, Any], today: date) -> list[str]:
    """Return every verdict that is another than expected on a day."""
    calendar = Calendar(today)
    series = lay_all(council["measures"], calendar)
    measures = {measure["key"]: measure for measure in council["measures"]}
    found = []
    for idea, key, place, code in expectations(council["ideas"]):
        computed = verdict(idea, measures[key], series[key], calendar, place)
        if computed.code != code:
            found.append(f"{idea['ref']} {place}: {computed.code} instead of {code}")
        if place == "main":
            found += _said_wrongly(idea, computed)
    return found


def _said_wrongly(idea: dict[str, Any], computed: Computed) -> list[str]:
    """Return where the idea's words name another level than the chart draws.

    ``says`` holds the levels that its words name as “about”.
    """
    found = []
    for when, level in idea.get("says", {}).items():
        drawn = computed.facts[f"centre_{when}"]
        if abs(drawn - level) > 3:
            found.append(f"{idea['ref']} says about {level} {when}, the chart {drawn:.1f}")
    return found


def is_usual(measure: dict[str, Any], drawn: list[Drawn]) -> bool:
    """Return whether a series by itself shows the usual ups and downs and nothing else."""
    observations = observations_of(drawn)
    analysis = analyse(measure_view(measure), observations)
    counted = [p for p in analysis.points if not p.is_excluded]
    return not analysis.has_runs_signal and not any(p.signals for p in counted)


def choose_seeds() -> dict[str, int]:
    """Return, for each measure that an idea is judged on, the first seed that holds all year."""
    council = content()
    cases: dict[str, list[Case]] = {}
    for idea, key, place, code in expectations(council["ideas"]):
        cases.setdefault(key, []).append((idea, place, code))
    chosen: dict[str, int] = {}
    by_need = sorted(council["measures"], key=lambda m: "of_measure" in m["series"])
    for measure in by_need:
        needed = [m for m in by_need if m["key"] == measure["series"].get("of_measure")]
        for seed in range(1, 2000):
            measure["series"]["seed"] = seed
            if _holds_all_year([*needed, measure], measure, cases.get(measure["key"], [])):
                chosen[measure["key"]] = seed
                break
    return chosen


def _holds_all_year(measures: list[dict[str, Any]], own: dict[str, Any], cases: list[Case]) -> bool:
    for today in YEAR[::37] + YEAR:
        calendar = Calendar(today)
        drawn = lay_all(measures, calendar)[own["key"]]
        if not cases and not is_usual(own, drawn):
            return False
        for idea, place, code in cases:
            if verdict(idea, own, drawn, calendar, place).code != code:
                return False
    return True


if __name__ == "__main__":
    print(json.dumps(choose_seeds()))
