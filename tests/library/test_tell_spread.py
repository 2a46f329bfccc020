"""How it went in places that are not here, where an idea came from, and what was changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.library import queries, service
from improve.library.queries.spread import ancestors_of
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from tests.factories import Cast, finish_cycle, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PHOTO = "A photo two days before"
FIRST, AGAIN = "Found it in the public library", "A board on the bedroom wall"


@pytest.fixture
def kept(app: Flask, cast: Cast) -> int:
    with app.app_context():
        idea = finish_cycle(cast, "adopt", title=PHOTO)
        db.session.commit()
    return idea


def test_tell_of_a_place_and_of_one_under_it(
    app: Flask, cast: Cast, visit: Visit, kept: int
) -> None:
    jo = visit(cast.colleague)
    tree = jo.get(f"/ideas/{kept}/spread")
    assert "One place so far" in tree.main
    form = jo.follow(tree, "Tell us how it went somewhere else").form("/told")
    assert jo.send(form, {"place": " "}).error_for("place") == "Error: Say where it was tried."
    hint = jo.send(form, {"place": "Thornmere", "words": "Ring 01632 960122"})
    assert "a phone number" in hint.main
    said = {"place": "Thornmere Council", "words": FIRST, "told_on": "10/11/2026"}
    page = jo.send(form, said)
    jo.send(form, said)  # twice is harmless
    assert "Told us on Tue 10 Nov" in page.main
    assert "Heard about, not measured." in page.main
    assert "Two places. In the order they began." in page.main
    more = jo.follow(page, "Tell us how it went somewhere else").form("/told")
    key = next(v["value"] for v in more.node.find_all("option") if "Thornmere" in v.text)
    below = jo.send(
        more,
        {"place": "A children’s home", "under": key, "adaptation": AGAIN, "ending": "stopped"},
    )
    assert f"Changed: {AGAIN}" in below.main
    assert "It did not work in one of them, and that page is as useful" in below.main
    with app.app_context():
        found = queries.spread_tree(cast.actor("leader"), kept)
        assert [step.closes for step in found.steps] == [0, 0, 2]


def test_change_and_take_out_what_was_told(app: Flask, cast: Cast, visit: Visit, kept: int) -> None:
    with app.app_context():
        told = service.tell_spread(
            cast.actor("colleague"), parent_idea_id=kept, place="Thornmere", form_token="a"
        )
        service.tell_spread(
            cast.actor("leader"), parent_spread_id=told, place="A home", form_token="b"
        )
        db.session.commit()
    jo = visit(cast.colleague)
    form = jo.get(f"/spread/{told}/edit").form("/edit")
    assert "Thornmere Council" in jo.send(form, {"place": "Thornmere Council"}).main
    # Opened before and sent after: both are shown.
    stale = jo.send(form, {"place": "Thorn", "words": "Mine"})
    assert stale.status == 409
    assert "Thornmere Council" in stale.main
    assert visit(cast.practitioner).get(f"/spread/{told}/edit").status == 403
    assert visit(cast.practitioner).post(f"/spread/{told}/remove").status == 403
    assert visit(cast.outsider).get(f"/spread/{told}/edit").status == 404
    assert visit(cast.coach).get(f"/spread/{told}/edit").status == 200
    gone = jo.send(jo.get(f"/spread/{told}/edit").form("/remove"))
    assert "Taken out." in gone.text
    assert "Thornmere" not in gone.main
    assert "A home" in gone.main  # it stands where the other stood


def test_link_an_idea_to_the_one_it_came_from(
    app: Flask, cast: Cast, visit: Visit, kept: int
) -> None:
    with app.app_context():
        mine = make_idea(cast, text="Photos before visits", by=cast.other_manager,
                         team_id=cast.other_team)  # fmt: skip
        db.session.commit()
    leah = visit(cast.other_manager)
    page = leah.follow(leah.get(f"/ideas/{mine}"), "We are trying another team’s idea")
    found = leah.send(page.form("/came-from"), {"q": "photo two days"})
    chosen = leah.follow(found, f"We are trying this : {PHOTO}")
    done = leah.send(chosen.form("/came-from"), {"adaptation": "By text"})
    assert "Changed here: By text" in done.main
    assert leah.send(chosen.form("/came-from"), {"adaptation": "By text"}).status == 200
    change = leah.get(f"/ideas/{mine}/adaptation").form("/adaptation")
    assert "By post" in leah.send(change, {"words": "By post"}).main
    stale = leah.send(change, {"words": "By pigeon"})
    assert stale.status == 409
    assert "By post" in stale.main
    assert "By pigeon" in stale.main
    assert visit(cast.practitioner).get(f"/ideas/{mine}/adaptation").status == 403
    with app.app_context():
        with pytest.raises(RuleBroken, match="itself taken from this one"):
            service.link_to_origin(
                cast.actor("manager"), idea_id=kept, origin_id=mine, form_token="x"
            )
        with pytest.raises(RuleBroken, match="not this one"):
            service.link_to_origin(
                cast.actor("manager"), idea_id=kept, origin_id=kept, form_token="x"
            )
        assert ancestors_of(cast.actor("coach"), mine) == {kept, mine}
    back = leah.follow(leah.get(f"/ideas/{mine}/adaptation"), "It did not come from there")
    assert "Taken back." in leah.send(back.form("/undo")).text
    with app.app_context():
        assert queries.spread_counts(cast.actor("coach"), [kept]) == {}


def test_another_council_finds_nothing(app: Flask, cast: Cast, visit: Visit, kept: int) -> None:
    for tail in ("spread", "told", "came-from", "came-from/undo", "adaptation"):
        assert visit(cast.outsider).get(f"/ideas/{kept}/{tail}").status == 404
    with app.app_context():
        with pytest.raises(NotFound):
            service.tell_spread(
                cast.actor("outsider"), parent_idea_id=kept, place="There", form_token="a"
            )
        assert db.session.execute(text("SELECT count(*) FROM spreads")).scalar_one() == 0
