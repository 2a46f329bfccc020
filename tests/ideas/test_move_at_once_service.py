"""Eight people move one card at the same moment: one wins, seven are told who it was."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from improve.accounts.roles import Role
from improve.ideas import service
from improve.ideas.kinds import Stage, Way
from improve.ideas.models import StageMove
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Stale
from tests.conftest import NOW
from tests.factories import actor, make_cast, make_person
from tests.ideas import journeys
from tests.ideas.journeys import bring_to

PEOPLE = 8
ROUNDS = 3


def test_one_of_eight_wins_and_none_is_lost(app):
    with app.app_context():
        cast = make_cast()
        actors = [
            actor(make_person(cast.organisation, role=Role.MANAGER, team_id=cast.team))
            for _ in range(PEOPLE)
        ]
        ids = [bring_to(cast, Stage.PLAN) for _ in range(ROUNDS)]
        answers = journeys.plan_answers()
        db.session.commit()
        versions = {idea_id: journeys.idea(idea_id).version for idea_id in ids}
        db.session.rollback()
    gate = threading.Barrier(PEOPLE)

    def go(number: int, idea_id: int) -> str:
        with app.app_context(), clock.moved(NOW):
            gate.wait()
            try:
                service.move_stage(
                    actors[number],
                    idea_id=idea_id,
                    way=Way.DO if number % 2 else Way.SUGGESTED,
                    seen_version=versions[idea_id],
                    from_stage=Stage.PLAN,
                    answers=answers if number % 2 else {},
                    note="" if number % 2 else "Not yet",
                )
                db.session.commit()
            except Stale as stale:
                db.session.rollback()
                return "stale" if stale.facts["is_moved"] else "not told of the move"
            return "moved"

    for idea_id in ids:
        with ThreadPoolExecutor(PEOPLE) as pool:
            ends = list(pool.map(go, range(PEOPLE), [idea_id] * PEOPLE))
        assert sorted(ends) == ["moved"] + ["stale"] * (PEOPLE - 1)
        with app.app_context():
            moves = db.session.execute(
                select(func.count())
                .select_from(StageMove)
                .where(StageMove.idea_id == idea_id, StageMove.from_stage == Stage.PLAN.value)
            ).scalar_one()
            assert moves == 1
            assert journeys.idea(idea_id).version == versions[idea_id] + 1
