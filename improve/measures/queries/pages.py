"""What the page of one measure shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_

from improve.accounts.actor import Actor
from improve.accounts.queries import BusySpan, busy_spans
from improve.measures.judging import ideas_meanwhile, stretch_of
from improve.measures.lines import NO_LINES, BaselineView, DrawnLines
from improve.measures.models import Measure
from improve.measures.queries.lines import lines_of
from improve.measures.queries.measures import all_measures_query, measure, measures_by_id
from improve.measures.queries.numbers import observations_of
from improve.measures.queries.windows import windows_of_measures
from improve.measures.reading import Reading, read
from improve.measures.trials import Series
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared.db import db
from improve.shared.formatting import day_short

#: More than this beside one chart would hide the chart.
BESIDE_MOST = 2


@dataclass(frozen=True, slots=True)
class MeasurePageView:
    """A measure read by its newest judged test, what stands beside it, and all its tests.

    ``since`` is the day a reader chose to compare before and after by; then ``reading`` is by
    that day and no stored verdict is shown. ``context`` is what was going on, drawn under it;
    ``lines`` are those in force.
    """

    reading: Reading
    beside: tuple[Reading, ...]
    windows: tuple[WindowView, ...]
    since: date | None = None
    context: Reading | None = None
    lines: DrawnLines = NO_LINES

    @property
    def measure(self) -> MeasureView:
        """The measure."""
        return self.reading.measure

    @property
    def ideas_meanwhile(self) -> tuple[int, ...]:
        """The other ideas tried in the time of the test that it is read by, oldest test first."""
        if self.reading.window is None:
            return ()
        others = ideas_meanwhile(
            stretch_of(self.reading.window, self.reading.windows),
            self.reading.window.idea_id,
            self.windows,
        )
        return tuple(dict.fromkeys(w.idea_id for w in self.windows if w.idea_id in others))

    @property
    def baseline(self) -> BaselineView | None:
        """The baseline that a person set for what it is read by."""
        if self.since is not None:
            return None
        return self.lines.baseline_of(self.reading.window.idea_id if self.reading.window else None)

    @property
    def series(self) -> Series:
        """All that it is read from, to read it another way."""
        return Series(self.measure, self.reading.observations, self.windows, self.lines)


def measure_page(
    actor: Actor,
    measure_id: int,
    *,
    chart: str | None = None,
    since: date | None = None,
    by: int | None = None,
    with_busy_times: bool = False,
) -> MeasurePageView:
    """Return a measure's page in five statements. Raises ``NotFound``.

    ``chart`` draws another chart than its own, ``since`` reads it by a day of the reader's,
    ``by`` by the test with this id in place of the newest. ``with_busy_times``: the notes on
    the chart say why the team had busy times, for one statement more.
    """
    view = measure(actor, measure_id)
    partners, context = _around(actor, view)
    ids = [view.id, *(p.id for p in partners), *((context.id,) if context else ())]
    series = observations_of(actor, ids)
    tests = windows_of_measures(actor, ids)
    lines = lines_of(ids)
    own, drawn = tests[view.id], lines[view.id]
    if since is not None:
        shown = [_since_window(view, since)]
        reading = read(
            view,
            series[view.id],
            shown,
            chart=chart,
            drawn=drawn,
            n_meanwhile=len(ideas_meanwhile(stretch_of(shown[0], shown), 0, own)),
        )
        reading = replace(reading, is_by_day=True)
    else:
        wanted = next((w for w in own if w.id == by and w.is_judged), None)
        reading = read(view, series[view.id], own, by=wanted, chart=chart, drawn=drawn)
    if with_busy_times and view.team_id is not None:
        spans = busy_spans(view.organisation_id, view.team_id)
        reading = reading.with_notes_of((span.from_on, _busy_words(span)) for span in spans)
    else:
        reading = reading.with_busy_times()
    beside = tuple(
        read_beside(p, reading, tests[p.id], series[p.id], lines[p.id]) for p in partners
    )
    around = read(context, series[context.id], drawn=lines[context.id]) if context else None
    return MeasurePageView(reading, beside, tuple(own), since, around, drawn)


def _busy_words(span: BusySpan) -> str:
    """What the note of a busy time says, beside the day on which it began."""
    return f"Busy time, {day_short(span.from_on)} to {day_short(span.to_on)}: {span.why}"


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """A measure as a small chart, and the one that is always shown beside it."""

    reading: Reading
    beside: Reading | None


def measure_cards(actor: Actor, measures: Sequence[MeasureView]) -> list[MeasureCard]:
    """Return measures read for a page of small charts, in their order: four statements."""
    known = {m.id: m for m in measures}
    missing = {m.partner_id for m in measures if m.partner_id and m.partner_id not in known}
    if missing:
        known |= measures_by_id(actor, missing)
    tests = windows_of_measures(actor, known)
    series = observations_of(actor, known)
    lines = lines_of(known)
    cards = []
    for measure_view in measures:
        own_id = measure_view.id
        reading = read(measure_view, series[own_id], tests[own_id], drawn=lines[own_id])
        partner = known.get(measure_view.partner_id or 0)
        beside = (
            read_beside(partner, reading, tests[partner.id], series[partner.id], lines[partner.id])
            if partner is not None
            else None
        )
        cards.append(MeasureCard(reading, beside))
    return cards


def _around(actor: Actor, view: MeasureView) -> tuple[list[MeasureView], MeasureView | None]:
    """The measures shown beside it, A to Z, and the one that was going on, in one statement."""
    named = [i for i in (view.partner_id, view.context_id) if i is not None]
    rows = db.session.execute(
        all_measures_query()
        .where(
            Measure.organisation_id == actor.organisation_id,
            or_(Measure.partner_id == view.id, Measure.id.in_(named)),
            Measure.closed_on.is_(None),
        )
        .order_by(Measure.id.in_(named).desc(), Measure.name, Measure.id)
        .limit(BESIDE_MOST + 1)
    )
    found = [MeasureView(*row) for row in rows]
    context = next((m for m in found if m.id == view.context_id), None)
    beside = [m for m in found if m is not context or m.id == view.partner_id]
    return sorted(beside, key=lambda m: (m.name, m.id))[:BESIDE_MOST], context


def read_beside(
    partner: MeasureView,
    main: Reading,
    windows: Sequence[WindowView],
    observations: Sequence[ObservationView],
    lines: DrawnLines,
) -> Reading:
    """Read a partner by the same cycle as the main measure, or by the same day."""
    if main.window is None:
        return read(partner, observations, windows, drawn=lines)
    if main.is_by_day:
        day = replace(main.window, measure_id=partner.id, measure_name=partner.name)
        n = len(ideas_meanwhile(stretch_of(day, [day]), day.idea_id, windows))
        reading = read(partner, observations, [day], drawn=lines, n_meanwhile=n)
        return replace(reading, is_by_day=True)
    shown = [*windows, *_without_own(partner, main, windows)]
    by = next(
        w
        for w in shown
        if (w.idea_id, w.cycle_number) == (main.window.idea_id, main.window.cycle_number)
    )
    return read(partner, observations, shown, by=by, drawn=lines)


def _without_own(
    partner: MeasureView, main: Reading, windows: Sequence[WindowView]
) -> list[WindowView]:
    """The cycles of the main measure's idea that the partner has no window of, by their dates.

    So it is judged by the same baseline and up to the same day; nothing is stored of it.
    """
    idea_id = main.window.idea_id if main.window else None
    known = {(w.idea_id, w.cycle_number) for w in windows}
    return [
        replace(
            w,
            measure_id=partner.id,
            measure_name=partner.name,
            better_when=partner.better_when,
            verdict_code=None,
            verdict_facts={},
            decided_code=None,
            decided_facts=None,
        )
        for w in main.windows
        if w.idea_id == idea_id and (w.idea_id, w.cycle_number) not in known
    ]


def _since_window(view: MeasureView, since: date) -> WindowView:
    return WindowView(
        id=0,
        idea_id=0,
        cycle_number=0,
        measure_id=view.id,
        measure_name=view.name,
        better_when=view.better_when,
        place="main",
        label="Since then",
        starts_on=since,
        ends_on=None,
        is_judged=True,
        is_current=False,
        verdict_code=None,
    )
