"""Measures read as a whole, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.measures.lines import NO_LINES
from improve.measures.queries.lines import lines_of
from improve.measures.queries.measures import measures_with_context
from improve.measures.queries.numbers import observations_of
from improve.measures.reading import Reading, newest_judged, read
from improve.measures.views import WindowView


@dataclass(frozen=True, slots=True)
class IdeaChart:
    """One measure of an idea, read by the idea's newest judged cycle on it.

    ``window`` is the idea's present one on it, None before its first test. ``context`` is what
    was going on at the time, where the measure names one that is not beside it already.
    """

    place: str
    window: WindowView | None
    reading: Reading
    context: Reading | None = None


def charts_of_windows(
    actor: Actor, windows: Sequence[WindowView], tied: Mapping[str, int] | None = None
) -> list[IdeaChart]:
    """Return the charts of an idea whose windows were read already: two statements.

    A third where people drew lines. The main measure first; each shows this idea's own cycles
    only. While no cycle is judged the reading has no verdict. ``tied`` are measure ids by place:
    what has no window yet is read by itself.
    """
    current = {w.place: w for w in windows if w.is_current}
    wanted = {**(tied or {}), **{place: w.measure_id for place, w in current.items()}}
    if not wanted:
        return []
    measures, with_lines = measures_with_context(actor, wanted.values())
    series = observations_of(actor, measures)
    lines = lines_of(with_lines)
    charts = []
    for place, measure_id in sorted(wanted.items(), key=lambda item: item[0] != "main"):
        if measure_id not in measures:
            continue
        window = current.get(place)
        own = [w for w in windows if w.measure_id == measure_id]
        by = window if window and window.is_judged else newest_judged(own)
        reading = read(
            measures[measure_id],
            series[measure_id],
            own,
            by=by,
            drawn=lines.get(measure_id, NO_LINES),
            # Tests of other ideas are not read here; how many there were is kept.
            n_meanwhile=int(by.verdict_facts.get("n_overlapping", 0)) if by else 0,
            n_kept_earlier=int(by.verdict_facts.get("n_kept_earlier", 0)) if by else 0,
        )
        under = measures.get(reading.measure.context_id or 0)
        context = (
            read(under, series[under.id], drawn=lines.get(under.id, NO_LINES))
            if under is not None and series[under.id] and under.id not in wanted.values()
            else None
        )
        charts.append(IdeaChart(place, window, reading, context))
    return charts
