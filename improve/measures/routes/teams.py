"""A team's measures as small charts, those it stopped counting, and the list of teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.forms import short_period
from improve.measures.queries import MeasureCard
from improve.measures.routes.blueprint import blueprint
from improve.measures.table_import import next_period, period_start
from improve.shared import clock
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
    if team.joined_to_id is not None:
        into = people.team_by_id(actor, team.joined_to_id)
        return redirect(url_for("measures.team_measures", slug=into.slug), 303)
    found = queries.measures_of_team(actor, team.id, page_number(request.args.get("page")))
    cards = queries.measure_cards(actor, found.measures)
    groups = [
        (heading, [card for card in cards if card.reading.measure.kind in kinds])
        for kinds, heading in KIND_HEADINGS
    ]
    alone = [m.id for m in found.measures if m.kind == "process" and not m.partner_id]
    return render_template(
        "measures/team.html",
        team=team,
        found=found,
        groups=[(heading, group) for heading, group in groups if group],
        due={d.measure_id: d.starts_on for d in _due(cards)},
        to_come=queries.answers_without_partner(actor, alone),
        may_define=may(actor, Permission.DEFINE_MEASURE, team_id=team.id),
        may_enter=may(actor, Permission.ENTER_DATA, team_id=team.id),
        may_enter_all=may(actor, Permission.ENTER_DATA),
        short_period=short_period,
    )


@blueprint.get("/teams/<slug>/measures/no-longer-counted")
@requires(Permission.SEE_MEASURES)
def closed_measures(slug: str) -> ResponseReturnValue:
    """List what a team stopped counting; the numbers stay readable."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    closed = queries.closed_measures_of_team(actor, team.id)
    return render_template("measures/closed.html", team=team, closed=closed)


@dataclass(frozen=True, slots=True)
class Due:
    """The newest period that is over and has no number yet."""

    measure_id: int
    starts_on: date


def _due(cards: list[MeasureCard]) -> list[Due]:
    """Return what can be entered now. Events have no day; before the first number nothing is."""
    today, found = clock.today(), []
    for card in cards:
        measure, last = card.reading.measure, card.reading.last
        if last is None or measure.is_of_events:
            continue
        following = next_period(last.period_start, measure.frequency)
        if following < period_start(today, measure.frequency):
            found.append(Due(measure.id, following))
    return found
