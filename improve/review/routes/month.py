"""The one page a leader acts on: the month on a sheet, on paper, and as plain text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.month_views import first_day_after
from improve.measures.chart import draw_spark
from improve.measures.picture_files import CannotMake, formats, one_page_pdf_of
from improve.review.month import WAY_ON_PAPER, WAY_WORDS, month_of
from improve.review.month_text import ThreeAnswer, as_file, month_name, three_answers
from improve.review.queries.month import month_sheet
from improve.review.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.rate_limits import limiter

#: A PDF takes a processor about a second; a leader makes a handful.
FILES = "20 per minute"
PAPER = "css/month_paper.css"
#: Tried one after the other until all seven lines stand on one page.
_SIZES = ("usual", "small", "smaller", "smallest")
_MONTH = re.compile(r"\A(20\d\d)-(0[1-9]|1[0-2])\Z")
_EARLIEST = date(2020, 1, 1)


@blueprint.get("/review/month")
@requires(Permission.SEE_MONTH)
def month() -> ResponseReturnValue:
    """Show what a month asks of leaders, at most seven lines."""
    actor, chosen = current_actor(), asked_month()
    return render_template("review/month.html", **facts_of(actor, chosen))


@blueprint.get("/review/month.pdf")
@requires(Permission.SEE_MONTH)
@limiter.limit(FILES)
def month_pdf() -> ResponseReturnValue:
    """Give the sheet as a tagged PDF of one page, or say what else there is."""
    actor, chosen = current_actor(), asked_month()
    facts = facts_of(actor, chosen)
    pages = (
        render_template("review/month_pdf.html", size=size, printed_by=actor.name, **facts)
        for size in _SIZES
    )
    try:
        body = one_page_pdf_of(pages, Path(str(current_app.static_folder)), PAPER)
    except CannotMake:
        return render_template("review/month_no_pdf.html", month=chosen), 404
    answer = Response(body, mimetype="application/pdf")
    name = f"this-month-from-you-{chosen:%Y-%m}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@blueprint.get("/review/month/three-answers")
@requires(Permission.SEE_MONTH)
def three_answers_page() -> ResponseReturnValue:
    """Show the month as plain answers to three questions, each to copy."""
    chosen = asked_month()
    _, answers = _three(current_actor(), chosen)
    return render_template(
        "review/three_answers.html", month=chosen, name=month_name(chosen), answers=answers
    )


@blueprint.get("/review/month/three-answers.txt")
@requires(Permission.SEE_MONTH)
def three_answers_file() -> ResponseReturnValue:
    """Send the three answers as a text file."""
    actor, chosen = current_actor(), asked_month()
    council, answers = _three(actor, chosen)
    answer = Response(as_file(answers, council=council, month=chosen), mimetype="text/plain")
    name = f"three-answers-{chosen:%Y-%m}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def asked_month() -> date:
    """Return the first day of the month that the address names; this month for any other."""
    present = month_of(clock.today())
    found = _MONTH.match(request.args.get("month", ""))
    if not found:
        return present
    chosen = date(int(found[1]), int(found[2]), 1)
    return chosen if _EARLIEST <= chosen <= present else present


def facts_of(actor: Actor, chosen: date) -> dict[str, Any]:
    """Return what the sheet is drawn from, on a screen and on paper."""
    present = month_of(clock.today())
    earlier = month_of(date.fromordinal(chosen.toordinal() - 1))
    return {
        "sheet": month_sheet(actor, chosen),
        "council": people.organisation_name(actor),
        "month": chosen,
        "month_name": month_name(chosen),
        "earlier": earlier if earlier >= _EARLIEST else None,
        "later": first_day_after(chosen) if chosen < present else None,
        "draw": draw_spark,
        "now": clock.now(),
        "today": clock.today(),
        "may_answer": may(actor, Permission.ANSWER_MONTH),
        "way_words": WAY_WORDS,
        "way_on_paper": WAY_ON_PAPER,
        "can_pdf": "pdf" in formats(),
    }


def _three(actor: Actor, chosen: date) -> tuple[str, tuple[ThreeAnswer, ...]]:
    """Return the council's name, and the month as plain answers."""
    council, names = people.council_and_names(actor)
    return council, three_answers(month_sheet(actor, chosen), council=council, names=names)
