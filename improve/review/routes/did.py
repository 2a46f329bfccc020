"""You asked, leaders did: for all staff, with how long leaders take to answer."""

from __future__ import annotations

from itertools import groupby

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.roles import Permission, may
from improve.ideas.month_views import WaitingIdea
from improve.ideas.queries.month import waiting_for_leaders
from improve.review import queries, service
from improve.review.answer_forms import ChangeForm, OutcomeForm
from improve.review.counting import MONTHS_SHOWN, months_before
from improve.review.history import History
from improve.review.month import ASKING, WAY_WORDS, WAYS, Answer, Line, Way, month_of
from improve.review.month_days import leader_days
from improve.review.month_lines import asked_of_blocked
from improve.review.month_text import month_name
from improve.review.routes.blueprint import blueprint
from improve.review.showing import Shown, show
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.export import csv_file
from improve.shared.formatting import day_typed, page_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

#: Waiting things that stand on the page; the rest is a link to all that is blocked.
_WAITING_SHOWN = 10


@blueprint.get("/leaders-did")
@requires(Permission.SEE_REVIEW)
def leaders_did() -> ResponseReturnValue:
    """Show what was asked of leaders and what they did, the newest first."""
    actor = current_actor()
    number = page_number(request.args.get("page"))
    answers, total = queries.answers_page(actor, page=number)
    waiting = _waiting(actor)
    return render_template(
        "review/leaders_did.html",
        months=[
            (month_name(month), list(those))
            for month, those in groupby(
                answers, lambda a: month_of(clock.local(a.answered_at).date())
            )
        ],
        total=total,
        page=number,
        pages=max(1, -(-total // queries.ANSWERS_A_PAGE)),
        waiting=[(one, _waited(one)) for one in waiting[:_WAITING_SHOWN]],
        more=max(0, len(waiting) - _WAITING_SHOWN),
        one=_shown(actor, waiting),
        may_answer=may(actor, Permission.ANSWER_MONTH),
        ways=WAYS[Line.BLOCKED],
        way_words=WAY_WORDS,
        now=clock.now(),
    )


@blueprint.get("/leaders-did/data.csv")
@requires(Permission.SEE_REVIEW)
def leaders_did_data() -> ResponseReturnValue:
    """Send the numbers behind the chart of days to an answer."""
    actor = current_actor()
    table = _shown(actor, _waiting(actor)).counted.table
    answer = Response(csv_file(table.head, table.rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="leaders-days-to-answer.csv"'
    return answer


@blueprint.get("/leaders-did/<int:answer_id>")
@requires(Permission.SEE_REVIEW)
def one_answer(answer_id: int) -> ResponseReturnValue:
    """Show one answer with what came of it."""
    actor = current_actor()
    return render_template(
        "review/one_answer.html",
        answer=_found(actor, answer_id),
        may_answer=may(actor, Permission.ANSWER_MONTH),
        now=clock.now(),
    )


@blueprint.route("/leaders-did/<int:answer_id>/change", methods=["GET", "POST"])
@requires(Permission.ANSWER_MONTH)
@commits
def change_answer(answer_id: int) -> ResponseReturnValue:
    """Change one's own answer within a day."""
    actor, form, status = current_actor(), ChangeForm(), 200
    answer = _found(actor, answer_id)
    if not answer.may_change(actor.person_id, clock.now()):
        raise Forbidden("Only the leader who gave an answer can change it, for a day.")
    form.offer(way for way in WAYS[answer.line] if way is not Way.WRITE)
    if request.method == "GET":
        form.words.data, form.version.data = answer.words, answer.version
        form.way.data = answer.way.value
        form.visit_on.data = day_typed(answer.visit_on)
    elif form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, about="leader_answer")
        try:
            service.change_answer(
                actor,
                answer_id=answer_id,
                way=form.chosen or answer.way,
                words=form.words.data or "",
                visit_on=form.visit_on.on,
                seen_version=form.version.data,
            )
            say("Changed. The team hears of it.")
            return redirect(url_for("review.one_answer", answer_id=answer_id), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            answer = _found(actor, answer_id)
            form.version.data, status = answer.version, 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        "review/change_answer.html", answer=answer, form=form, is_stale=status == 409
    )
    return page, status


@blueprint.route("/leaders-did/<int:answer_id>/outcome", methods=["GET", "POST"])
@requires(Permission.ANSWER_MONTH)
@commits
def say_outcome(answer_id: int) -> ResponseReturnValue:
    """Say what came of an answer, for all staff to read."""
    actor, form, status = current_actor(), OutcomeForm(), 200
    answer = _found(actor, answer_id)
    if answer.line not in ASKING:
        raise NotFound
    if request.method == "GET":
        form.words.data, form.version.data = answer.outcome, answer.version
    elif form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, about="leader_outcome")
        try:
            service.say_outcome(
                actor,
                answer_id=answer_id,
                words=form.words.data or "",
                seen_version=form.version.data,
            )
            say("Kept, for all staff to read. The team hears of it.")
            return redirect(url_for("review.one_answer", answer_id=answer_id), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            answer = _found(actor, answer_id)
            form.version.data, status = answer.version, 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        "review/answer_outcome.html", answer=answer, form=form, is_stale=status == 409
    )
    return page, status


def _found(actor: Actor, answer_id: int) -> Answer:
    """Return an answer that the actor may read: what asks for nothing is the leaders' own."""
    answer = queries.one_answer(actor, answer_id)
    if answer.line not in ASKING and not may(actor, Permission.SEE_MONTH):
        raise NotFound
    return answer


def _waiting(actor: Actor) -> list[WaitingIdea]:
    """Return what waits for a leader and has no answer, the longest first."""
    blocked = [(one, asked_of_blocked(one)) for one in waiting_for_leaders(actor)]
    answered = queries.answered_among(actor, [asked for _, asked in blocked])
    return [one for one, asked in blocked if asked.key not in answered]


def _waited(one: WaitingIdea) -> int:
    return one.calendar.working_days_between(one.since_on, clock.today())


def _shown(actor: Actor, waiting: list[WaitingIdea]) -> Shown:
    today = clock.today()
    since = months_before(today, MONTHS_SHOWN)[0]
    asked = [
        (asked_on, clock.local(at).date())
        for asked_on, at in queries.answered_days(actor, since=since)
    ]
    still = [(one.since_on, None) for one in waiting if one.since_on >= since]
    calendar = WorkingCalendar(closing_days=actor.closing_days)
    measure = leader_days([*asked, *still], today=today, calendar=calendar)
    return show(measure, History(today=today, is_team=False))
