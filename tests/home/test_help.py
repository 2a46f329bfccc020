"""Help is written for each person, in the words that stand on the screen, with pictures of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image

from improve.home.help_pages import HELP_PAGES, pages_for
from improve.home.short_words import SHORT_WORDS
from tests.factories import Cast
from tests.pages import Visitor
from tests.reading_age import words_of
from tests.screen_words import TOP, all_texts

Visit = Callable[..., Visitor]
PAGES = sorted((TOP / "templates/home/help").glob("[a-z]*.html"))
MOST_WORDS = 350
LARGEST = 60_000


def words_on_screen() -> set[str]:
    """Return every text of the product but those of the help itself."""
    return {
        text
        for path, texts in all_texts().items()
        if not path.startswith(("templates/home/help", "improve/home/help_pages"))
        for text in texts
    }


def read(path: Path) -> BeautifulSoup:
    """Return a page of the help without what Jinja does."""
    return BeautifulSoup(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text()), "html.parser")


def test_each_person_has_a_page() -> None:
    assert {path.stem for path in PAGES} == {page.who for page in HELP_PAGES}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_short_and_tells_steps(path: Path) -> None:
    page = read(path)
    assert len(words_of(page.get_text(" "))) <= MOST_WORDS
    assert page.select("ol.numbers li")
    assert all(heading.get("id") for heading in page.find_all("h2"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_it_says_to_press_is_on_the_screen(path: Path) -> None:
    said = words_on_screen()
    quoted = [bold.get_text() for bold in read(path).find_all("b")]
    # What is pressed may go on with a name or a number.
    missing = [
        words
        for words in quoted
        if not any(re.match(rf"{re.escape(words)}(?![a-z])", text) for text in said)
    ]
    assert missing == []


def test_pictures_are_there_small_and_told_in_words() -> None:
    shown = re.findall(
        r"picture\(\"([\w-]+)\", \"([^\"]+)\", (\d+), (\d+)\)",
        "".join(path.read_text() for path in (*PAGES, TOP / "templates/home/help.html")),
    )
    assert len(shown) > 8
    for name, told, width, height in shown:
        file = TOP / "static/help" / f"{name}.webp"
        assert file.stat().st_size <= LARGEST
        with Image.open(file) as image:
            assert image.size == (int(width), int(height))
        assert len(words_of(told)) >= 5
    files = {file.stem for file in (TOP / "static/help").iterdir()}
    assert files == {name for name, *_ in shown}


def test_whose_page_fits_stands_first(cast: Cast, visit: Visit) -> None:
    for person, first in (
        (cast.voices_reader, "I read voices"),
        (cast.incident_reviewer, "I review reports"),
        (cast.manager, "I manage a team"),
        (cast.leader, "I lead"),
        (cast.administrator, "I run Improve"),
    ):
        page = visit(person).get("/help")
        own, others = (
            [name.get_text() for name in grid.select(".person-card strong")]
            for grid in page.soup.select(".person-grid")
        )
        assert first in own
        assert "Children, young people and families" in others
        assert len(own) + len(others) == len(HELP_PAGES)


def test_the_place_goes_by_its_own_name(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SITE_NAME", "Kite")
    administrator = visit(cast.administrator)
    page = administrator.get("/help")
    assert "Kite is for small changes" in page.main
    assert "Improve" not in page.main
    assert administrator.get("/help/running").heading == "I run Kite"
    measures = visit(cast.manager).get("/teams/riverside/measures/catalogue")
    assert "Kite counts these by itself" in measures.main


def test_a_closed_page_leads_to_who_may_do_what(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/admin/people")
    assert page.status == 403
    assert page.link("Who may do what") == "/admin/who-may-do-what"
    # A guest is no staff: the table is closed to them too.
    page = visit(cast.guest).get("/admin/people")
    assert page.status == 403
    assert not page.links("Who may do what")


def test_visitors_and_guests_read_what_is_for_families(cast: Cast, visit: Visit) -> None:
    assert [page.who for page in pages_for(None)[0]] == ["families"]
    for visitor in (visit(), visit(cast.guest)):
        page = visitor.get("/help")
        assert [card["href"] for card in page.soup.select(".person-card")] == ["/help/families"]
        assert visitor.get("/help/families").heading == "Children, young people and families"
    assert visit().get("/help/coach").heading == "Sign in"


def test_there_is_no_page_for_nobody(cast: Cast, visit: Visit) -> None:
    assert visit(cast.practitioner).get("/help/wizards").status == 404


def test_short_words_are_explained(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/help")
    assert {term.get_text() for term in page.soup.select("#short-words + details dt")} == {
        *SHORT_WORDS
    }
