"""A team's measures as small charts, and the list of teams."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.forms import short_period
from improve.measures.routes.blueprint import blueprint
from improve.shared.formatting import page_number

KIND_HEADINGS = (
    (("outcome",), "Does life get better?"),
    (("process",), "Are we doing what we said?"),
    (("balancing", "context"), "What might get worse, and what explains it"),
)


@blueprint.get("/measures")
@requires(Permission.SEE_MEASURES)
def all_teams() -> ResponseReturnValue:
    """List the teams, each leading to its measures."""
    return render_template("measures/teams.html", teams=people.teams(current_actor()))


@blueprint.get("/teams/<slug>/measures")
@requires(Permission.SEE_MEASURES)
def team_measures(slug: str) -> ResponseReturnValue:
    """Show a team's measures as small charts, grouped by what they are for."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    found = queries.measures_of_team(actor, team.id, page_number(request.args.get("page")))
    cards = queries.measure_cards(actor, found.measures)
    groups = [
        (heading, [card for card in cards if card.reading.measure.kind in kinds])
        for kinds, heading in KIND_HEADINGS
    ]
    return render_template(
        "measures/team.html",
        team=team,
        found=found,
        groups=[(heading, group) for heading, group in groups if group],
        may_define=may(actor, Permission.DEFINE_MEASURE, team_id=team.id),
        closed=queries.closed_measures_of_team(actor, team.id),
        short_period=short_period,
    )
