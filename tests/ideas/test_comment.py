"""Comments: added, changed by their author, removed with a line left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.shared.db import db
from tests.factories import Cast, actor
from tests.pages import Visitor

Visit = Callable[..., Visitor]

WORDS = "Could Hillside borrow the sheet?"


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
    for what in ("comments", "people"):
        assert visit(cast.outsider).get(f"/ideas/{idea_id}/{what}").status == 404
        assert visit(cast.guest).get(f"/ideas/{idea_id}/{what}").status == 404


def notices(app: Flask, person_id: int) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(
            text("SELECT kind, why FROM notices WHERE person_id = :p ORDER BY id"), {"p": person_id}
        )
        return [(row.kind, row.why) for row in rows]


def test_whoever_is_named_is_told_and_marked(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}").form("/comments")
    page = jo.send(form, {"words": "@leah.rowan and @Sam, see https://council.example/x?a=1&b=2"})
    (said,) = page.soup.select(".comment .words")
    assert [mark.text for mark in said.select(".mention")] == ["@Leah Rowan", "@Sam"]
    link = said.select_one("a")
    assert link is not None
    assert (link["href"], link["rel"]) == (
        "https://council.example/x?a=1&b=2",
        ["noopener", "noreferrer", "nofollow"],
    )
    assert notices(app, cast.other_manager) == [("mentioned", "mentioned")]
    assert notices(app, cast.manager) == [("mentioned", "mentioned")]
    assert notices(app, cast.practitioner) == [("commented", "author")]
    assert "somebody mentioned you" in visit(cast.other_manager).get(f"/ideas/{idea_id}").main
    # Sent twice, or edited without a new name, nobody is told again.
    jo.send(form, {"words": "@leah.rowan and @Sam, see https://council.example/x?a=1&b=2"})
    made = page.soup.select_one(".comment")
    assert made is not None
    edit = jo.get(f"/ideas/{idea_id}/comments/{str(made['id']).removeprefix('comment-')}/edit")
    edited = jo.send(edit.form("/edit"), {"words": "@leah.rowan, @Sam and @Priya Hazel"})
    assert "edited today 09:30" in edited.main
    assert notices(app, cast.other_manager) == [("mentioned", "mentioned")]
    assert notices(app, cast.coach) == [("mentioned", "mentioned")]


def test_who_stopped_is_still_told_by_name(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        ideas.stop_following(actor(cast.practitioner), idea_id=idea_id)
        ideas.comment(actor(cast.colleague), idea_id=idea_id, words="One", form_token="1")
        ideas.comment(actor(cast.colleague), idea_id=idea_id, words="@Amina, two", form_token="2")
        db.session.commit()
    assert notices(app, cast.practitioner) == [("mentioned", "mentioned")]
    assert visit(cast.practitioner).get(f"/ideas/{idea_id}").has_form("/follow")


def test_names_that_fit_nobody_are_said_and_the_comment_is_kept(
    cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}").form("/comments")
    page = jo.send(form, {"words": "Ask @nobody.here about <b>it</b>"})
    assert "Nobody who can read this idea is called “nobody.here”." in page.text
    assert "Ask @nobody.here about <b>it</b>" in page.main
    assert not page.soup.select(".mention")


def test_people_to_mention_with_and_without_htmx(cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    whole = jo.get(f"/ideas/{idea_id}/people?q=le")
    assert "@leah.rowan" in whole.main
    assert "Sam Alder" not in whole.main
    part = jo.get(f"/ideas/{idea_id}/people?q=Alder", htmx=True)
    assert [b["data-handle"] for b in part.soup.select("button")] == ["@sam.alder"]
    everybody = jo.get(f"/ideas/{idea_id}/people")
    names = [n.text for n in everybody.soup.select(".rows .strong")]
    # The team first; nobody who cannot read it, and not oneself.
    assert names[:2] == ["Amina Birch", "Sam Alder"]
    assert not {"Jo Sedge", "Gwen Visitor", "Olive Fen", "Robin Elm"} & set(names)
    assert "Nobody who can read" in jo.get(f"/ideas/{idea_id}/people?q=%25").main


@pytest.mark.parametrize("count", [0, 1, 51, 130])
def test_the_newest_fifty_stand_on_the_page(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, count: int
) -> None:
    with app.app_context():
        sender = actor(cast.colleague)
        for n in range(count):
            ideas.comment(sender, idea_id=idea_id, words=f"Number {n}.", form_token=str(n))
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{idea_id}")
    assert len(page.soup.select("#comments .comment")) == min(count, 50)
    left, found = count - min(count, 50), []
    while left > 0:
        page = sam.follow(page, "Earlier comments")
        shown = [n.text.strip() for n in page.soup.select(".comment .words")]
        found, left = shown + found, left - len(shown)
    assert found == [f"Number {n}." for n in range(max(0, count - 50))]
    assert not page.soup.find("a", string="Earlier comments") or not found
    if found:
        assert visit(cast.colleague).get(f"/ideas/{idea_id}/comments/1/edit").status == 200
