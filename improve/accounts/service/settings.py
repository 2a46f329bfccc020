"""How somebody likes their pages, and the days they work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import MONDAY_TO_FRIDAY, weekdays_of
from improve.accounts.models import Person
from improve.accounts.service.days import set_own_days
from improve.shared import audit
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken

#: What each may be; the first is the usual.
THEMES: Final = ("", "light", "dark")
BOARD_VIEWS: Final = ("", "list")
TEXT_SIZES: Final = ("", "large", "largest")
SPACINGS: Final = ("", "wide")
_UNKNOWN: Final = "Choose one of the list."


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody chose. ``weekdays``: Monday is 0; none: the days of the home team."""

    theme: str = ""
    board_view: str = ""
    text_size: str = ""
    spacing: str = ""
    weekdays: frozenset[int] = frozenset()


def keep_settings(actor: Actor, *, settings: Settings) -> None:
    """Keep how the actor's pages look and the days they work. Audited.

    Refuses what is not offered, beside its field. The days of the home team are not kept as one's
    own, so that they change with the team's.
    """
    wrong = [
        Reason(_UNKNOWN, field)
        for field, value, known in (
            ("theme", settings.theme, THEMES),
            ("board_view", settings.board_view, BOARD_VIEWS),
            ("text_size", settings.text_size, TEXT_SIZES),
            ("spacing", settings.spacing, SPACINGS),
        )
        if value not in known
    ]
    if wrong:
        raise RuleBroken(wrong)
    db.session.execute(
        update(Person)
        .where(Person.id == actor.person_id)
        .values(
            theme=settings.theme,
            board_view=settings.board_view,
            text_size=settings.text_size,
            spacing=settings.spacing,
        )
        .execution_options(synchronize_session=False)
    )
    teams = weekdays_of(actor.home.team_working_days) if actor.home else frozenset()
    is_as_team = settings.weekdays == (teams or MONDAY_TO_FRIDAY)
    set_own_days(actor, weekdays=() if is_as_team else settings.weekdays)
    audit.record(actor, "settings_changed", "person", actor.person_id)
