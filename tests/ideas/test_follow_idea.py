"""Following starts by itself, ends in one step, and begins again when it is chosen."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from improve.ideas import queries
from improve.ideas import service as ideas
from improve.ideas.kinds import FollowReason, Stage
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_it_starts_by_itself_with_its_reason(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = idea_in(cast, Stage.PLAN, by=cast.colleague)  # Amina leads it
        ideas.join_idea(actor(cast.manager), idea_id=made)
        ideas.comment(actor(cast.leader), idea_id=made, words="Good", form_token="a")
        ideas.comment(actor(cast.leader), idea_id=made, words="@leah.rowan", form_token="b")
        ideas.support_idea(actor(cast.coach), idea_id=made, words="", form_token="c")
        assert dict(queries.followers_of(made)) == {
            cast.colleague: FollowReason.AUTHOR,
            cast.practitioner: FollowReason.LEAD,
            cast.manager: FollowReason.MEMBER,
            cast.leader: FollowReason.COMMENTED,
            cast.other_manager: FollowReason.MENTIONED,
            cast.coach: FollowReason.SUPPORTED,
        }
        # Somebody else leads it now; the one before had no other reason.
        ideas.choose_lead(actor(cast.manager), idea_id=made, lead_id=cast.manager)
        now = dict(queries.followers_of(made))
        assert cast.practitioner not in now
        assert now[cast.manager] is FollowReason.LEAD


def test_one_step_stops_and_one_step_starts(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    amina = visit(cast.practitioner)
    page = amina.get(f"/ideas/{idea_id}")
    assert "You hear of this idea because it is yours. Stop" in page.main
    stopped = amina.send(page.form("/follow/stop"))
    assert "You hear no more of this idea" in stopped.text
    assert amina.send(page.form("/follow/stop")).status == 200  # twice is harmless
    with app.app_context():
        ideas.comment(actor(cast.colleague), idea_id=idea_id, words="So?", form_token="a")
        ideas.comment(actor(cast.practitioner), idea_id=idea_id, words="Later", form_token="b")
        db.session.commit()
        assert cast.practitioner not in dict(queries.followers_of(idea_id))
    again = amina.send(amina.get(f"/ideas/{idea_id}").form("/follow"))
    assert "You hear of this idea because it is yours. Stop" in again.main
    amina.send(stopped.form("/follow"))
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert (acts.count("idea_followed"), acts.count("idea_unfollowed")) == (1, 1)


def test_nobody_sees_who_else_follows(cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    page = jo.get(f"/ideas/{idea_id}")
    jo.send(page.form("/follow"))
    for person in (cast.practitioner, cast.manager, cast.coach):
        assert "Jo Sedge" not in visit(person).get(f"/ideas/{idea_id}").main


def test_strangers_and_methods(cast: Cast, visit: Visit, idea_id: int) -> None:
    for what in ("follow", "follow/stop"):
        assert visit(cast.outsider).post(f"/ideas/{idea_id}/{what}").status == 404
        assert visit(cast.guest).post(f"/ideas/{idea_id}/{what}").status == 404
        assert visit(cast.manager).client.get(f"/ideas/{idea_id}/{what}").status_code == 405


def test_support_follows_and_keeps_the_words(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    leah = visit(cast.other_manager)
    form_page = leah.follow(leah.get(f"/ideas/{idea_id}"), "I would like this too")
    form = form_page.form("/support/words")
    page = leah.send(form, {"words": "Our families ask for it each week."})
    assert page.main.count("Our families ask for it each week.") == 1
    assert "because you added your support" in page.main
    assert (
        leah.send(form, {"words": "Our families ask for it each week."}).main.count("ask for") == 1
    )
    # Without words nothing is written, and nothing is counted anywhere.
    florence = visit(cast.leader)
    plain = florence.send(florence.get(f"/ideas/{idea_id}/support/words").form("/support/words"))
    assert len(plain.soup.select("#comments .comment")) == 1
    assert "because you added your support" in plain.main
    assert "support" not in visit(cast.practitioner).get(f"/ideas/{idea_id}").main
    long = florence.send(
        florence.get(f"/ideas/{idea_id}/support/words").form("/support/words"),
        {"words": "y" * 2001},
    )
    assert long.status == 422
    hint = florence.send(
        florence.get(f"/ideas/{idea_id}/support/words").form("/support/words"),
        {"words": "Ring 01632 960122 first"},
    )
    assert "a phone number" in hint.main
    for person, status in ((cast.outsider, 404), (cast.administrator, 403)):
        assert visit(person).get(f"/ideas/{idea_id}/support/words").status == status
        assert visit(person).post(f"/ideas/{idea_id}/support/words", {}).status == status
