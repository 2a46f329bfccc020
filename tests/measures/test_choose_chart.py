"""Choose the chart with a reason, go back to the usual one; write down a hope, take it away."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.factories import Cast
from tests.measures.decided import WORDS, audited, improved, kept, stored
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_why_this_chart_and_another(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    page = manager.get(f"/measures/{measure_id}")
    assert "A p chart. A share of those counted each period." in page.text
    page = manager.follow(page, "Choose another chart")
    form = page.form(button="Use this chart")
    refused = manager.send(form, {"chart": "i"})
    assert refused.status == 422
    assert "why not the usual one" in refused.error_for("reason")
    page = manager.send(refused.form(button="Use this chart"), {"reason": WORDS})
    assert "The chart is chosen." in page.text
    assert "An XmR chart, chosen by a person" in page.text
    assert stored(app)[1]["chart"] == "i"
    assert kept(app) == [("chart_chosen", WORDS)]
    assert audited(app, "measure.chart_chosen") == [{"old": None, "new": "i"}]
    page = manager.follow(page, "Choose another chart")
    page = manager.send(page.form(button="Use this chart"), {"chart": ""})
    assert "The usual chart is drawn again." in page.text
    assert stored(app)[1]["chart"] == "p"
    assert [kind for kind, _ in kept(app)] == ["chart_chosen", "chart_chosen"]
    history = manager.get(f"/measures/{measure_id}/history").text
    assert "Sam Alder went back to the usual chart" in history
    assert f"Sam Alder chose the XmR chart {WORDS}" in history


def test_steps_from_point_to_point_under_an_xmr_chart(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager = visit(cast.manager)
    assert not manager.get(f"/measures/{measure_id}?strip=mr").links("Hide the steps")
    form = manager.get(f"/measures/{measure_id}/which-chart").form(button="Use this chart")
    page = manager.send(form, {"chart": "i", "reason": WORDS})
    page = manager.follow(page, "Steps from point to point under it")
    assert "Steps from each point to the next." in page.text
    assert page.links("Hide the steps from point to point")


def test_chart_that_does_not_fit_and_stale(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    manager, coach = visit(cast.manager), visit(cast.coach)
    form = manager.get(f"/measures/{measure_id}/which-chart").form(button="Use this chart")
    for strange in ("c", "t", "nonsense"):
        page = manager.send(form, {"chart": strange, "reason": WORDS})
        assert page.status == 422
        assert "does not fit" in page.text
    theirs = coach.get(f"/measures/{measure_id}/which-chart").form(button="Use this chart")
    coach.send(theirs, {"chart": "run", "reason": "Simple"})
    page = manager.send(form, {"chart": "i", "reason": WORDS})
    assert page.status == 409
    assert "Somebody changed this measure" in page.text
    again = page.form(button="Use this chart")
    assert ("chart", "i") in again.values
    assert ("reason", WORDS) in again.values
    assert manager.send(again).status == 200
    # The same again is harmless.
    assert manager.send(form, {"chart": "i", "reason": WORDS}).status == 200
    assert len(kept(app)) == 2


def test_a_hope_is_off_until_a_reader_asks(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    before = stored(app)
    manager = visit(cast.manager)
    page = manager.follow(manager.get(f"/measures/{measure_id}"), "Write down a hope")
    form = page.form(button="Save")
    assert "Say whose hope" in manager.send(form, {"target": "95"}).error_for("target_by")
    assert "between 0 and 100%" in manager.send(
        form, {"target": "950", "target_by": "Director"}
    ).error_for("target")
    assert manager.send(form, {"target": "lots", "target_by": "x"}).status == 422
    page = manager.send(form, {"target": "95%", "target_by": "The director"})
    assert "95%, The director." in page.text
    hoped = page.soup.select_one("svg.chart-w1328").get_text()
    assert "The director’s hope: 95%" in hoped.replace("\u00a0", " ")
    reader = visit(cast.practitioner)
    page = reader.get(f"/measures/{measure_id}")
    assert "hope" not in page.soup.select_one("svg.chart-w1328").get_text()
    assert (
        "hope"
        in reader.follow(page, "Show it on the chart").soup.select_one("svg.chart-w1328").get_text()
    )
    assert stored(app) == before
    assert manager.send(form, {"target": "95", "target_by": "The director"}).status == 200
    assert kept(app) == [("target_set", "The director")]
    stale = manager.send(form, {"target": "90", "target_by": "The director"})
    assert stale.status == 409
    page = manager.send(stale.form(button="Save"), {"target": "", "target_by": ""})
    assert "The hope is taken away." in page.text
    assert len(audited(app, "measure.target_set")) == 2
    history = manager.get(f"/measures/{measure_id}/history").text
    assert "Sam Alder wrote down a hope: 95% Whose hope: The director" in history
    assert "Sam Alder took the hope away" in history


def test_readers_may_not_and_outsiders_find_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    for person, status in (
        (cast.practitioner, 403),
        (cast.other_manager, 403),
        (cast.outsider, 404),
    ):
        visitor = visit(person)
        for tail in ("which-chart", "hope"):
            assert visitor.get(f"/measures/{measure_id}/{tail}").status == status
            assert visitor.post(f"/measures/{measure_id}/{tail}", {}).status == status
