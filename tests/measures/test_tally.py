"""Ask a question, tap the answers, watch the week, make it a point; taps that come late or twice."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.measures import queries, service
from improve.measures.models import ObservationChange, TallyTap
from improve.measures.service import MeasureDetails, TallyDetails
from improve.measures.tally_counts import TallyCounts, taken_week, week_of
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.logs import JSONLines
from tests.conftest import NOW
from tests.factories import Cast, actor, make_idea, make_measure
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
QUESTION = "Did the family know your name before you came?"
#: The week that the clock of these tests stands in.
WEEK = date(2026, 11, 23)


def make(app: Flask, cast: Cast, **details: Any) -> int:
    """Return the id of a tally of the first team, made by its manager."""
    with app.app_context():
        made = service.make_tally(
            cast.actor("manager"),
            team_id=cast.team,
            details=TallyDetails(**{"question": QUESTION, **details}),
        )
        db.session.commit()
    return made


@pytest.fixture
def tally_id(app: Flask, cast: Cast) -> int:
    """An open yes/no tally of the first team."""
    return make(app, cast)


@pytest.fixture
def how_many(app: Flask, cast: Cast) -> int:
    """An open tally that asks how many."""
    return make(app, cast, question="How many plans were in the child’s words?", answers="how_many")


def press(visitor: Visitor, tally_id: int, answer: str) -> Page:
    """Press a button of the question's page, as one would without script."""
    page = visitor.get(f"/tallies/{tally_id}")
    return visitor.send(page.form("/taps"), button=answer)


def send(visitor: Visitor, tally_id: int, tapped: int, **more: Any) -> Page:
    """Send a tap as the script does."""
    fields = {"key": secrets.token_hex(16), "answer": str(tapped), "week": WEEK.isoformat(), **more}
    return visitor.post(f"/tallies/{tally_id}/taps", fields, htmx=True)


def add_taps(app: Flask, cast: Cast, tally_id: int, *answers: int, week: date = WEEK) -> list[str]:
    """Tap these answers in a week, when it was this week; return the keys."""
    keys = []
    moment = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)
    with app.app_context(), clock.moved(moment):
        for answer in answers:
            keys.append(secrets.token_hex(16))
            service.tap(actor(cast.practitioner), tally_id=tally_id, key=keys[-1], answer=answer)
        db.session.commit()
    return keys


def counts(app: Flask, cast: Cast, tally_id: int, week: date = WEEK) -> dict[int, int]:
    """Return how often each answer counts in a week."""
    with app.app_context():
        coach = cast.actor("coach")
        view = queries.tallies.tally(coach, tally_id)
        found = queries.tallies.counts_of_weeks(coach, [view], [week])
        db.session.rollback()
        return dict(found[tally_id, week].by_answer) if found else {}


def points(app: Flask, cast: Cast, tally_id: int) -> dict[date, tuple[Any, Any]]:
    """Return what the tally's measure has, by week: (top line or value, bottom line)."""
    with app.app_context():
        coach = cast.actor("coach")
        measure_id = queries.tallies.tally(coach, tally_id).measure_id
        found = queries.observations_of(coach, [measure_id])[measure_id]
        db.session.rollback()
        return {
            o.period_start: (o.value if o.numerator is None else o.numerator, o.denominator)
            for o in found
        }


# ---- making one


