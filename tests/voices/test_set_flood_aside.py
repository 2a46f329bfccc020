"""Ten thousand posts of a machine: the desk stays usable, and the same words go aside at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, text

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import Voice, VoiceStep
from improve.voices.queries.desk import Among, Show, Sort, desk
from improve.voices.sealed import words_hash
from tests.factories import Cast
from tests.pages import Visitor
from tests.statements import Watch
from tests.voices.make import make_voice

MANY = 10_000
#: What setting aside takes, of one voice or of a flood.
MOST_TO_SET_ASIDE = 20
#: A page may take so much, whatever waits.
MOST_OF_A_PAGE = 8
BYTES_OF_A_PAGE = 60_000


def flood(cast: Cast, *, is_same: bool = True, **facts: Any) -> None:
    """Make ten thousand voices of one text, or each of its own, on one day."""
    same = words_hash("Buy now", "")
    row = {
        "organisation_id": cast.organisation,
        "came_on": clock.today(),
        "speaker_kind": "child",
        "wording": "older",
        "way_in": "web",
        "scale": 5,
        "sealed": b"",
        "words_hash": same,
        **facts,
    }
    rows = [
        {
            **row,
            "key": secrets.token_urlsafe(16),
            "receipt_hash": secrets.token_hex(32),
            "words_hash": same if is_same else secrets.token_hex(32),
        }
        for _ in range(MANY)
    ]
    db.session.execute(insert(Voice), rows)
    if db.engine.dialect.name == "postgresql":
        # As it does by itself while a flood goes on; tests make ten thousand in a second.
        db.session.execute(text("ANALYZE voices"))


def test_a_flood_is_one_row_and_goes_aside_at_once(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    with app.app_context():
        flood(cast)
        mine = make_voice(cast.organisation, happened="buy  NOW!", better="")
        elsewhere = make_voice(cast.other_organisation, happened="Buy now", better="")
        child = make_voice(
            cast.organisation, happened="I waited.", came_on=clock.today() - timedelta(days=1)
        )
        db.session.commit()
        shown = desk(cast.actor("voices_reader"), 1)
        assert shown.count == MANY + 2
        assert [row.same for row in shown.rows] == [0, MANY]
        assert shown.crowds == (), "one text is one row, and no crowd"
        assert shown.rows[0].key == child
    reader, here = visit(cast.voices_reader), f"/voices/desk/{mine}"
    for step in ("open", "no-danger"):
        reader.send(reader.get(here).form(f"{here}/{step}"), {}, follow=False)
    page = reader.get(here)
    form = page.form(button="Set aside with 10,000 others of the same words")
    # Statements, not seconds: what grows with the flood would take minutes, on any machine.
    with statements() as ran:
        assert reader.send(form, {}, follow=False).status == 303
    assert len(ran) < MOST_TO_SET_ASIDE
    with app.app_context():
        actor = cast.actor("voices_reader")
        assert [row.key for row in desk(actor, 1).rows] == [child]
        assert desk(actor, 1, Show.ASIDE).count == MANY + 1
        left = select(Voice.state).where(Voice.key == elsewhere)
        assert db.session.scalars(left).one() == "waiting", "another council's stays"
        steps = select(func.count()).where(VoiceStep.kind == "set_aside")
        assert db.session.execute(steps).scalar_one() == MANY + 1


def test_a_flood_of_different_texts_hides_nobody(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with app.app_context():
        flood(cast, is_same=False, came_on=yesterday)
        here = cast.organisation
        # Danger goes before a crowd even where it came in it; the unlike before the alike.
        danger = make_voice(here, may_be_danger=True, came_on=yesterday, happened="He hits me.")
        unlike = make_voice(here, topic="home", came_on=yesterday, happened="I moved.")
        paper = make_voice(here, way_in="paper", came_on=yesterday, happened="On paper.")
        later = make_voice(here, happened="Today.")
        db.session.commit()
        reader = cast.actor("voices_reader")
        shown = desk(reader, 1)
        assert [row.key for row in shown.rows[:4]] == [danger, paper, later, unlike]
        assert (shown.count, shown.pages) == (MANY + 4, 201)
        assert [(one.came_on, one.count) for one in shown.crowds] == [(yesterday, MANY + 2)]
        others = desk(reader, 1, among=Among.OTHERS)
        assert [row.key for row in others.rows] == [paper, later]
        newest = desk(reader, 1, among=Among.OTHERS, sort=Sort.NEWEST)
        assert [row.key for row in newest.rows] == [later, paper]
        crowd = desk(reader, 201, among=Among.CROWD)
        assert (crowd.count, crowd.page, crowd.pages) == (MANY + 2, 201, 201)
        assert [row.key for row in desk(reader, 1, among=Among.CROWD).rows[:2]] == [danger, unlike]
        elsewhere = desk(cast.actor("outsider"), 1)
        assert (elsewhere.count, elsewhere.crowds) == (0, ())
    visitor = visit(cast.voices_reader)
    for path in ("/voices/desk", "/voices/desk?page=150", "/voices/desk?among=others&sort=newest"):
        with statements() as ran:
            page = visitor.get(path)
        assert len(ran) <= MOST_OF_A_PAGE, path
        assert len(page.response.get_data()) < BYTES_OF_A_PAGE, path
        assert f"{MANY + 2:,} voices came in a crowd" in page.main.replace("\xa0", " ")


def test_words_alone_make_voices_the_same(app: Flask) -> None:
    with app.app_context():
        assert words_hash("Buy  now!", "") == words_hash("buy NOW", "")
        assert words_hash("Buy now", "") != words_hash("I waited", "")
        assert words_hash(" ", "!") == "", "nothing written is never the same"
