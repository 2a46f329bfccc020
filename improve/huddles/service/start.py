"""Starting a huddle: its parts, and what each of them looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.huddles.kinds import Part


@dataclass(frozen=True, slots=True)
class Started:
    """The huddle that goes on; ``is_new`` is False where it went on already, or was sent twice."""

    huddle_id: int
    part: Part
    is_new: bool


def start_huddle(
    actor: Actor,
    *,
    team_id: int,
    form_token: str,
    driver_id: int | None = None,
    here_ids: Iterable[int] = (),
    others_here: int = 0,
    is_short: bool = False,
) -> Started:
    """Start a team's huddle and return it; the list of each part is taken from the board now.

    One goes on at a time: a second start answers with that one, also when both come at the same
    moment, and changes nothing. Nobody chosen to drive: whoever starts. Refuses with ``Forbidden``
    whoever may not run huddles of the team, with ``RuleBroken`` a closed team, a driver who is no
    active person of the council (field driver_id), and people here below 0 or over 200
    (others_here).
    """
    raise NotImplementedError
