"""What stands beside a measure is judged by the same days; another chart drawn says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask

from improve.measures import queries, service
from improve.measures.catalogue import catalogue
from improve.measures.service import lines
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]
FIRST = date(2025, 3, 3)
STEADY = [
    (40 + step, 50) for step in (0, 2, -1, 1, -2, 0, 1, -1, 2, -2, 1, 0, -1, 2, 0, -2, 1, -1, 0, 1)
]


def week(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def began(cast: Cast, measure_id: int, cycle: int, starts: int, *, idea: int = 7) -> None:
    service.open_window(
        cast.actor("manager"),
        measure_id=measure_id,
        idea_id=idea,
        cycle_number=cycle,
        place="main",
        label=f"Cycle {cycle}",
        starts_on=week(starts),
        is_judged=True,
    )


def a_pair(cast: Cast) -> tuple[int, int]:
    """Two cycles of one idea on a measure; its partner, never tested on, rose in the first."""
    beside = make_measure(
        cast, name="Seen alone", numbers=[*STEADY, *[(47, 50)] * 20], first_on=FIRST
    )
    made = make_measure(
        cast, name="On time", numbers=[*STEADY, *STEADY], first_on=FIRST, partner_id=beside
    )
    began(cast, made, 1, 20)
    began(cast, made, 2, 30)
    db.session.commit()
    return made, beside


def test_a_partner_is_judged_by_the_same_days(context: Flask, cast: Cast) -> None:
    made, _ = a_pair(cast)
    for cycle in (1, 2):
        page = queries.measure_page(cast.actor("practitioner"), made)
        by = next(w.id for w in page.windows if w.cycle_number == cycle)
        page = queries.measure_page(cast.actor("practitioner"), made, by=by)
        main, beside = page.reading.verdict, page.beside[0].verdict
        assert main
        assert beside
        for fact in ("baseline_from", "baseline_to", "first_on", "last_on", "n_before", "n_after"):
            assert beside.facts[fact] == main.facts[fact], fact
        assert beside.code == "improvement"
        assert page.beside[0].window
        assert page.beside[0].window.idea_id == 7
    (card,) = queries.measure_cards(cast.actor("practitioner"), [page.measure])
    assert card.beside
    assert card.beside.verdict
    assert card.beside.verdict.facts["n_before"] == 20


def test_a_partner_counts_the_other_tests_on_it(context: Flask, cast: Cast) -> None:
    made, beside = a_pair(cast)
    began(cast, beside, 1, 32, idea=8)
    db.session.commit()
    actor = cast.actor("practitioner")
    for page in (
        queries.measure_page(actor, made),
        queries.measure_page(actor, made, since=week(30)),
    ):
        assert page.beside[0].verdict
        assert page.beside[0].verdict.facts["n_overlapping"] == 1


def test_another_chart_does_not_lend_its_rules(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_measure(
            cast, name="On time", numbers=[*STEADY, *[(47, 50)] * 9], first_on=FIRST
        )
        began(cast, made, 1, 20)
        db.session.commit()
    apart = "Drawn here as a run chart, its middle line the median (80%); the verdict rests on"
    reader = visit(cast.practitioner)
    own = reader.get(f"/measures/{made}")
    assert "Making Data Count rules on a p chart, run of 7." in own.text
    assert "Drawn here as" not in own.text
    run = reader.get(f"/measures/{made}?view=run")
    assert "Making Data Count rules on a p chart, run of 7." in run.text
    assert f"{apart} a p chart." in run.text
    with reader.client.get(f"/measures/{made}/chart.svg?chart=run") as answer:
        said = " ".join(answer.text.split())
    assert "Making Data Count rules on a p chart, run of 7. 20 points before" in said
    assert "Anhøj" not in said
    assert "Drawn here as a run chart" in said


def test_other_charts_are_worked_out_only_when_asked(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: Any
) -> None:
    with app.app_context():
        made = make_measure(cast, name="On time", numbers=STEADY, first_on=FIRST)
        db.session.commit()
    reader = visit(cast.practitioner)
    page = reader.get(f"/measures/{made}")
    closed = page.soup.select_one("#which-chart")
    assert closed
    assert not closed.has_attr("open")
    assert "A p chart." in words(closed)
    assert "XmR" not in words(closed)
    (link,) = (a for a in closed.select("a") if "Other ways" in a.text)
    opened = reader.get(link["href"]).soup.select_one("#which-chart")
    assert opened
    assert opened.has_attr("open")
    assert "XmR chart" in words(opened)
    assert "run chart" in words(opened)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("improve.measures.reading.chart_alternatives", never)
    reader.get(f"/measures/{made}")


def test_a_ready_made_chart_is_not_said_to_be_a_person_s(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    entry = catalogue().measures["caseload"]
    assert entry.chart == "i"
    with app.app_context():
        made = make_measure(
            cast,
            name="Children for each social worker",
            recorded="rate",
            chart="i",
            catalogue_key=entry.key,
            top_name="Children",
            bottom_name="Workers (FTE)",
            better_when="neither",
            frequency="month",
            numbers=[(250 + i, 16) for i in range(14)],
            first_on=date(2025, 1, 1),
        )
        db.session.commit()
    said = words(visit(cast.practitioner).get(f"/measures/{made}").soup.select_one("#which-chart"))
    assert "An XmR chart, as the ready-made measure has it." in said
    assert "chosen by a person" not in said


def test_taking_a_baseline_back_says_what_counts_then(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_measure(cast, name="On time", numbers=[*STEADY, *STEADY], first_on=FIRST)
        began(cast, made, 1, 20)
        actor = cast.actor("manager")
        for idea_id in (None, 7):
            lines.set_baseline(
                actor,
                measure_id=made,
                choice=lines.BaselineChoice(starts_on=week(2), ends_on=week(15), idea_id=idea_id),
                reason="Recorded another way before",
                seen=queries.lines.newest_baseline_id(actor, made),
            )
        by_idea = {b.idea_id: b.id for b in queries.lines.lines_of([made])[made].baselines}
        db.session.commit()
    manager = visit(cast.manager)
    said = {
        idea_id: manager.get(f"/measures/{made}/baselines/{baseline_id}/take-back").text
        for idea_id, baseline_id in by_idea.items()
    }
    assert "the last 24 points before the test" in said[7]
    assert "before the test" not in said[None]
    assert "all points there are again" in said[None]
