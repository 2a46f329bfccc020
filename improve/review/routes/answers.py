"""A leader answers one line of the month: a short form, in place or on a page of its own."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.review import queries, service
from improve.review.answer_forms import AnswerForm, WriteForm
from improve.review.month import WAY_WORDS, Line, Way, month_of
from improve.review.month_views import MonthLine
from improve.review.queries.month import month_sheet
from improve.review.routes.blueprint import blueprint
from improve.review.routes.month import facts_of
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.htmx import announce, is_htmx, part, part_or_page
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route(
    "/review/month/answer/<string:line>/<int:subject_id>/<string:way>", methods=["GET", "POST"]
)
@requires(Permission.ANSWER_MONTH)
@commits
def answer_line(line: str, subject_id: int, way: str) -> ResponseReturnValue:
    """Answer a line in one way; its team is told at once."""
    chosen = _way(way)
    if chosen is Way.WRITE:
        return _write(_line(line), subject_id)
    actor, form = current_actor(), AnswerForm()
    form.ask_for(chosen)
    shown = _asked_line(actor, _line(line), subject_id)
    if shown.asked is None or shown.asked.subject_id != subject_id:
        return _not_asked(shown, form, chosen)
    if chosen not in shown.ways:
        raise NotFound
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, about="leader_answer")
        try:
            made = service.answer_line(
                actor,
                asked=shown.asked,
                way=chosen,
                words=form.words.data or "",
                visit_on=form.visit_on.on,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            return _answered_meanwhile(shown, form, chosen, int(error.facts["answer_id"]))
        else:
            return _done(actor, shown.line, made)
    elif request.method == "GET" and shown.answer is not None:
        return redirect(url_for("review.one_answer", answer_id=shown.answer.id), 303)
    return _form(shown, form, chosen, form.status if request.method == "POST" else 200)


def _asked_line(actor: Actor, line: Line, subject_id: int) -> MonthLine:
    """Return the line as it stands; each blocked idea can be answered, not the first one alone."""
    blocked_id = subject_id if line is Line.BLOCKED else None
    return month_sheet(actor, month_of(clock.today()), blocked_id=blocked_id).line(line)


def _write(line: Line, subject_id: int) -> ResponseReturnValue:
    """Write to whom a stop and a finished change are owed."""
    actor, form = current_actor(), WriteForm()
    shown = month_sheet(actor, month_of(clock.today())).line(line)
    if Way.WRITE not in shown.ways:
        raise NotFound
    if shown.answer is not None and shown.answer.by_id == actor.person_id:
        return _done(actor, line, shown.answer.id)
    if shown.asked is None or shown.asked.subject_id != subject_id or not shown.people:
        return _not_asked(shown, form, Way.WRITE)
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.stopped.data, form.kept.data):
            return ask_to_read_again(actor, kinds, about="leader_thanks")
        words = {"stopped": form.stopped.data or "", "kept": form.kept.data or ""}
        try:
            made = service.write_to_them(
                actor,
                asked=shown.asked,
                thanks={person.idea_id: words[person.did] for person in shown.people},
                form_token=form.form_token.data or "",
                month=month_of(clock.today()),
            )
        except RuleBroken as error:
            form.form_errors.extend(reason.words for reason in error.reasons)
        else:
            return _done(actor, line, made)
    return _form(shown, form, Way.WRITE, form.status if request.method == "POST" else 200)


def _form(
    shown: MonthLine, form: AnswerForm | WriteForm, way: Way, status: int, stale: object = None
) -> ResponseReturnValue:
    return part_or_page(
        "review/_month_form.html",
        "review/month_answer.html",
        status,
        one=shown,
        form=form,
        way=way,
        way_words=WAY_WORDS,
        stale=stale,
    )


def _answered_meanwhile(
    shown: MonthLine, form: AnswerForm, way: Way, answer_id: int
) -> ResponseReturnValue:
    """Show both texts: what another leader answered first, and what was typed here."""
    found = queries.one_answer(current_actor(), answer_id)
    return _form(shown, form, way, 409, found)


def _not_asked(shown: MonthLine, form: AnswerForm | WriteForm, way: Way) -> ResponseReturnValue:
    """Say that the line asks for something else by now; nothing typed is lost."""
    if request.method == "GET":
        return redirect(url_for("review.month", _anchor=f"line-{shown.line.value}"), 303)
    return _form(shown, form, way, 409, shown.answer or "gone")


def _done(actor: Actor, line: Line, answer_id: int) -> ResponseReturnValue:
    words = "Answered. The team has it."
    if is_htmx():
        facts: dict[str, Any] = facts_of(actor, month_of(clock.today()))
        one = facts["sheet"].line(line)
        announce(words)
        answer = part("review/_month_answered.html", one=one, **facts)
        answer.headers["HX-Retarget"] = f"#line-{line.value}"
        answer.headers["HX-Reswap"] = "outerHTML"
        return answer
    del answer_id
    say(words)
    return redirect(url_for("review.month", _anchor=f"line-{line.value}"), 303)


def _line(name: str) -> Line:
    if name not in set(Line):
        raise NotFound
    return Line(name)


def _way(name: str) -> Way:
    if name not in set(Way):
        raise NotFound
    return Way(name)
