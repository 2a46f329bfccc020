"""Who may read, run and drive a huddle, and what is said to whoever may not. Pure."""

from __future__ import annotations

from typing import Final

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may

WHO_READS: Final = "Only the team, coaches and leaders read a team’s huddles."
WHO_RUNS: Final = "Only the team and its coaches run its huddles."
WHO_ENDS: Final = "Only the person who does it, the team and its coaches change an action."
WHO_REMOVES: Final = "Only the person who wrote this line, or the driver, can take it out."
IS_OVER: Final = (
    "This huddle is finished. Nothing was added. Its driver can open it again for a day."
)


def may_run(actor: Actor, team_id: int) -> bool:
    """Return whether the actor may run huddles of a team: add, decide, drive."""
    return may(actor, Permission.RUN_HUDDLE, team_id=team_id)


def may_read(actor: Actor, team_id: int) -> bool:
    """Return whether the actor may read the team's huddles."""
    return may(actor, Permission.SEE_HUDDLES, team_id=team_id)


def may_see_wall(actor: Actor, team_id: int) -> bool:
    """Return whether the actor may see the huddle on the team's wall."""
    return may_read(actor, team_id) or may(actor, Permission.SEE_WALL, team_id=team_id)
