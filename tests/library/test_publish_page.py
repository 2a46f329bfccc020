"""Publishing a learning page: what goes out, what is refused, and that it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.roles import Role
from improve.library import queries, service
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, actor, make_person
from tests.library.pages import WORDS, published_page, written_page
from tests.pages import Visitor

Visit = Callable[..., Visitor]
COUNCIL = "larchdale-council"


def test_it_is_published_after_looking_and_taken_down(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        page = written_page(cast)
        db.session.commit()
    priya = visit(cast.coach)
    look = priya.follow(priya.get(f"/library/{page}"), "Let the public read it")
    assert "Exactly this goes out" in look.main
    assert "All five children knew the face." in look.main
    refused = priya.send(look.form("/publish"), button="Let the public read it")
    assert refused.error_for("why")
    done = priya.send(
        refused.form("/publish"), {"why": "Others may need it"}, button="Let the public read it"
    )
    assert "Priya Hazel decided it: Others may need it" in done.main
    with app.app_context():
        (shown,) = queries.public_pages(COUNCIL).pages
    assert shown.kind_of_team == ""  # three people are in the team
    nobody = visit()
    address = f"/learning/{COUNCIL}/{shown.key}"
    assert WORDS.title in nobody.get(f"/learning/{COUNCIL}").main
    read = nobody.get(address)
    assert read.heading == WORDS.title
    assert "Stopped, and this is what we learned" in read.main
    assert "Tried in fewer than 5 other places" in read.main
    headers = read.response.headers
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "public, no-cache"
    again = nobody.client.get(address, headers={"If-None-Match": headers["ETag"]})
    assert again.status_code == 304
    down = priya.send(priya.get(f"/library/{page}").form("/take-down"), button="Take it down")
    assert "It was public once and is so no more." in down.main
    assert nobody.get(address).status == 410
    assert "This page was taken down" in nobody.get(address).main
    assert WORDS.title not in nobody.get(f"/learning/{COUNCIL}").main
    assert nobody.get("/learning/no-such-council").status == 404
    assert nobody.get(f"/learning/{COUNCIL}/0123456789abcdef").status == 404
    with app.app_context():
        acts = db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.object_kind == "learning_page")
            .order_by(AuditEntry.id)
        ).all()
    assert acts[-2:] == ["learning_published", "learning_taken_down"]


def test_who_may_not_decide_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        page = written_page(cast)
        db.session.commit()
        with pytest.raises(Forbidden):
            service.publish_page(cast.actor("manager"), page_id=page, seen_version=1, why="x")
        with pytest.raises(Forbidden):
            service.take_down(cast.actor("manager"), page_id=page)
        # Another council’s coach finds nothing.
        other = make_person(cast.other_organisation, role=Role.LEADER)
        with pytest.raises(NotFound):
            service.publish_page(actor(other), page_id=page, seen_version=1, why="x")
    assert visit(cast.manager).get(f"/library/{page}/publish").status == 403
    assert "Let the public read it" not in visit(cast.manager).get(f"/library/{page}").main


def test_names_are_refused_and_likely_ones_looked_at(app: Flask, cast: Cast) -> None:
    with app.app_context():
        coach = cast.actor("coach")
        page = written_page(
            cast, happened="It was AMINA  birch’s idea, ask amina.birch@larchdale.example."
        )
        with pytest.raises(RuleBroken) as refused:
            service.publish_page(coach, page_id=page, seen_version=1, why="Good", is_looked_at=True)
        said = str(refused.value)
        assert "Take out Amina Birch." in said
        assert "Take out the e-mail address amina.birch@larchdale.example." in said
        soft = written_page(cast, title="Photos", happened="Amina tried it. Ring 01234 567 890.")
        with pytest.raises(RuleBroken) as refused:
            service.publish_page(coach, page_id=soft, seen_version=1, why="Good")
        assert "Look at what may point to a person" in str(refused.value)
        out = service.outgoing(coach, queries.page(coach, soft))
        assert any("phone number" in words for words in out.to_look_at)
        assert any(words.startswith("Amina: also the name") for words in out.to_look_at)
        assert service.publish_page(
            coach, page_id=soft, seen_version=1, why="Good", is_looked_at=True
        )


@pytest.mark.parametrize(
    "written",
    ["Ami\u00adna Birch", "Amina\u00a0Birch", "Ａｍｉｎａ Birch", "Am\u200bina Bir\u200dch"],
)
def test_a_name_is_found_however_it_was_pasted(written: str, app: Flask, cast: Cast) -> None:
    """Letters bring soft hyphens, web pages blanks that nobody sees."""
    with app.app_context():
        page = written_page(cast, happened=f"It was {written} who thought of it.")
        with pytest.raises(RuleBroken, match="Take out Amina Birch"):
            service.publish_page(
                cast.actor("coach"), page_id=page, seen_version=1, why="Good", is_looked_at=True
            )


def test_an_edit_takes_it_out_until_decided_again(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        page = written_page(cast)
        key = published_page(cast, page)
        idea = queries.page(cast.actor("coach"), page).idea_id
        db.session.commit()
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea}/learning")
    assert "they cannot read it any more until" in form.main
    saved = amina.send(form.form("/learning"), {"beware": "Ask first."}, button="Save")
    assert "The public cannot read it any more" in saved.main
    assert visit().get(f"/learning/{COUNCIL}/{key}").status == 410
    with app.app_context():
        again = published_page(cast, page)
        assert again == key  # its name between councils stays
        found = queries.public_page(COUNCIL, key)
        assert found.page is not None
        assert found.page.beware == "Ask first."
        assert found.page.version == queries.page(cast.actor("coach"), page).version


def test_stale_and_twice(app: Flask, cast: Cast) -> None:
    with app.app_context():
        page, coach = written_page(cast), cast.actor("coach")
        with pytest.raises(Stale):
            service.publish_page(coach, page_id=page, seen_version=7, why="Good")
        key = service.publish_page(coach, page_id=page, seen_version=1, why="Good")
        assert service.publish_page(coach, page_id=page, seen_version=1, why="Good") == key
        service.take_down(coach, page_id=page)
        service.take_down(coach, page_id=page)


def test_a_team_of_five_is_named(app: Flask, cast: Cast) -> None:
    with app.app_context():
        page, coach = written_page(cast), cast.actor("coach")
        assert service.outgoing(coach, queries.page(coach, page)).page.kind_of_team == ""
        for _ in range(2):
            make_person(cast.organisation, team_id=cast.team)
        assert service.outgoing(coach, queries.page(coach, page)).page.kind_of_team == "Riverside"


def test_what_is_given_is_what_was_decided(app: Flask, cast: Cast) -> None:
    """Whatever happens here later, the page outside stays as it was looked at."""
    with app.app_context():
        key = published_page(cast)
        before = queries.public_page(COUNCIL, key)
        with clock.moved(datetime(2027, 5, 4, 9, tzinfo=UTC) + timedelta(days=1)):
            assert queries.public_page(COUNCIL, key) == before
