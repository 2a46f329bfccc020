"""Aims and what drives them: set up, ordered, closed, and ideas hung on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.ideas import queries as ideas
from improve.ideas.kinds import Answerer, Stage
from improve.ideas.models import Idea, IdeaEdit
from improve.ideas.queries import aims as queries
from improve.ideas.service import aims as service
from improve.ideas.service import drivers
from improve.ideas.service.aims import AimDetails
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, actor, finish_cycle, idea_in, make_idea, make_measure
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]


@dataclass(frozen=True)
class Picture:
    """An aim with three drivers, one of them under the first, and ideas on two."""

    aim: int
    who: int
    under: int
    handover: int
    tried: int
    suggested: int
    kept: int


@pytest.fixture
def picture(cast: Cast, lay: Callable[[str, Callable[[], Any]], Any]) -> Picture:
    def make() -> Picture:
        leader = cast.actor("leader")
        measure = make_measure(cast, name="Knows why", numbers=[(40, 50)] * 8)
        aim = service.make_aim(
            leader,
            details=AimDetails(
                "Every child knows what happens next",
                "Children we visit",
                "Nine in ten",
                date(2027, 3, 31),
                measure,
            ),
        )
        who = drivers.add_driver(leader, aim_id=aim, name="We say who we are")
        under = drivers.add_driver(leader, aim_id=aim, name="In their language", under_id=who)
        handover = drivers.add_driver(leader, aim_id=aim, name="A handover, not a gap")
        tried = idea_in(cast, Stage.DO, text="Send a photo first")
        suggested = make_idea(cast, text="Names in their own language")
        kept = finish_cycle(cast, "adopt", title="Two lines by text")
        manager = cast.actor("manager")
        drivers.hang_idea(manager, idea_id=tried, driver_id=who)
        drivers.hang_idea(manager, idea_id=kept, driver_id=who)
        drivers.hang_idea(manager, idea_id=suggested, driver_id=under)
        db.session.commit()
        return Picture(aim, who, under, handover, tried, suggested, kept)

    return lay("picture", make)


def test_the_page_says_what_is_tried_and_where_nothing_is(
    cast: Cast, picture: Picture, visit: Visit
) -> None:
    page = visit(cast.practitioner).get("/aims")
    assert page.heading == "Aims, and what drives them"
    assert words(page.soup.find("h2")) == "Every child knows what happens next"
    assert [words(h) for h in page.soup.find_all(["h3", "h4"])] == [
        "We say who we are", "In their language", "A handover, not a gap",
    ]  # fmt: skip
    assert "For Children we visit How much Nine in ten By 31 Mar 2027" in page.main
    assert "Knows why" in page.main
    assert "80%" in page.main
    assert [words(g) for g in page.soup.select(".aim-gap")] == [
        "Nothing is being tried here now", "Nothing is being tried here yet",
    ]  # fmt: skip
    assert [words(a) for a in page.soup.select(".aim-ideas a")] == [
        "Send a photo first", "Two lines by text", "Names in their own language",
    ]  # fmt: skip
    assert "Riverside, Do" in page.main
    assert not page.soup.select("form[action*='/place']"), "no buttons for who may not"


def test_counts_come_from_above_and_from_what_one_may_see(
    cast: Cast, picture: Picture, context: Flask
) -> None:
    (aim,) = queries.aims_page(cast.actor("leader")).aims
    who, handover = aim.drivers
    assert (who.all_ideas, who.all_tried, who.kept_count) == (3, 1, 1)
    assert (handover.all_ideas, handover.all_tried) == (0, 0)
    assert aim.gap_count == 1
    bare = queries.aim_page(cast.actor("leader"), picture.aim, most=0).drivers[0]
    assert (bare.all_ideas, bare.all_tried, bare.ideas) == (3, 1, ())
    coached = make_idea(cast, text="Off the board", answerer=Answerer.COACH)
    drivers.hang_idea(cast.actor("coach"), idea_id=coached, driver_id=picture.handover)
    assert queries.aims_page(cast.actor("leader")).aims[0].drivers[1].all_ideas == 0
    assert queries.aims_page(cast.actor("coach")).aims[0].drivers[1].all_ideas == 1
    assert queries.aims_page(actor(cast.outsider)).aims == ()


def test_an_administrator_reads_aims_without_ideas(
    cast: Cast, picture: Picture, visit: Visit
) -> None:
    page = visit(cast.administrator).get("/aims")
    assert "We say who we are" in page.main
    assert "photo" not in page.main
    assert "80%" not in page.main
    assert "Nothing is being tried" not in page.main
    diagram = visit(cast.administrator).get(f"/aims/{picture.aim}/diagram")
    assert "photo" not in diagram.text
    assert "Nothing is being tried" not in diagram.text


def test_a_leader_builds_an_aim(cast: Cast, visit: Visit, app: Flask) -> None:
    leader = visit(cast.leader)
    page = leader.follow(leader.get("/aims"), "Add the first aim")
    form = page.form("/aims/new")
    done = leader.send(form, {"statement": "Brothers and sisters meet", "by_when_on": "31/3/2027"})
    assert done.heading == "Brothers and sisters meet"
    assert "Now add what you think makes the difference." in done.text
    for name in ("We plan it", "We pay for it"):
        page = leader.follow(leader.get("/aims/1"), "Add what makes the difference")
        done = leader.send(page.form("/drivers"), {"name": name})
    assert [words(h) for h in done.soup.select(".driver h2")] == ["We plan it", "We pay for it"]
    done = leader.send(done.form(button="Up Move up: We pay for it"))
    assert "Moved." in done.text
    assert [words(h) for h in done.soup.select(".driver h2")] == ["We pay for it", "We plan it"]
    page = leader.get("/aims/1/drivers?under=2")
    assert "Under “We pay for it”" in page.main
    done = leader.send(page.form("/drivers"), {"name": "Travel"})
    assert [words(h) for h in done.soup.select(".drivers-under h3")] == ["Travel"]
    with app.app_context():
        acted = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        assert list(acted)[-5:] == [
            "aim_made",
            *["driver_added"] * 2,
            "driver_moved",
            "driver_added",
        ]


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"statement": " "}, ["Say in a sentence what good looks like."]),
        ({"statement": "x" * 201}, ["Use 200 characters or fewer. This has 201."]),
        ({"by_when_on": "soon"}, None),
        ({"measure_id": "99999"}, ["Choose one of the measures in the list."]),
    ],
)
def test_an_aim_is_refused_in_words_and_kept(
    cast: Cast, visit: Visit, changed: dict[str, str], errors: list[str] | None
) -> None:
    coach = visit(cast.coach)
    form = coach.get("/aims/new").form("/aims/new")
    typed = {"statement": "Good", "for_whom": "Children", **changed}
    page = coach.post("/aims/new", {**dict(form.values), **typed})
    assert page.status == 422
    assert page.errors == errors or (errors is None and len(page.errors) == 1)
    assert dict(page.form("/aims/new").values)["for_whom"] == "Children"


def test_words_that_may_identify_are_read_again(cast: Cast, visit: Visit) -> None:
    coach = visit(cast.coach)
    form = coach.get("/aims/new").form("/aims/new")
    page = coach.send(form, {"statement": "The child born 12/03/2014 is safe"})
    assert "identify" in page.main
    assert coach.get("/aims").soup.find("h2") is None or "born" not in coach.get("/aims").main


@pytest.mark.parametrize("role", ["practitioner", "manager", "guest"])
def test_readers_may_not_change_aims(role: str, cast: Cast, picture: Picture, visit: Visit) -> None:
    visitor = visit(getattr(cast, role))
    for path in ("/aims/new", f"/aims/{picture.aim}/edit", f"/drivers/{picture.who}/close"):
        assert visitor.get(path).status == 403
    assert visitor.get("/aims").status == (403 if role == "guest" else 200)


def test_another_council_finds_nothing(cast: Cast, picture: Picture, visit: Visit) -> None:
    outsider = visit(cast.outsider_administrator)
    for path in (
        f"/aims/{picture.aim}", f"/aims/{picture.aim}/diagram", f"/aims/{picture.aim}/edit",
        f"/aims/{picture.aim}/drivers", f"/drivers/{picture.who}/edit", f"/drivers/{picture.who}/close",
    ):  # fmt: skip
        assert outsider.get(path).status == 404, path
    assert "Every child" not in outsider.get("/aims").main


def test_services_know_their_council_and_their_people(
    cast: Cast, picture: Picture, context: Flask
) -> None:
    with pytest.raises(Forbidden, match="coach, a leader"):
        service.make_aim(cast.actor("manager"), details=AimDetails("Good"))
    other = actor(cast.outsider_administrator)
    with pytest.raises(NotFound):
        service.close_aim(other, aim_id=picture.aim)
    with pytest.raises(NotFound):
        drivers.rename_driver(other, driver_id=picture.who, name="x", seen_version=1)
    with pytest.raises(RuleBroken):
        drivers.hang_idea(
            actor(cast.outsider),
            idea_id=make_idea(cast, by=cast.outsider, team_id=cast.outsider_team),
            driver_id=picture.who,
        )


def test_the_same_twice_is_once(cast: Cast, context: Flask) -> None:
    leader = cast.actor("leader")
    made = {service.make_aim(leader, details=AimDetails(" Good  enough ")) for _ in range(2)}
    (aim,) = made
    assert len({drivers.add_driver(leader, aim_id=aim, name="One thing") for _ in range(2)}) == 1
    drivers.add_driver(leader, aim_id=aim, name="Two")
    first, second = queries.aim_page(leader, aim).drivers
    assert drivers.move_driver(leader, driver_id=second.id, way="up", seen_place=2)
    assert not drivers.move_driver(leader, driver_id=second.id, way="up", seen_place=2)
    assert [d.name for d in queries.aim_page(leader, aim).drivers] == ["Two", "One thing"]
    assert not drivers.move_driver(leader, driver_id=first.id, way="down", seen_place=2)


def test_numbers_stay_sensible_and_say_so(cast: Cast, context: Flask) -> None:
    leader = cast.actor("leader")
    made = [service.make_aim(leader, details=AimDetails(f"Aim {n}")) for n in range(10)]
    with pytest.raises(RuleBroken, match="Close one first"):
        service.make_aim(leader, details=AimDetails("One more"))
    service.close_aim(leader, aim_id=made[0])
    service.make_aim(leader, details=AimDetails("One more"))
    with pytest.raises(RuleBroken, match="Close one first"):
        service.open_aim_again(leader, aim_id=made[0])
    for number in range(12):
        drivers.add_driver(leader, aim_id=made[1], name=f"Driver {number}")
    with pytest.raises(RuleBroken, match="Close one first"):
        drivers.add_driver(leader, aim_id=made[1], name="One more")
    with pytest.raises(RuleBroken, match="closed"):
        drivers.add_driver(leader, aim_id=made[0], name="Late")


def test_two_levels_are_enough(cast: Cast, picture: Picture, context: Flask) -> None:
    with pytest.raises(RuleBroken, match="Two levels"):
        drivers.add_driver(
            cast.actor("leader"), aim_id=picture.aim, name="Third", under_id=picture.under
        )


def test_a_colleagues_words_are_not_written_over(
    cast: Cast, picture: Picture, visit: Visit, app: Flask
) -> None:
    coach, leader = visit(cast.coach), visit(cast.leader)
    here = f"/aims/{picture.aim}/edit"
    mine, theirs = coach.get(here).form("/edit"), leader.get(here).form("/edit")
    leader.send(theirs, {"statement": "Every child knows why we come"})
    page = coach.send(mine, {"statement": "Every child is told"})
    assert page.status == 409
    assert "Every child knows why we come" in page.main
    again = page.form("/edit")
    assert dict(again.values)["statement"] == "Every child is told"
    assert coach.send(again).heading == "Every child is told"
    here = f"/drivers/{picture.who}/edit"
    mine, theirs = coach.get(here).form("/edit"), leader.get(here).form("/edit")
    leader.send(theirs, {"name": "We say our names"})
    page = coach.send(mine, {"name": "We come with a photo"})
    assert page.status == 409
    assert "“We say our names”" in page.main
    assert "We come with a photo" in coach.send(page.form("/edit")).main


def test_closing_keeps_ideas_and_offers_no_more(
    cast: Cast, picture: Picture, visit: Visit, app: Flask
) -> None:
    leader = visit(cast.leader)
    page = leader.get(f"/drivers/{picture.who}/close")
    assert "Ideas that hang on it stay on it" in page.main
    done = leader.send(page.form("/close"))
    assert "Send a photo first" in done.main
    assert "Closed 24 Nov 2026. Its ideas stay." in done.main
    with app.app_context():
        (aim,) = queries.aim_choices(cast.actor("manager"))
        assert [d.name for d in aim.drivers] == ["A handover, not a gap"]
    manager = visit(cast.manager)
    page = manager.get(f"/ideas/{picture.tried}")
    assert "We say who we are" in page.main
    form = manager.get(f"/ideas/{picture.tried}/aim").form("/aim")
    assert "We say who we are (closed)" in words(form.node)
    assert manager.send(form).status == 200
    other = manager.get(f"/ideas/{picture.suggested}/aim").form("/aim")
    answer = manager.post(
        f"/ideas/{picture.suggested}/aim", {**dict(other.values), "driver_id": str(picture.who)}
    )
    assert answer.errors == ["Choose one of those in the list."]
    back = leader.send(
        leader.get(f"/aims/{picture.aim}").form(button="Open again : We say who we are")
    )
    assert "It is open again." in back.text
    leader.send(leader.get(f"/aims/{picture.aim}/close").form("/close"))
    assert "Every child" not in words(leader.get("/aims").soup.find("h2"))
    with app.app_context():
        assert queries.aim_choices(cast.actor("manager")) == []
    assert "Send a photo first" in leader.get(f"/aims/{picture.aim}").main
    back = leader.send(leader.get(f"/aims/{picture.aim}").form("/open"))
    assert "The aim is open again." in back.text


def test_an_idea_is_hung_with_history(
    cast: Cast, picture: Picture, visit: Visit, app: Flask
) -> None:
    manager = visit(cast.manager)
    with app.app_context():
        idea = make_idea(cast, text="Hello and goodbye visit")
        db.session.commit()
    page = manager.get(f"/ideas/{idea}")
    page = manager.get(f"/ideas/{idea}/aim")
    done = manager.send(page.form("/aim"), {"driver_id": str(picture.handover)})
    assert "A handover, not a gap" in done.main
    assert "hung it on “A handover, not a gap”" in manager.get(f"/ideas/{idea}/history").main
    with app.app_context():
        edits = db.session.scalars(
            select(IdeaEdit).where(IdeaEdit.idea_id == idea, IdeaEdit.kind == "driver")
        )
        assert [(e.old, e.new) for e in edits] == [("", "A handover, not a gap")]
        before = db.session.get_one(Idea, idea).version
    manager.send(manager.get(f"/ideas/{idea}/aim").form("/aim"))
    with app.app_context():
        assert db.session.get_one(Idea, idea).version == before
    assert visit(cast.other_manager).get(f"/ideas/{idea}/aim").status == 403
    assert visit(cast.outsider).get(f"/ideas/{idea}/aim").status == 404


def test_two_who_hang_it_at_once_see_each_other(
    cast: Cast, picture: Picture, visit: Visit, context: Flask
) -> None:
    manager, author = cast.actor("manager"), cast.actor("practitioner")
    version = ideas.idea_page(manager, picture.suggested).version
    drivers.hang_idea(
        manager, idea_id=picture.suggested, driver_id=picture.handover, seen_version=version
    )
    with pytest.raises(Stale) as refused:
        drivers.hang_idea(
            author, idea_id=picture.suggested, driver_id=picture.who, seen_version=version
        )
    assert refused.value.facts["by"] == "Sam"
    assert refused.value.facts["theirs"] == "A handover, not a gap"


def test_pages_of_aims_are_few_statements(
    cast: Cast, picture: Picture, visit: Visit, statements: Watch
) -> None:
    for role in ("practitioner", "leader"):
        visitor = visit(getattr(cast, role))
        for path in (
            "/aims",
            f"/aims/{picture.aim}",
            f"/aims/{picture.aim}/diagram",
            f"/ideas/{picture.tried}",
        ):
            visitor.get(path)
            with statements() as seen:
                visitor.get(path)
            assert len(seen) <= 8, (path, seen)


def test_a_withdrawn_or_put_off_idea_leaves_the_picture(
    cast: Cast, picture: Picture, context: Flask
) -> None:
    from improve.ideas.kinds import Way
    from tests.factories import take

    take(cast, picture.tried, Way.STUDY)
    leader = cast.actor("leader")
    (aim,) = queries.aims_page(leader).aims
    assert aim.drivers[0].tried_count == 1
    page = queries.aim_page(leader, picture.aim)
    assert [i.title for i in page.drivers[0].ideas] == ["Send a photo first", "Two lines by text"]


def test_a_plan_can_say_what_it_is_meant_to_move(
    cast: Cast, picture: Picture, visit: Visit, app: Flask
) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.PLAN, text="Ring before we come")
        db.session.commit()
    author, manager = visit(cast.practitioner), visit(cast.manager)
    form = author.get(f"/ideas/{idea}/plan").form("/plan")
    answers = {"change_to_try": "Ring first", "prediction": "They are in", "families_count": "3"}
    chosen = {**answers, "driver_id": str(picture.handover)}
    done = author.send(form, chosen)
    assert "A handover, not a gap" in done.main, done.errors
    # What a colleague chose meanwhile is not put back by a page that did not touch it.
    form = author.get(f"/ideas/{idea}/plan").form("/plan")
    manager.send(manager.get(f"/ideas/{idea}/aim").form("/aim"), {"driver_id": str(picture.who)})
    author.send(form, {"change_to_try": "Ring the day before"})
    with app.app_context():
        kept = db.session.get_one(Idea, idea)
        assert kept.driver_id == picture.who


def test_an_idea_is_logged_for_a_driver(
    cast: Cast, picture: Picture, visit: Visit, app: Flask
) -> None:
    author = visit(cast.practitioner)
    form = author.get("/log").form("/log")
    author.send(form, {"text": "Wave from the gate", "driver_id": str(picture.handover)})
    with app.app_context():
        made = db.session.scalars(select(Idea).where(Idea.title == "Wave from the gate")).one()
        assert made.driver_id == picture.handover
        with pytest.raises(RuleBroken):
            make_idea(cast, text="Another", driver_id=999)