def test_manager_asks_a_question(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get("/teams/riverside/tallies")
    assert "No question is open." in page.text
    page = manager.follow(page, "Ask a question")
    done = manager.send(page.form("/tallies/new"), {"question": QUESTION, "better_when": "higher"})
    assert done.heading == QUESTION
    assert "The tally is open." in done.text
    assert "http://localhost/tallies/1" in done.text
    assert "No taps yet." in done.text
    with app.app_context():
        made = queries.measure(cast.actor("manager"), 1)
        assert (made.name, made.recorded, made.frequency) == (QUESTION[:-1], "proportion", "week")
        assert made.team_id == cast.team
        assert made.has_definition
        actions = db.session.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars()
        assert {"tally.made", "measure.defined"} <= set(actions)


def test_a_measure_that_is_there_goes_on(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        share = make_measure(cast, name="Knew the name", numbers=[(4, 5)])
        make_measure(cast, name="Monthly", frequency="month")
        make_measure(cast, name="Other team", team_id=cast.other_team)
        count = make_measure(cast, name="Moves", recorded="count")
        db.session.commit()
    manager = visit(cast.manager)
    form = manager.get("/teams/riverside/tallies/new").form("/tallies/new")
    assert {o["value"] for o in form.node.find_all("option")} == {"0", str(share), str(count)}
    page = manager.send(form, {"question": QUESTION, "measure_id": str(count)})
    assert page.status == 422
    assert "does not fit the question" in page.error_for("measure_id")
    assert ("question", QUESTION) in page.form("/tallies/new").values
    done = manager.send(form, {"question": QUESTION, "measure_id": str(share)})
    assert "Charted as Knew the name" in done.text


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"question": " "}, "question", "Write the question."),
        ({"question": "x" * 161}, "question", "Use 160 characters or fewer."),
        ({"question": QUESTION, "ends_on": "31/02/2027"}, "ends_on", "There is no 31 February"),
        ({"question": QUESTION, "ends_on": "1/2/2026"}, "ends_on", "24"),
        ({"question": QUESTION, "measure_id": "99"}, "measure_id", "Not a valid choice"),
    ],
)
def test_what_does_not_fit_is_refused(
    cast: Cast, visit: Visit, fields: dict[str, str], name: str, words: str
) -> None:
    manager = visit(cast.manager)
    form = manager.get("/teams/riverside/tallies/new").form("/tallies/new")
    page = manager.send(form, fields)
    assert page.status == 422
    assert words in page.error_for(name)


def test_for_an_idea(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast, text="Send a photo before the visit")
        db.session.commit()
    manager = visit(cast.manager)
    page = manager.get(f"/teams/riverside/tallies/new?idea={idea_id}")
    assert "For the test of: Send a photo before the visit" in page.text
    done = manager.send(page.form("/tallies/new"), {"question": QUESTION})
    assert "Send a photo before the visit" in done.main
    assert "Send a photo" in visit(cast.practitioner).get("/tallies/1").main
    with app.app_context():
        made = queries.tallies.tallies_of_team(cast.actor("coach"), cast.team)
        assert [t.idea_id for t in made] == [idea_id]
        with pytest.raises(RuleBroken):
            service.make_tally(
                cast.actor("manager"),
                team_id=cast.team,
                details=TallyDetails(question="Why?", idea_id=987_654),
            )


@pytest.mark.parametrize("who", ["practitioner", "other_manager", "leader"])
def test_others_may_not_ask(cast: Cast, visit: Visit, who: str) -> None:
    person = visit(getattr(cast, who))
    assert person.get("/teams/riverside/tallies/new").status == 403
    assert person.post("/teams/riverside/tallies/new", {"question": QUESTION}).status == 403


# ---- tapping


