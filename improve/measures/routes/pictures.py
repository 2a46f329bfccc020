"""A measure's chart as a file for slides and reports: SVG, PNG, PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.measures import queries
from improve.measures.chart import Picture, picture_of, table_rows
from improve.measures.forms import short_period
from improve.measures.picture_files import CannotMake, formats, pdf_of, png_of
from improve.measures.queries import MeasurePageView
from improve.measures.reading import POINTS_DRAWN, Reading, newest
from improve.measures.recorded import CHART_CHOICES
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.pages import PERIOD_HEADS
from improve.measures.service.number_rules import EARLIEST, latest_day
from improve.measures.spc.phrases import numbers_words
from improve.measures.views import FREQUENCY_WORDS
from improve.shared import clock
from improve.shared.formatting import day_year, number, whole_number
from improve.shared.parsing import NotReadable, parse_date
from improve.shared.rate_limits import limiter

#: A PDF takes a processor about a second; a person makes a handful.
FILES = "60 per minute"
#: A slide has room for the most telling of the doubt; the PDF has all of it.
DOUBT_ON_PICTURE = 2
_CHOSEN_DAY = "A day chosen after seeing the points finds patterns by chance more often."


@blueprint.get("/measures/<int:measure_id>/chart.svg")
@requires(Permission.SEE_MEASURES)
def chart_svg(measure_id: int) -> ResponseReturnValue:
    """Give the chart as a drawing that stands alone and may be scaled."""
    page = _asked(measure_id)
    return _file(page, "svg", "image/svg+xml", _svg(page))


@blueprint.get("/measures/<int:measure_id>/chart.png")
@requires(Permission.SEE_MEASURES)
@limiter.limit(FILES)
def chart_png(measure_id: int) -> ResponseReturnValue:
    """Give the chart as a picture of twice its size."""
    page = _asked(measure_id)
    return _made(page, "png", "image/png", lambda: png_of(_svg(page), _static()))


@blueprint.get("/measures/<int:measure_id>/chart.pdf")
@requires(Permission.SEE_MEASURES)
@limiter.limit(FILES)
def chart_pdf(measure_id: int) -> ResponseReturnValue:
    """Give the chart on A4 with its doubt and its numbers."""
    page = _asked(measure_id)
    return _made(page, "pdf", "application/pdf", lambda: pdf_of(_pdf_page(page), _static()))


def _asked(measure_id: int) -> MeasurePageView:
    """Read the measure as the address asks: by one test or one day, as another chart.

    Its target is drawn where the address says ``hope=1``.

    What the measure has not, or cannot be drawn as, is read as if it had not been asked for.
    """
    actor = current_actor()
    chart = request.args.get("chart", "")
    since = None
    with suppress(NotReadable):
        since = parse_date(request.args.get("since", ""), earliest=EARLIEST, latest=latest_day())
    recorded = queries.measure(actor, measure_id).recorded if chart else ""
    return queries.measure_page(
        actor,
        measure_id,
        chart=chart if chart in CHART_CHOICES.get(recorded, ()) else None,
        since=since,
        by=whole_number(request.args.get("by")),
        with_busy_times=True,
    )


def _static() -> Path:
    return Path(str(current_app.static_folder))


def _made(
    page: MeasurePageView, kind: str, mimetype: str, make: Callable[[], bytes]
) -> ResponseReturnValue:
    """Answer with the file, or with a plain page where this server cannot make one."""
    try:
        return _file(page, kind, mimetype, make())
    except CannotMake:
        return (
            render_template(
                "measures/no_picture.html", measure=page.measure, kind=kind, formats=formats()
            ),
            404,
        )


def _file(page: MeasurePageView, kind: str, mimetype: str, body: str | bytes) -> Response:
    name = re.sub(r"[^a-z0-9]+", "-", page.measure.name.lower()).strip("-")[:60] or "measure"
    return Response(
        body,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}-chart.{kind}"'},
    )


def _picture(page: MeasurePageView, *, with_notes: bool) -> Picture:
    reading = page.reading
    words = reading.words
    with_hope = request.args.get("hope") == "1"
    (drawing,) = reading.views("picture", with_notes=with_notes, with_hope=with_hope).drawings
    return picture_of(
        drawing,
        title=reading.measure.name,
        facts=_facts(reading),
        label=words.label if words else "",
        finding=words.sentence if words else reading.finding,
        tone=reading.tone,
        doubt=_doubt(page)[:DOUBT_ON_PICTURE],
        foot=_foot(page),
    )


def _svg(page: MeasurePageView) -> str:
    """The picture as SVG. Notes stay on the page: a slide has no room for their words."""
    reading = page.reading
    return render_template(
        "measures/picture.svg",
        picture=_picture(page, with_notes=False),
        title=reading.measure.name,
        finding=reading.finding,
    )


def _pdf_page(page: MeasurePageView) -> str:
    reading = page.reading
    measure, analysis = reading.measure, newest(reading.analysis)
    context: dict[str, Any] = {
        "measure": measure,
        "reading": reading,
        "picture": _picture(page, with_notes=True),
        "facts": _facts(reading),
        "doubt": _doubt(page),
        "foot": _foot(page),
        "rows": table_rows(analysis, period=measure.frequency),
        "n_left_out": len(reading.analysis.points) - len(analysis.points),
        "is_pair": measure.is_pair,
        "period_head": PERIOD_HEADS[measure.frequency],
        "short_period": short_period,
        "printed_on": clock.today(),
    }
    return render_template("measures/chart_pdf.html", **context)


def _facts(reading: Reading) -> str:
    measure = reading.measure
    team = measure.team_name or "Whole council"
    numbers = measure.unit_line[:1].upper() + measure.unit_line[1:]
    return f"{team}. {numbers}, counted {FREQUENCY_WORDS[measure.frequency]}"


def _doubt(page: MeasurePageView) -> tuple[str, ...]:
    verdict = page.reading.verdict
    chosen = (_CHOSEN_DAY,) if page.since else ()
    return chosen + (verdict.doubt if verdict else ())


def _foot(page: MeasurePageView) -> tuple[str, ...]:
    """Rules and what they rest on, what is not drawn, where the numbers come from, the day."""
    reading = page.reading
    analysis, measure, verdict = reading.analysis, reading.measure, reading.verdict
    rests_on = f"{numbers_words(verdict.facts)}." if verdict else ""
    if analysis.limits_note:
        rests_on = f"{rests_on} {analysis.limits_note}".strip()
    lines = [f"{reading.rules}. {rests_on}".strip()]
    if reading.drawn_apart:
        lines.append(reading.drawn_apart)
    if len(analysis.points) > POINTS_DRAWN:
        lines.append(
            f"The newest {POINTS_DRAWN} of {number(len(analysis.points))} points are drawn."
        )
    source = f"Source: {measure.source}. " if measure.source else ""
    licence = f"{measure.licence}. " if measure.source and measure.licence else ""
    site = current_app.config["SITE_NAME"]
    lines.append(f"{source}{licence}{site}, {day_year(clock.today())}.".replace("..", "."))
    # The picture's font has no prime; a raised comma reads the same.
    return tuple(line.replace("\u2032", "’") for line in lines)
