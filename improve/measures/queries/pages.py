"""What the page of one measure shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_

from improve.accounts.actor import Actor
from improve.measures.models import Measure
from improve.measures.queries.measures import all_measures_query, measure, measures_by_id
from improve.measures.queries.numbers import observations_of
from improve.measures.queries.windows import windows_of_measures
from improve.measures.reading import Reading, read
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared.db import db

#: More than this beside one chart would hide the chart.
BESIDE_MOST = 2


@dataclass(frozen=True, slots=True)
class MeasurePageView:
    """A measure read by its newest judged test, what stands beside it, and all its tests.

    ``since`` is the day a reader chose to compare before and after by; then ``reading`` is by
    that day and no stored verdict is shown.
    """

    reading: Reading
    beside: tuple[Reading, ...]
    windows: tuple[WindowView, ...]
    since: date | None = None

    @property
    def measure(self) -> MeasureView:
        """The measure."""
        return self.reading.measure

    @property
    def other_tests(self) -> tuple[WindowView, ...]:
        """Tests of other ideas on the measure since the one it is read by began."""
        window = self.reading.window
        if window is None:
            return ()
        return tuple(
            w
            for w in self.windows
            if w.idea_id != window.idea_id
            and (w.ends_on is None or w.ends_on >= window.starts_on)
            and (window.ends_on is None or w.starts_on <= window.ends_on)
        )


def measure_page(
    actor: Actor,
    measure_id: int,
    *,
    chart: str | None = None,
    since: date | None = None,
    by: int | None = None,
) -> MeasurePageView:
    """Return a measure's page in four statements. Raises ``NotFound``.

    ``chart`` draws another chart than its own, ``since`` reads it by a day of the reader's,
    ``by`` by the test with this id in place of the newest.
    """
    view = measure(actor, measure_id)
    partners = _partners(actor, view)
    ids = [view.id, *(p.id for p in partners)]
    series = observations_of(actor, ids)
    tests = windows_of_measures(actor, ids)
    own = tests[view.id]
    if since is not None:
        shown = [_since_window(view, since)]
        reading = read(view, series[view.id], shown, chart=chart)
    else:
        wanted = next((w for w in own if w.id == by and w.is_judged), None)
        reading = read(view, series[view.id], own, by=wanted, chart=chart)
    beside = tuple(_read_beside(p, reading, tests[p.id], series[p.id]) for p in partners)
    return MeasurePageView(reading, beside, tuple(own), since)


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """A measure as a small chart, and the one that is always shown beside it."""

    reading: Reading
    beside: Reading | None


def measure_cards(actor: Actor, measures: Sequence[MeasureView]) -> list[MeasureCard]:
    """Return measures read for a page of small charts, in their order: three statements."""
    known = {m.id: m for m in measures}
    missing = {m.partner_id for m in measures if m.partner_id and m.partner_id not in known}
    if missing:
        known |= measures_by_id(actor, missing)
    tests = windows_of_measures(actor, known)
    series = observations_of(actor, known)
    cards = []
    for measure_view in measures:
        own_id = measure_view.id
        reading = read(measure_view, series[own_id], tests[own_id])
        partner = known.get(measure_view.partner_id or 0)
        beside = (
            _read_beside(partner, reading, tests[partner.id], series[partner.id])
            if partner is not None
            else None
        )
        cards.append(MeasureCard(reading, beside))
    return cards


def _partners(actor: Actor, view: MeasureView) -> list[MeasureView]:
    wanted = Measure.partner_id == view.id
    if view.partner_id is not None:
        wanted = or_(wanted, Measure.id == view.partner_id)
    rows = db.session.execute(
        all_measures_query()
        .where(
            Measure.organisation_id == actor.organisation_id, wanted, Measure.closed_on.is_(None)
        )
        .order_by(Measure.name, Measure.id)
        .limit(BESIDE_MOST)
    )
    return [MeasureView(*row) for row in rows]


def _read_beside(
    partner: MeasureView,
    main: Reading,
    windows: Sequence[WindowView],
    observations: Sequence[ObservationView],
) -> Reading:
    """Read a partner by the same cycle as the main measure, or by the same day."""
    if main.window is None:
        return read(partner, observations, windows)
    same = [
        w
        for w in windows
        if (w.idea_id, w.cycle_number) == (main.window.idea_id, main.window.cycle_number)
    ]
    if same:
        return read(partner, observations, windows, by=same[0])
    day = _since_window(partner, main.window.starts_on, main.window.label)
    return read(partner, observations, [day])


def _since_window(view: MeasureView, since: date, label: str = "Since then") -> WindowView:
    return WindowView(
        id=0,
        idea_id=0,
        cycle_number=0,
        measure_id=view.id,
        measure_name=view.name,
        better_when=view.better_when,
        place="main",
        label=label,
        starts_on=since,
        ends_on=None,
        is_judged=True,
        is_current=False,
        verdict_code=None,
    )
