"""Anybody on the staff reads how a team's work of improving goes, and the whole organisation's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from improve.accounts.queries.staff import active_staff
from improve.accounts.roles import Role
from improve.ideas import service as ideas
from improve.ideas.flow import DecisionRow, LoggedRow, ReplyRow, StayRow
from improve.ideas.kinds import Answerer, ReplyKind, Source, Stage, Way
from improve.ideas.queries import flow, taking_part
from improve.review.queries import history
from improve.review.system_measures import DEFINITIONS, needs_of
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in, make_idea, make_person, make_team, take
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
TEAM, ALL = "/teams/riverside/how-we-work", "/review/how-we-work"
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def on(month: int, day: int, year: int = 2026) -> int:
    return date(year, month, day).toordinal()


@pytest.fixture
def year(app: Flask, cast: Cast) -> None:
    """Ten months in which one idea is kept, one is in Do and one waits each month."""
    with app.app_context():
        for month in range(1, 11):
            with clock.moved(at(month, 5)):
                finish_cycle(cast, "adopt" if month % 3 else "abandon")
                idea_in(cast, Stage.DO)
                make_idea(cast, source=Source.CHILD)
        for number in range(3):
            make_person(cast.organisation, team_id=cast.team, name=f"More{number} Example")
        db.session.commit()


# --- the rows, on both engines


def test_days_are_those_of_the_councils_clocks(app: Flask, cast: Cast) -> None:
    """Half past eleven at night in summer is the next day by UTC less an hour, and not in winter."""
    moments = (
        (at(7, 1, 22, 30), on(7, 1)),
        (at(7, 1, 23, 0), on(7, 2)),
        (at(7, 1, 23, 30), on(7, 2)),
        (at(1, 15, 23, 30), on(1, 15)),
        (at(3, 28, 23, 59), on(3, 28)),  # the night before the clocks go forward
        (at(3, 29, 22, 59), on(3, 29)),
        (at(3, 29, 23, 0), on(3, 30)),
        (at(10, 24, 23, 30), on(10, 25)),  # the night the clocks go back
        (at(10, 25, 23, 30), on(10, 25)),
        (at(10, 26, 0, 0), on(10, 26)),
        (at(2, 28, 23, 59), on(2, 28)),
        (at(12, 31, 23, 59, year=2025), on(12, 31, 2025)),
        (at(1, 1, 0, 0, year=2025), on(1, 1, 2025)),
    )
    with app.app_context():
        for moment, _ in moments:
            with clock.moved(moment):
                make_idea(cast)
        db.session.commit()
        rows = flow.arrivals(cast.actor("coach"), since=LONG_AGO).replies
    found: dict[int, int] = {}
    for row in rows:
        found[row.logged_on] = found.get(row.logged_on, 0) + row.n
    expected: dict[int, int] = {}
    for moment, day in moments:
        assert clock.local(moment).toordinal() == day
        expected[day] = expected.get(day, 0) + 1
    assert found == expected


def test_rows_of_a_kept_idea_one_that_waits_and_one_withdrawn(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with clock.moved(at(3, 2)):
            kept = make_idea(cast, source=Source.PARENT_OR_CARER)
            waits = make_idea(cast)
            gone = make_idea(cast)
        with clock.moved(at(3, 5)):
            ideas.reply_first(
                cast.actor("manager"), idea_id=kept, kind=ReplyKind.WILL_TRY,
                words="Yes, please try it", seen_version=1,
            )  # fmt: skip
            ideas.move_stage(
                cast.actor("practitioner"), idea_id=gone, way=Way.WITHDRAW, seen_version=1,
                from_stage=Stage.SUGGESTED, note="It is done already",
            )  # fmt: skip
        for way, day in ((Way.PLAN, 6), (Way.DO, 10), (Way.STUDY, 20), (Way.ACT, 24)):
            with clock.moved(at(3, day)):
                take(cast, kept, way)
        with clock.moved(at(4, 1, 22)):
            take(cast, kept, Way.KEEP, answers={"decision_why": "It held"}, note="")
        db.session.commit()
        actor = cast.actor("coach")
        replies = flow.arrivals(actor, since=LONG_AGO, team_id=cast.team).replies
        alone = flow.replies(actor, since=LONG_AGO, team_id=cast.team)
        assert sorted(alone, key=repr) == sorted(replies, key=repr)
        logged = list(flow.arrivals(actor, since=LONG_AGO, team_id=cast.team).logged)
        decisions = flow.decisions(actor, since=LONG_AGO, team_id=cast.team)
        stays = flow.stays(actor, since=LONG_AGO, team_id=cast.team)
        other = list(flow.arrivals(actor, since=LONG_AGO, team_id=cast.other_team).logged)
        late = list(flow.arrivals(actor, since=at(3, 3), team_id=cast.team).logged)
    assert waits
    assert sorted(replies, key=str) == sorted(
        (
            ReplyRow(on(3, 2), on(3, 5), False, 1),
            ReplyRow(on(3, 2), None, False, 1),
            ReplyRow(on(3, 2), None, True, 1),
        ),
        key=str,
    )
    assert sorted(logged) == [
        LoggedRow(on(3, 2), "own", False, False, False, 2),
        LoggedRow(on(3, 2), "parent_or_carer", True, False, False, 1),
    ]
    assert decisions == [DecisionRow(on(4, 1), "adopt", on(4, 1) - on(3, 6), 1)]
    assert sorted(stays) == [
        StayRow("act", on(3, 24), 8, True, 1),
        StayRow("do", on(3, 10), 10, True, 1),
        StayRow("plan", on(3, 6), 4, True, 1),
        StayRow("study", on(3, 20), 4, True, 1),
    ]
    assert other == []
    assert late == []


def test_do_after_ninety_days_is_not_tried_in_time_and_an_undone_move_never_was(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        with clock.moved(at(1, 5)):
            first, second, third = (
                idea_in(cast, Stage.PLAN),
                idea_in(cast, Stage.PLAN),
                idea_in(cast, Stage.PLAN),
            )
        with clock.moved(at(4, 5)):  # ninety days
            take(cast, first, Way.DO)
            undone = take(cast, third, Way.DO)
            ideas.undo_move(cast.actor("manager"), idea_id=third, move_id=undone.move_id)
        with clock.moved(at(4, 6)):
            take(cast, second, Way.DO)
        db.session.commit()
        rows = flow.arrivals(cast.actor("coach"), since=LONG_AGO).logged
        stays = flow.stays(cast.actor("coach"), since=LONG_AGO)
    assert sorted(rows) == [
        LoggedRow(on(1, 5), "own", False, False, False, 2),
        LoggedRow(on(1, 5), "own", True, False, False, 1),
    ]
    assert StayRow("plan", on(1, 5), None, False, 1) in stays


def test_a_stop_before_act_has_no_days(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with clock.moved(at(5, 4)):
            stopped = idea_in(cast, Stage.DO)
            changed = idea_in(cast, Stage.ACT)
        with clock.moved(at(5, 11)):
            answers = {"decision_why": "Too much", "learned": "Ask first"}
            take(cast, stopped, Way.STOP, answers=answers)
            take(cast, changed, Way.CHANGE, answers={"decision_why": "Half of it"}, note="")
        db.session.commit()
        rows = flow.decisions(cast.actor("coach"), since=LONG_AGO)
    assert sorted(rows) == [
        DecisionRow(on(5, 11), "abandon", None, 1),
        DecisionRow(on(5, 11), "adapt", 7, 1),
    ]


def test_parts_are_by_logging_commenting_leading_and_belonging(app: Flask, cast: Cast) -> None:
    spans = [at(1, 1), at(4, 1), at(7, 1), at(10, 1)]
    with app.app_context():
        with clock.moved(at(2, 2)):
            idea_id = idea_in(cast, Stage.DO, by=cast.colleague)  # led by the practitioner
        with clock.moved(at(8, 3)):
            ideas.comment(
                cast.actor("other_manager"), idea_id=idea_id, words="We do so too", form_token="c"
            )
        db.session.commit()

        def parts(**more: object) -> dict[int, list[tuple[int, int, bool]]]:
            found: dict[int, list[tuple[int, int, bool]]] = {}
            for row in taking_part.parts(
                cast.actor("coach"),
                spans=spans,
                recent=at(8, 1),
                **more,  # type: ignore[arg-type]
            ):
                found.setdefault(row.person_id, []).append((row.first, row.last, row.is_recent))
            return found

        everyone = parts()
        few = parts(person_ids=[cast.colleague])
    assert everyone[cast.colleague] == [(0, 0, False)]
    assert everyone[cast.practitioner] == [(0, 3, True)]  # the test goes on
    assert everyone[cast.other_manager] == [(2, 2, True)]
    assert set(few) == {cast.colleague}


def test_what_a_coach_keeps_off_the_board_is_in_no_number(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with clock.moved(at(9, 7)):
            make_idea(cast, answerer=Answerer.COACH)
        db.session.commit()
        actor = cast.actor("coach")
        past = history(actor, needs=needs_of(DEFINITIONS), team_id=cast.team)
    assert (past.replies, past.logged, past.stays, past.parts) == ((), (), (), ())


def test_staff_are_active_people_of_the_team_without_guests(app: Flask, cast: Cast) -> None:
    with app.app_context():
        guest = make_person(cast.organisation, role=Role.GUEST, team_id=cast.team)
        db.session.commit()
        team = {row.person_id for row in active_staff(cast.actor("coach"), cast.team)}
        everybody = {row.person_id for row in active_staff(cast.actor("coach"))}
    assert team == {cast.practitioner, cast.colleague, cast.manager}
    assert guest not in everybody
    assert cast.administrator not in everybody
    assert {cast.leader, cast.coach, cast.other_manager} < everybody
    assert cast.outsider not in everybody


# --- the pages


def test_team_page_shows_every_measure_with_its_sentence(
    app: Flask, cast: Cast, visit: Visit, year: None
) -> None:
    page = visit(cast.practitioner).get(TEAM)
    assert page.heading == "Riverside: how we work"
    for one in DEFINITIONS:
        assert page.links(one.name), one.key
    assert "Counted from 30 ideas in 10 months." in page.main
    assert "10 ideas wait for a reply now" in page.main
    assert "In all the months shown 10 of 30 ideas came from children" in page.main
    assert "No goals, and no team beside another." in page.main
    assert "Hillside" not in page.main


def test_each_measure_has_a_page_and_a_file(
    app: Flask, cast: Cast, visit: Visit, year: None
) -> None:
    visitor = visit(cast.leader)
    for start in (TEAM, ALL):
        for one in DEFINITIONS:
            page = visitor.get(f"{start}?measure={one.key}")
            assert page.heading == one.name
            assert one.formula in page.main
            assert one.care in page.main
            answer = visitor.client.get(f"{start}/data.csv?measure={one.key}")
            assert answer.mimetype == "text/csv"
            assert one.key.replace("_", "-") in answer.headers["Content-Disposition"]
            answer.close()


def test_file_of_all_holds_every_point(app: Flask, cast: Cast, visit: Visit, year: None) -> None:
    answer = visit(cast.leader).client.get(f"{TEAM}/data.csv")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    answer.close()
    assert lines[0] == "Measure,From,Value,Top line,Bottom line"
    assert "Ideas from children and families,2026-03-01,33.3333333333333,1,3" in lines


def test_small_team_is_told_why_taking_part_is_not_counted(cast: Cast, visit: Visit) -> None:
    page = visit(cast.manager).get(TEAM)
    assert "There are fewer than 5 people in the team, so this is not counted." in page.main
    detail = visit(cast.manager).get(f"{TEAM}?measure=participation")
    assert "3" not in detail.main.split("How it is counted")[0]


def test_organisation_page_is_about_the_whole_alone(
    app: Flask, cast: Cast, visit: Visit, year: None
) -> None:
    page = visit(cast.leader).get(ALL)
    assert page.heading == "The whole organisation: how we work"
    # Teams stand there to be chosen, one at a time, and nowhere else.
    page.soup.find("form", class_="filter-bar").decompose()  # type: ignore[union-attr]
    shown = page.soup.find("main").get_text(" ")  # type: ignore[union-attr]
    assert "how we work" in shown
    assert "Riverside" not in shown
    assert "Hillside" not in shown
    assert visit(cast.leader).get("/review").links("How we work")


def test_no_person_is_named(app: Flask, cast: Cast, visit: Visit, year: None) -> None:
    for start in (TEAM, ALL):
        for tail in ("", *(f"?measure={one.key}" for one in DEFINITIONS)):
            page = visit(cast.leader).get(start + tail)
            for name in ("Amina", "Birch", "Sam", "Alder", "Jo Sedge"):
                assert name not in page.main, (start, tail)


def test_measure_or_team_that_is_not_there(cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.leader)
    assert visitor.get(f"{TEAM}?measure=loop_closed").status == 404
    assert visitor.get(f"{ALL}?measure=x").status == 404
    assert visitor.get("/teams/nowhere/how-we-work").status == 404
    assert visitor.get("/teams/nowhere/how-we-work/data.csv").status == 404


def test_another_council_counts_only_its_own(
    app: Flask, cast: Cast, visit: Visit, year: None
) -> None:
    for path in (TEAM, ALL):
        page = visit(cast.outsider).get(path)
        assert page.status == 200
        assert "idea in" not in page.main
        assert "ideas in" not in page.main
        assert "No idea waits for a reply now." in page.main


def test_who_only_keeps_accounts_and_guests_are_refused(cast: Cast, visit: Visit) -> None:
    for person in (cast.administrator, cast.guest):
        for path in (TEAM, ALL, f"{TEAM}/data.csv", f"{ALL}/data.csv"):
            assert visit(person).get(path).status == 403


def test_at_most_eight_statements_whatever_there_is(
    app: Flask, cast: Cast, visit: Visit, year: None, statements: Watch
) -> None:
    with app.app_context():
        make_team(cast.organisation)
        db.session.commit()
    leader = visit(cast.leader)
    for path, most in (
        (TEAM, 8),
        (ALL, 8),
        (f"{TEAM}/data.csv", 8),
        (f"{TEAM}?measure=age_in_stage", 3),
        # The teams and services to choose from are one more.
        (f"{ALL}?measure=participation", 4),
    ):
        with statements() as seen:
            leader.get(path)
        assert len(seen) <= most, (path, len(seen))
