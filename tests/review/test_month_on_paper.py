"""The month as a tagged PDF of one page, and as plain text: with long words too."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask

from improve.ideas import service as idea_service
from improve.ideas.kinds import Source, Unblocker
from improve.measures import picture_files
from improve.measures.picture_files import formats
from improve.review.month import Line
from improve.review.month_text import HOW, NEXT, WHAT, three_answers
from improve.review.queries.month import month_sheet
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in
from tests.pages import Visitor
from tests.review.test_month import PAGE, block

Visit = Callable[..., Visitor]
LONG = "Grundstücksverkehrsgenehmigung" * 7


@pytest.fixture
def with_pdf() -> None:
    """Skip where this machine has no library for PDF."""
    if "pdf" not in formats():
        pytest.skip("no Pango on this machine")


def _streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def pages_of(pdf: bytes) -> int:
    inside = pdf + b"".join(_streams(pdf))
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", inside))


def fill(cast: Cast) -> None:
    idea_id = idea_in(cast, "do", text=LONG[:110])
    idea_service.mark_blocked(
        cast.actor("manager"),
        idea_id=idea_id,
        reason=LONG[:200],
        who=LONG[:200],
        level=Unblocker.DIRECTOR,
    )
    idea_in(cast, "do", text=LONG[:200], source=Source.PARENT_OR_CARER)
    finish_cycle(cast, "adopt", title=LONG[:110])
    finish_cycle(cast, "abandon", title=LONG[:110])
    db.session.commit()


def test_the_sheet_is_a_tagged_pdf_of_one_page(
    app: Flask, cast: Cast, visit: Visit, with_pdf: None
) -> None:
    del with_pdf
    with app.app_context():
        fill(cast)
    leader = visit(cast.leader)
    answer = leader.client.get(f"{PAGE}.pdf")
    assert answer.mimetype == "application/pdf"
    pdf = answer.data
    inside = pdf + b"".join(_streams(pdf))
    assert b"StructTreeRoot" in inside
    assert b"MarkInfo" in inside
    assert b"pdfuaid" in inside
    assert b"en-GB" in inside
    assert pages_of(pdf) == 1, "also with words of two hundred letters"
    assert inside.count(b"/LI") >= 7, "each line is an item of a list"


def test_without_the_library_print_is_offered(
    cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_files, "_has_pango", lambda: False)
    leader = visit(cast.leader)
    page = leader.get(f"{PAGE}.pdf")
    assert page.status == 404
    assert page.heading == "This server cannot make PDF files"
    assert not leader.get(PAGE).links("PDF")


def test_three_answers_name_nobody(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        block(cast, reason="Ask Manny Birch and Florence to sign, Manny knows.")
        finish_cycle(cast, "adopt", title="Time that is promised")
        db.session.commit()
        sheet = month_sheet(cast.actor("leader"), date(2026, 11, 1))
        names = [cast.actor(name).name for name in ("leader", "manager", "practitioner")]
        what, how, following = three_answers(
            sheet, council="Our council", names=[*names, "Manny Birch"]
        )
    assert (what.question, how.question, following.question) == (WHAT, HOW, NEXT)
    assert "1 finished: 1 kept" in what.words.replace("\u00a0", " ")
    assert "Waits for a leader’s answer." in following.words
    page = visit(cast.leader).get(f"{PAGE}/three-answers")
    texts = [t.get_text() for t in page.soup.select("textarea[readonly]")]
    assert len(texts) == 3
    whole = " ".join((*texts, what.words, how.words, following.words))
    for name in (*names, "Manny", "Florence"):
        assert name not in whole
    assert [b["data-copy"] for b in page.soup.select("[data-copy]")] == [
        "a-what",
        "a-how",
        "a-next",
    ]
    file = visit(cast.leader).client.get(f"{PAGE}/three-answers.txt")
    assert file.mimetype == "text/plain"
    assert WHAT in file.get_data(as_text=True)
    assert "attachment" in file.headers["Content-Disposition"]


def test_long_words_are_cut_between_words(app: Flask, cast: Cast) -> None:
    with app.app_context():
        block(cast, reason="one two three " * 20)
        line = month_sheet(cast.actor("leader"), date(2026, 11, 1)).line(Line.BLOCKED)
    assert len(line.quote) <= 220
    assert line.quote.endswith(("one…", "two…", "three…"))
