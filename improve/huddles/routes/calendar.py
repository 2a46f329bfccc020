"""A team's huddles as a calendar file."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.days.huddle_days import days_of
from improve.accounts.roles import Permission
from improve.huddles.calendar_file import CalendarTeam, calendar_file
from improve.huddles.queries import notes as door
from improve.huddles.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.errors import NotFound


@blueprint.get("/teams/<slug>/huddles/calendar.ics")
@requires(Permission.SEE_HUDDLES)
def calendar(slug: str) -> ResponseReturnValue:
    """Send the huddles of a team as one repeating event; nothing is there without fixed days."""
    team = door.team_to_read(current_actor(), slug)
    days = days_of(team)
    if days is None:
        raise NotFound
    base = current_app.config["BASE_URL"]
    event = CalendarTeam(
        team.id,
        team.name,
        team.version,
        urlsplit(base).hostname or "improve",
        base + url_for("huddles.past", slug=slug),
    )
    body = calendar_file(event, days, zone=clock.zone(), today=clock.today(), made_at=clock.now())
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="huddle-{team.slug}.ics"'
    return answer
