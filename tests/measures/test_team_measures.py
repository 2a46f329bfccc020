"""A team's measures as small charts: what stands by each, pages, what is to be entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask

from improve.measures import queries, service
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
TEAM = "/teams/riverside/measures"
WEEKS = [(n % 5 + 40, 52) for n in range(14)]


def test_a_team_without_measures_is_led_to_the_ready_ones(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get(TEAM)
    assert "No measures yet" in page.main
    assert manager.follow(page, "Choose a ready one").heading == "Ready measures"
    assert visit(cast.practitioner).get(TEAM).links("Read the ready ones")


def test_partner_and_context_stand_by_a_measure(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        partner = make_measure(cast, name="Seen alone", kind="balancing", numbers=WEEKS)
        context = make_measure(cast, name="Contacts", kind="context", recorded="count")
        make_measure(cast, name="On time", numbers=WEEKS, partner_id=partner, context_id=context)
        db.session.commit()
    page = visit(cast.practitioner).get(TEAM)
    assert "Beside it: Seen alone" in page.main
    assert "What was going on: Contacts" in page.main
    for label in ("Ready measures", "Tallies", "How we work", "How we decide"):
        assert visit(cast.practitioner).follow(page, label).status == 200


def test_the_next_number_to_enter_is_named(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        ids = {
            "Behind": make_measure(
                cast, name="Behind", numbers=WEEKS[:1], first_on=date(2026, 11, 2)
            ),
            "Up to date": make_measure(
                cast, name="Up to date", numbers=WEEKS[:1], first_on=date(2026, 11, 16)
            ),
            "Rare": make_measure(
                cast,
                name="Rare",
                recorded="days_between",
                frequency="day",
                numbers=[30.0],
                first_on=date(2026, 10, 1),
            ),
        }
        db.session.commit()
    page = visit(cast.practitioner).get(TEAM)
    assert page.main.count("To enter:") == 1
    assert "To enter: 9 Nov" in page.main.replace("\u00a0", " ")
    assert page.link("Add it : Behind") == f"/measures/{ids['Behind']}#add"
    reader = visit(cast.leader).get(TEAM)
    assert "To enter:" in reader.main
    assert not reader.links("Add it : Behind")


def test_many_measures_come_in_pages(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        for number in range(queries.PAGE_SIZE + 2):
            make_measure(cast, name=f"Measure {number:02}", numbers=WEEKS[:2])
        actor = cast.actor("manager")
        first = make_measure(cast, name="Stopped")
        service.close_measure(actor, measure_id=first, seen_version=1)
        db.session.commit()
        pages = [queries.measures_of_team(actor, cast.team, number) for number in (1, 2, 9)]
    assert [len(p.measures) for p in pages] == [queries.PAGE_SIZE, 2, 2]
    assert {(p.total, p.pages, p.closed) for p in pages} == {(queries.PAGE_SIZE + 2, 2, 1)}
    manager = visit(cast.manager)
    with statements() as seen:
        manager.get(TEAM)
    assert len(seen) <= 8
    assert "Measure 41" in manager.get(f"{TEAM}?page=2").main


def test_a_rate_is_read_for_so_many(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_measure(
            cast,
            name="Missing",
            recorded="rate",
            per=1000.0,
            bottom_name="Nights",
            denominator="Nights in care",
            numbers=[(28, 9300)] * 3,
        )
        db.session.commit()
    assert "per 1,000 nights, higher is better" in visit(cast.practitioner).get(TEAM).main
