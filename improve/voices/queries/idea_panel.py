"""The voices behind an idea, on the idea's own page: words that staff may read, by month."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import literal

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.page import IdeaPage
from improve.ideas.queries.panels import council_asked, idea_asked, panel_row
from improve.voices.kinds import SPEAKER_WORDS, Speaker
from improve.voices.models import Voice
from improve.voices.queries.shared import may_be_read

TEMPLATE = "voices/_idea_panel.html"


def voice_rows() -> Any:
    """Return the rows that join the feed of an idea's page; no order that tells a day."""
    return panel_row(
        "voice",
        id=literal(0),
        kind=Voice.key,
        a=Voice.shareable,
        b=Voice.speaker_kind,
        c=Voice.came_on,
    ).where(Voice.idea_id == idea_asked, Voice.organisation_id == council_asked, *may_be_read())


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
            "month": date.fromisoformat(row["c"]).replace(day=1),
        }
        for row in rows
    ]
    # The newest month first; within one the random key decides.
    voices.sort(key=lambda voice: (-voice["month"].toordinal(), voice["key"]))
    return TEMPLATE, {"voices": voices}
