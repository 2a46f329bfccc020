"""Half a year after a change was kept: is it still done? Asked with what the chart says."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries as ideas
from improve.ideas.chart_panel import chart_panel
from improve.ideas.page import IdeaPage
from improve.ideas.shaping import A_COLLEAGUE
from improve.library import service
from improve.library.forms.sustain import SustainForm
from improve.library.queries.panel import beware_in, checks_in, due_check, is_own_of
from improve.library.queries.sustain import WHO_CHECKS, checks_of_ideas, may_check
from improve.library.routes.blueprint import blueprint
from improve.library.sustaining import SAID_WORDS, Held, SustainedView
from improve.measures import queries as measures
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/ideas/<int:idea_id>/sustained", methods=["GET", "POST"])
@requires(Permission.CHECK_SUSTAINED, is_open_on_own_phone=True)
@commits
def sustain_check(idea_id: int) -> ResponseReturnValue:
    """Show the numbers now beside those of the decision, and ask whether it is still done."""
    actor, form = current_actor(), SustainForm()
    page = ideas.idea_page(actor, idea_id)
    if page.outcome is None or page.outcome.value != "adopted":
        raise NotFound
    may_answer = may_check(actor, team_id=page.team.id, is_own=is_own_of(actor, page))
    if request.method == "POST" and not may_answer:
        raise Forbidden(WHO_CHECKS)
    stale = None
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(actor, kinds, idea_id=idea_id, about="sustained")
        if form.due is None:
            raise NotFound
        try:
            service.answer_sustained(
                actor,
                idea_id=idea_id,
                due_on=form.due,
                answer=form.answer.data,
                words=form.words.data or "",
                again_on=form.again_on.day,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            stale = error
        else:
            say(_thanks(Held(form.answer.data)))
            return redirect(url_for("library.sustain_check", idea_id=idea_id), 303)
    return _show(actor, page, form, may_answer=may_answer, stale=stale)


def _thanks(answer: Held) -> str:
    if answer is Held.GONE:
        return "Kept. That is worth knowing: you can start a new cycle from here."
    return "Kept, with what the chart says today."


def _show(
    actor: Actor, page: IdeaPage, form: SustainForm, *, may_answer: bool, stale: Stale | None
) -> ResponseReturnValue:
    # The page names nobody who hides their name.
    names = {check.id: check.by_name for check in checks_in(page)}
    checks = [
        replace(check, by_name=names.get(check.id, A_COLLEAGUE))
        for check in checks_of_ideas(actor, [page.id])[page.id]
    ]
    due = due_check(page, checks)
    if request.method == "GET" and due is not None:
        form.due_on.data = due.due_on.isoformat()
    tied = {m.place: m.measure_id for m in page.measures}
    charts = measures.charts_of_windows(actor, page.windows, tied)
    return (
        render_template(
            "library/sustain.html",
            page=page,
            form=form,
            due=due,
            may_answer=may_answer,
            who_can=WHO_CHECKS,
            panels=[
                chart_panel(c.place, c.reading, c.window, context=c.context, history=page.history)
                for c in charts
            ],
            answered=[check for check in checks if check.answer is not None],
            said_words=SAID_WORDS,
            beware=beware_in(page),
            stale={**stale.facts, "by": _who_answered(checks, form)} if stale else None,
        ),
        409 if stale else form.status if request.method == "POST" else 200,
    )


def _who_answered(checks: list[SustainedView], form: SustainForm) -> str:
    return next((check.by_name for check in checks if check.due_on == form.due), A_COLLEAGUE)
