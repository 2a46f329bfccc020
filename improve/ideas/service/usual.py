"""What is usual in a stage of a team, from its own finished ideas, kept in its row."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, every_team, team_by_id
from improve.accounts.service import keep_usual_days, raise_board_version
from improve.ideas.queries.stays import finished_moves
from improve.ideas.usual_days import settled, stays_in


def settle_usual_days(actor: Actor, *, team_id: int) -> None:
    """Work out a team's own usual days anew, as an idea of it finishes or comes back from there.

    Reads the moves of its last hundred finished ideas and writes the team's row at most once,
    however many ideas it has. The caller raises the version of the board.
    """
    _settle(team_by_id(actor, team_id))


def settle_every_team() -> int:
    """Work out the usual days of every team anew, and return for how many they are others now."""
    changed = [team.id for team in every_team() if _settle(team)]
    for team_id in changed:
        raise_board_version(team_id)
    return len(changed)


def _settle(team: TeamView) -> bool:
    usual = settled(stays_in(finished_moves(team.id), team.calendar))
    if usual == dict(team.usual_days):
        return False
    keep_usual_days(team.id, usual)
    return True
