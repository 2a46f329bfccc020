"""The words of the form in a council's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.incidents.queries.wording import versions_of, words_for
from improve.incidents.routes.wordings import PARTS, part_of
from improve.incidents.service.wordings import change_words
from improve.incidents.wording import TEXTS
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
HERE = "/admin/reports/words/route.allegation"


def test_puts_a_route_in_own_words_and_back(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get(HERE).form(HERE, button="Save")
    assert ("words", TEXTS["route.allegation"]) in form.values
    own = "The LADO, Kim Reed: 01632 960 222, within one working day."
    for _ in range(2):
        page = administrator.send(form, {"words": own})
        assert page.status == 200
    assert "Your own words, by Robin Elm" in page.main
    # Somebody else had the page open: both texts are there.
    page = administrator.send(form, {"words": "The LADO team."})
    assert page.status == 409
    assert own in page.main
    assert "The LADO team." in page.main
    back = administrator.get(HERE).form(HERE, button="Put back the usual words")
    assert administrator.send(back, {}).status == 200
    with app.app_context():
        assert words_for(cast.organisation)("route.allegation") == TEXTS["route.allegation"]
        kept = versions_of(cast.organisation, "route.allegation")
        assert [view.words for view in kept] == ["", own]
        # Another council says it its own way.
        assert words_for(cast.other_organisation)("route.allegation") == TEXTS["route.allegation"]


def test_refuses_in_words(app: Flask, cast: Cast) -> None:
    with app.app_context():
        administrator = cast.actor("administrator")
        for name, words in (
            ("start.next_read", "We read soon."),
            ("start.title", "Tell us by {day}"),
            ("start.title", "x" * 1_001),
            ("start.title", "Tell us, it is Anonymous"),
            ("inside.known", "You stay anonymous."),
        ):
            with pytest.raises(RuleBroken):
                change_words(administrator, name=name, words=words, seen_version=0)
        with pytest.raises(NotFound):
            change_words(administrator, name="start.nothing", words="x", seen_version=0)
        with pytest.raises(Stale):
            change_words(administrator, name="start.title", words="Tell us", seen_version=3)
        with pytest.raises(Forbidden):
            change_words(cast.actor("leader"), name="start.title", words="Tell", seen_version=0)
        change_words(administrator, name="start.next_read", words="By {day}.", seen_version=0)
        said = words_for(cast.organisation)
        assert said("start.next_read", day="Monday") == "By Monday."
        assert not db.session.dirty


def test_says_where_words_are_hard_to_read(cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    form = administrator.get(HERE).form(HERE, button="Save")
    hard = "Notification of the designated officer necessitates immediate interdepartmental action."
    assert "hard to read" in administrator.send(form, {"words": hard}).text
    assert "hard to read" in administrator.get(HERE).main


def test_every_text_can_be_changed(app: Flask, cast: Cast, visit: Visit) -> None:
    administrator = visit(cast.administrator)
    assert {part_of(name) for name in TEXTS} == set(PARTS)
    for part in PARTS:
        page = administrator.get(f"/admin/reports/words?part={part}")
        texts = [name for name in TEXTS if part_of(name) == part]
        for name in texts:
            assert f"/admin/reports/words/{name}" in page.response.get_data(as_text=True), name
    assert administrator.get("/admin/reports/words/nothing.here").status == 404
