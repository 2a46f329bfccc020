"""Looking for words in what one may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer, Stage
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in, make_idea, make_measure
from tests.pages import Page, Visitor, words
from tests.statements import Watch


@pytest.fixture
def said(cast: Cast, lay: Callable[[str, Callable[[], Any]], Any]) -> dict[str, int]:
    """Ideas, a comment, cycles and a measure with words to look for."""

    def make() -> dict[str, int]:
        photo = make_idea(
            cast, text="Send a photo before the first visit", benefit="Children know who is coming"
        )
        ideas.comment(
            cast.actor("colleague"), idea_id=photo, words="The café works well too", form_token="c"
        )
        handover = make_idea(cast, text="Families meet both workers at a handover, photo in hand")
        kept = finish_cycle(cast, "adopt", title="Text two lines")
        hidden = make_idea(cast, text="Otter drawings on doors", answerer=Answerer.COACH)
        measure = make_measure(cast, name="Visits where the child knew the name")
        db.session.commit()
        return {"photo": photo, "handover": handover, "kept": kept, "coach": hidden, "m": measure}

    return lay("search", make)


def look(visitor: Visitor, query: str) -> Page:
    """Return the answer to a search."""
    return visitor.get(f"/search?q={query}")


def titles(page: Page) -> list[str]:
    """Return the titles of hits, in their order, with what each is."""
    return [words(h) for h in page.soup.select(".search-hit h3")]


def marks(page: Page) -> list[str]:
    """Return the words that are marked."""
    return [words(m) for m in page.soup.find_all("mark")]


def test_words_are_found_in_every_kind(cast: Cast, said: Any, visit: Any) -> None:
    page = look(visit(cast.practitioner), "visit")
    assert titles(page) == [
        "Send a photo before the first visit , idea",
        "Visits where the child knew the name , measure",
    ]
    assert marks(page) == ["visit", "Visits", "Visits"]
    page = look(visit(cast.practitioner), "photo")
    # Both have it in their title: the newer first.
    assert titles(page)[:2] == [
        "Families meet both workers at a handover, photo in hand , idea",
        "Send a photo before the first visit , idea",
    ]
    assert "Text two lines , cycle 1" in titles(page)
    assert [words(h) for h in page.soup.find_all("h2")] == ["Ideas", "Cycles"]


def test_a_hit_leads_to_its_exact_place(cast: Cast, said: dict[str, int], visit: Any) -> None:
    visitor = visit(cast.practitioner)
    page = look(visitor, "cafe works")
    assert titles(page) == ["Send a photo before the first visit , comment of tue 24 nov"]
    (hit,) = page.soup.select(".search-hit a")
    assert hit["href"] == f"/ideas/{said['photo']}#comment-1"
    assert "Riverside · Ideas" in page.text
    page = look(visitor, "otter enough")
    assert titles(page) == []
    hit = look(visitor, "photo enough").soup.select(".search-hit a")[-1]
    assert hit["href"] == f"/ideas/{said['kept']}#cycle-1"
    hit = look(visitor, "knew").soup.select(".search-hit a")[-1]
    assert hit["href"] == f"/measures/{said['m']}"


def test_what_is_in_the_title_comes_first(cast: Cast, app: Flask, visit: Any) -> None:
    with app.app_context():
        make_idea(cast, text="Evening meetings")
        for number in range(3):
            make_idea(cast, text=f"Idea {number}", benefit="More people come to evening meetings")
        db.session.commit()
    found = titles(look(visit(cast.practitioner), "meeting evenings"))
    assert found[0] == "Evening meetings , idea"
    assert found[1:] == ["Idea 2 , idea", "Idea 1 , idea", "Idea 0 , idea"]


def test_twenty_of_a_kind_then_the_next_page(cast: Cast, app: Flask, visit: Any) -> None:
    with app.app_context():
        for number in range(23):
            make_idea(cast, text=f"Lantern {number}")
        db.session.commit()
    visitor = visit(cast.practitioner)
    page = look(visitor, "lantern")
    assert len(titles(page)) == 20
    assert "more than 20" not in page.main
    page = visitor.get(page.link("More of these ideas"))
    assert titles(page) == ["Lantern 2 , idea", "Lantern 1 , idea", "Lantern 0 , idea"]
    page = visitor.get("/search?q=lantern&kind=ideas&page=3")
    assert "There are no more." in page.main
    for odd in ("kind=nobody", "kind=ideas&page=99999999999", "kind=ideas&page=-1", "page=x"):
        assert visitor.get(f"/search?q=lantern&{odd}").status == 200


@pytest.mark.security(55)
def test_only_what_the_person_may_read_is_found(cast: Cast, said: Any, visit: Any) -> None:
    for role in ("coach", "practitioner"):
        assert titles(look(visit(getattr(cast, role)), "otter")) == [
            "Otter drawings on doors , idea"
        ]
    for role in ("colleague", "manager", "leader", "administrator"):
        assert titles(look(visit(getattr(cast, role)), "otter")) == []
    # Who only keeps the accounts sees neither boards nor measures, but what they logged.
    assert titles(look(visit(cast.administrator), "visit")) == []
    for outsider in (cast.outsider, cast.outsider_administrator):
        assert titles(look(visit(outsider), "visit")) == []
    assert visit(cast.guest).get("/search?q=visit").status == 403
    assert visit().get("/search?q=visit", follow=False).status == 303


def test_a_hidden_author_is_not_named(cast: Cast, app: Flask, visit: Any) -> None:
    with app.app_context():
        make_idea(cast, text="Quiet lantern", hides_name=True)
        db.session.commit()
    page = look(visit(cast.colleague), "lantern")
    assert titles(page) == ["Quiet lantern , idea"]
    assert "Amina" not in page.main
    assert titles(look(visit(cast.colleague), "Amina")) == []


def test_a_removed_comment_is_not_found(cast: Cast, said: Any, app: Flask, visit: Any) -> None:
    visitor = visit(cast.practitioner)
    assert titles(look(visitor, "cafe"))
    with app.app_context():
        ideas.remove_comment(cast.actor("colleague"), comment_id=1)
        db.session.commit()
    assert titles(look(visitor, "cafe")) == []


#: What somebody may type, and whether the idea with the photo is found by it.
TYPED = [
    ("'\"", False), ('"photo', True), ('photo"*', True), ("NEAR(photo visit)", False), ("photo AND", False),
    ("OR", False), ("NOT photo", False), ("-photo", True), ("title:photo", False), ("photo:*", True),
    ("%", False), ("_", False), ("photo%", True), ("pho_to", False), ("*", False), ("^photo", True),
    ("{title} : photo", False), ("(photo", True), ("photo)", True), ("\\", False), ("🦔🦔", False),
    ("photo🦔", True), ("شكرا", False), ("ä" * 300, False), ("a" * 10_000, False), ("photo " * 2_000, True),
    ("photo\u202e", True), ("<script>alert(1)</script>", False), ("' OR 1=1 --", False), ("o1", False),
    ("& photo | !x", True), ("photo <-> visit", True), ("photo & visit", True), ("\u0301", False),
    ("ﬁ", False), ("１２", False), ("²", False), ("ß", False), ("İ", False), ("PHÓTO", True), ("fir vis pho", True),
    ("isit", False), ("visits photos firsts", True), ("$1 %s %(q)s :q ?", False),
]  # fmt: skip


@pytest.mark.security(4)
def test_what_is_typed_is_only_ever_words(cast: Cast, said: Any, visit: Any) -> None:
    visitor = visit(cast.practitioner)
    for typed, is_found in TYPED:
        answer = visitor.client.get("/search", query_string={"q": typed})
        page = Page(answer, "/search")
        answer.close()
        assert page.status == 200, typed
        assert "<script>alert" not in str(page.soup.main)
        assert ("Send a photo before the first visit , idea" in titles(page)) == is_found, typed


def test_a_zero_byte_is_no_address(cast: Cast, visit: Any) -> None:
    assert visit(cast.practitioner).get("/search?q=a%00b").status == 404


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Every word you type has to be there"),
        ("%20%20", "Every word you type has to be there"),
        ("v", "Type at least two letters."),
        ("%3F!", "There are no words in that."),
        ("zebra", "Nothing found for “zebra”."),
    ],
)
def test_states_without_hits(query: str, says: str, cast: Cast, said: Any, visit: Any) -> None:
    assert says in look(visit(cast.practitioner), query).main


def test_a_search_is_few_statements(cast: Cast, said: Any, visit: Any, statements: Watch) -> None:
    visitor = visit(cast.practitioner)
    visitor.get("/search?q=photo")
    with statements() as seen:
        visitor.get("/search?q=photo")
    assert len(seen) <= 7, seen


def test_the_box_keeps_what_was_typed(cast: Cast, visit: Any) -> None:
    page = look(visit(cast.practitioner), "knew+%22the%22+name")
    assert page.form("/search").values == [("q", 'knew "the" name')]
    assert '“knew "the" name”' in page.title


def test_an_idea_in_study_says_where_it_stands(cast: Cast, app: Flask, visit: Any) -> None:
    with app.app_context():
        idea_in(cast, Stage.STUDY, text="Lantern walks")
        db.session.commit()
    page = look(visit(cast.practitioner), "lantern")
    assert "Idea · Riverside · Study, cycle 1" in page.main
