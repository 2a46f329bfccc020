"""The boards of all teams of a council, a lane each: counts of every lane in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.ideas.board import DONE_DAYS, BoardFilter
from improve.ideas.kinds import STAGE_WORDS, Stage
from improve.ideas.models import Idea
from improve.ideas.queries.narrowed import kept_by
from improve.ideas.usual_days import clock_of
from improve.shared import clock
from improve.shared.db import db

_idea = Idea.__table__.c


@dataclass(frozen=True, slots=True)
class Lane:
    """One team on the board of all teams. ``counts``: (stage, its name, all, those kept)."""

    team: TeamView
    counts: tuple[tuple[Stage, str, int, int], ...]

    @property
    def total(self) -> int:
        """All ideas on the team's board."""
        return sum(total for _, _, total, _ in self.counts)

    @property
    def shown(self) -> int:
        """Those that the filter keeps."""
        return sum(kept for _, _, _, kept in self.counts)


def lanes(actor: Actor, teams: Sequence[TeamView], wanted: BoardFilter) -> list[Lane]:
    """Return a lane for each of these teams of the actor's organisation, in their order."""
    today = clock.today()
    kept = kept_by(wanted, [(team.id, clock_of(team)) for team in teams])
    since = clock.at_local(today - timedelta(days=DONE_DAYS), 0)
    rows = db.session.execute(
        select(
            _idea.team_id,
            _idea.stage,
            func.count().label("total"),
            func.sum(case((and_(*kept), 1), else_=0)).label("kept")
            if kept
            else func.count().label("kept"),
        )
        .where(
            _idea.organisation_id == actor.organisation_id,
            _idea.team_id.in_([team.id for team in teams]),
            _idea.is_on_board,
            # The open stages by name: “not done” is found by no index.
            or_(
                _idea.stage.in_([stage.value for stage in Stage if stage is not Stage.DONE]),
                and_(_idea.stage == Stage.DONE.value, _idea.stage_entered_at >= since),
            ),
        )
        .group_by(_idea.team_id, _idea.stage)
        .order_by(_idea.team_id, _idea.stage),
        {"me": actor.person_id, "today": today},
    )
    counts: dict[Any, tuple[int, int]] = {
        (row.team_id, row.stage): (row.total, int(row.kept)) for row in rows
    }
    return [
        Lane(
            team,
            tuple(
                (stage, STAGE_WORDS[stage], *counts.get((team.id, stage.value), (0, 0)))
                for stage in Stage
            ),
        )
        for team in teams
    ]
