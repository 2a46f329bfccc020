"""The version of a team's board, raised by whatever the board shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, update

from improve.accounts.models import Team
from improve.shared.db import db

#: Where a session keeps what it raised: its own acts are no news to the page that did them.
_RAISED = "raised_boards"
_teams: Any = Team.__table__
_raise = (
    update(_teams)
    .where(_teams.c.id == bindparam("raised_team"))
    .values(board_version=_teams.c.board_version + 1)
)


def raise_board_version(team_id: int) -> None:
    """Note, in the present transaction, that the board of this team looks different now."""
    raise_board_versions([team_id])


def raise_board_versions(team_ids: Iterable[int]) -> None:
    """Note it for several teams, always in the same order, so that writers never wait in a ring."""
    raised: Counter[int] = db.session.info.setdefault(_RAISED, Counter())
    for team_id in sorted(set(team_ids)):
        db.session.connection().execute(_raise, {"raised_team": team_id})
        raised[team_id] += 1


def raised_here(team_id: int) -> int:
    """Return by how much this session's own acts have raised the version of a team's board."""
    raised: Counter[int] = db.session.info.get(_RAISED, Counter())
    return raised[team_id]


def keep_usual_days(team_id: int, usual: Mapping[str, int]) -> None:
    """Keep what is usual in each stage of a team, by the names of stages, in days."""
    db.session.execute(
        update(Team)
        .where(Team.id == team_id)
        .values(usual_days=dict(usual))
        .execution_options(synchronize_session=False)
    )
