"""An idea from a voice: said afresh, its source named, the link kept with the voice alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from improve.ideas.queries import idea_heads, idea_page
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.voices.models import Voice
from improve.voices.service import use
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_shared_voice

Visit = Callable[..., Visitor]
WORDS = "We waited some weeks and no one told us why it took so long."


def made(cast: Cast, speaker: str = "young_person") -> str:
    key = make_shared_voice(
        cast.organisation,
        by_id=cast.voices_reader,
        words=WORDS,
        reader_id=cast.voices_reader,
        speaker_kind=speaker,
        happened="Saoirse never once rang us back in all of that time.",
    )
    db.session.commit()
    return key


def test_an_idea_is_started_with_an_empty_box(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        key = made(cast)
    reader, path = visit(cast.voices_reader), f"/voices/desk/{key}/idea"
    page = reader.get(path)
    assert page.soup.find("textarea", {"name": "text"}).get_text(strip=True) == ""
    form = page.form(path)
    new = {"text": "Tell families each week where their plan stands.", "team_id": str(cast.team)}
    assert reader.send(form, {**new, "team_id": ""}, follow=False).status == 422
    for _ in range(2):
        assert reader.send(form, new, follow=False).status == 303
    with app.app_context():
        idea_id = db.session.scalars(select(Voice.idea_id).where(Voice.key == key)).one()
        assert db.session.execute(select(func.count()).select_from(idea_heads())).scalar() == 1
        idea = idea_page(cast.actor("manager"), idea_id)
        assert idea.source.value == "child"
        assert "waited" not in idea.suggestion
        assert db.session.scalars(
            text("SELECT count(*) FROM audit_entries WHERE action = 'voice_idea_started'")
        ).one()


def test_a_name_is_read_again_first(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        key = made(cast)
    reader, path = visit(cast.voices_reader), f"/voices/desk/{key}/idea"
    new = {"text": "Ring 01632 960155 each week.", "team_id": str(cast.team)}
    again = reader.send(reader.get(path).form(path), new, follow=False)
    assert "This may identify someone" in str(again.soup)
    assert WORDS not in str(again.soup)
    sure = again.form(path, button="It’s fine, continue")
    assert reader.send(sure, {"confirmed": "1"}, follow=False).status == 303


@pytest.mark.parametrize(
    ("speaker", "source"), [("parent_or_carer", "parent_or_carer"), ("care_leaver", "child")]
)
def test_the_source_says_who_told(app: Flask, cast: Cast, speaker: str, source: str) -> None:
    with app.app_context():
        reader, key = cast.actor("voices_reader"), made(cast, speaker)
        idea = use.start_idea(
            reader, key=key, text="Say why.", team_id=cast.team, form_token="t", seen_version=1
        )
        assert idea_page(reader, idea).source.value == source


def test_nothing_is_copied_and_one_voice_starts_one(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader, key = cast.actor("voices_reader"), made(cast)

        def start(words: str, token: str = "t", version: int = 1) -> int:  # noqa: S107
            return use.start_idea(
                reader,
                key=key,
                text=words,
                team_id=cast.team,
                form_token=token,
                seen_version=version,
            )

        for copied in ("They said NO ONE told us why it took", "Saoirse never once rang us back"):
            with pytest.raises(RuleBroken):
                start(copied)
        first = start("Say each week how long it takes.")
        assert start("Say each week how long it takes.") == first
        with pytest.raises(RuleBroken):
            start("Another", token="u", version=2)
