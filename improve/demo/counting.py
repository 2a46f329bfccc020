"""What the demo counts by hand: tallies tapped week by week, records read by two people apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.measures import service
from improve.measures.dip_counts import NO as SAID_NO
from improve.measures.dip_counts import NOT_KNOWN as NOT_WRITTEN
from improve.measures.dip_counts import YES as SAID_YES
from improve.measures.queries import dip_samples as sample_queries
from improve.measures.service import TallyDetails, dip_samples
from improve.measures.tally_counts import NO, NOT_KNOWN, YES, week_of
from improve.shared import clock
from improve.shared.working_days import is_working_day

#: How ``content.json`` writes an answer.
TAPS: Mapping[str, int] = {"Y": YES, "N": NO, "-": NOT_KNOWN}
ANSWERS: Mapping[str, str] = {"Y": SAID_YES, "N": SAID_NO, "-": NOT_WRITTEN}
#: Made after every measure of the day.
AFTER_MEASURES = 100


def counting_steps(
    council: Council, content: Mapping[str, Any], timetable: Timetable
) -> list[Step]:
    """Return the steps of the council's tallies and dip samples."""
    steps: list[Step] = []
    for told in content.get("tallies", ()):
        steps += _tally_steps(council, told, timetable)
    for told in content.get("dip_samples", ()):
        steps += _sample_steps(council, told, timetable)
    return steps


# ---- tallies


def _tally_steps(council: Council, told: Mapping[str, Any], timetable: Timetable) -> Iterator[Step]:
    """Ask on the Monday of the first week; tap on working days; each Monday makes a point.

    The last of ``weeks`` is the week of loading, tapped up to the day it is; nobody has made a
    point of it yet. ``measure`` is one that is there already.
    """
    today = timetable.calendar.today
    first = week_of(today) - timedelta(weeks=len(told["weeks"]) - 1)
    chance = Random(told["key"])

    def make() -> None:
        council.tallies[told["key"]] = service.make_tally(
            council.actor(told["by"]),
            team_id=council.teams[told["team"]],
            details=TallyDetails(
                question=told["question"],
                measure_id=council.measures.get(told.get("measure", "")),
                measure_name=told.get("measure_name", ""),
                idea_id=council.ideas[told["idea"]],
            ),
        )

    def tap(who: str, answer: str) -> None:
        service.tap(
            council.actor(who),
            tally_id=council.tallies[told["key"]],
            key=f"{chance.getrandbits(128):032x}",
            answer=TAPS[answer],
        )

    def tap_all(answers: str) -> None:
        for number, answer in enumerate(answers):
            tap(told["tapped_by"][number % len(told["tapped_by"])], answer)

    def settle(week: date) -> None:
        service.settle_tally(council.actor(told["by"]), council.tallies[told["key"]], week)

    yield Step(min(clock.at_local(first, 8, 40), timetable.now), make)
    for number, week in enumerate(told["weeks"]):
        monday = first + timedelta(weeks=number)
        for weekday, answers in enumerate(week):
            day = monday + timedelta(days=weekday)
            if day <= today and is_working_day(day):
                at = min(clock.at_local(day, 16), timetable.now)
                yield Step(at, lambda answers=answers: tap_all(answers))  # type: ignore[misc]
        over = monday + timedelta(weeks=1)
        if over <= today:
            at = min(clock.at_local(over, 8, 20), timetable.now)
            yield Step(at, lambda week=monday: settle(week))  # type: ignore[misc]


# ---- dip samples


def _sample_steps(
    council: Council, told: Mapping[str, Any], timetable: Timetable
) -> Iterator[Step]:
    """Make a sample, have each read what they have read, and settle it where that is told."""
    calendar, readers = timetable.calendar, told["readers"]

    def make() -> None:
        council.samples[told["key"]] = dip_samples.make_sample(
            council.actor(told["by"]),
            team_id=council.teams[told["team"]],
            details=dip_samples.SampleDetails(
                title=told["title"],
                questions=told["questions"],
                record_count=told["records"],
                practice_week_on=calendar.day(told["practice_week"]),
                first_reader_id=council.people[readers[0]],
                second_reader_id=council.people[readers[1]],
                measure_id=0 if told["makes_measure"] else None,
            ),
        )

    def read(who: str, records: list[str]) -> None:
        for record, answers in enumerate(records, start=1):
            dip_samples.answer_record(
                council.actor(who),
                sample_id=council.samples[told["key"]],
                record=record,
                answers={q: ANSWERS[said] for q, said in enumerate(answers, start=1)},
            )

    def settle() -> None:
        actor, sample_id = council.actor(told["by"]), council.samples[told["key"]]
        differences = sample_queries.sample_page(actor, sample_id).compared.differences
        agreed = {
            (d.record, d.question): ANSWERS[said]
            for d, said in zip(differences, told["settled"]["answers"], strict=True)
        }
        dip_samples.settle_differences(actor, sample_id=sample_id, agreed=agreed)
        if told["makes_measure"]:
            dip_samples.make_dip_point(actor, sample_id=sample_id)

    yield Step(timetable.early(told["made"], AFTER_MEASURES), make)
    for place, (who, reading) in enumerate(zip(readers, told["read"], strict=True)):
        at = timetable.early(reading["day"], AFTER_MEASURES + 1 + place)
        yield Step(at, lambda who=who, reading=reading: read(who, reading["records"]))  # type: ignore[misc]
    if "settled" in told:
        yield Step(timetable.early(told["settled"]["day"], AFTER_MEASURES + 4), settle)
