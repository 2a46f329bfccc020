"""Words that were taken out are taken out again where a restored backup has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.commands.erasing import erase_again
from improve.ideas import service as ideas
from improve.redaction import service as redaction
from improve.redaction.marks import as_compared, marked_in, marks_of
from improve.redaction.texts import Name
from improve.shared.db import db
from tests.factories import Cast, actor, make_idea

SECRET = "Marmaduke Thistlewood"


@pytest.mark.security(85)
def test_a_restore_does_not_bring_words_back(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "erased.jsonl"
    monkeypatch.setitem(app.config, "ERASED_FILE", str(file))
    with app.app_context():
        idea = make_idea(cast)
        words = f"The mother of marmaduke\nthistlewood liked it. {SECRET}’s aunt, too."
        ideas.comment(actor(cast.colleague), idea_id=idea, words=words, form_token="t")
        db.session.commit()
        comment = db.session.execute(text("SELECT max(id) FROM comments")).scalar_one()
        lead = actor(cast.data_protection_lead)
        redaction.hide_text(lead, name=Name("comment", comment, "words"))
        hidden = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
        redaction.take_words_out(lead, hidden_id=hidden, phrases=[SECRET], breach="no")
        db.session.commit()
        noted = file.read_text()
        assert noted.count("\n") == 1
        assert "thistlewood" not in noted.lower()
        facts = db.session.execute(text("SELECT facts FROM erasures")).scalar_one()
        assert "histlewood" not in str(facts)

        assert erase_again() == 0
        db.session.execute(text("DELETE FROM erasures"))
        db.session.execute(
            text("UPDATE comments SET words = :w WHERE id = :id"), {"w": words, "id": comment}
        )
        db.session.commit()
        assert erase_again() == 1
        left = db.session.execute(text("SELECT words FROM comments")).scalar_one()
        assert "thistlewood" not in left.lower()
        assert left.startswith("The mother of [words removed by data protection lead, 24 Nov")
        assert erase_again() == 0


def test_marks_find_whole_words_in_any_case_over_any_blanks() -> None:
    def mark(words: str) -> str:
        return f"<{words}>"

    marks = [(int(size), str(one)) for size, one in marks_of(["Zoë  Quill", "Ann"], mark)]
    assert marks == [(3, "<ann>"), (9, "<zoë quill>")]
    assert marked_in("ZOË\n quill’s aunt Annie, ann.", marks, mark) == {"ZOË\n quill", "ann"}
    assert marked_in("", marks, mark) == set()
    assert as_compared("  A  B ") == "a b"
