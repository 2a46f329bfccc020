"""An answer in the language somebody wrote in: put into it by a person, read first by receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from improve.shared.db import db
from improve.shared.sealing import Sealer
from improve.voices.models import VoiceAnswer
from tests.factories import Cast
from tests.pages import Page, Visitor
from tests.voices.make import make_shared_voice
from tests.voices.test_look_up_answer import RECEIPT, look_up

Visit = Callable[..., Visitor]
ENGLISH = "Thank you. We now ring first."
POLISH = "Dziękujemy. Teraz najpierw dzwonimy."


def made(app: Flask, cast: Cast, **facts: Any) -> str:
    """Return the key of a voice that waits for an answer, told in Polish unless it says else."""
    with app.app_context():
        sealer = Sealer(current_app.config["SEALING_KEYS"], "voices")
        facts = {"language": "pl", "reader_id": cast.voices_reader, **facts}
        key = make_shared_voice(
            cast.organisation,
            by_id=cast.voices_reader,
            words="Nobody rang us.",
            receipt_hash=sealer.hash(RECEIPT),
            **facts,
        )
        db.session.commit()
    return key


def answered(reader: Visitor, key: str, **said: str) -> Page:
    path = f"/voices/desk/{key}/answer"
    words = {"words": ENGLISH, "ending": "listening", **said}
    return reader.send(reader.get(path).form(path), words)


def test_they_read_their_own_language_first(app: Flask, cast: Cast, visit: Visit) -> None:
    key, reader = made(app, cast), visit(cast.voices_reader)
    page = reader.get(f"/voices/desk/{key}/answer")
    assert "They wrote in Polish" in page.main
    assert page.form("/answer").node.select_one("option[selected][value=pl]")
    for _ in range(2):
        page = answered(reader, key, own_words=POLISH, own_by="Ewa Nowak")
        assert page.status == 200
    page = reader.get(f"/voices/desk/{key}/answer")
    assert "Put into their language by Ewa Nowak" in page.main
    read = look_up(visit())
    assert read.text.index(POLISH) < read.text.index("In English") < read.text.index(ENGLISH)
    own = read.soup.find("p", lang="pl")
    assert own is not None
    assert own.get_text() == POLISH
    assert "Ewa" not in read.text
    with app.app_context():
        (answer,) = db.session.scalars(select(VoiceAnswer)).all()
        kept = (answer.own_words, answer.own_language, answer.own_by)
        assert kept == (POLISH, "pl", "Ewa Nowak")


def test_says_who_put_it_and_which_language(app: Flask, cast: Cast, visit: Visit) -> None:
    key, reader = made(app, cast), visit(cast.voices_reader)
    page = answered(reader, key, own_words=POLISH, own_language="", own_by="")
    assert page.status == 422
    assert "a person" in page.error_for("own_by")
    assert "Choose which" in page.error_for("own_language")
    assert POLISH in page.main
    # Who reads English has English alone, and who wrote it is asked nothing more.
    assert answered(reader, key, own_words="", own_by="").status == 200
    assert "In English" not in look_up(visit()).text


def test_a_draft_carries_it_to_the_reader(app: Flask, cast: Cast, visit: Visit) -> None:
    key, manager = made(app, cast, may_show="yes"), visit(cast.manager)
    path = f"/voices/drafts/{key}"
    page = manager.get(path)
    assert "They wrote in Polish" in page.main
    new = {"words": ENGLISH, "ending": "listening", "own_words": POLISH, "own_by": "Ewa Nowak"}
    manager.send(page.form(path), new)
    reader = visit(cast.voices_reader)
    page = reader.get(f"/voices/desk/{key}/answer")
    (draft,) = [link for link in page.links() if "?draft=" in str(link.get("href"))]
    page = reader.get(str(draft["href"]))
    assert POLISH in page.main
    reader.send(page.form("/answer"), {})
    assert POLISH in look_up(visit()).text


@pytest.mark.parametrize("language", ["en", "other"])
def test_a_language_that_nobody_named(app: Flask, cast: Cast, visit: Visit, language: str) -> None:
    key, reader = made(app, cast, language=language), visit(cast.voices_reader)
    page = reader.get(f"/voices/desk/{key}/answer")
    assert ("They did not write in English" in page.main) == (language == "other")
    answered(reader, key, own_words="Waan ku mahadsannahay.", own_language="so", own_by="Ayaan")
    own = look_up(visit()).soup.find("p", lang="so")
    assert own is not None
