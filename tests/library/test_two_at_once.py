"""Two people do the same in the library at the same moment: the second is told so in words.

On PostgreSQL, where both get as far as the database: SQLite lets one writer in after the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.library import service
from improve.library.models import (
    BorrowedPage,
    LearningPage,
    Spread,
    SustainCheck,
    TrustedCouncil,
)
from improve.library.service import exchange, trust
from improve.library.sustaining import SUSTAIN_DAYS, first_due_on
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken, Stale
from tests.at_once import at_once
from tests.factories import Cast, finish_cycle
from tests.library.outside import their_file, their_page, their_signer
from tests.library.pages import WORDS, published_page, written_page
from tests.library.test_check_sustained import kept

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)


def bring(cast: Cast, who: str, import_id: int, seen: str, *keys: str) -> exchange.BroughtIn:
    return exchange.bring_in(
        cast.actor(who), import_id=import_id, keys=keys, seen=seen, is_unknown_taken=True
    )


def waiting(app: Flask, cast: Cast, who: str, text: str) -> tuple[int, str]:
    with app.app_context():
        made = exchange.start_import(cast.actor(who), source=text)
        seen = exchange.look_through(cast.actor(who), import_id=made).seen
        db.session.commit()
        return made, seen


def test_two_bring_the_same_pages_in(app: Flask, cast: Cast) -> None:
    """Their files hold the pages in another order: neither waits for the other for ever."""
    pages = [their_page(n) for n in (1, 2)]
    one = waiting(app, cast, "coach", their_file(*pages))
    two = waiting(app, cast, "leader", their_file(*reversed(pages)))
    keys = [page["key"] for page in pages]
    told = at_once(
        app,
        lambda: bring(cast, "coach", *one, *keys),
        lambda: bring(cast, "leader", *two, *keys),
    )
    assert isinstance(told, RuleBroken)
    assert str(told.reasons[0].words) == exchange.CHANGED_SINCE
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(BorrowedPage)) == 2


def test_another_key_does_not_take_the_place_of_a_page_that_came_meanwhile(
    app: Flask, cast: Cast
) -> None:
    """It was new when it was looked at; by now it is here, signed by somebody else."""
    theirs = waiting(app, cast, "coach", their_file(their_page()))
    thief = their_signer("somebody-else")
    stolen = their_page(version=9, tried="Do as we say.")
    other = waiting(app, cast, "leader", their_file(stolen, signer=thief))
    key = stolen["key"]
    told = at_once(
        app, lambda: bring(cast, "coach", *theirs, key), lambda: bring(cast, "leader", *other, key)
    )
    assert isinstance(told, RuleBroken)
    with app.app_context():
        here = db.session.execute(select(BorrowedPage)).scalar_one()
        assert here.fingerprint == their_signer().fingerprint
        assert here.content["tried"] == their_page()["tried"]


def test_a_look_is_answered_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea_id = kept(cast)
        due_on = first_due_on(clock.today() - timedelta(days=SUSTAIN_DAYS))

    def answer(who: str, said: str, words: str) -> Any:
        return service.answer_sustained(
            cast.actor(who), idea_id=idea_id, due_on=due_on, answer=said, words=words
        )

    told = at_once(
        app,
        lambda: answer("practitioner", "held", ""),
        lambda: answer("manager", "gone", "Nobody does it any more."),
    )
    assert isinstance(told, Stale)
    with app.app_context():
        assert db.session.scalars(select(SustainCheck.answer)).all() == ["held"]


def test_the_night_asks_while_somebody_answers(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea_id = kept(cast)
        due_on = first_due_on(clock.today() - timedelta(days=SUSTAIN_DAYS))

    def answer() -> None:
        service.answer_sustained(
            cast.actor("manager"), idea_id=idea_id, due_on=due_on, answer="held"
        )

    assert at_once(app, answer, service.remind_of_sustaining) == 0


def test_one_form_that_arrives_twice_makes_one_idea(app: Flask, cast: Cast) -> None:
    with app.app_context():
        origin = finish_cycle(cast, "abandon", title="Photos")
        db.session.commit()

    def begin() -> int:
        return service.try_in_team(
            cast.actor("colleague"),
            team_id=cast.other_team,
            text="Photos before the first visit",
            origin_id=origin,
            form_token="the same form",
        ).idea_id

    made = at_once(app, begin, begin)
    with app.app_context():
        assert db.session.scalars(select(Spread.idea_id)).all() == [made]


def test_a_page_is_taken_down_while_somebody_publishes_it(app: Flask, cast: Cast) -> None:
    """Whoever is last is told what they do; nothing is public that was not decided."""
    with app.app_context():
        page_id = written_page(cast)
        db.session.commit()

    def publish() -> str:
        return published_page(cast, page_id)

    def take_down() -> None:
        service.take_down(cast.actor("leader"), page_id=page_id)

    assert at_once(app, publish, take_down) is None
    with app.app_context():
        page = db.session.execute(select(LearningPage)).scalar_one()
        assert (page.public_at, page.public_content) == (None, None)


def test_an_edit_waits_for_whoever_publishes_and_takes_it_out_again(app: Flask, cast: Cast) -> None:
    """The words that go out are those that were decided, never those of the edit beside it."""
    with app.app_context():
        page_id = written_page(cast)
        idea_id = db.session.scalar(select(LearningPage.idea_id))
        db.session.commit()

    def edit() -> int:
        return service.write_page(
            cast.actor("practitioner"),
            idea_id=idea_id,
            words=replace(WORDS, happened="Amina Birch did it."),
            seen_version=1,
        )

    told = at_once(app, lambda: published_page(cast, page_id), edit)
    assert isinstance(told, Stale)
    told = at_once(
        app,
        lambda: service.write_page(
            cast.actor("practitioner"),
            idea_id=idea_id,
            words=replace(WORDS, happened="Amina Birch did it."),
            seen_version=2,
        ),
        lambda: service.publish_page(
            cast.actor("coach"), page_id=page_id, seen_version=2, why="Good", is_looked_at=True
        ),
    )
    assert isinstance(told, Stale)
    with app.app_context():
        page = db.session.execute(select(LearningPage)).scalar_one()
        assert (page.public_at, page.public_content) == (None, None)


def test_two_begin_the_page_of_one_idea(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea_id = finish_cycle(cast, "abandon", title="Photos")
        db.session.commit()

    def write(who: str, title: str) -> int:
        return service.write_page(
            cast.actor(who), idea_id=idea_id, words=replace(WORDS, title=title), share=True
        )

    told = at_once(app, lambda: write("practitioner", "Hers"), lambda: write("coach", "His"))
    assert isinstance(told, Stale)
    assert told.facts["page"].words.title == "Hers"
    with app.app_context():
        assert db.session.scalars(select(LearningPage.title)).all() == ["Hers"]


def test_two_compare_one_key(app: Flask, cast: Cast) -> None:
    signer = their_signer()

    def compare(who: str) -> int:
        return trust.trust_council(
            cast.actor(who),
            name="Thornmere Council",
            key=signer.public_key,
            read_out=signer.fingerprint,
            how_compared="By telephone",
        )

    made = at_once(app, lambda: compare("coach"), lambda: compare("leader"))
    with app.app_context():
        assert db.session.scalars(select(TrustedCouncil.id)).all() == [made]
