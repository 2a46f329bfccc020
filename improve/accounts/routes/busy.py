"""Busy times: a team says that it has one, leaders answer what it asks for."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.days import AnswerForm, BusyForm
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.queries import BusyView, TeamView
from improve.accounts.roles import Permission, may
from improve.accounts.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.formatting import day, plural
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/busy-teams")
@requires(Permission.SET_BUSY_TIME)
def busy_teams() -> ResponseReturnValue:
    """Show which teams have a busy time, what they ask, and what leaders answered."""
    actor = current_actor()
    return render_template(
        "accounts/busy_teams.html",
        busy=queries.busy_teams(actor),
        may_answer=may(actor, Permission.ANSWER_BUSY_TIME),
        form=ButtonForm(formdata=None),
    )


@blueprint.route("/busy-teams/all", methods=["GET", "POST"])
@requires(Permission.ANSWER_BUSY_TIME)
@commits
def set_busy_time_for_all() -> ResponseReturnValue:
    """Say at once that each team of the council has a busy time."""
    actor, form = current_actor(), BusyForm()
    teams = queries.teams(actor)
    if form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.why.data, form.asks.data):
            return ask_to_read_again(actor, kinds, about="busy_time")
        try:
            service.set_busy_time(
                actor,
                team_id=None,
                why=form.why.data or "",
                asks=form.asks.data or "",
                form_token=form.form_token.data or "",
            )
            say("Each team of the council has a busy time from today. Clocks are paused.")
            return redirect(url_for("accounts.busy_teams"), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    page = render_template(
        "accounts/busy_time.html",
        form=form,
        team=None,
        calm=[team for team in teams if not team.is_busy],
        present=None,
        past=[],
        is_stale=False,
    )
    return page, status


@blueprint.post("/busy-teams/all/end")
@requires(Permission.ANSWER_BUSY_TIME)
@commits
def end_busy_time_for_all() -> ResponseReturnValue:
    """End a busy time in every team for which it was said at once."""
    if ButtonForm().is_sent():
        ended = service.end_busy_round(current_actor(), round_key=request.form.get("round_key", ""))
        say(f"The busy time of {plural(ended, 'team')} is over. Clocks run again from today.")
    return redirect(url_for("accounts.busy_teams"), 303)


@blueprint.route("/busy-teams/<int:period_id>/answer", methods=["GET", "POST"])
@requires(Permission.ANSWER_BUSY_TIME)
@commits
def answer_busy_time(period_id: int) -> ResponseReturnValue:
    """Write a leader's answer; the team is told."""
    actor = current_actor()
    asked, form = queries.busy_time(actor, period_id), AnswerForm()
    status = 200
    if request.method == "GET":
        form.answer.data, form.version.data = asked.answer, asked.version
    elif form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.answer.data):
            return ask_to_read_again(actor, kinds, about="busy_answer")
        try:
            service.answer_busy_time(
                actor,
                period_id=period_id,
                words=form.answer.data or "",
                seen_version=form.version.data,
            )
            say(f"{asked.team_name} is told of your answer.")
            return redirect(url_for("accounts.busy_teams"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.version.data, status = asked.version, 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        "accounts/busy_answer.html", asked=asked, form=form, is_stale=status == 409
    )
    return page, status


@blueprint.route("/teams/<slug>/busy", methods=["GET", "POST"])
@requires(Permission.SET_BUSY_TIME)
@commits
def busy_time(slug: str) -> ResponseReturnValue:
    """Say that a team has a busy time; or, while it has one, make it longer."""
    actor, form = current_actor(), BusyForm()
    team = _team(slug)
    known = queries.busy_times_of_team(actor, team.id)
    present = next((view for view in known if view.goes_on), None)
    status = 200
    if request.method == "GET":
        form.why.data = present.why if present else ""
        form.version.data = present.version if present else 0
    elif form.is_sent() and not wants_change():
        if kinds := kinds_to_show(form.why.data, form.asks.data):
            return ask_to_read_again(actor, kinds, about="busy_time")
        try:
            return _kept(team, form, present)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.version.data, status = (present.version if present else 0), 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        "accounts/busy_time.html",
        form=form,
        team=team,
        calm=[],
        present=present,
        longer=next((v for v in known if present and v.renews_id == present.id), None),
        past=[view for view in known if not view.goes_on and view.started_on <= view.last_on],
        is_stale=status == 409,
    )
    return page, status


def _kept(team: TeamView, form: BusyForm, present: BusyView | None) -> ResponseReturnValue:
    actor = current_actor()
    why, asks = form.why.data or "", form.asks.data or ""
    if present is not None and present.round_key != form.form_token.data:
        until = service.renew_busy_time(
            actor, team_id=team.id, why=why, asks=asks, seen_version=form.version.data
        )
        say(f"The busy time goes on until {day(until)}.")
    else:
        service.set_busy_time(
            actor,
            team_id=team.id,
            why=why,
            asks=asks,
            form_token=form.form_token.data or "",
        )
        say("Clocks are paused and reminders stop. You can end it any day.")
    return redirect(url_for("ideas.board", slug=team.slug), 303)


@blueprint.post("/teams/<slug>/busy/end")
@requires(Permission.SET_BUSY_TIME)
@commits
def end_busy_time(slug: str) -> ResponseReturnValue:
    """End a team's busy time. Its clocks run again from today."""
    team = _team(slug)
    if ButtonForm().is_sent():
        service.end_busy_time(current_actor(), team_id=team.id)
        say("The busy time is over. Clocks run again from today.")
    return redirect(url_for("ideas.board", slug=team.slug), 303)


def _team(slug: str) -> TeamView:
    actor = current_actor()
    team = queries.team_by_slug(actor, slug)
    if not service.may_set_busy_time(actor, team):
        raise Forbidden("Only this team’s manager or a leader can say that it has a busy time.")
    return team
