"""The team alone, and its coaches, see how its huddles go, as run charts without a goal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from improve.huddles import service
from improve.huddles.flow import ActionRow, HuddleRow
from improve.huddles.queries import actions as action_queries
from improve.huddles.queries import flow
from improve.review import huddle_counts
from improve.review.history import History
from improve.review.huddle_counts import HUDDLE_DEFINITIONS
from improve.review.queries import history
from improve.review.showing import show
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.huddles.test_past_huddles import hold
from tests.pages import Visitor
from tests.statements import watched

Visit = Callable[..., Visitor]
FIGURES = "/teams/riverside/huddles/figures"
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def on(month: int, day: int) -> int:
    return date(2026, month, day).toordinal()


PAST = History(
    today=date(2026, 11, 24),
    huddles=(
        HuddleRow(on(8, 4), 20, 2),
        HuddleRow(on(8, 11), 10, 0),
        HuddleRow(on(10, 6), 14, 3),
        HuddleRow(on(11, 3), 9, 1),
    ),
    actions=(
        ActionRow(on(8, 7), True, 2),
        ActionRow(on(8, 14), False, 1),
        ActionRow(on(11, 20), True, 5),
    ),
)


def points(key: str) -> list[float | None]:
    one = next(d for d in HUDDLE_DEFINITIONS if d.key == key)
    return [point.shown for point in one.count(PAST).points]


def test_a_month_without_a_huddle_is_a_gap_and_this_month_waits() -> None:
    assert points("huddles_held") == [2, None, 1]
    assert points("huddle_minutes") == [15, None, 14]
    assert points("huddle_decisions") == [2, None, 3]
    shares = points("actions_in_time")
    assert shares[0] == pytest.approx(100 * 2 / 3)
    assert shares[1:] == [None, None]


def test_no_words_rank_blame_or_set_a_goal() -> None:
    told = " ".join(f"{d.name} {d.formula} {d.care}".lower() for d in HUDDLE_DEFINITIONS)
    assert not any(word in told for word in ("target", "overdue", "late", "best", "missed", "must"))


def test_one_of_something_is_said_as_one() -> None:
    one = History(
        today=date(2026, 11, 24), huddles=tuple(HuddleRow(on(m, 5), 9, 1) for m in range(1, 11))
    )
    decisions = next(d for d in HUDDLE_DEFINITIONS if d.key == "huddle_decisions")
    finding = show(decisions, one).finding.replace("\u00a0", " ")
    assert "1 decisions" not in finding


def test_rows_are_those_of_the_team(app: Flask, cast: Cast) -> None:
    with app.app_context():
        hold(cast, datetime(2026, 9, 7, 9, tzinfo=UTC), "One", "Two", action="Ring")
        hold(cast, datetime(2026, 9, 14, 9, tzinfo=UTC), action="Write")
        hold(cast, datetime(2026, 9, 14, 9, tzinfo=UTC), "There", team=cast.other_team)
        colleague = cast.actor("colleague")
        ring, write = action_queries.actions_to_do(colleague)
        with clock.moved(datetime(2026, 9, 10, 12, tzinfo=UTC)):
            service.end_action(colleague, action_id=ring.id, is_done=True, seen_version=1)
        with clock.moved(datetime(2026, 9, 16, 12, tzinfo=UTC)):
            # Moved in time and done by the new day: the day named first still counts.
            service.move_action(
                colleague, action_id=write.id, due_on=date(2026, 9, 30), seen_version=1
            )
        with clock.moved(datetime(2026, 9, 29, 12, tzinfo=UTC)):
            service.end_action(colleague, action_id=write.id, is_done=True, seen_version=2)
        db.session.commit()
        coach = cast.actor("coach")
        assert flow.held(coach, since=LONG_AGO, team_id=cast.team) == [
            HuddleRow(on(9, 7), 5, 2),
            HuddleRow(on(9, 14), 5, 0),
        ]
        assert flow.promised(coach, since=LONG_AGO, team_id=cast.team) == [
            ActionRow(on(9, 10), True, 1),
            ActionRow(on(9, 17), False, 1),
        ]
        outsider = cast.actor("outsider")
        assert flow.held(outsider, since=LONG_AGO, team_id=cast.team) == []
        assert flow.promised(outsider, since=LONG_AGO, team_id=cast.team) == []


def test_driving_a_huddle_is_taking_part(app: Flask, cast: Cast) -> None:
    with app.app_context():
        before = history(cast.actor("coach"), needs={"parts"}, team_id=cast.team)
        hold(cast, datetime(2026, 11, 9, 9, tzinfo=UTC), "One")
        after = history(cast.actor("coach"), needs={"parts"}, team_id=cast.team)
        assert not before.parts
        assert [(row.person_id, row.is_recent) for row in after.parts] == [(cast.manager, True)]


def test_the_team_and_its_coaches_read_it_and_nobody_else(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for month in range(1, 11):
            hold(cast, datetime(2026, month, 5, 9, tzinfo=UTC), "Go on", action="Ring")
        db.session.commit()
    for who in (cast.practitioner, cast.manager, cast.coach):
        page = visit(who).get(FIGURES)
        assert page.heading == "Our huddles in figures"
        assert len(page.soup.select(".measure-card")) == 4
    for who in (cast.leader, cast.other_manager, cast.administrator):
        assert visit(who).get(FIGURES).status == 403
        assert visit(who).get(f"{FIGURES}/data.csv").status == 403
    assert "10 huddles" not in visit(cast.outsider).get(FIGURES).main


def test_one_measure_with_its_numbers_and_a_file(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        hold(cast, datetime(2026, 9, 7, 9, tzinfo=UTC), "Go on")
        db.session.commit()
    member = visit(cast.practitioner)
    page = member.get(f"{FIGURES}?measure=huddle_minutes")
    assert page.heading == "Minutes of a huddle"
    assert member.get(f"{FIGURES}?measure=cycle_days").status == 404
    answer = member.client.get(f"{FIGURES}/data.csv?measure=huddle_minutes")
    assert answer.data.decode("utf-8-sig").splitlines() == [
        'Month,Huddles,"Minutes, median",Decisions',
        "2026-09-01,1,5,1",
    ]
    assert "huddles-riverside-huddle-minutes.csv" in answer.headers["Content-Disposition"]


def test_nothing_yet_is_said_kindly(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get(FIGURES)
    assert page.main.count("Nothing to count yet") == 4


@pytest.mark.parametrize(
    "path",
    [FIGURES, "/teams/riverside/how-we-work", "/teams/riverside/huddles", "/me"],
)
def test_eight_statements_are_enough(app: Flask, cast: Cast, visit: Visit, path: str) -> None:
    with app.app_context():
        for day in range(1, 9):
            hold(cast, datetime(2026, 9, day, 9, tzinfo=UTC), "Go on", action="Ring")
        db.session.commit()
    visitor = visit(cast.manager)
    with watched() as seen:
        assert visitor.get(path).status == 200
    assert len(seen) <= 8, "\n".join(seen)


def test_notes_take_eight_statements_whatever_they_hold(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        few = hold(cast, datetime(2026, 9, 1, 9, tzinfo=UTC))
        many = hold(
            cast, datetime(2026, 9, 2, 9, tzinfo=UTC), *(f"Line {n}" for n in range(20)), action="x"
        )
        db.session.commit()
    for huddle_id in (few, many):
        visitor = visit(cast.manager)
        with watched() as seen:
            assert visitor.get(f"/teams/riverside/huddles/{huddle_id}/notes").status == 200
        assert len(seen) <= 8, "\n".join(seen)


def test_counting_knows_no_person() -> None:
    fields = {*HuddleRow._fields, *ActionRow._fields}
    assert not any("person" in name or "owner" in name for name in fields)
    assert huddle_counts.MONTHS_SHOWN * 31 * timedelta(days=1) > timedelta(days=700)
