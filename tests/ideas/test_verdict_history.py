"""A changed verdict stands in the idea's history with its cause; nobody can write one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from wtforms import Form as AnyForm

from improve.ideas import queries
from improve.ideas import service as ideas
from improve.ideas.history_words import TOO_FEW_CODE, VERDICT_NAMES
from improve.ideas.kinds import Stage, Way
from improve.ideas.page import HistoryLine
from improve.measures import queries as measure_queries
from improve.measures import service as measures
from improve.measures.models import TestWindow
from improve.measures.service import decisions, lines
from improve.measures.service.define import details_of
from improve.measures.spc.words import verdict_words
from improve.measures.views import VERDICT_CAUSES, ObservationView
from improve.shared import clock, events
from improve.shared.db import db
from improve.shared.forms import Form
from tests.conftest import NOW
from tests.factories import Cast, actor, enter_numbers, idea_in, make_measure, take
from tests.ideas.judged import SERIES, STEADY, THIS_WEEK, judged_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
MEASURES = Path(__file__).resolve().parents[2] / "improve" / "measures"
REACHES_A_VERDICT = ("verdict", "decided_code", "decided_facts", "decided_on", "spark")


def verdict_lines(cast: Cast, idea_id: int) -> list[str]:
    """Return the lines of history about the chart, newest first, plainly spaced."""
    lines = queries.history(actor(cast.manager), idea_id)
    return [_read(line) for line in lines if line.kind == "verdict"]


def _read(line: HistoryLine) -> str:
    return f"{line.who} {line.words}".replace("\u00a0", " ")


@pytest.fixture
def idea_id(context: Flask, cast: Cast) -> int:
    """An idea in Study whose measure got better for the last seven weeks."""
    made = judged_idea(cast, "improvement", weeks=7)
    db.session.commit()
    return made


def test_every_call_says_what_was_done() -> None:
    """Nothing makes verdicts anew without a cause that history can say."""
    calls = []
    for path in sorted(MEASURES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "recompute":
                calls.append((path.name, next((k for k in node.keywords), None)))
    assert len(calls) >= 8
    for name, keyword in calls:
        assert keyword is not None, name
        assert keyword.arg == "because", name
        if isinstance(keyword.value, ast.Constant):
            assert keyword.value.value in VERDICT_CAUSES, name


@pytest.mark.parametrize("because", sorted(VERDICT_CAUSES))
def test_each_cause_reads_well(context: Flask, cast: Cast, because: str) -> None:
    idea = idea_in(cast, Stage.DO)
    for place, cycle, old, new in (
        ("main", 2, "too_early", "improvement"),
        ("beside", 1, None, "no_signal"),
        ("main", 1, "mixed", None),
    ):
        change = measures.VerdictChange(idea, cycle, place, 1, "Visits", old, new)
        events.publish(measures.VerdictsRewritten((idea,), (change,), because))
    cause = VERDICT_CAUSES[because]
    assert sorted(verdict_lines(cast, idea)) == [
        f"The chart beside it, cycle 1 says “No signal yet”: {cause}",
        f"The chart of cycle 1 no longer says “Moved both ways”: {cause}",
        f"The chart of cycle 2 now says “Improvement” instead of “Too early”: {cause}",
    ]


def test_numbers_entered_put_right_and_taken_out(cast: Cast, idea_id: int) -> None:
    coach = actor(cast.coach)
    (window,) = measure_queries.windows_of_idea(coach, idea_id)
    own: dict[str, Any] = {"measure_id": window.measure_id}

    def points() -> list[ObservationView]:
        return measure_queries.observations_of(coach, [window.measure_id])[window.measure_id]

    with clock.moved(NOW + timedelta(minutes=1)):
        measures.add_point(coach, **own, period_start=THIS_WEEK, value=41.0)
    assert verdict_lines(cast, idea_id)[0] == (
        "The chart of cycle 1 now says “Improved, then went back” instead of “Improvement”: "
        "a number was added"
    )
    with clock.moved(NOW + timedelta(minutes=2)):
        last = points()[-1]
        # A note written with it is no cause of its own.
        measures.change_point(
            coach,
            **own,
            observation_id=last.id or 0,
            seen=last.mark,
            value=56.0,
            note="Counted anew",
            reason="A slip",
        )
    assert verdict_lines(cast, idea_id)[0].endswith("a number was put right")
    with clock.moved(NOW + timedelta(minutes=3)):
        for point in [p for p in points() if p.period_start >= window.starts_on][:2]:
            measures.remove_point(
                coach, **own, observation_id=point.id or 0, reason="Counted twice"
            )
    assert verdict_lines(cast, idea_id)[0] == (
        "The chart of cycle 1 now says “Too early” instead of “Improvement”: a number was taken out"
    )
    with clock.moved(NOW + timedelta(minutes=4)):
        enter_numbers(cast, window.measure_id, [54.0, 53.0], first_on=window.starts_on)
    assert verdict_lines(cast, idea_id)[0].endswith("instead of “Too early”: numbers were added")


def test_history_calls_no_test_that_ended_too_early(cast: Cast, idea_id: int) -> None:
    coach = actor(cast.coach)
    (window,) = measure_queries.windows_of_idea(coach, idea_id)
    take(cast, idea_id, Way.ACT)
    take(cast, idea_id, Way.STOP, answers={"decision_why": "No time"})
    series = measure_queries.observations_of(coach, [window.measure_id])[window.measure_id]
    with clock.moved(NOW + timedelta(minutes=3)):
        measures.remove_point(
            coach, measure_id=window.measure_id, observation_id=series[-1].id or 0, reason="Twice"
        )
    assert verdict_lines(cast, idea_id)[0] == (
        "The chart of cycle 1 now says “Too few points” instead of “Improvement”: "
        "a number was taken out"
    )
    with clock.moved(NOW + timedelta(minutes=4)):
        enter_numbers(cast, window.measure_id, [54.0], first_on=series[-1].period_start)
    assert "instead of “Too few points”" in verdict_lines(cast, idea_id)[0]


def test_a_measure_that_reads_the_other_way(cast: Cast, idea_id: int) -> None:
    coach = actor(cast.coach)
    (window,) = measure_queries.windows_of_idea(coach, idea_id)
    view = measure_queries.measure(coach, window.measure_id)
    with clock.moved(NOW + timedelta(minutes=1)):
        measures.edit_measure(
            coach,
            measure_id=view.id,
            seen_version=view.version,
            details=replace(details_of(view), better_when="lower"),
        )
    assert verdict_lines(cast, idea_id)[0] == (
        "The chart of cycle 1 now says “It got worse” instead of “Improvement”: "
        "what the measure says of itself was changed"
    )


def test_a_test_that_begins_and_is_taken_back(cast: Cast, context: Flask) -> None:
    idea = judged_idea(cast, "improvement", weeks=7, to=Stage.DO)
    assert verdict_lines(cast, idea)[-1] == "The chart of cycle 1 says “Improvement”: a test began"
    take(cast, idea, Way.PLAN)
    assert not measure_queries.windows_of_idea(actor(cast.manager), idea)


def test_names_in_history_are_the_labels_of_verdicts() -> None:
    facts = {
        "n_before": 1, "n_after": 1, "run_length": 7, "run_side": 1, "points_outside": ["2026-01-05"],
        "period": "week",
    }  # fmt: skip
    for code, name in VERDICT_NAMES.items():
        side = -1 if code == "changed_lower" else 1
        known = {**facts, "run_side": side, "is_over": code == TOO_FEW_CODE}
        label = verdict_words("too_early" if code == TOO_FEW_CODE else code, known).label
        assert name == label.replace("week", "point")
    assert set(SERIES) < set(VERDICT_NAMES)


def _forms(kind: type[AnyForm]) -> list[type[AnyForm]]:
    found = []
    for sub in kind.__subclasses__():
        found += [sub, *_forms(sub)]
    return found


def test_no_form_has_a_field_for_a_verdict(app: Flask) -> None:
    forms = _forms(Form)
    assert len(forms) > 20
    for form in forms:
        names = [name for name in dir(form) if not name.startswith("_")]
        assert not [n for n in names if n.startswith(REACHES_A_VERDICT)], form.__name__


def test_nothing_posted_reaches_a_verdict(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = judged_idea(cast, "no_signal", weeks=10)
        db.session.commit()
        before = _stored(idea)
    sam = visit(cast.manager)
    forged = {
        "verdict": "improvement",
        "verdict_code": "improvement",
        "verdict_facts": "{}",
        "decided_code": "improvement",
        "decided_facts": "{}",
        "decided_on": "2026-01-01",
        "spark": "{}",
        "is_judged": "",
    }
    page = sam.get(f"/ideas/{idea}")
    version = str(_version(app, cast, idea))
    for address in (
        f"/ideas/{idea}/stage",
        f"/ideas/{idea}/edit/learned",
        f"/ideas/{idea}/measures",
        f"/ideas/{idea}/plan",
        f"/ideas/{idea}/comments",
    ):
        sam.client.post(
            address,
            data={**forged, "csrf_token": sam.csrf_token(), "version": version, "to": "act"},
        )
    assert sam.get(f"/ideas/{idea}/edit/verdict_code").status == 404
    assert page.status == 200
    with app.app_context():
        assert _stored(idea) == before


def _version(app: Flask, cast: Cast, idea_id: int) -> int:
    with app.app_context():
        return queries.idea_page(actor(cast.manager), idea_id).version


def _stored(idea_id: int) -> list[Any]:
    return [
        tuple(row)
        for row in db.session.execute(
            select(
                TestWindow.verdict_code,
                TestWindow.verdict_facts,
                TestWindow.decided_code,
                TestWindow.decided_on,
                TestWindow.is_judged,
            )
            .where(TestWindow.idea_id == idea_id)
            .order_by(TestWindow.id)
        )
    ]


def test_a_partner_measured_later_needs_no_second_test(cast: Cast, idea_id: int) -> None:
    partner = make_measure(cast, name="Seen alone", recorded="value", numbers=[1.0] * 9)
    (window,) = measure_queries.windows_of_idea(actor(cast.manager), idea_id)
    ideas.choose_measures(
        actor(cast.manager), idea_id=idea_id, main_id=window.measure_id, beside_id=partner
    )
    found = measure_queries.windows_of_idea(actor(cast.manager), idea_id)
    assert [(w.place, w.starts_on) for w in found] == [
        ("main", window.starts_on),
        ("beside", window.starts_on),
    ]
    assert window.starts_on >= THIS_WEEK - timedelta(weeks=8)


def test_a_point_left_out_and_counted_again(cast: Cast, idea_id: int) -> None:
    coach = actor(cast.coach)
    (window,) = measure_queries.windows_of_idea(coach, idea_id)
    for minute, act, says in (
        (1, decisions.exclude_point, "“Too early” instead of “Improvement”: a point was left out"),
        (2, decisions.include_point, "“Improvement” instead of “Too early”: a point counts again"),
    ):
        point = measure_queries.observations_of(coach, [window.measure_id])[window.measure_id][-1]
        with clock.moved(NOW + timedelta(minutes=minute)):
            act(
                coach,
                measure_id=window.measure_id,
                observation_id=point.id or 0,
                reason="Office closed by snow",
                seen=point.mark,
            )
        assert verdict_lines(cast, idea_id)[0] == f"The chart of cycle 1 now says {says}"


def test_a_baseline_chosen_and_taken_back_and_a_line_drawn(cast: Cast, idea_id: int) -> None:
    coach = actor(cast.coach)
    (window,) = measure_queries.windows_of_idea(coach, idea_id)
    own: dict[str, Any] = {"measure_id": window.measure_id}
    steady_from = window.starts_on - timedelta(weeks=len(STEADY))

    def says(minute: int, act: Callable[..., Any], **more: Any) -> str:
        with clock.moved(NOW + timedelta(minutes=minute)):
            act(coach, **own, **more)
        return verdict_lines(cast, idea_id)[0].removeprefix("The chart of cycle 1 now says ")

    with clock.moved(NOW + timedelta(minutes=1)):
        enter_numbers(
            cast,
            window.measure_id,
            [90.0, 10.0],
            first_on=steady_from - timedelta(weeks=2),
        )
    assert verdict_lines(cast, idea_id)[0].endswith(
        "“Already changing” instead of “Improvement”: numbers were added"
    )
    choice = lines.BaselineChoice(
        starts_on=steady_from,
        ends_on=window.starts_on - timedelta(days=1),
        idea_id=idea_id,
    )
    better = "“Improvement” instead of “Already changing”"
    worse = "“Already changing” instead of “Improvement”"
    assert (
        says(2, lines.set_baseline, choice=choice, reason="Before the new form", seen=0)
        == f"{better}: a baseline was chosen"
    )
    baseline_id = measure_queries.newest_baseline_id(coach, window.measure_id)
    assert (
        says(3, lines.remove_baseline, baseline_id=baseline_id, reason="A slip")
        == f"{worse}: the chosen baseline was taken back"
    )
    assert (
        says(
            4,
            lines.draw_middle_line,
            starts_on=steady_from,
            answers=dict.fromkeys(lines.FOUR_QUESTIONS, True),
            reason="A new form",
            seen=0,
        )
        == f"{better}: a new middle line was drawn"
    )
    line_id = lines.newest_line_id(coach, window.measure_id)
    assert (
        says(5, lines.remove_middle_line, line_id=line_id, reason="A slip")
        == f"{worse}: a middle line was taken back"
    )
