"""The voices behind an idea, on the idea's own page: words that staff may read, by month.

The page is of one team, so a month stands there only where that team heard enough voices in it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, literal, select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.page import IdeaPage
from improve.ideas.queries.panels import council_asked, idea_asked, panel_row
from improve.ideas.queries.places import placed_ideas
from improve.shared.suppression import FEWEST
from improve.voices.kinds import SPEAKER_WORDS, Speaker
from improve.voices.models import Voice
from improve.voices.queries.shared import heard_in_month, may_be_read, of_team_and_month

TEMPLATE = "voices/_idea_panel.html"


def voice_rows() -> Any:
    """Return the rows that join the feed of an idea's page; no order that tells a day."""
    placed = placed_ideas()
    team = select(placed.c.team_id).where(placed.c.id == idea_asked).scalar_subquery()
    heard = heard_in_month(council_asked, team)
    rows = panel_row(
        "voice",
        id=literal(0),
        kind=Voice.key,
        a=Voice.shareable,
        b=Voice.speaker_kind,
        c=Voice.came_on,
        number=func.coalesce(heard.c.heard, 0),
    )
    return (
        rows.select_from(Voice)
        .outerjoin(heard, of_team_and_month(heard, team))
        .where(Voice.idea_id == idea_asked, Voice.organisation_id == council_asked, *may_be_read())
    )


def voices_panel(actor: Actor, page: IdeaPage) -> tuple[str, dict[str, Any]] | None:
    """Return the panel; None without a voice, and for guests."""
    rows = [row for row in page.panel_rows if row["part"] == "voice"]
    if not rows or page.is_for_guest or not may(actor, Permission.SEE_VOICES):
        return None
    voices = [
        {
            "key": row["kind"],
            "said": row["a"],
            "whose": SPEAKER_WORDS[Speaker(row["b"])],
            "month": date.fromisoformat(row["c"]).replace(day=1)
            if row["cycle"] >= FEWEST
            else None,
        }
        for row in rows
    ]
    # The newest month first, those without one last; within one the random key decides.
    voices.sort(key=lambda voice: (-(voice["month"] or date.min).toordinal(), voice["key"]))
    return TEMPLATE, {"voices": voices}
