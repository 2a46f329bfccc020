"""Leaders and staff look at aims from above: what is tried under each driver, where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from improve.ideas.above_views import FromAbove
from improve.ideas.kinds import Answerer, Stage
from improve.ideas.queries.from_above import from_above
from improve.ideas.service import aims as service
from improve.ideas.service import drivers
from improve.ideas.service.aims import AimDetails
from improve.review.aims_above import aims_above
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle, idea_in, make_idea, make_measure
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]
PAGE = "/review/aims"


@dataclass(frozen=True)
class Picture:
    """Two aims; of the first one driver is tried, one hangs under it, one has nothing."""

    who: int
    under: int
    handover: int
    nothing: int
    tried: int


@pytest.fixture
def picture(cast: Cast, lay: Callable[[str, Callable[[], Any]], Any]) -> Picture:
    def make() -> Picture:
        leader, manager = cast.actor("leader"), cast.actor("manager")
        measure = make_measure(cast, name="Knows why", numbers=[(40, 50)] * 8)
        aim = service.make_aim(
            leader,
            details=AimDetails(
                "Every child knows what happens next", "Children we visit", "Nine in ten",
                date(2027, 3, 31), measure,
            ),
        )  # fmt: skip
        service.make_aim(leader, details=AimDetails("Nobody waits alone", "", "", None, None))
        who = drivers.add_driver(leader, aim_id=aim, name="We say who we are")
        under = drivers.add_driver(leader, aim_id=aim, name="In their language", under_id=who)
        handover = drivers.add_driver(leader, aim_id=aim, name="A handover, not a gap")
        nothing = drivers.add_driver(leader, aim_id=aim, name="Somebody to ring")
        tried = idea_in(cast, Stage.DO, text="Send a photo first")
        waits = make_idea(cast, text="Names on the door")
        make_idea(cast, text="On no driver")
        for text, ending in (("Ring back", "adopt"), ("Go round", "adapt"), ("Stop", "abandon")):
            finished = finish_cycle(cast, ending, title=text)
            drivers.hang_idea(manager, idea_id=finished, driver_id=handover)
        drivers.hang_idea(manager, idea_id=tried, driver_id=under)
        drivers.hang_idea(manager, idea_id=waits, driver_id=handover)
        db.session.commit()
        return Picture(who, under, handover, nothing, tried)

    return lay("from above", make)


def test_each_driver_says_what_is_tried_and_what_finished(
    cast: Cast, picture: Picture, visit: Visit
) -> None:
    page = visit(cast.leader).get(PAGE)
    assert page.heading == "Aims from above"
    assert [words(h) for h in page.soup.select("section.aim h2")] == [
        "Every child knows what happens next", "Nobody waits alone",
    ]  # fmt: skip
    assert "Knows why 80%" in page.main
    tried = page.soup.select_one(f"#driver-{picture.under}")
    assert "Send a photo first" in words(tried)
    assert "Riverside" in words(tried)
    handover = words(page.soup.select_one(f"#driver-{picture.handover}"))
    assert "1 kept, 1 changed, 1 stopped" in handover
    assert handover.index("Stop") < handover.index("Ring back"), "the last decided first"
    assert "What makes the difference is not written down yet." in page.main


def test_endings_lead_to_their_lessons(cast: Cast, picture: Picture, visit: Visit) -> None:
    page = visit(cast.practitioner).get(PAGE)
    assert page.link("Ring back").endswith("/learned")
    assert page.link("Stop").endswith("/learned")
    ended = page.soup.select_one(".above-ended").find_all("a", href=True)
    (again,) = [a["href"] for a in ended if words(a) == "Go round"]
    assert not str(again).endswith("/learned"), "it goes round again"


def test_where_nothing_is_tried_is_said_first(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        leader = cast.actor("leader")
        aim = service.make_aim(leader, details=AimDetails("Warm hellos", "", "", None, None))
        first = drivers.add_driver(leader, aim_id=aim, name="Who comes")
        drivers.add_driver(leader, aim_id=aim, name="When they come")
        drivers.hang_idea(
            cast.actor("manager"), idea_id=make_idea(cast, text="A card"), driver_id=first
        )
        db.session.commit()
    page = visit(cast.leader).get(PAGE)
    assert words(page.soup.select_one("#gaps")) == "2 of 2 drivers have nothing under them."
    assert page.link("Who comes") == f"#driver-{first}"
    assert "Nothing is being tried here; 1 idea waits" in page.main


def test_a_gap_is_named_where_ideas_are_meant_to_hang(
    cast: Cast, picture: Picture, context: Flask
) -> None:
    above = aims_above(from_above(cast.actor("leader")))
    (gap,) = above.gaps
    assert (gap[0], gap[1].name) == ("Every child knows what happens next", "Somebody to ring")
    assert above.driver_count == 3
    assert above.gaps_sentence.replace("\u00a0", " ") == "1 of 3 drivers has nothing under it."


def test_narrowed_to_a_team_and_a_period(cast: Cast, picture: Picture, visit: Visit) -> None:
    leader = visit(cast.leader)
    hill = leader.get(f"{PAGE}?team=hillside")
    assert "Send a photo first" not in hill.main
    assert "Ring back" not in hill.main
    assert "3 of 3 drivers have nothing under them." in hill.main
    old = leader.get(f"{PAGE}?when=days&decided_from=1/1/2020&decided_to=31/1/2020")
    assert "Ring back" not in old.main
    assert "Send a photo first" in old.main, "what is tried is tried now, whatever the period"
    assert leader.get(f"{PAGE}?when=days&decided_from=soon").status == 422
    assert leader.get(f"{PAGE}?team=nowhere&service=x&when=ever").status == 200


def test_ideas_on_no_driver_are_counted_and_listed(
    cast: Cast, picture: Picture, visit: Visit
) -> None:
    leader = visit(cast.leader)
    page = leader.get(leader.get(PAGE).link("1 idea on no driver yet"))
    assert page.heading == "Ideas on no driver"
    assert page.links("On no driver")
    assert not page.links("Names on the door")
    assert "Every idea hangs on a driver." in leader.get(f"{PAGE}?loose=1&team=hillside").main


def test_what_one_may_not_see_hangs_nowhere(cast: Cast, picture: Picture, context: Flask) -> None:
    coached = make_idea(cast, text="Off the board", answerer=Answerer.COACH)
    drivers.hang_idea(cast.actor("coach"), idea_id=coached, driver_id=picture.handover)
    for who in ("coach", "leader"):
        counts = from_above(cast.actor(who)).counts[picture.handover]
        assert (counts.tried, counts.waiting, counts.finished) == (1, 1, 3), who
    assert from_above(actor(cast.outsider)) == FromAbove((), (), (), (), {}, 0)


def test_no_aims_yet(cast: Cast, visit: Visit) -> None:
    assert "No aims yet." in visit(cast.leader).get(PAGE).main


def test_who_keeps_the_accounts_alone_is_refused(cast: Cast, visit: Visit) -> None:
    assert visit(cast.administrator).get(PAGE).status == 403
