"""How the work of improving goes, the hours leaders promised, and a team's huddle figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, Role
from improve.huddles.queries.hours import hours_promised
from improve.huddles.queries.notes import team_to_run
from improve.review.forms import WhoseForm
from improve.review.history import SystemMeasure
from improve.review.huddle_counts import HUDDLE_DEFINITIONS
from improve.review.protected_time import owed
from improve.review.queries import history
from improve.review.routes.blueprint import blueprint
from improve.review.showing import Shown, all_points, show
from improve.review.system_measures import DEFINITIONS, GROUPS, definition, needs_of
from improve.shared import clock
from improve.shared.errors import NotFound
from improve.shared.export import csv_file


@blueprint.get("/teams/<slug>/how-we-work")
@requires(Permission.SEE_MEASURES)
def team_work(slug: str) -> ResponseReturnValue:
    """Show how a team's work of improving goes, or one measure of it."""
    team = people.team_by_slug(current_actor(), slug)
    return _work_page(team)


@blueprint.get("/teams/<slug>/how-we-work/data.csv")
@requires(Permission.SEE_MEASURES)
def team_work_data(slug: str) -> ResponseReturnValue:
    """Send the numbers behind the charts of a team, or behind one of them."""
    team = people.team_by_slug(current_actor(), slug)
    return _work_file(team, team.slug)


@blueprint.get("/review/how-we-work")
@requires(Permission.SEE_REVIEW)
def all_work() -> ResponseReturnValue:
    """Show how the work of improving goes in the whole organisation, a service or a team.

    One at a time, never team by team.
    """
    whose = _whose()
    return _work_page(whose.chosen_team, whose)


@blueprint.get("/review/how-we-work/data.csv")
@requires(Permission.SEE_REVIEW)
def all_work_data() -> ResponseReturnValue:
    """Send the numbers behind these charts, or behind one of them."""
    whose = _whose()
    team, service = whose.chosen_team, whose.chosen_service
    called = team.slug if team else f"service-{service[0]}" if service else "all"
    return _work_file(team, called, service=service)


@blueprint.get("/review/protected-time")
@requires(Permission.SEE_PROMISES)
def protected_time() -> ResponseReturnValue:
    """Show leaders the hours that teams were promised: what happened, and what was in the way."""
    actor = current_actor()
    return render_template(
        "review/protected_time.html",
        owed=owed(hours_promised(actor), clock.today()),
        is_leader=Role.LEADER in actor.roles,
    )


@blueprint.get("/teams/<slug>/huddles/figures")
@requires(Permission.RUN_HUDDLE)
def huddle_figures(slug: str) -> ResponseReturnValue:
    """Show a team, and nobody else, how its huddles go; or one measure of them."""
    team = team_to_run(current_actor(), slug)
    asked = _asked_for(HUDDLE_DEFINITIONS)
    shown = _shown(team, [asked] if asked else HUDDLE_DEFINITIONS)
    if asked:
        return render_template("review/huddle_figures_one.html", team=team, one=shown[0])
    return render_template("review/huddle_figures.html", team=team, groups=[("", shown)])


@blueprint.get("/teams/<slug>/huddles/figures/data.csv")
@requires(Permission.RUN_HUDDLE)
def huddle_figures_data(slug: str) -> ResponseReturnValue:
    """Send the numbers behind these charts, or behind one of them."""
    team = team_to_run(current_actor(), slug)
    return _work_file(team, team.slug, HUDDLE_DEFINITIONS, "huddles")


def _whose() -> WhoseForm:
    """Return the form of whom the page tells, as the address asks."""
    form = WhoseForm(request.args)
    form.offer(*people.teams_and_services(current_actor()))
    return form


def _work_page(team: TeamView | None, whose: WhoseForm | None = None) -> ResponseReturnValue:
    asked = _asked_for()
    service = whose.chosen_service if whose else None
    shown = _shown(team, [asked] if asked else DEFINITIONS, service)
    words = {
        "team": team,
        "service": service,
        "choice": whose,
        # What the links of the page carry along.
        "query": _query(team, service) if whose else {},
    }
    if asked:
        return render_template("review/how_we_work_one.html", one=shown[0], **words)
    return render_template(
        "review/how_we_work.html",
        **words,
        groups=[(name, [s for s in shown if s.definition.group == name]) for name in GROUPS],
    )


def _work_file(
    team: TeamView | None,
    whose: str,
    among: Sequence[SystemMeasure] = DEFINITIONS,
    called: str = "how-we-work",
    service: tuple[int, str] | None = None,
) -> Response:
    asked = _asked_for(among)
    shown = _shown(team, [asked] if asked else among, service)
    if asked:
        head: Sequence[str] = shown[0].counted.table.head
        body = csv_file(head, shown[0].counted.table.rows)
    else:
        head = ("Measure", "From", "Value", "Top line", "Bottom line")
        body = csv_file(head, all_points(shown))
    name = f"{called}-{whose}{'-' + asked.key.replace('_', '-') if asked else ''}.csv"
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked_for(among: Sequence[SystemMeasure] = DEFINITIONS) -> SystemMeasure | None:
    """Return the one measure that the address names, None for all. Raises ``NotFound``."""
    key = request.args.get("measure", "")
    found = definition(key, among)
    if key and found is None:
        raise NotFound
    return found


def _query(team: TeamView | None, service: tuple[int, str] | None) -> dict[str, Any]:
    if team is not None:
        return {"team": team.slug}
    return {"service": service[0]} if service else {}


def _shown(
    team: TeamView | None,
    wanted: Sequence[SystemMeasure],
    service: tuple[int, str] | None = None,
) -> list[Shown]:
    past = history(
        current_actor(),
        needs=needs_of(wanted),
        team_id=team.id if team else None,
        service_id=service[0] if service else None,
        calendar=team.calendar if team else None,
    )
    return [show(one, past) for one in wanted]
