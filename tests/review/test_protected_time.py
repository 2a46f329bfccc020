"""Leaders read the hours they promised as their own debt: no ranking, the teams' words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask

from improve.huddles import service
from improve.huddles.kinds import Kept
from improve.huddles.queries.hours import HourView, TeamHours
from improve.review.protected_time import owed
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PAGE = "/review/protected-time"
TODAY = date(2026, 11, 24)


def hour(monday: date, minutes: int, kept: Kept | None, way: str = "") -> HourView:
    return HourView(monday, minutes, "", kept, way, 1)


TEAMS = [
    TeamHours(
        "Alder",
        "alder",
        (
            hour(date(2026, 11, 16), 90, None),
            hour(date(2026, 11, 2), 60, Kept.NO, "Duty."),
            hour(date(2026, 10, 19), 60, Kept.PARTLY, "Half."),
        ),
    ),
    TeamHours("Birch", "birch", ()),
    TeamHours("Cedar", "cedar", (hour(date(2026, 11, 2), 120, Kept.YES),)),
]


def test_the_sentence_counts_hours_and_never_teams() -> None:
    page = owed(TEAMS, TODAY)
    assert page.sentence.replace("\u00a0", " ") == (
        "5 hours 30 promised, 2 hours happened, 1 hour in part, 1 hour 30 not said yet"
    )
    assert owed([], TODAY).sentence == "No time was promised yet"
    none = owed([TeamHours("A", "a", (hour(date(2026, 11, 2), 60, Kept.NO),))], TODAY)
    assert none.sentence.replace("\u00a0", " ") == "1 hour promised, none happened"


def test_teams_stay_in_their_order_and_fortnights_run_forward() -> None:
    alder, birch, cedar = owed(TEAMS, TODAY).teams
    assert [one.square for one in alder.fortnights] == ["half", "no", "open"]
    assert [one.in_the_way for one in alder.in_the_way] == ["Duty.", "Half."]
    assert [(one.hours, one.has_half) for one in alder.fortnights][-1] == (1, True)
    assert alder.span.replace("\u00a0", " ") == "19 Oct to 27 Nov"
    assert birch.fortnights == ()
    assert cedar.fortnights[0].hours == 2


def test_leaders_read_it_in_the_teams_words(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        member = cast.actor("practitioner")
        with clock.moved(NOW - timedelta(days=14)):
            service.promise_hour(
                member, slug="riverside", minutes=60, when_words="Thursdays", seen_version=0
            )
        service.say_hour_kept(
            member,
            slug="riverside",
            from_on=date(2026, 11, 2),
            kept=Kept.NO,
            in_the_way="Both Thursdays went to court.",
            seen_version=1,
        )
        db.session.commit()
    page = visit(cast.leader).get(PAGE)
    assert page.heading == "Hours you promised"
    assert "1 hour promised, none happened" in page.main
    assert "Both Thursdays went to court." in page.main
    names = [h.get_text() for h in page.soup.select(".owed h2")]
    assert names == ["Hillside", "Riverside"]
    squares = page.soup.select(".owed-fortnight")
    assert "2 to 13 Nov: 1 hour, it did not happen" in str(squares[0]["aria-label"]).replace(
        "\u00a0", " "
    )
    assert not any(word in page.main.lower() for word in ("failed", "missed", "late", "best", "%"))
    assert visit(cast.coach).get(PAGE).heading == "Hours promised by leaders"
    assert page.title.startswith("Hours you promised")


def test_others_do_not_compare_teams_here(cast: Cast, visit: Visit) -> None:
    for who in (cast.practitioner, cast.manager, cast.administrator, cast.guest):
        assert visit(who).get(PAGE).status == 403
    assert not visit(cast.manager).get("/review").links("Hours you promised")
    assert visit(cast.leader).get("/review").links("Hours you promised")
