"""The numbers of a page as anybody without an account is given them. Pure.

A point whose count, or what is left of its whole, is from 1 to 4 has no value here. Every line,
verdict and doubt is then worked out anew **from the shown points alone**, so that nothing that is
given could be used to compute what is not: two series that differ in hidden values only give the
same ``PublicMeasure``. A test holds it to that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from improve.measures.lines import BaselineView, DrawnLines, MiddleLineView
from improve.measures.reading import Reading, read
from improve.measures.spc.doubt import NEVER_A_CAUSE, doubt_of
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared import clock

#: From here on a number of people or cases may be said.
SMALLEST_SHOWN: Final = 5
#: As many points, the newest, and as many characters of a unit go out.
POINTS_MOST: Final = 520
UNIT_MOST: Final = 30
#: Units of a measurement that counts nobody: a whole 3 of these says nothing about three people.
_MEASURED_IN: Final = frozenset(
    """
    second seconds minute minutes hour hours day days week weeks month months year years
    £ % percent grade grades mile miles
    """.split()  # noqa: SIM905 - a paragraph reads better than a list
)


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """One point: the first day of its period, and its value or None where it is suppressed.

    ``numerator`` and ``denominator`` of a shown point serve to draw it; they are never given out.
    """

    x: date
    value: float | None
    is_suppressed: bool = False
    numerator: float | None = None
    denominator: float | None = None
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class PublicTest:
    """A stretch of days in which the change was tried; a small test is not judged."""

    label: str
    starts_on: date
    ends_on: date | None
    is_judged: bool


@dataclass(frozen=True, slots=True)
class PublicVerdict:
    """What the shown points say. ``words`` is a whole sentence."""

    code: str
    words: str
    doubt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """A measure with its shown points. ``better`` higher, lower or neither.

    ``chart`` and ``rule_set`` are what the verdict rests on. ``recorded``, ``per`` and the three
    days serve to draw it.
    """

    name: str
    unit: str
    better: str
    frequency: str
    recorded: str
    per: float
    points: tuple[PublicPoint, ...]
    tests: tuple[PublicTest, ...] = ()
    chosen_chart: str | None = None
    baseline_from: date | None = None
    baseline_to: date | None = None
    new_lines_on: tuple[date, ...] = ()
    n_meanwhile: int = 0
    n_kept_earlier: int = 0
    chart: str = ""
    rule_set: str = ""
    verdict: PublicVerdict | None = None

    @property
    def n_suppressed(self) -> int:
        """How many points are not drawn."""
        return sum(1 for point in self.points if point.is_suppressed)


def is_small(observation: ObservationView, measure: MeasureView) -> bool:
    """Return whether a point counts from 1 to 4, or leaves from 1 to 4 of its whole."""
    if measure.recorded == "times":
        return len(observation.raw_values or (0.0,)) < SMALLEST_SHOWN
    if measure.is_pair:
        top, whole = observation.numerator, observation.denominator
        if top is None or whole is None:
            return True
        parts = [top, whole]
        if measure.is_proportion:
            parts.append(whole - top)
        return any(0 < part < SMALLEST_SHOWN for part in parts)
    if observation.value is None:
        return True
    is_count = measure.recorded == "count" or (
        float(observation.value).is_integer()
        and not _MEASURED_IN & set(measure.unit.lower().split())
    )
    return is_count and 0 < abs(observation.value) < SMALLEST_SHOWN


def public_measure_of(reading: Reading, *, until: date | None = None) -> PublicMeasure | None:
    """Return a measure as it may be given out; None where each number is a single event.

    Points of days after ``until`` are left out. No note, reason or definition goes along.
    """
    measure = reading.measure
    if measure.is_of_events:
        return None
    by = reading.window or next(iter(reading.windows), None)
    own = [w for w in reading.windows if by is None or w.idea_id == by.idea_id]
    facts = reading.verdict.facts if reading.verdict else {}
    # A time of one case is its own; of several the middle one is a plain measurement.
    is_plain = measure.recorded == "times"
    bare = PublicMeasure(
        name=measure.name,
        unit=measure.chart_unit[:UNIT_MOST],
        better=measure.better_when,
        frequency=measure.frequency,
        recorded="value" if is_plain else measure.recorded,
        per=measure.per,
        points=tuple(
            _point(o, measure)
            for o in reading.observations[-POINTS_MOST:]
            if until is None or o.period_start <= until
        ),
        tests=tuple(
            PublicTest(f"Cycle {w.cycle_number}", w.starts_on, w.ends_on, w.is_judged)
            for w in sorted(own, key=lambda w: (w.starts_on, w.cycle_number, w.id))
        ),
        chosen_chart=None if is_plain else measure.chart,
        baseline_from=reading.lines.baseline_from,
        baseline_to=reading.lines.baseline_to,
        new_lines_on=tuple(reading.lines.new_lines_on),
        n_meanwhile=int(facts.get("n_overlapping") or 0),
        n_kept_earlier=int(facts.get("n_kept_earlier") or 0),
    )
    return _read_anew(bare)


def _point(observation: ObservationView, measure: MeasureView) -> PublicPoint:
    if is_small(observation, measure):
        return PublicPoint(observation.period_start, None, is_suppressed=True)
    is_pair = measure.is_pair
    return PublicPoint(
        observation.period_start,
        observation.shown(measure.multiply) if is_pair else observation.value,
        numerator=observation.numerator if is_pair else None,
        denominator=observation.denominator if is_pair else None,
        is_left_out=observation.is_excluded,
    )


def _read_anew(bare: PublicMeasure) -> PublicMeasure:
    """Put what the shown points say beside them."""
    anew = reading_of(bare)
    verdict = None
    if anew.verdict is not None:
        doubt = doubt_of(anew.verdict.code, anew.verdict.facts)
        if bare.n_suppressed:
            few = bare.n_suppressed
            points = "1 point is" if few == 1 else f"{few} points are"
            said = (
                f"{points} not shown, being of fewer than 5 people or cases. What is said here "
                "rests on the others."
            )
            doubt = (said, *doubt)
        verdict = PublicVerdict(
            anew.verdict.code,
            anew.verdict.words.in_full,
            tuple(line for line in doubt if line != NEVER_A_CAUSE),
        )
    return replace(
        bare, chart=anew.analysis.chart, rule_set=anew.analysis.rule_set.name, verdict=verdict
    )


def reading_of(measure: PublicMeasure) -> Reading:
    """Return the reading of the shown points alone, to draw and to put into a table."""
    view = MeasureView(
        id=0,
        organisation_id=0,
        team_id=None,
        name=measure.name,
        kind="outcome",
        recorded=measure.recorded,  # type: ignore[arg-type]
        unit=measure.unit,
        better_when=measure.better,
        frequency=measure.frequency,  # type: ignore[arg-type]
        top_name="",
        bottom_name="",
        numerator="",
        denominator="",
        left_out="",
        source="",
        licence="",
        caution="",
        chart=measure.chosen_chart,
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
        per=measure.per,
    )
    windows = [_window(number, test, measure) for number, test in enumerate(measure.tests, start=1)]
    return read(
        view,
        [
            ObservationView(
                0,
                point.x,
                None if view.is_pair else point.value,
                point.numerator,
                point.denominator,
                excluded_reason="Left out" if point.is_left_out else "",
            )
            for point in measure.points
            if not point.is_suppressed
        ],
        windows,
        drawn=_lines(measure),
        n_meanwhile=measure.n_meanwhile,
        n_kept_earlier=measure.n_kept_earlier,
    )


def _window(number: int, test: PublicTest, measure: PublicMeasure) -> WindowView:
    return WindowView(
        id=number,
        idea_id=1,
        cycle_number=number,
        measure_id=0,
        measure_name=measure.name,
        better_when=measure.better,
        place="main",
        label=test.label,
        starts_on=test.starts_on,
        ends_on=test.ends_on,
        is_judged=test.is_judged,
        is_current=number == len(measure.tests),
        verdict_code=None,
    )


def _lines(measure: PublicMeasure) -> DrawnLines:
    at = clock.at_local(date(2000, 1, 1), 0)
    baselines: tuple[BaselineView, ...] = ()
    if measure.baseline_from and measure.baseline_to:
        days = (measure.baseline_from, measure.baseline_to)
        baselines = tuple(
            BaselineView(0, 0, idea_id, *days, reason="", set_by="", set_at=at)
            for idea_id in (1, None)
        )
    lines = tuple(
        MiddleLineView(number, 0, day, "", "", at)
        for number, day in enumerate(measure.new_lines_on, start=1)
    )
    return DrawnLines(baselines, lines)