def test_a_tap_without_script(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = person.get(f"/tallies/{tally_id}")
    assert page.heading == QUESTION
    assert [b.get_text(strip=True) for b in page.soup.select("#taps button")] == [
        "Yes",
        "No",
        "?Could not tell",
    ]
    assert "Amina" not in page.text
    answer = person.send(page.form("/taps"), button="Yes", follow=False)
    assert answer.status == 303
    page = person.get(answer.response.headers["Location"])
    assert "Counted: Yes" in page.main
    assert counts(app, cast, tally_id) == {1: 1}
    press(person, tally_id, "No")
    press(person, tally_id, "? Could not tell")
    assert counts(app, cast, tally_id) == {0: 1, 1: 1, 2: 1}


def test_the_last_tap_is_taken_back(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    press(person, tally_id, "Yes")
    page = press(person, tally_id, "No")
    form = page.form(button="Undo last tap")
    page = person.send(form)
    assert "Taken back. It is not counted." in page.main
    assert counts(app, cast, tally_id) == {1: 1}
    person.send(form)
    assert counts(app, cast, tally_id) == {1: 1}
    # Another phone does not see what this one tapped.
    assert "Counted" not in visit(cast.colleague).get(f"/tallies/{tally_id}").main


def test_a_form_sent_twice_counts_once(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    form = person.get(f"/tallies/{tally_id}").form("/taps")
    for _ in range(3):
        assert "Counted: Yes" in person.send(form, button="Yes").main
    assert "Counted: Yes" in person.send(form, button="No").main
    assert counts(app, cast, tally_id) == {1: 1}


def test_a_script_gets_an_empty_answer(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    key = secrets.token_hex(16)
    for _ in range(2):
        page = send(person, tally_id, 1, key=key)
        assert (page.status, page.text) == (204, "")
    assert counts(app, cast, tally_id) == {1: 1}
    undo = {"key": key}
    for _ in range(2):
        assert person.post(f"/tallies/{tally_id}/undo", undo, htmx=True).status == 204
    assert send(person, tally_id, 1, key=key).status == 204
    assert counts(app, cast, tally_id) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "3"},
        {"answer": "-1"},
        {"answer": ""},
        {"answer": "yes"},
        {"key": ""},
        {"key": "x" * 32},
        {"key": "0" * 33},
        {"week": "2026-11-15"},
        {"week": "2020-01-01"},
    ],
)
def test_what_is_no_tap_is_refused(
    app: Flask, cast: Cast, tally_id: int, visit: Visit, fields: dict[str, str]
) -> None:
    person = visit(cast.practitioner)
    assert send(person, tally_id, 1, **fields).status == 422
    form = {"key": secrets.token_hex(16), "answer": "1", **fields}
    page = person.post(f"/tallies/{tally_id}/taps", form)
    assert page.status == 422
    assert page.heading == QUESTION
    assert counts(app, cast, tally_id) == {}


def test_a_key_of_another_tally_counts_nothing(
    app: Flask, cast: Cast, tally_id: int, visit: Visit
) -> None:
    other = make(app, cast, question="Was the plan read out?")
    person = visit(cast.practitioner)
    key = secrets.token_hex(16)
    assert send(person, tally_id, 1, key=key).status == 204
    assert send(person, other, 0, key=key).status == 422
    assert person.post(f"/tallies/{other}/undo", {"key": key}, htmx=True).status == 204
    assert counts(app, cast, tally_id) == {1: 1}


def test_how_many(app: Flask, cast: Cast, how_many: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    for answer in ("3", "0", "12", "3"):
        assert f"Counted: {answer}" in press(person, how_many, answer).main
    assert send(person, how_many, 21).status == 422
    assert counts(app, cast, how_many) == {0: 1, 3: 2, 12: 1}
    with app.app_context():
        done = service.settle_tally(cast.actor("manager"), how_many, WEEK)
        db.session.commit()
        assert done.change == "added"
    assert points(app, cast, how_many) == {WEEK: (18.0, None)}


@pytest.mark.parametrize("who", ["leader", "other_manager", "voices_reader"])
def test_people_of_other_teams_do_not_tap(
    app: Flask, cast: Cast, tally_id: int, visit: Visit, who: str
) -> None:
    person = visit(getattr(cast, who))
    assert person.get(f"/tallies/{tally_id}").status == 403
    assert send(person, tally_id, 1).status == 403
    assert person.post(f"/tallies/{tally_id}/undo", {"key": "0" * 32}).status == 403
    assert person.get(f"/tallies/{tally_id}/week").status == 200
    assert counts(app, cast, tally_id) == {}


def test_another_council_finds_nothing(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    outsider = visit(cast.outsider)
    for path in ("", "/week"):
        assert outsider.get(f"/tallies/{tally_id}{path}").status == 404
    for path in ("taps", "undo", "point", "close", "reopen"):
        assert outsider.post(f"/tallies/{tally_id}/{path}", {"answer": "1"}).status == 404
    with app.app_context(), pytest.raises(NotFound):
        service.settle_tally(actor(cast.outsider), tally_id, WEEK)


def test_nobody_is_asked_to_sign_in(cast: Cast, tally_id: int, visit: Visit) -> None:
    assert "/sign-in" in visit().get(f"/tallies/{tally_id}", follow=False).response.location
    answer = visit().post(f"/tallies/{tally_id}/taps", {"key": "0" * 32, "answer": "1"})
    assert answer.status == 401


def test_who_tapped_and_when_is_kept_nowhere(
    app: Flask, cast: Cast, tally_id: int, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    person = visit(cast.practitioner)
    with caplog.at_level(logging.INFO, logger="improve"):
        key = secrets.token_hex(16)
        assert send(person, tally_id, 1, key=key).status == 204
        assert person.post(f"/tallies/{tally_id}/undo", {"key": key}, htmx=True).status == 204
        press(person, tally_id, "Yes")
    said = "\n".join(JSONLines().format(record) for record in caplog.records)
    assert key not in said
    assert '"person"' not in said
    assert f"/tallies/{tally_id}/" not in said
    assert {c.name for c in TallyTap.__table__.columns} == {
        "id", "tally_id", "week_on", "answer", "is_undone",
    }  # fmt: skip
    with app.app_context():
        assert not db.session.execute(
            select(AuditEntry.id).where(AuditEntry.action.like("tally.t%"))
        ).all()


# ---- weeks


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        # Clocks go back on Sunday 25 October 2026: 23:30 there is 23:30 UTC.
        ("2026-10-25T23:30", "2026-10-19"),
        ("2026-10-26T00:00", "2026-10-26"),
        ("2026-10-24T23:30", "2026-10-19"),
        # Clocks go forward on Sunday 28 March 2027: midnight there is 23:00 UTC.
        ("2027-03-28T22:59", "2027-03-22"),
        ("2027-03-28T23:00", "2027-03-29"),
        # In summer Monday begins at 23:00 UTC on Sunday.
        ("2026-06-28T22:59", "2026-06-22"),
        ("2026-06-28T23:00", "2026-06-29"),
    ],
)
def test_a_week_is_monday_to_sunday_by_the_councils_clocks(moment: str, week: str) -> None:
    with clock.moved(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        assert week_of(clock.today()).isoformat() == week
        assert taken_week(None, clock.today()) == date.fromisoformat(week)


def test_kept_taps_belong_to_the_week_they_were_made_in(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with clock.moved(NOW - timedelta(days=30)):
        tally_id = make(app, cast)
    person = visit(cast.practitioner)
    last = WEEK - timedelta(days=7)
    for week, status in (
        (last, 204),
        (last + timedelta(days=6), 204),
        (last - timedelta(days=1), 422),
        (WEEK + timedelta(days=7), 204),
    ):
        assert send(person, tally_id, 1, week=week.isoformat(), kept="1").status == status
    assert counts(app, cast, tally_id, last) == {1: 2}
    # A phone whose clock is fast has tapped this week.
    assert counts(app, cast, tally_id, WEEK) == {1: 1}


def test_weeks_before_it_was_asked_are_closed(
    app: Flask, cast: Cast, tally_id: int, visit: Visit
) -> None:
    last = (WEEK - timedelta(days=7)).isoformat()
    assert send(visit(cast.practitioner), tally_id, 1, week=last, kept="1").status == 422


# ---- points


def test_manager_makes_the_point_now_and_again(
    app: Flask, cast: Cast, tally_id: int, visit: Visit
) -> None:
    add_taps(app, cast, tally_id, 1, 1, 1, 0, 2)
    manager = visit(cast.manager)
    page = manager.get(f"/tallies/{tally_id}/week")
    assert "3 yes of 4 answers. 1 could not tell." in page.main
    assert "Few answers: one more could change the share a lot." in page.main
    page = manager.send(page.form(button="Make this week’s point now"))
    assert "75% is on the chart for the week of 23 Nov." in page.main
    assert "On the chart: 75%." in page.main
    assert points(app, cast, tally_id) == {WEEK: (3.0, 4.0)}
    add_taps(app, cast, tally_id, 1)
    page = manager.get(f"/tallies/{tally_id}/week")
    assert "75%, counted again tonight" in page.main
    page = manager.send(page.form(button="Count this week’s point again"))
    assert "80% is on the chart" in page.main
    page = manager.send(page.form(button="Count this week’s point again"))
    assert "The chart has 80% for the week of 23 Nov already." in page.main
    with app.app_context():
        changes = db.session.execute(select(ObservationChange)).scalars().all()
        assert [(c.old_denominator, c.new_denominator) for c in changes] == [(4, 5)]
        assert "counted again" in changes[0].reason
        actions = db.session.execute(
            select(AuditEntry.action).where(AuditEntry.object_kind == "tally")
        ).scalars()
        assert sorted(actions) == ["tally.made", "tally.point_added", "tally.point_changed"]


def test_a_week_without_an_answer_is_a_gap(
    app: Flask, cast: Cast, tally_id: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.post(f"/tallies/{tally_id}/point", {"week": WEEK.isoformat()}, follow=True)
    assert "No answers in the week of 23 Nov: the chart shows a gap." in page.main
    keys = add_taps(app, cast, tally_id, 2, 2)
    manager.post(f"/tallies/{tally_id}/point", {"week": WEEK.isoformat()})
    assert points(app, cast, tally_id) == {}
    # A point goes with its last tap, with a word in the log.
    keys = add_taps(app, cast, tally_id, 1)
    manager.post(f"/tallies/{tally_id}/point", {"week": WEEK.isoformat()})
    assert points(app, cast, tally_id) == {WEEK: (1.0, 1.0)}
    visit(cast.practitioner).post(f"/tallies/{tally_id}/undo", {"key": keys[0]})
    page = manager.post(f"/tallies/{tally_id}/point", {"week": WEEK.isoformat()}, follow=True)
    assert "No taps are left" in page.main
    assert points(app, cast, tally_id) == {}


def test_only_managers_and_coaches_make_points(
    app: Flask, cast: Cast, tally_id: int, visit: Visit
) -> None:
    add_taps(app, cast, tally_id, 1, 0)
    page = visit(cast.practitioner).get(f"/tallies/{tally_id}/week")
    assert not page.has_form("/point")
    assert not page.has_form("/close")
    for who in ("practitioner", "other_manager", "leader"):
        assert visit(getattr(cast, who)).post(f"/tallies/{tally_id}/point").status == 403
    assert visit(cast.coach).post(f"/tallies/{tally_id}/point").status == 303
    with app.app_context():
        with pytest.raises(Forbidden):
            service.settle_tally(cast.actor("practitioner"), tally_id, WEEK)
        with pytest.raises(RuleBroken):
            service.settle_tally(cast.actor("manager"), tally_id, WEEK + timedelta(days=7))


@pytest.fixture
def past_tally(app: Flask, cast: Cast) -> int:
    """A tally asked three weeks ago, with taps in the two weeks before this one."""
    with clock.moved(NOW - timedelta(days=21)):
        made = make(app, cast)
    add_taps(app, cast, made, 1, 1, 0, week=WEEK - timedelta(days=14))
    add_taps(app, cast, made, 1, week=WEEK - timedelta(days=7))
    add_taps(app, cast, made, 1)
    return made


def nightly(app: Flask) -> str:
    """Run the nightly command and return what it says."""
    result = app.test_cli_runner().invoke(args=["nightly"])
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_at_night_the_weeks_that_are_over_become_points(
    app: Flask, cast: Cast, past_tally: int
) -> None:
    assert "that are over: 2." in nightly(app)
    first, second = WEEK - timedelta(days=14), WEEK - timedelta(days=7)
    assert points(app, cast, past_tally) == {first: (2.0, 3.0), second: (1.0, 1.0)}
    assert "that are over" not in nightly(app)
    # Late taps are counted again, and the change is logged.
    with app.app_context():
        service.tap(
            actor(cast.colleague),
            tally_id=past_tally,
            key=secrets.token_hex(16),
            answer=0,
            week_on=second,
            was_kept=True,
        )
        db.session.commit()
    assert "that are over: 1." in nightly(app)
    assert points(app, cast, past_tally)[second] == (1.0, 2.0)
    with app.app_context():
        assert db.session.execute(select(ObservationChange.period_start)).scalars().all() == [
            second
        ]
        entry = db.session.execute(
            select(AuditEntry).where(AuditEntry.action == "tally.point_changed")
        ).scalar_one()
        assert (entry.actor_id, entry.organisation_id) == (None, cast.organisation)


def test_at_night_nothing_is_written_over_what_a_person_changed(
    app: Flask, cast: Cast, past_tally: int
) -> None:
    first, second = WEEK - timedelta(days=14), WEEK - timedelta(days=7)
    with app.app_context():
        manager = cast.actor("manager")
        measure_id = queries.tallies.tally(manager, past_tally).measure_id
        service.add_point(
            manager, measure_id=measure_id, period_start=first, numerator=9, denominator=10
        )
        db.session.commit()
    nightly(app)
    assert points(app, cast, past_tally) == {first: (9.0, 10.0), second: (1.0, 1.0)}
    with app.app_context():
        found = queries.observations_at(manager, measure_id, [second])[second]
        service.remove_point(
            manager, measure_id=measure_id, observation_id=found.id, reason="A training week"
        )
        db.session.commit()
    nightly(app)
    assert points(app, cast, past_tally) == {first: (9.0, 10.0)}
    page = Visitor(app, cast.manager).get(f"/tallies/{past_tally}/week")
    assert "90%, changed by hand" in page.main
    assert "Taken out by hand" in page.main
    manager = Visitor(app, cast.manager)
    again = manager.get(f"/tallies/{past_tally}/week").form(
        button="Use the taps of the week of 16 Nov"
    )
    done = manager.send(again)
    assert "is on the chart" in done.main


def test_at_night_a_closed_measure_and_one_who_left_are_no_trouble(
    app: Flask, cast: Cast, past_tally: int
) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        db.session.execute(
            text("DELETE FROM memberships WHERE person_id = :p"), {"p": cast.manager}
        )
        other = service.make_tally(
            cast.actor("coach"), team_id=cast.team, details=TallyDetails(question="And this?")
        )
        db.session.execute(text("UPDATE tallies SET starts_on = '2026-11-02'"))
        db.session.commit()
        add_taps(app, cast, other, 1, week=WEEK - timedelta(days=7))
        measure_id = queries.tallies.tally(manager, other).measure_id
        service.close_measure(cast.actor("coach"), measure_id=measure_id, seen_version=1)
        db.session.commit()
    assert "that are over: 2." in nightly(app)
    assert points(app, cast, other) == {}


# ---- the wall, open and closed


def test_the_wall_asks_again_and_is_told_only_what_changed(
    app: Flask, cast: Cast, tally_id: int, visit: Visit
) -> None:
    add_taps(app, cast, tally_id, 0, 1, 2)
    wall = visit(cast.manager)
    page = wall.get(f"/tallies/{tally_id}/week")
    part = page.soup.find(id="tally-week")
    squares = [s["class"][-1] for s in part.select(".tally-squares .tally-square")]
    assert squares == ["is-yes", "is-no", "is-unknown"]
    again = str(part["hx-get"])
    poll = {"X-Poll": "1"}
    assert wall.get(again, htmx=True, headers=poll).status == 204
    add_taps(app, cast, tally_id, 1)
    fresh = wall.get(again, htmx=True, headers=poll)
    assert "2 yes of 3 answers." in fresh.text
    assert not fresh.soup.find("header")
    assert "Sam" not in fresh.text


def test_close_and_open_again(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    manager, person = visit(cast.manager), visit(cast.practitioner)
    old_form = person.get(f"/tallies/{tally_id}").form("/taps")
    close = manager.get(f"/tallies/{tally_id}/week").form("/close")
    assert "The tally is closed." in manager.send(close).main
    page = person.send(old_form, button="Yes")
    assert page.status == 422
    assert "This tally is closed. Nothing was counted." in page.main
    assert not page.has_form("/taps")
    # What waited on a phone still counts for the last week.
    assert send(person, tally_id, 1, kept="1").status == 204
    assert send(person, tally_id, 1).status == 422
    assert manager.send(close).status == 409
    assert "Closed" in manager.get("/teams/riverside/tallies").main
    reopen = manager.get(f"/tallies/{tally_id}/week").form("/reopen")
    assert "open again" in manager.send(reopen).main
    assert "Counted: Yes" in press(person, tally_id, "Yes").main
    with app.app_context():
        actions = db.session.execute(
            select(AuditEntry.action).where(AuditEntry.object_kind == "tally")
        ).scalars()
        assert sorted(actions) == ["tally.closed", "tally.made", "tally.reopened"]
        with pytest.raises(Stale):
            service.close_tally(cast.actor("manager"), tally_id=tally_id, seen_version=1)


def test_it_closes_after_its_last_day(app: Flask, cast: Cast, visit: Visit) -> None:
    tally_id = make(app, cast, ends_on=date(2026, 11, 25))
    person = visit(cast.practitioner)
    assert send(person, tally_id, 1).status == 204
    with clock.moved(NOW + timedelta(days=2)):
        person = visit(cast.practitioner)
        assert send(person, tally_id, 1).status == 422
        assert send(person, tally_id, 1, kept="1").status == 204
        manager = visit(cast.manager)
        page = manager.get(f"/tallies/{tally_id}/week")
        assert "Closed since Wed 25 Nov." in page.main
        manager.send(page.form("/reopen"))
        assert send(person, tally_id, 1).status == 204
    with clock.moved(NOW + timedelta(days=8)):
        person, manager = visit(cast.practitioner), visit(cast.manager)
        late = {"week": (WEEK + timedelta(days=7)).isoformat(), "kept": "1"}
        manager.send(manager.get(f"/tallies/{tally_id}/week").form("/close"))
        assert send(person, tally_id, 1, **late).status == 204


# ---- many at once


def test_two_phones_and_a_wall_at_once(app: Flask, cast: Cast, tally_id: int, visit: Visit) -> None:
    """Every tap counts once, also when both send some twice, while the point is made again."""
    phones = [visit(cast.practitioner), visit(cast.colleague)]
    tokens = [p.csrf_token() for p in phones]
    wall, manager = visit(cast.leader), visit(cast.manager)
    form = manager.get(f"/tallies/{tally_id}/week")
    manager_token = manager.csrf_token()
    failed: list[Any] = []
    taps = 15
    gate = threading.Barrier(4)

    def tapping(number: int) -> None:
        gate.wait()
        for at in range(taps):
            data = {
                "csrf_token": tokens[number],
                "key": f"{number}{at:031x}",
                "answer": str((at + number) % 2),
                "week": WEEK.isoformat(),
            }
            for _ in range(1 + at % 2):
                answer = phones[number].client.post(
                    f"/tallies/{tally_id}/taps", data=data, headers={"HX-Request": "true"}
                )
                if answer.status_code != 204:
                    failed.append(answer.status_code)
                answer.close()

    def watching() -> None:
        gate.wait()
        for _ in range(10):
            answer = wall.client.get(f"/tallies/{tally_id}/week", headers={"HX-Request": "true"})
            if answer.status_code != 200:
                failed.append(answer.status_code)
            answer.close()

    def settling() -> None:
        gate.wait()
        for _ in range(5):
            answer = manager.client.post(
                f"/tallies/{tally_id}/point",
                data={"csrf_token": manager_token, "week": WEEK.isoformat()},
            )
            if answer.status_code != 303:
                failed.append(answer.status_code)
            answer.close()

    acts = [(tapping, (0,)), (tapping, (1,)), (watching, ()), (settling, ())]
    threads = [threading.Thread(target=copy_context().run, args=(act, *args)) for act, args in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed
    assert form.status == 200
    assert sum(counts(app, cast, tally_id).values()) == 2 * taps
    manager.post(f"/tallies/{tally_id}/point", {"week": WEEK.isoformat()})
    assert points(app, cast, tally_id) == {WEEK: (15.0, 30.0)}


def test_words_of_counts() -> None:
    assert TallyCounts("yes_no", {1: 5, 0: 1}).words.replace("\u00a0", " ") == (
        "5 yes of 6 answers."
    )
    assert TallyCounts("yes_no", {2: 3}).words == "No yes or no yet. 3 could not tell."
    assert TallyCounts("how_many", {0: 2, 4: 1}).words.replace("\u00a0", " ") == (
        "4 in all, from 3 taps."
    )
    assert TallyCounts("yes_no", {1: 10}).few_words == ""
    assert not TallyCounts("how_many", {0: 1}).is_gap
    assert MeasureDetails(name="x").frequency == "week"


def test_a_wall_shows_the_week_alone(app: Flask, cast: Cast, visit: Visit) -> None:
    made = make(app, cast)
    page = visit(cast.manager).get(f"/tallies/{made}/week?wall=1")
    assert "This week" in page.text
    assert "Tap on a phone" in page.text
    assert not page.soup.find_all(["button", "form"])
    assert "wall=1" in page.soup.find(id="tally-week")["hx-get"]


def test_what_taps_count_is_nobody_s_to_type(app: Flask, cast: Cast, visit: Visit) -> None:
    make(app, cast)
    assert "Numbers to add" not in visit(cast.manager).get("/me").text
