"""Pages to read: a team's measures, one measure, how we decide."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, may
from improve.measures import examples, queries
from improve.measures.catalogue import sets_chart
from improve.measures.chart import ChartViews, TableRow, table_rows
from improve.measures.forms import NoteForm, PointForm, SinceForm, short_period
from improve.measures.number_words import number_words
from improve.measures.picture_files import formats
from improve.measures.queries import MeasurePageView
from improve.measures.reading import POINTS_DRAWN, Reading, newest
from improve.measures.recorded import KINDS
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.idea_names import names_of_ideas
from improve.measures.service.number_rules import EARLIEST, latest_day
from improve.measures.spc.choose import ChartAlternative
from improve.measures.spc.phrases import value_words
from improve.measures.spc.series import CHART_NAMES
from improve.measures.trials import level_since
from improve.measures.views import MeasureView
from improve.shared.formatting import page_number, plural, whole_number
from improve.shared.parsing import NotReadable, parse_date

#: Verdicts of a change that has held: the only ones after which a new line is offered.
HELD = frozenset({"improvement", "changed_higher", "changed_lower"})
#: Rows on one page of the table.
ROWS_SHOWN = 200
PERIOD_HEADS = {
    "day": "Day",
    "week": "Week of",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
}
LAST_HEADS = {
    "day": "Last five days",
    "week": "Last five weeks",
    "month": "Last five months",
    "quarter": "Last five quarters",
    "year": "Last five years",
}


@blueprint.get("/measures/<int:measure_id>")
@requires(Permission.SEE_MEASURES)
def measure_page(measure_id: int) -> ResponseReturnValue:
    """Show one measure: verdict in words first, then chart, numbers and what is counted."""
    view, since, words = _asked()
    page = queries.measure_page(
        current_actor(),
        measure_id,
        chart="run" if view == "run" else None,
        since=since,
        by=whole_number(request.args.get("by")),
        # The table beside shows who changed a number, and needs that statement itself.
        with_busy_times=view != "table",
    )
    return render_template("measures/measure.html", **context_of(page, view=view, wrong=words))


def _asked() -> tuple[str, date | None, str]:
    """Read what the address asks for: the view, a day to compare by, why the day is not taken."""
    view = request.args.get("view", "")
    text = request.args.get("since", "")
    since, words = None, ""
    if text.strip():
        try:
            since = parse_date(text, earliest=EARLIEST, latest=latest_day())
        except NotReadable as unread:
            words = f"{unread.words.rstrip('.?')}. {unread.hint}".strip()
    return (view if view in {"run", "table"} else ""), since, words


def context_of(
    page: MeasurePageView,
    *,
    view: str = "",
    form: PointForm | None = None,
    note_form: NoteForm | None = None,
    conflict: Any = None,
    added: str = "",
    wrong: str = "",
) -> dict[str, Any]:
    """Return all that the templates of one measure need."""
    actor = current_actor()
    reading, measure = page.reading, page.measure
    latest = reading.last.period_start if reading.last else None
    if form is None:
        form = PointForm(formdata=None)
        form.prepare(measure, latest)
    if note_form is None:
        note_form = NoteForm(formdata=None, prefix="chart")
    note_form.offer(reading.observations, measure)
    since_form = SinceForm(formdata=None)
    since_form.since.data = request.args.get("since", "")[:30]
    if wrong:
        since_form.since.errors = [wrong]
    is_hope_shown = measure.target is not None and request.args.get("hope") == "1"
    chart = reading.views("measure", with_notes=True, with_hope=is_hope_shown)
    team_id = measure.team_id
    rows_page = page_number(request.args.get("page")) if view == "table" else 1
    return {
        "page": page,
        "measure": measure,
        "reading": reading,
        "view": view,
        "by": whole_number(request.args.get("by")),
        "chart": chart,
        "strips": [(r, r.strip(chart)) for r in page.beside],
        "context_strip": page.context.strip(chart, is_context=True) if page.context else None,
        "ranges": _ranges(reading, chart, view),
        "special": reading.special if view != "table" else (),
        "usual": reading.usual_chart if view != "table" and reading.observations else None,
        "charts": _alternatives(reading, view),
        "chart_names": CHART_NAMES,
        "is_chart_ready_made": sets_chart(measure),
        "levels": {x.id: level_since(reading, x.starts_on) for x in page.lines.middle_lines},
        "left_out": [o for o in reversed(reading.observations) if o.is_excluded],
        "is_hope_shown": is_hope_shown,
        "target_words": value_words(measure.target, measure.chart_unit),
        "offers_line": _offers_line(page),
        "picture_formats": formats(),
        "number_names": number_words(measure),
        "rows": _rows(page, view, rows_page),
        "rows_page": rows_page,
        "rows_pages": -(-len(reading.observations) // ROWS_SHOWN),
        "points_drawn": POINTS_DRAWN,
        "by_day": {o.period_start: o for o in reading.observations},
        "point_form": form,
        "note_form": note_form,
        "since_form": since_form,
        "conflict": conflict,
        "added": added or _added_words(page),
        "may_enter": may(actor, Permission.ENTER_DATA, team_id=team_id) and not measure.closed_on,
        "may_change": may(actor, Permission.CHANGE_PAST_DATA, team_id=team_id),
        "may_define": may(actor, Permission.DEFINE_MEASURE, team_id=team_id),
        "period_head": PERIOD_HEADS[measure.frequency],
        "last_head": _last_head(measure),
        "short_period": short_period,
        "idea_names": names_of_ideas(w.idea_id for w in page.windows),
        "changes": queries.changes_of_measure(actor, measure.id) if view == "table" else [],
        "back_url": back_url(measure),
    }


def _last_head(measure: MeasureView) -> str:
    """Name the newest numbers; those of rare events are not one a day."""
    is_of_events = KINDS[measure.recorded].is_of_events
    return "Last five" if is_of_events else LAST_HEADS[measure.frequency]


def _rows(page: MeasurePageView, view: str, number: int) -> tuple[TableRow, ...]:
    """Return a page of all numbers in words, newest first; beside a chart the newest five."""
    analysis, period = page.reading.analysis, page.measure.frequency
    if view != "table":
        # Neighbours tell whether the last of the five are in a trend.
        return table_rows(newest(analysis, 20), period=period)[:5]
    start = (number - 1) * ROWS_SHOWN
    return table_rows(analysis, period=period)[start : start + ROWS_SHOWN]


def _ranges(reading: Reading, chart: ChartViews, view: str) -> ChartViews | None:
    """The moving ranges as a strip, where the address asks for them and the chart has them."""
    is_asked = request.args.get("strip") == "mr" and view != "table"
    return reading.moving_ranges(chart) if is_asked and reading.has_moving_ranges else None


def _alternatives(reading: Reading, view: str) -> tuple[ChartAlternative, ...]:
    """The charts that it could be drawn as, where the address asks: each is drawn to know."""
    is_asked = request.args.get("charts") == "all" and view != "table"
    return reading.alternatives if is_asked and reading.observations else ()


def _offers_line(page: MeasurePageView) -> bool:
    """Whether a change has held that no middle line shows yet: offered, never drawn by itself."""
    window, verdict = page.reading.window, page.reading.verdict
    if window is None or verdict is None or page.since is not None:
        return False
    is_drawn = any(x.starts_on >= window.starts_on for x in page.lines.middle_lines)
    return verdict.code in HELD and not is_drawn


def back_url(measure: MeasureView) -> str:
    """Return where a measure's page leads back to: its team's measures, or the list of teams."""
    actor = current_actor()
    slug = measure.team_slug or (actor.home.team_slug if actor.home else None)
    if slug:
        return url_for("measures.team_measures", slug=slug)
    return url_for("measures.all_teams")


_IMPORTED = re.compile(r"([0-9]{1,5})-([0-9]{1,5})-([0-9]{1,5})")


def _added_words(page: MeasurePageView) -> str:
    """Say what was just added, as the address that an import or a new number led to tells."""
    if match := _IMPORTED.fullmatch(request.args.get("imported", "")):
        new, replaced, left_out = (int(n) for n in match.groups())
        said = [f"{plural(new, 'number')} added"]
        if replaced:
            said.append(f"{replaced:,} replaced")
        if left_out:
            said.append(f"{plural(left_out, 'row')} left out")
        label = f" {page.reading.words.label}." if page.reading.words else ""
        return f"{', '.join(said)}.{label}"
    day = request.args.get("added", "")
    found = [o for o in page.reading.observations if o.period_start.isoformat() == day]
    return said_of_added(page, found[0].period_start) if found else ""


def said_of_added(page: MeasurePageView, day: date) -> str:
    """Return “94% added for 16 Nov. Improvement.”."""
    reading = page.reading
    found = next((o for o in reading.observations if o.period_start == day), None)
    if found is None:
        return ""
    said = f"{found.words(reading.measure)} added for {short_period(day, page.measure)}."
    return f"{said} {reading.words.label}." if reading.words else said


@blueprint.get("/how-we-decide")
@requires(Permission.SEE_MEASURES)
def how_we_decide() -> ResponseReturnValue:
    """Explain the checks, the rules they come from and how often they are wrong."""
    return render_template("measures/how_we_decide.html", examples=examples.examples())
