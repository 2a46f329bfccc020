"""A team's huddles: the one that goes on, those that are over, and a search in them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.days.huddle_days import days_of, next_of, when_words, words
from improve.accounts.roles import Permission, may
from improve.huddles.forms.closing import FindForm
from improve.huddles.queries import notes as door
from improve.huddles.queries import past as queries
from improve.huddles.queries.page import going_on
from improve.huddles.routes.blueprint import blueprint
from improve.huddles.service.finish import LEFT_OPEN
from improve.shared import clock
from improve.shared.formatting import page_number


@blueprint.get("/teams/<slug>/huddles")
@requires(Permission.SEE_HUDDLES, is_open_on_own_phone=True)
def past(slug: str) -> ResponseReturnValue:
    """List a team's huddles, the newest first. Those that did not happen are simply not there."""
    actor = current_actor()
    team = door.team_to_read(actor, slug)
    form = FindForm.asked()
    text = (form.text.data or "") if form.validate() else ""
    found = queries.past_huddles(
        actor, team.id, text=text, page=page_number(request.args.get("page"))
    )
    running = going_on(actor, team.id)
    days = days_of(team)
    begins = next_of(team, clock.local(clock.now()))
    return render_template(
        "huddles/past.html",
        team=team,
        form=form,
        text=text,
        found=found,
        running=running,
        was_left_open=running is not None and clock.now() - running.acted_at > LEFT_OPEN,
        days_words=words(days) if days else "",
        next_words=when_words(begins) if begins else "",
        may_run=may(actor, Permission.RUN_HUDDLE, team_id=team.id),
        may_plan=may(actor, Permission.PLAN_HUDDLES, team_id=team.id),
    ), form.status
