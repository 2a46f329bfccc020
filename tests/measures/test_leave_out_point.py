"""Leave a point out with a reason, and have it count again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from improve.measures import service
from improve.shared.db import db
from tests.factories import Cast
from tests.measures.decided import WORDS, audited, improved, kept, point_id, stored, week
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]


def test_left_out_it_counts_for_nothing_and_stays_drawn(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    table = manager.get(f"/measures/{measure_id}?view=table")
    page = manager.get(table.link("Leave out 29 Jun"))
    assert "29 Jun: 94%" in page.text
    page = manager.send(page.form(button="Leave it out"), {"reason": WORDS})
    assert "29 Jun is left out." in page.text
    row = next(r for r in page.soup.select("tbody tr") if "29 Jun" in words(r))
    assert "Left out" in words(row)
    code, facts = stored(app)
    assert (code, facts["n_after"], facts["excluded_on"]) == ("improvement", 8, ["2026-06-29"])
    own = visit(cast.practitioner).get(f"/measures/{measure_id}")
    assert "Left out: 1 point" in own.text
    assert f"29 Jun, 94%: {WORDS}" in own.text
    assert own.soup.select(".c-hollow circle")
    assert not own.links("Count again 29 Jun")
    assert kept(app) == [("point_excluded", WORDS)]
    assert audited(app, "measure.point_excluded")[0]["on"] == "2026-06-29"


def test_counted_again(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager, coach = visit(cast.manager), visit(cast.coach)
    which = point_id(app, cast, measure_id, week(3))
    page = manager.get(f"/measures/{measure_id}/points/{which}/leave-out")
    manager.send(page.form(button="Leave it out"), {"reason": WORDS})
    assert stored(app)[1]["n_before"] == 19
    page = coach.get(coach.get(f"/measures/{measure_id}").link("Count again 26 Jan"))
    assert f"Left out because: {WORDS}" in page.text
    form = page.form(button="Count it again")
    assert coach.send(form).error_for("reason") == "Error: Say in a few words why."
    assert "26 Jan counts again." in coach.send(form, {"reason": "It was right"}).text
    assert coach.send(form, {"reason": "It was right"}).status == 200
    assert stored(app)[1]["n_before"] == 20
    assert kept(app) == [("point_excluded", WORDS), ("point_included", "It was right")]
    history = coach.get(f"/measures/{measure_id}/history").text
    assert "Priya Hazel had 26 Jan count again It was right" in history
    assert f"Sam Alder left 26 Jan out {WORDS}" in history


def test_a_number_changed_meanwhile_is_shown_first(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    which = point_id(app, cast, measure_id, week(3))
    page = manager.get(f"/measures/{measure_id}/points/{which}/leave-out")
    with app.app_context():
        service.add_point(
            cast.actor("coach"),
            measure_id=measure_id,
            period_start=week(3),
            numerator=30,
            denominator=50,
            replace=True,
            reason="Counted anew",
        )
        db.session.commit()
    page = manager.send(page.form(button="Leave it out"), {"reason": WORDS})
    assert page.status == 409
    assert "26 Jan: 60%" in page.text
    assert ("reason", WORDS) in page.form(button="Leave it out").values
    assert manager.send(page.form(button="Leave it out")).status == 200
    again = manager.get(f"/measures/{measure_id}/points/{which}/leave-out")
    assert "It is left out already." in again.text
    assert manager.send(again.form(button="Leave it out"), {"reason": WORDS}).status == 200
    assert len(kept(app)) == 1


def test_readers_may_not_and_outsiders_find_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    which = point_id(app, cast, measure_id, week(3))
    for person, status in (
        (cast.practitioner, 403),
        (cast.other_manager, 403),
        (cast.outsider, 404),
    ):
        visitor = visit(person)
        for tail in ("leave-out", "count-again"):
            path = f"/measures/{measure_id}/points/{which}/{tail}"
            assert visitor.get(path).status == status
            assert visitor.post(path, {"reason": "x"}).status == status
    table = visit(cast.practitioner).get(f"/measures/{measure_id}?view=table")
    assert not table.links("Leave out 29 Jun")
