"""A reviewer whose report is destroyed while they write keeps their own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.incidents.kinds import State
from improve.incidents.models import Incident
from improve.incidents.service.destroy import destroy
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.desk import council, made, read
from tests.incidents.open_council import make_reviewer
from tests.incidents.test_settle_words import WRITTEN, two
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def destroyed(app: Flask, here: str, state: State = State.PASSED_ON) -> None:
    with app.app_context():
        incident = db.session.get_one(Incident, here.rsplit("/", 1)[1])
        destroy([incident], state=state)
        db.session.commit()


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("ask", {"words": "Did anybody expect the plan?"}),
        ("words", {"words": "A worker wrote it <b>anew</b>."}),
        ("alert", {"told": "the owner", "email": "a@example.org", "words": "It is not sent."}),
        ("route", {"route": "safeguarding", "told": "The duty manager, today"}),
        ("check", {"theme": "Plans that stay behind"}),
    ],
)
def test_own_words_are_shown_when_it_was_destroyed_meanwhile(
    app: Flask, cast: Cast, visit: Visit, page: str, sent: dict[str, str]
) -> None:
    here, first, _ = two(app, cast, visit)
    if page == "check":
        form = first.get(f"{here}/words").form(f"{here}/words")
        first.send(form, {"words": "A worker wrote the plan."})
    form = first.get(f"{here}/{page}").form(f"{here}/{page}")
    destroyed(app, here)
    for _ in range(2):
        shown = first.send(form, sent)
        assert shown.status == 409
        assert "It was destroyed meanwhile" in shown.main
        kept = [box.text.strip() for box in shown.soup.select("textarea[readonly]")]
        typed = {words for name, words in sent.items() if name != "route"}
        assert typed <= set(kept)
        assert WRITTEN not in shown.text
        assert "Aoibheann" not in shown.text
    opened = first.get(f"{here}/{page}", follow=False)
    assert opened.status == 303, "a page of it leads to what is left"
    assert opened.response.location.endswith(f"{here}/sign-off")
    assert "destroyed" in first.get(f"{here}/{page}").main


def test_own_words_are_shown_when_it_was_joined_meanwhile(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here, there = made(app, found), made(app, found)
    reader, other = (visit(one) for one in found.reviewers)
    for one in (here, there):
        read(reader, one)
    read(other, here)
    form = reader.get(f"{there}/ask").form(f"{there}/ask")
    with app.app_context():
        key = there.rsplit("/", 1)[1]
        db.session.get_one(Incident, key).joined_into = here.rsplit("/", 1)[1]
        db.session.commit()
    shown = reader.send(form, {"words": "Did anybody <b>expect</b> the plan?"})
    assert shown.status == 409
    assert "It is read with another now" in shown.main
    assert shown.soup.select_one("textarea[readonly]").text.strip() == (  # type: ignore[union-attr]
        "Did anybody <b>expect</b> the plan?"
    )
    assert reader.follow(shown, "Go to the one it is read with").path == here
    # Nothing is said of it to whoever never opened it.
    assert other.post(f"{there}/ask", {"words": "Mine"}).status == 404


def test_whoever_did_not_read_it_learns_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    with app.app_context():
        third, other = (
            make_reviewer(cast.organisation),
            make_reviewer(cast.other_organisation),
        )
        db.session.commit()
    reader = visit(found.reviewers[0])
    page = reader.get(here)
    assert reader.send(page.form(f"{here}/open"), {}, follow=False).status == 303
    form = reader.get(f"{here}/ask").form(f"{here}/ask")
    destroyed(app, here)
    for person in (third, other):
        assert visit(person).get(f"{here}/ask").status == 404
    with app.app_context():
        gone = f"{here}x"
    assert reader.get(f"{gone}/ask").status == 404
    assert reader.send(form, {"words": "Mine"}).status == 409
