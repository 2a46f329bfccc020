"""A huddle on the wall of its room: where the driver stands, read from three metres, only to read.

It asks again by itself and is drawn anew where something was said, or a week's taps came in.
"""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.accounts.sessions import walls
from improve.huddles import queries
from improve.huddles.kinds import PART_WORDS
from improve.huddles.routes.blueprint import blueprint
from improve.huddles.views import HuddleHead
from improve.ideas.routes.build_mark import build_mark
from improve.shared import clock
from improve.shared.formatting import clock_time
from improve.shared.qr import qr_code

#: How often a wall looks again, in seconds: a dot that comes in is seen while people look.
EVERY: Final = 5
#: Lines of a list that a wall shows; what is beyond them is said as a number.
MOST_LINES: Final = 6


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>/wall")
@requires(Permission.SEE_HUDDLES, is_open_on_own_phone=True)
def wall(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Show a huddle as its wall does, to somebody of the team who has a large screen."""
    actor = current_actor()
    head = queries.huddle_head(actor, slug, huddle_id)
    team = people.team_by_slug(actor, slug)
    here = url_for(
        "huddles.wall", slug=slug, huddle_id=huddle_id, dark=1 if walls.is_dark() else None
    )
    return _wall(actor, team, head, here)


def huddle_on_wall(actor: Actor, team: TeamView) -> ResponseReturnValue | None:
    """Return the huddle that goes on as the wall of its team shows it; None where none does."""
    # Most of the day none does, and the team knows that without another statement.
    head = None if team.huddle_id is None else queries.going_on(actor, team.id)
    return None if head is None else _wall(actor, team, head, request.path)


def _wall(actor: Actor, team: TeamView, head: HuddleHead, here: str) -> ResponseReturnValue:
    is_dark = walls.is_dark()
    mark = _mark(team, head, is_dark=is_dark)
    if request.args.get("since") == mark:
        return Response(status=204, headers={"X-Updated": clock_time(clock.now())})
    page = queries.wall_page(actor, head.team.slug, head.id, head=head)
    add = url_for("huddles.add", slug=head.team.slug, huddle_id=head.id)
    return render_template(
        "huddles/wall.html",
        page=page,
        part_words=PART_WORDS,
        most_lines=MOST_LINES,
        every=EVERY,
        is_wall=walls.is_wall(),
        is_dark=is_dark,
        poll_url=f"{here}{'&' if '?' in here else '?'}since={mark}",
        qr=qr_code(current_app.config["BASE_URL"] + add),
        now=clock.now(),
    )


def _mark(team: TeamView, head: HuddleHead, *, is_dark: bool) -> str:
    """Return what the wall depends on: the huddle, the board behind it, and the day."""
    parts = (build_mark(), team.version, team.board_version, clock.today(), is_dark)
    return f"h{head.id}.{head.version}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}"
