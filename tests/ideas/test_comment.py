"""Comments: added, changed by their author, removed with a line left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.shared.db import db
from tests.factories import Cast, actor, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]

WORDS = "Could Hillside borrow the sheet?"


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = make_idea(cast)
        db.session.commit()
    return made


@pytest.fixture
def comment_id(app: Flask, cast: Cast, idea_id: int) -> int:
    with app.app_context():
        made = ideas.comment(actor(cast.colleague), idea_id=idea_id, words=WORDS, form_token="once")
        db.session.commit()
    return made


def test_comment_and_its_form_sent_twice(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    leah = visit(cast.other_manager)
    form = leah.get(f"/ideas/{idea_id}").form("/comments")
    page = leah.send(form, {"words": WORDS})
    assert page.main.count(WORDS) == 1
    assert "Leah Rowan" in page.main
    again = leah.send(form, {"words": WORDS})
    assert again.main.count(WORDS) == 1
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("comment_added") == 1


def test_empty_and_too_long_are_refused(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}").form("/comments")
    assert jo.send(form, {"words": "  "}).error_for("words") == "Error: Write your comment."
    long = jo.send(form, {"words": "y" * 2001})
    assert long.status == 422
    assert "y" * 2001 in long.main


def test_markup_stays_words(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}").form("/comments")
    page = jo.send(form, {"words": "<b>Bold</b> & <script>alert(1)</script>"})
    assert "<b>Bold</b> & <script>alert(1)</script>" in page.main


def test_author_edits_and_it_says_so(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, comment_id: int
) -> None:
    jo = visit(cast.colleague)
    path = f"/ideas/{idea_id}/comments/{comment_id}/edit"
    page = jo.send(jo.get(path).form("/edit"), {"words": "Could we all borrow it?"})
    assert "Could we all borrow it?" in page.main
    assert "edited" in page.main
    assert visit(cast.manager).get(path).status == 403
    assert visit(cast.manager).post(path, {"words": "No"}).status == 403
    assert visit(cast.outsider).get(path).status == 404
    assert visit(cast.outsider).post(path, {"words": "No"}).status == 404
    assert jo.send(jo.get(path).form("/edit"), {"words": ""}).status == 422


def test_removing_leaves_a_line(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, comment_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}").form("/remove")
    page = sam.send(form)
    assert WORDS not in page.main
    assert "Comment removed by Sam" in page.main
    assert sam.send(form).status == 200  # twice is harmless
    path = f"/ideas/{idea_id}/comments/{comment_id}/remove"
    assert visit(cast.leader).post(path).status == 403
    assert visit(cast.outsider).post(path).status == 404
    assert sam.client.get(path).status_code == 405


def test_words_that_may_identify_someone(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}").form("/comments")
    hint = jo.send(form, {"words": "Ring 01632 960122 first"})
    assert "a phone number" in hint.main
    changed = jo.send(hint.form("/comments"), button="Change it")
    assert "Ring 01632 960122 first" in changed.main
    page = jo.send(hint.form("/comments"), button="It’s fine, continue")
    assert "Ring 01632 960122 first" in page.main


def test_strangers(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    assert visit(cast.outsider).post(f"/ideas/{idea_id}/comments", {"words": "x"}).status == 404
    assert visit(cast.guest).post(f"/ideas/{idea_id}/comments", {"words": "x"}).status == 404
    assert visit(cast.colleague).client.get(f"/ideas/{idea_id}/comments").status_code == 405
