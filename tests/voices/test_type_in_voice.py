"""What came on paper: typed in by staff, read by the readers only, with a code for the person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.shared import clock, receipt_words
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.sealing import CannotOpen
from improve.voices.models import Voice, VoiceDraft
from improve.voices.sealed import sealer
from tests.factories import Cast
from tests.pages import Page, Visitor
from tests.voices.open_council import open_council

Visit = Callable[..., Visitor]
SAID = {
    "came": "copied",
    "speaker": "young_person",
    "age": "12-15",
    "topic": "school",
    "rating": "really_bad",
    "happened": "Nobody asked me.",
    "may_show": "yes",
}


def type_one(who: Visitor, **changed: str) -> Page:
    form = who.get("/voices/type-in").form("/voices/type-in")
    return who.send(form, {**SAID, **changed})


def voice(app: Flask) -> Voice:
    with app.app_context():
        return db.session.scalars(select(Voice)).one()


def test_types_in_a_sheet_and_gets_the_code(app: Flask, cast: Cast, visit: Visit) -> None:
    open_council(app, cast)
    page = type_one(visit(cast.practitioner))
    assert page.status == 200
    receipt = page.soup.select_one(".code-words")
    assert receipt is not None
    words = receipt_words.normalise(receipt.text)
    kept = voice(app)
    assert (kept.way_in, kept.by_helper, kept.scale, kept.rating) == ("paper", False, 5, 5)
    assert (kept.speaker_kind, kept.age_band, kept.topic) == ("young_person", "12-15", "school")
    assert (kept.state, kept.may_show, kept.came_on) == ("waiting", "yes", clock.today())
    with app.app_context():
        assert words
        assert kept.receipt_hash in sealer().hashes(words)
        assert kept.sealed
        held = json.loads(sealer().open(kept.sealed, about=kept.key))
        assert held == {"happened": "Nobody asked me.", "better": ""}
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "voice_typed_in")
        ).one()
        assert kept.key not in entry.object_id + json.dumps(entry.facts)
        draft = db.session.scalars(select(VoiceDraft)).one()
        with pytest.raises(CannotOpen):
            sealer("voices form").open(draft.sealed, about=draft.token_hash)


def test_words_that_were_heard_are_marked(app: Flask, cast: Cast, visit: Visit) -> None:
    open_council(app, cast)
    type_one(
        visit(cast.practitioner),
        came="heard",
        speaker="child",
        age="7",
        rating="not_good",
        language="so",
    )
    kept = voice(app)
    assert (kept.by_helper, kept.wording, kept.scale, kept.rating) == (True, "younger", 3, 3)
    assert kept.language == "so"


def test_sent_twice_it_is_one_voice_and_one_code(app: Flask, cast: Cast, visit: Visit) -> None:
    open_council(app, cast)
    who = visit(cast.practitioner)
    form = who.get("/voices/type-in").form("/voices/type-in")
    first, again = who.send(form, SAID), who.send(form, SAID)
    assert first.main == again.main
    voice(app)
    assert visit(cast.manager).get(first.path).status == 404
    with clock.moved(clock.now() + timedelta(hours=1)):
        assert who.get(first.path).status == 404


def test_refuses_in_words_and_keeps_what_was_typed(app: Flask, cast: Cast, visit: Visit) -> None:
    open_council(app, cast)
    who = visit(cast.practitioner)
    refused = [
        ("happened", {"happened": ""}),
        ("rating", {"age": "8-11"}),
        ("topic", {"speaker": "parent_or_carer"}),
        ("speaker", {"speaker": ""}),
    ]
    for field, changed in refused:
        page = type_one(who, **changed)
        assert page.status == 422
        assert page.error_for(field), field
    assert "Nobody asked me." in page.text
    page = who.send(who.get("/voices/type-in").form("/voices/type-in"), {"happened": "It."})
    assert page.error_for("came")


def test_takes_nothing_where_nobody_reads(app: Flask, cast: Cast, visit: Visit) -> None:
    who = visit(cast.practitioner)
    page = who.get("/voices/type-in")
    assert not page.has_form("/voices/type-in")
    assert "Keep the paper safe" in page.text
    assert who.post("/voices/type-in", {**SAID, "sheet": "a-sheet", "language": "en"}).status == 422
    with app.app_context():
        assert not db.session.scalars(select(Voice)).first()


def test_typer_reads_it_nowhere_afterwards(app: Flask, cast: Cast, visit: Visit) -> None:
    open_council(app, cast)
    who = visit(cast.practitioner)
    type_one(who)
    assert who.get(f"/voices/desk/{voice(app).key}").status == 403
    assert visit(cast.guest).get("/voices/type-in").status == 403
