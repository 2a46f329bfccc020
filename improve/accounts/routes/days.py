"""Which days count: a team's working days, the council's closing days, what is usual to start."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.days import ClosingDaysForm, StartingDaysForm, TeamDaysForm
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission, may
from improve.accounts.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.formatting import day, plural

#: What is usual until a team, or a council, knows better; those of ``ideas.kinds.USUAL_DAYS``.
USUAL = {"plan": 28, "do": 45, "study": 21, "act": 14}
ONLY_ADMINISTRATORS = "Only an administrator can change this."


@blueprint.route("/admin/teams/<slug>/days", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def team_days(slug: str) -> ResponseReturnValue:
    """Say on which days a team works."""
    actor = current_actor()
    team = queries.team_by_slug(actor, slug)
    if not may(actor, Permission.MANAGE_TEAMS, team_id=team.id):
        raise Forbidden("Only this team’s manager or an administrator can change this.")
    form, status = TeamDaysForm(), 200
    if request.method == "GET":
        form.working_days.show(team.working_days)
        form.version.data = team.version
    elif form.is_sent():
        try:
            service.set_team_days(
                actor,
                team_id=team.id,
                weekdays=form.working_days.chosen,
                seen_version=form.version.data,
            )
            say("Kept. Waiting and reply days count these days only.")
            return redirect(url_for("accounts.edit_team", slug=slug), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.version.data, status = team.version, 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template("accounts/team_days.html", team=team, form=form, is_stale=status == 409)
    return page, status


@blueprint.route("/admin/closing-days", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def closing_days() -> ResponseReturnValue:
    """List the days on which the council is closed, and add some."""
    actor = current_actor()
    _check_administrator()
    form = ClosingDaysForm()
    if form.is_sent() and form.first.on is not None:
        try:
            new = service.add_closing_days(actor, first=form.first.on, last=form.last.on)
            say(f"{plural(new, 'closing day')} added." if new else "Those days were there already.")
            return redirect(url_for("accounts.closing_days"), 303)
        except RuleBroken as error:
            form.refuse(error)
    today = clock.today()
    days = sorted(actor.closing_days)
    page = render_template(
        "accounts/closing_days.html",
        form=form,
        coming=[on for on in days if on >= today],
        past=[on for on in reversed(days) if on < today],
    )
    return page, form.status if request.method == "POST" else 200


@blueprint.post("/admin/closing-days/remove")
@requires(Permission.MANAGE_TEAMS)
@commits
def remove_closing_day() -> ResponseReturnValue:
    """Take one closing day away again."""
    _check_administrator()
    try:
        on = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise NotFound from None
    if ButtonForm().is_sent():
        service.remove_closing_day(current_actor(), day_on=on)
        say(f"{day(on)} is a working day again.")
    return redirect(url_for("accounts.closing_days"), 303)


@blueprint.route("/admin/starting-norms", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def starting_norms() -> ResponseReturnValue:
    """Say how many days are usual in each stage until a team knows its own."""
    actor = current_actor()
    _check_administrator()
    form, status = StartingDaysForm(), 200
    now = dict(actor.starting_days)
    seen = ",".join(str(now[stage]) for stage in USUAL) if now else ""
    if request.method == "GET":
        for stage, usual in USUAL.items():
            getattr(form, stage).data = str(now.get(stage, usual))
        form.seen.data = seen
    elif form.is_sent():
        try:
            service.set_starting_days(actor, usual=form.usual, seen=form.seen_days)
            say("Kept. Teams that have finished ten ideas keep their own.")
            return redirect(url_for("accounts.starting_norms"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.seen.data, status = seen, 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        "accounts/starting_norms.html",
        form=form,
        now={**USUAL, **now},
        is_stale=status == 409,
    )
    return page, status


def _check_administrator() -> None:
    if not service.may_set_up_teams(current_actor()):
        raise Forbidden(ONLY_ADMINISTRATORS)
