"""Finished cycles of a period: kept, changed and stopped as equals. Reads only."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.ideas import queries as ideas
from improve.ideas.stages import Decision
from improve.measures.chart import draw_spark
from improve.review.forms import FilterForm
from improve.review.routes.blueprint import blueprint
from improve.review.summary import summary_sentence
from improve.shared.formatting import page_number


@blueprint.get("/review")
@requires(Permission.SEE_REVIEW)
def finished_cycles() -> ResponseReturnValue:
    """List the cycles that were decided in a period, the last first."""
    actor = current_actor()
    teams = people.teams(actor)
    form = FilterForm(request.args)
    form.offer_teams((team.slug, team.name) for team in teams)
    form.fill_defaults()
    team = next((t for t in teams if t.slug == form.team.data), None)
    if not form.validate():
        return render_template("review/finished_cycles.html", form=form, page=None), 422
    decided = form.chosen_decision()
    page = ideas.finished_cycles(
        actor,
        team_id=team.id if team else None,
        decided_from=form.first,
        decided_to=form.last,
        decision=Decision(decided) if decided else None,
        page=page_number(request.args.get("page")),
    )
    sentence = summary_sentence(
        page, first=form.first, last=form.last, team=team.name if team else None
    )
    return render_template(
        "review/finished_cycles.html",
        form=form,
        page=page,
        sentence=sentence,
        sparks=[draw_spark(c.verdict.spark) if c.verdict else None for c in page.cycles],
        query={name: value for name, value in request.args.items() if name != "page"},
    )
