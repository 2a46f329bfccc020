"""Joining two ideas and taking them apart, as people do it on the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]

PHOTO = "Text families a photo of the worker before the first visit"
CARD = "Send families a photo card before visits"
WORDS = "Amina, Jo asked for the same, so we try both as one. Thank you."


@pytest.fixture
def pair(app: Flask, cast: Cast) -> tuple[int, int]:
    with app.app_context():
        first = make_idea(cast, text=PHOTO)
        second = make_idea(cast, text=CARD, by=cast.colleague)
        ideas.comment(actor(cast.coach), idea_id=first, words="Ours ask too", form_token="a")
        ideas.say_thanks(
            actor(cast.leader),
            idea_id=first,
            to_id=cast.practitioner,
            words="Lovely",
            form_token="t",
        )
        db.session.commit()
    return first, second


def test_pick_look_at_both_join_and_take_apart(
    cast: Cast, visit: Visit, pair: tuple[int, int]
) -> None:
    first, second = pair
    sam = visit(cast.manager)
    pick = sam.follow(sam.get(f"/ideas/{first}"), "This is the same as…")
    assert CARD in pick.main  # offered before anything is looked for
    found = sam.send(pick.form("/same-as"), {"q": "card visit"})
    assert CARD in found.main
    assert "No idea on a board" in sam.send(pick.form("/same-as"), {"q": "dragons"}).main
    assert CARD in sam.send(pick.form("/same-as"), {"q": str(second)}).main
    both = sam.follow(found, f"Look at both : this one and {CARD}")
    assert PHOTO in both.main
    assert CARD in both.main
    form = both.form(f"/same-as/{second}")
    empty = sam.send(form, {"words": " "})
    assert empty.error_for("words") == "Error: Write a sentence to the author."
    hint = sam.send(form, {"words": "Ring 01632 960122 first"})
    assert "a phone number" in hint.main
    page = sam.send(form, {"words": WORDS})
    assert f"This goes on in {CARD}" in page.main
    assert WORDS in page.main
    assert PHOTO in page.main  # the page stands with all its words
    assert "Ours ask too" in page.main
    assert sam.send(form, {"words": WORDS}).status == 200  # twice is harmless
    other = sam.get(f"/ideas/{second}")
    assert f"From the joined idea {PHOTO}" in other.main
    assert "Ours ask too" in other.main
    assert "“Lovely”" in other.main
    assert WORDS in visit(cast.practitioner).get("/me").main  # it lands as the reply
    assert (
        "joined another idea of the same thing"
        in sam.get(f"/ideas/{second}/history?show=moves").main
    )
    split = sam.follow(other, f"Take them apart : this idea and {PHOTO}")
    back = sam.send(split.form("/split"))
    assert "Taken apart." in back.text
    assert "This goes on in" not in back.main
    assert sam.send(split.form("/split")).status == 200  # twice is harmless
    assert "From the joined idea" not in sam.get(f"/ideas/{second}").main


def test_somebody_changed_it_meanwhile(
    app: Flask, cast: Cast, visit: Visit, pair: tuple[int, int]
) -> None:
    first, second = pair
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{first}/same-as/{second}").form(f"/same-as/{second}")
    with app.app_context():
        ideas.edit_field(
            actor(cast.colleague), idea_id=first, field="title", value="A photo", seen_version=1
        )
        db.session.commit()
    late = sam.send(form, {"words": WORDS})
    assert late.status == 409
    assert "Jo changed “A photo”" in late.main
    assert WORDS in late.main
    assert "This goes on in" in sam.send(late.form(f"/same-as/{second}")).main


def test_refused_in_words_with_a_way_on(
    app: Flask, cast: Cast, visit: Visit, pair: tuple[int, int]
) -> None:
    first, second = pair
    with app.app_context():
        ideas.join_ideas(
            actor(cast.manager), idea_id=first, into_id=second, words=WORDS, seen_version=1
        )
        third, tried = make_idea(cast, text="A third photo idea"), idea_in(cast, Stage.DO)
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{third}/same-as/{first}")
    assert "joined to another itself" in page.main
    assert "Write a sentence" not in page.main
    assert CARD in sam.follow(page, f"Look at it beside “{CARD}”").main
    assert sam.post(f"/ideas/{third}/same-as/{first}", {"words": "x", "version": "1"}).status == 422
    assert "being tried" in sam.get(f"/ideas/{tried}/same-as").main
    assert "This is the same as" not in sam.get(f"/ideas/{tried}").main
    assert "Choose another idea" in sam.get(f"/ideas/{third}/same-as/{third}").main
    assert "not joined" in sam.get(f"/ideas/{third}/split").main


def test_who_may(cast: Cast, visit: Visit, pair: tuple[int, int]) -> None:
    first, second = pair
    for path in (f"/ideas/{first}/same-as", f"/ideas/{first}/same-as/{second}"):
        for person, status in (
            (cast.practitioner, 403),
            (cast.other_manager, 403),
            (cast.leader, 403),
            (cast.guest, 403),
            (cast.outsider, 404),
        ):
            assert visit(person).get(path).status == status
    assert visit(cast.practitioner).post(f"/ideas/{first}/same-as/{second}", {}).status == 403
    assert visit(cast.outsider).post(f"/ideas/{first}/split").status == 404
    assert visit(cast.outsider).get(f"/ideas/{first}/split").status == 404
    assert visit(cast.coach).get(f"/ideas/{first}/same-as").status == 200


def test_a_joined_idea_stands_in_no_count_of_what_was_stopped(
    app: Flask, cast: Cast, visit: Visit, pair: tuple[int, int]
) -> None:
    first, second = pair
    sam = visit(cast.manager)
    sam.send(
        sam.get(f"/ideas/{first}/same-as/{second}").form(f"/same-as/{second}"), {"words": WORDS}
    )
    assert "stopped" not in sam.get("/teams/riverside/board").main.lower()
    assert "Joined 24 Nov" in sam.get("/teams/riverside/board").main
    assert PHOTO not in visit(cast.leader).get("/review/finished").main


def test_the_pages_keep_to_eight_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        into = make_idea(cast, text=CARD)
        for n in range(4):
            one = make_idea(cast, text=f"{PHOTO} {n}", by=cast.colleague)
            ideas.comment(actor(cast.coach), idea_id=one, words="@sam.alder", form_token=f"c{n}")
            if n:
                ideas.join_ideas(
                    actor(cast.manager), idea_id=one, into_id=into, words=WORDS, seen_version=1
                )
            else:
                first = one
        db.session.commit()
    sam = visit(cast.manager)
    for path in (
        f"/ideas/{into}",
        f"/ideas/{first}/same-as",
        f"/ideas/{first}/same-as?q=photo",
        f"/ideas/{first}/same-as/{into}",
        f"/ideas/{into}/comments",
        f"/ideas/{into}/people?q=sam",
        f"/ideas/{into}/support/words",
    ):
        with statements() as run:
            assert sam.get(path).status == 200
        assert len(run) <= 8, (path, run)
