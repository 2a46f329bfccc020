"""The version of a team's board, raised by whatever the board shows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update

from improve.accounts.models import Team
from improve.shared.db import db


def raise_board_version(team_id: int) -> None:
    """Note, in the present transaction, that the board of this team looks different now."""
    raise_board_versions([team_id])


def raise_board_versions(team_ids: Iterable[int]) -> None:
    """Note it for several teams, always in the same order, so that writers never wait in a ring."""
    for team_id in sorted(set(team_ids)):
        db.session.execute(
            update(Team)
            .where(Team.id == team_id)
            .values(board_version=Team.board_version + 1)
            .execution_options(synchronize_session=False)
        )
