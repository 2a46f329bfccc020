"""Trying in one's own team what another one finished: kept or stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.library import queries, service
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import Cast, finish_cycle, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PHOTO = "A photo two days before"


@pytest.fixture
def stopped(app: Flask, cast: Cast) -> int:
    with app.app_context():
        idea = finish_cycle(cast, "abandon", title=PHOTO, why="Court dates left no quiet hour")
        db.session.commit()
    return idea


def told(app: Flask, kind: str) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(
            text("SELECT person_id, why FROM notices WHERE kind = :kind ORDER BY person_id"),
            {"kind": kind},
        )
        return [tuple(row) for row in rows]


def audited(app: Flask, action: str) -> int:
    with app.app_context():
        return int(
            db.session.execute(
                text("SELECT count(*) FROM audit_entries WHERE action = :a"), {"a": action}
            ).scalar_one()
        )


def test_try_a_stopped_idea_in_another_team(
    app: Flask, cast: Cast, visit: Visit, stopped: int
) -> None:
    leah = visit(cast.other_manager)
    page = leah.follow(leah.get(f"/ideas/{stopped}"), "Try this in my team")
    assert "Stopped, and this is what we learned" in page.main
    # What did not work is read first.
    assert page.main.index("What did not work") < page.main.index("What they tried")
    form = page.form("/try")
    assert dict(form.values)["team_id"] == str(cast.other_team)  # one's own, chosen
    assert PHOTO in dict(form.values)["text"]
    empty = leah.send(form, {"text": " "})
    assert empty.status == 422
    assert empty.error_for("text") == "Error: Say what you will try, in a sentence or two."
    hint = leah.send(form, {"adaptation": "Ring 01632 960122 first"})
    assert "a phone number" in hint.main
    sent = leah.send(form, {"adaptation": "At the first visit instead"})
    assert "Hillside" in sent.main
    leah.send(form, {"adaptation": "At the first visit instead"})  # twice is harmless
    with app.app_context():
        tree = queries.spread_tree(cast.actor("coach"), stopped)
        assert [place.name for place in tree.places] == ["Riverside", "Hillside"]
        assert tree.places[1].adaptation == "At the first visit instead"
        made = tree.places[1].idea_id
        assert queries.spread_counts(cast.actor("leader"), [stopped, made or 0]) == {stopped: 1}
    assert told(app, "spread_began") == [(cast.practitioner, "author")]
    assert audited(app, "spread_began") == 1
    new = leah.get(f"/ideas/{made}")
    assert f"From {PHOTO} , Riverside" in new.main
    assert "Changed here: At the first visit instead" in new.main
    assert "Taken up in 1 other place" in leah.get(f"/ideas/{stopped}").main
    news = visit(cast.practitioner).get("/me").main
    assert "Leah tries it in Hillside" in news


def test_who_may_try(app: Flask, cast: Cast, visit: Visit, stopped: int) -> None:
    assert visit(cast.outsider).get(f"/ideas/{stopped}/try").status == 404
    assert visit(cast.guest).get(f"/ideas/{stopped}/try").status == 403
    assert visit(cast.leader).get(f"/ideas/{stopped}/try").status == 200
    assert visit(cast.leader).post(f"/ideas/{stopped}/spread").status == 405
    with app.app_context():
        running = make_idea(cast)
        db.session.commit()
    refused = visit(cast.leader).get(f"/ideas/{running}/try")
    assert refused.status == 422
    assert "still being tried" in refused.main


def test_a_closed_team_is_refused_in_words(
    app: Flask, cast: Cast, visit: Visit, stopped: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{stopped}/try").form("/try")
    with app.app_context():
        db.session.execute(
            text("UPDATE teams SET closed_on = :on WHERE id = :id"),
            {"on": clock.today(), "id": cast.other_team},
        )
        db.session.commit()
    page = sam.send(form, {"team_id": str(cast.other_team)})
    assert page.status == 422
    assert "This team is closed. Choose another." in page.error_for("team_id")


def test_a_child_can_be_tried_again_and_a_hidden_name_stays_hidden(app: Flask, cast: Cast) -> None:
    with app.app_context():
        first = finish_cycle(cast, "adopt", title=PHOTO)
        db.session.execute(text("UPDATE ideas SET hides_name = :y"), {"y": True})
        tried = service.try_in_team(
            cast.actor("other_manager"),
            origin_id=first,
            team_id=cast.other_team,
            text=PHOTO,
            form_token="a",
        )
        with pytest.raises(RuleBroken, match="still being tried"):
            service.try_in_team(
                cast.actor("leader"),
                origin_id=tried.idea_id,
                team_id=cast.team,
                text=PHOTO,
                form_token="b",
            )
        db.session.execute(
            text(
                "UPDATE ideas SET stage = 'done', outcome = 'adopted', finished_at = created_at"
                " WHERE id = :id"
            ),
            {"id": tried.idea_id},
        )
        again = service.try_in_team(
            cast.actor("leader"),
            origin_id=tried.idea_id,
            team_id=cast.team,
            text=PHOTO,
            form_token="b",
            hides_name=True,
        )
        # Opened from a grandchild it begins with the root.
        tree = queries.spread_tree(cast.actor("colleague"), again.idea_id)
        assert [place.idea_id for place in tree.places] == [first, tried.idea_id, again.idea_id]
        assert [step.opens for step in tree.steps] == [True, True, False]
        assert tree.steps[-1].closes == 2
        assert "Amina" not in tree.root.state
        assert queries.spread_counts(cast.actor("colleague"), [first]) == {first: 2}
