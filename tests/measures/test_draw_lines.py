"""Draw a new middle line, when a change is known and lasts, and take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from improve.measures import queries
from improve.measures.service import lines as service
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import Cast, make_measure
from tests.measures.decided import CHANGED, STEADY, WORDS, audited, improved, kept, stored, week
from tests.pages import Visitor

Visit = Callable[..., Visitor]
ALL_YES = dict.fromkeys(service.FOUR_QUESTIONS, "y")


def test_offered_after_a_held_improvement_and_drawn(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    before = stored(app)
    manager = visit(cast.manager)
    page = manager.get(f"/measures/{measure_id}")
    assert "The change has held." in page.text
    page = manager.get(page.link("a new middle line"))
    assert "Only when the change is known and expected to last." in page.text
    assert "A new line from 25 May on, at 94%" in page.text
    page = manager.send(
        page.form(button="Draw the new line"), {**ALL_YES, "reason": "Second pool car"}
    )
    assert "A new middle line begins with 25 May." in page.text
    assert "Middle line since 25 May (94%)" in page.text
    assert "Drawn by Sam Alder, today 09:30: Second pool car" in page.text
    assert "The change has held." not in page.text
    # The test was judged by the old line, and still is.
    assert stored(app) == before
    assert "Improvement: the last 9 points" in page.text
    assert kept(app) == [("line_drawn", "Second pool car")]
    assert audited(app, "measure.line_drawn")[0]["from"] == CHANGED.isoformat()
    history = visit(cast.practitioner).get(f"/measures/{measure_id}/history")
    assert "Sam Alder drew a new middle line from 25 May on Second pool car" in history.text


def test_an_earlier_line_cuts_the_baseline(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    page = manager.get(f"/measures/{measure_id}/middle-line?first={week(8).isoformat()}")
    assert "This makes a verdict another" not in page.text
    manager.send(page.form(button="Draw the new line"), {**ALL_YES, "reason": WORDS})
    assert stored(app)[1]["n_before"] == 12
    page = manager.get(f"/measures/{measure_id}")
    said = "A person drew a new middle line from 2 March on, so only points since then count"
    assert said in page.text
    assert "those before the test since the new middle line" in page.text
    back = manager.get(page.link("Take back the middle line since 2 Mar"))
    page = manager.send(back.form(button="Take it back"), {"reason": "Drawn too early"})
    assert "The middle line is taken back." in page.text
    assert stored(app)[1]["n_before"] == 20
    assert manager.send(back.form(button="Take it back"), {"reason": "Again"}).status == 200
    assert [kind for kind, _ in kept(app)] == ["line_drawn", "line_removed"]
    assert len(audited(app, "measure.line_removed")) == 1


def test_a_line_that_makes_a_verdict_another_says_so_before_it_is_saved(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    said = "Visits in pairs, Cycle 1, whole team: “Improvement” becomes “Not enough before the"
    page = manager.get(f"/measures/{measure_id}/middle-line?first={week(14).isoformat()}")
    assert "This makes a verdict another" in page.text
    assert said in page.text
    manager.send(page.form(button="Draw the new line"), {**ALL_YES, "reason": WORDS})
    assert stored(app)[0] == "no_baseline"
    page = manager.get(f"/measures/{measure_id}")
    back = manager.get(page.link("Take back the middle line since 13 Apr"))
    assert "“Not enough before the change” becomes “Improvement”." in back.text
    # What is taken back already changes nothing more.
    manager.send(back.form(button="Take it back"), {"reason": "Drawn too early"})
    assert "becomes" not in manager.get(back.path).text


def test_a_line_that_the_picture_of_a_test_does_not_show_says_so(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    page = manager.get(f"/measures/{measure_id}/middle-line?first={CHANGED.isoformat()}")
    assert "The picture stays as it is. A test is judged on this measure" in page.text
    page = manager.get(f"/measures/{measure_id}/middle-line?first={week(14).isoformat()}")
    assert "The picture stays as it is." not in page.text


def test_old_line_stays_drawn_without_a_test(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        measure_id = make_measure(cast, numbers=[*STEADY, *[(47, 50)] * 14])
        db.session.commit()
    manager = visit(cast.manager)
    page = manager.get(f"/measures/{measure_id}/middle-line?first={CHANGED.isoformat()}")
    page = manager.send(page.form(button="Draw the new line"), {**ALL_YES, "reason": WORDS})
    drawn = page.soup.select_one("svg.chart-w1328").get_text(" ").replace("\u00a0", " ")
    assert "80%" in drawn
    assert "94%" in drawn
    assert "all since the newest middle line" in page.text


def test_rules_refuse_in_words(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    form = manager.get(f"/measures/{measure_id}/middle-line").form(button="Draw the new line")
    page = manager.send(form, {"is_different": "y", "want_it": "y", "reason": WORDS})
    assert page.status == 422
    for name in ("know_why", "will_last"):
        assert page.error_for(name) == (
            "Error: Leave the line as it is until you can say yes to this."
        )
    assert ("reason", WORDS) in page.form(button="Draw the new line").values
    assert "few words" in manager.send(form, ALL_YES).error_for("reason")
    for day in (week(0).isoformat(), "2026-01-06", "never", ""):
        page = manager.send(form, {**ALL_YES, "reason": WORDS, "first": day})
        assert page.status == 422, day
    unwanted = {**ALL_YES, "want_it": None, "reason": "A service closed"}
    assert manager.send(form, unwanted).status == 200
    again = manager.get(f"/measures/{measure_id}/middle-line").form(button="Draw the new line")
    page = manager.send(again, {**ALL_YES, "reason": "Another reason"})
    assert "A middle line begins there already" in page.errors[0]


def test_twice_is_harmless_and_a_second_person_is_told(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id, _ = improved(app, cast)
    manager, coach = visit(cast.manager), visit(cast.coach)
    mine = manager.get(f"/measures/{measure_id}/middle-line").form(button="Draw the new line")
    path = f"/measures/{measure_id}/middle-line?first={week(8).isoformat()}"
    theirs = coach.get(path).form(button="Draw the new line")
    manager.send(mine, {**ALL_YES, "reason": WORDS})
    assert manager.send(mine, {**ALL_YES, "reason": WORDS}).status == 200
    page = coach.send(theirs, {**ALL_YES, "reason": "New form"})
    assert page.status == 409
    assert "Somebody drew a middle line while you had this open" in page.text
    again = page.form(button="Draw the new line")
    assert ("reason", "New form") in again.values
    assert ("know_why", "y") in again.values
    assert coach.send(again).status == 200
    with app.app_context():
        lines = queries.lines_of([measure_id])[measure_id].middle_lines
        assert [line.starts_on for line in lines] == [week(8), CHANGED]


@pytest.mark.parametrize("numbers", [[], [(4, 5)]])
def test_too_few_points_for_a_line(
    app: Flask, cast: Cast, visit: Visit, numbers: list[Any]
) -> None:
    with app.app_context():
        measure_id = make_measure(cast, numbers=numbers)
        db.session.commit()
        with pytest.raises(RuleBroken):
            service.draw_middle_line(
                cast.actor("manager"),
                measure_id=measure_id,
                starts_on=week(0),
                answers=dict.fromkeys(service.FOUR_QUESTIONS, True),
                reason=WORDS,
                seen=0,
            )
    manager = visit(cast.manager)
    assert "Two points are needed first." in manager.get(f"/measures/{measure_id}/middle-line").text
    page = manager.get(f"/measures/{measure_id}/baseline")
    assert page.status == 200
    assert not page.errors


def test_readers_may_not_and_outsiders_find_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    form = manager.get(f"/measures/{measure_id}/middle-line").form(button="Draw the new line")
    page = manager.send(form, {**ALL_YES, "reason": WORDS})
    back = page.link("Take back the middle line since 25 May")
    for person, status in (
        (cast.practitioner, 403),
        (cast.other_manager, 403),
        (cast.outsider, 404),
    ):
        visitor = visit(person)
        for path in (f"/measures/{measure_id}/middle-line", back):
            assert visitor.get(path).status == status
            assert visitor.post(path, {"reason": "x"}).status == status
    assert not visit(cast.practitioner).get(f"/measures/{measure_id}").links("New middle line")
    assert manager.get(f"/measures/{measure_id}/middle-lines/99/take-back").status == 404
