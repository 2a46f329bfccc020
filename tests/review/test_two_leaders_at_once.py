"""Two leaders, or two screens of one, do the same at the same moment.

On PostgreSQL, where both get as far as the database: SQLite lets one writer in after the other.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.accounts.roles import Role
from improve.ideas.queries.month import waiting_for_leaders
from improve.notifications.queries import notices
from improve.review import service
from improve.review.models import CycleRead, LeaderAnswer
from improve.review.month import Line, Way
from improve.review.month_lines import asked_of_blocked
from improve.review.queries.month import month_sheet
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Stale
from tests.at_once import at_once
from tests.factories import Cast, actor, finish_cycle, make_person
from tests.review.test_month import block

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)


def another_leader(cast: Cast) -> int:
    made = make_person(cast.organisation, name="Idris Vale", role=Role.LEADER)
    db.session.commit()
    return made


def test_the_second_answer_is_shown_the_first(app: Flask, cast: Cast) -> None:
    with app.app_context():
        block(cast)
        asked = asked_of_blocked(waiting_for_leaders(cast.actor("leader"))[0])
        other = another_leader(cast)

    def answer(person_id: int, words: str) -> int:
        return service.answer_line(actor(person_id), asked=asked, way=Way.DECIDE, words=words)

    told = at_once(app, lambda: answer(cast.leader, "Yes."), lambda: answer(other, "No."))
    assert isinstance(told, Stale)
    with app.app_context():
        row = db.session.execute(select(LeaderAnswer)).scalar_one()
        assert (row.id, row.words) == (told.facts["answer_id"], "Yes.")


def test_two_leaders_write_and_both_letters_go(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea_id = finish_cycle(cast, "abandon", title="One more form")
        other = another_leader(cast)
        month = clock.today().replace(day=1)
        asked = month_sheet(cast.actor("leader"), month).line(Line.THANKS).asked
        assert asked is not None

    def write(person_id: int) -> int:
        return service.write_to_them(
            actor(person_id),
            asked=asked,
            thanks={idea_id: "Thank you for stopping it."},
            form_token=f"token-of-{person_id}",
            month=month,
        )

    made = at_once(app, lambda: write(cast.leader), lambda: write(other))
    with app.app_context():
        assert db.session.scalars(select(LeaderAnswer.id)).all() == [made]
        thanked = [n.kind.value for n in notices(cast.actor("practitioner"))]
        assert thanked.count("thanked") == 2


def test_two_screens_tick_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea_id = finish_cycle(cast, "adopt", title="Time that is promised")
        db.session.commit()

    def tick() -> None:
        service.tick_read(cast.actor("leader"), idea_id=idea_id, cycle_number=1)

    assert at_once(app, tick, tick) is None
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CycleRead)) == 1
        told = [n.kind.value for n in notices(cast.actor("practitioner"))]
        assert told.count("leader_read") == 1
