"""When a team meets, and which parts its huddle has."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import service as accounts
from improve.accounts.access import current_actor, requires, say
from improve.accounts.days.huddle_days import days_of, words
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.huddles import service
from improve.huddles.forms.planning import MeetForm, PartsForm
from improve.huddles.kinds import PART_WORDS
from improve.huddles.queries import notes as door
from improve.huddles.queries import past as queries
from improve.huddles.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale


@blueprint.route("/teams/<slug>/huddles/settings", methods=["GET", "POST"])
@requires(Permission.PLAN_HUDDLES)
@commits
def settings(slug: str) -> ResponseReturnValue:
    """Say on which days a team meets, when and for how long."""
    actor = current_actor()
    team = door.team_to_plan(actor, slug)
    form = MeetForm()
    if request.method == "GET":
        form.show(days_of(team), team.version)
    else:
        form.offer(days_of(team))
    if form.is_sent():
        try:
            accounts.set_huddle_days(
                actor,
                team_id=team.id,
                days=form.chosen(),
                seen_version=form.version.data,
            )
            say("Kept. The board and the calendar file say so now.")
            return _back(slug)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.version.data = team.version
            return _page(team, meet=form, stale="days"), 409
    return _page(team, meet=form), form.status if request.method == "POST" else 200


@blueprint.post("/teams/<slug>/huddles/parts")
@requires(Permission.PLAN_HUDDLES)
@commits
def parts(slug: str) -> ResponseReturnValue:
    """Keep which parts a huddle has, or move one of them up or down."""
    actor = current_actor()
    team = door.team_to_plan(actor, slug)
    form = PartsForm()
    if form.is_sent():
        try:
            service.plan_huddles(
                actor, slug=slug, parts=form.chosen(), seen_version=form.version.data
            )
            if not form.move.data:
                say("Kept. The next huddle begins with these parts.")
            return redirect(url_for("huddles.settings", slug=slug, _anchor="parts"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            form.version.data = error.facts["plan"].version
            return _page(team, chosen=form, stale="parts"), 409
    return _page(team, chosen=form), 422


def _page(
    team: TeamView,
    *,
    meet: MeetForm | None = None,
    chosen: PartsForm | None = None,
    stale: str = "",
) -> str:
    """Both forms; the one that was not sent shows what holds."""
    if meet is None:
        meet = MeetForm(formdata=None)
        meet.show(days_of(team), team.version)
    plan = queries.plan(current_actor(), team.id)
    if chosen is None:
        chosen = PartsForm(formdata=None)
        chosen.show(plan.parts, plan.version)
    days = days_of(team)
    return render_template(
        "huddles/settings.html",
        team=team,
        form=meet if meet.errors or meet.form_errors else chosen,
        meet=meet,
        chosen=chosen,
        now_words=words(days) if days else "no fixed days",
        now_parts=plan.parts,
        part_words=PART_WORDS,
        stale=stale,
    )


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("huddles.settings", slug=slug), 303)
