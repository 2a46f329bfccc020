"""The board of all teams: a lane for each, the cards of the one that is opened."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, has_any
from improve.ideas import queries
from improve.ideas.board_address import FILTERS, SHOWS, SOURCES, filter_in, kept_in
from improve.ideas.queries.aims import aim_choices
from improve.ideas.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.errors import NotFound
from improve.shared.htmx import is_htmx, part


@blueprint.get("/board")
@requires(Permission.SEE_IDEAS)
def all_teams() -> ResponseReturnValue:
    """Show every team's counts, and the cards of one lane: the one asked for, else the home team's.

    With htmx an opened lane asks for its cards alone.
    """
    actor = current_actor()
    asked, kept = filter_in(request.args), _kept()
    slug = request.args.get("lane", "")
    if is_htmx() and slug:
        team = people.team_by_slug(actor, slug)
        board = queries.board(actor, team, narrowed=asked)
        return part("ideas/_lane_cards.html", team=team, board=board, kept=kept, **_back(slug))
    teams = people.teams(actor)
    opened = next((team for team in teams if team.slug == slug), None)
    if slug and opened is None:
        raise NotFound
    if not slug:
        opened = next((team for team in teams if team.id == actor.home_team_id), None)
    return render_template(
        "ideas/all_teams.html",
        lanes=queries.lanes(actor, teams, asked),
        opened=opened,
        board=queries.board(actor, opened, narrowed=asked) if opened else None,
        aims=aim_choices(actor) if has_any(actor, Permission.SEE_AIMS) else (),
        asked=asked,
        kept=kept,
        shows=SHOWS,
        sources=SOURCES,
        today=clock.today(),
        **_back(opened.slug if opened else ""),
    )


def _kept() -> dict[str, Any]:
    return {name: value for name, value in kept_in(request.args).items() if name in FILTERS}


def _back(slug: str) -> dict[str, Any]:
    """Return where cards lead back to: this lane, as it is narrowed now."""
    anchor = f"lane-{slug}" if slug else None
    here = url_for("ideas.all_teams", lane=slug or None, _anchor=anchor, **_kept())
    return {"back": here, "narrowed_back": here}
