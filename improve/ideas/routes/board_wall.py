"""A team's board on the wall of its room: read from across it, by anybody who comes in.

Drawn as for nobody of the team, whoever is signed in: no hidden name, no link into an idea, no
move. It asks again by itself and is drawn anew where something changed.
"""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.actor import Actor, Place
from improve.accounts.queries import TeamView
from improve.accounts.roles import Role
from improve.accounts.sessions import walls
from improve.ideas import queries
from improve.ideas.board import Column
from improve.ideas.routes.build_mark import build_mark
from improve.ideas.routes.next_huddle import NextHuddle, next_huddle
from improve.shared import clock
from improve.shared.formatting import clock_time
from improve.shared.qr import qr_code

#: Cards a column draws at most; how many of them a screen shows whole, the screen decides.
MOST_CARDS: Final = 8
#: Up to how many cards a column is drawn in full, and up to how many without its small charts.
ROOMY: Final = 2
SNUG: Final = 4


def board_wall(actor: Actor, team: TeamView) -> ResponseReturnValue:
    """Return the board of a team as its wall shows it, or 204 where it stands as it was drawn."""
    is_wall = walls.is_wall()
    coming = next_huddle(actor, team)
    is_dark = walls.is_dark()
    mark = _mark(team, coming, is_dark=is_dark)
    if request.args.get("since") == mark:
        return Response(status=204, headers={"X-Updated": clock_time(clock.now())})
    onlooker = people.wall_actor(
        actor.organisation_id, Place(Role.WALL, team.id, team.slug, team.name)
    )
    page = queries.board(onlooker, team)
    here = request.path if is_wall else url_for("ideas.board", slug=team.slug, wall=1)
    return render_template(
        "ideas/board_wall.html",
        team=team,
        board=page,
        coming=coming,
        mark=mark,
        poll_url=_with_since(here if not is_dark or is_wall else f"{here}&dark=1", mark),
        is_wall=is_wall,
        is_dark=is_dark,
        now=clock.now(),
        most_cards=MOST_CARDS,
        density=density,
        qr=qr_code(current_app.config["BASE_URL"] + url_for("ideas.log_idea")),
    )


def density(column: Column) -> str:
    """Return how close the cards of a column stand: the more there are, the less each says."""
    if column.matching <= ROOMY:
        return "roomy"
    return "snug" if column.matching <= SNUG else "tight"


def _with_since(address: str, mark: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}since={mark}"


def _mark(team: TeamView, coming: NextHuddle, *, is_dark: bool) -> str:
    """Return what the wall depends on: ages change at midnight, the next huddle when it is over."""
    parts = (
        build_mark(),
        team.version,
        # Norms and closing days are the council's, and no team's version.
        tuple(team.closing_days),
        sorted(team.starting_days.items()),
        clock.today(),
        coming.words,
        coming.is_on,
        is_dark,
    )
    return f"b{team.board_version}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}"
