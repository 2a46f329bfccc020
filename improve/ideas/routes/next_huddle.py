"""When a team talks about its ideas next, for boards and for whoever has just sent one."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.accounts.days.huddle_days import next_of, when_words
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, may
from improve.shared import clock, contributions


@dataclass(frozen=True)
class NextHuddle:
    """The next huddle in words, such as “Tue 1 Dec, 09:30”; “” where no day is set.

    ``day_words`` leaves the time out. ``is_on``: one goes on just now; ``join_url`` is then where
    to join it. ``start_url`` is where to start one. Both only for those who may.
    """

    words: str = ""
    day_words: str = ""
    is_on: bool = False
    join_url: str | None = None
    start_url: str | None = None


def next_huddle(actor: Actor, team: TeamView) -> NextHuddle:
    """Return a team's next huddle as this actor may know of it."""
    begins = next_of(team, clock.local(clock.now()))
    words = when_words(begins) if begins else ""
    is_on = team.huddle_id is not None
    needed = Permission.SEE_HUDDLES if is_on else Permission.RUN_HUDDLE
    address = _address(team) if may(actor, needed, team_id=team.id) else None
    return NextHuddle(
        words=words,
        day_words=words.split(",")[0],
        is_on=is_on,
        join_url=address if is_on else None,
        start_url=None if is_on else address,
    )


def _address(team: TeamView) -> str | None:
    """Return where to join the huddle that goes on, else where to start one.

    Huddles stand above ideas, and offer it.
    """
    found = (offer(team) for offer in contributions.gather("huddle-address"))
    return next((str(address) for address in found if address), None)
