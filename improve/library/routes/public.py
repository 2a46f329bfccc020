"""What everybody can read: no sign-in, no script needed, nothing from another host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import public
from improve.library import queries
from improve.library.learning import ENDING_SHORT, ENDING_WORDS, TEXT_WORDS
from improve.library.public_numbers import PublicMeasure, reading_of
from improve.library.public_pages import PublicPage
from improve.library.routes.blueprint import blueprint
from improve.measures.chart import table_rows
from improve.measures.chart.table import period_words
from improve.measures.reading import Reading
from improve.measures.views import BETTER_WORDS

NOT_SHOWN = "Fewer than 5, not shown"


@dataclass(frozen=True, slots=True)
class Shown:
    """A public page ready to be drawn: its texts with their heads, its chart, its table.

    ``rows`` are (period, value), the newest first; ``hidden`` the periods that are not shown.
    """

    page: PublicPage
    ending_words: str
    texts: tuple[tuple[str, str], ...]
    finished: str
    decided: str
    reading: Reading | None
    views: Any
    rows: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]
    unit_line: str


@blueprint.get("/learning/<council>")
@public
def public_pages(council: str) -> ResponseReturnValue:
    """List what a council lets everybody read, the last decided first."""
    shelf = queries.public_pages(council)
    return _kept(
        render_template(
            "library/public_pages.html",
            shelf=shelf,
            shown=[
                (page, ENDING_SHORT[page.outcome], month_words(page.finished_month))
                for page in shelf.pages
            ],
        )
    )


@blueprint.get("/learning/<council>/<key>")
@public
def public_page(council: str, key: str) -> ResponseReturnValue:
    """Show one page; one that was taken back answers that it is gone."""
    found = queries.public_page(council, key)
    if found.page is None:
        return render_template("library/public_gone.html", found=found), 410
    return _kept(
        render_template("library/public_page.html", found=found, shown=shown_of(found.page))
    )


def shown_of(page: PublicPage) -> Shown:
    """Return a public page ready to be drawn: from what goes out, and nothing else."""
    measure = page.measure
    reading = reading_of(measure) if measure else None
    return Shown(
        page=page,
        ending_words=ENDING_WORDS[page.outcome],
        texts=tuple(
            (words, text) for name, words in TEXT_WORDS.items() if (text := getattr(page, name))
        ),
        finished=month_words(page.finished_month),
        decided=month_words(page.decided_month),
        reading=reading,
        views=reading.views("idea") if reading and reading.observations else None,
        rows=_rows(measure, reading) if measure and reading else (),
        hidden=tuple(_period(measure, p.x) for p in measure.points if p.is_suppressed)
        if measure
        else (),
        unit_line=_unit_line(measure) if measure else "",
    )


def month_words(month: str) -> str:
    """Return “August 2026” for “2026-08”."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _period(measure: PublicMeasure, day: date) -> str:
    return period_words(day, measure.frequency, has_years=True)


def _unit_line(measure: PublicMeasure) -> str:
    better = BETTER_WORDS[measure.better]
    return f"{measure.unit}, {better}" if measure.unit else better.capitalize()


def _rows(measure: PublicMeasure, reading: Reading) -> tuple[tuple[str, str], ...]:
    told = {row.x: row.value for row in table_rows(reading.analysis, period=measure.frequency)}
    return tuple(
        (_period(measure, point.x), told.get(point.x, NOT_SHOWN))
        for point in reversed(measure.points)
    )


def _kept(body: str) -> Response:
    """Answer with a page that anybody may keep, and must ask about each time: it may be gone."""
    answer = make_response(body)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
