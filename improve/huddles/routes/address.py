"""Where a team's board leads when people want to meet: boards stand below huddles, and ask."""

from __future__ import annotations

from flask import url_for

from improve.accounts.queries import TeamView


def huddle_address(team: TeamView) -> str:
    """Return the huddle that goes on, else the page to start one."""
    if team.huddle_id is None:
        return url_for("huddles.start", slug=team.slug)
    return url_for("huddles.huddle", slug=team.slug, huddle_id=team.huddle_id)
