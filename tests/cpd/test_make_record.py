"""One's own record of learning: made from cycles, edited, taken out, private to its owner."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import text

from improve.cpd import queries
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
TITLE = "Send a photo before the first visit"


@pytest.fixture
def kept(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = finish_cycle(cast, "adopt", title=TITLE)
        db.session.commit()
    return made


@pytest.fixture
def record(cast: Cast, visit: Visit, kept: int) -> str:
    """The address of a record with one piece, of the practitioner."""
    amina = visit(cast.practitioner)
    return amina.send(amina.get("/me/record").form(button="Make my record")).path


def test_make_record_from_finished_cycles_twice_is_harmless(
    app: Flask, cast: Cast, visit: Visit, kept: int
) -> None:
    amina = visit(cast.practitioner)
    page = amina.get("/me/record")
    assert "two pieces by 30 Nov, one talked over with a peer" in page.main
    assert "the newest of November 2024. It may have changed since" in page.main
    form = page.form(button="Make my record")
    made = amina.send(form)
    assert f"PDSA cycle: {TITLE}" in made.main
    assert "A photo is enough. Send it two days before." in made.main
    assert "We decided to keep it: It worked for all five" in made.main
    assert "Expected 4 of 5, saw 5 of 5." in made.main
    assert (
        "One piece, another to add A talk with a peer, still to add "
        "My own reflection, still to write"
    ) in made.main
    assert amina.send(form).path == made.path
    with app.app_context():
        assert len(queries.records(actor(cast.practitioner))) == 1


def test_reflection_is_never_written_for_somebody(cast: Cast, visit: Visit, record: str) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(edit_of(amina, record)).form(button="Save")
    held = dict(form.values)
    assert held["reflection"] == held["peer"] == ""
    saved = amina.send(form, {"reflection": "I ask now.", "peer": "With my supervisor, in May."})
    assert (
        "One piece, another to add One talked over with a peer My own reflection, written"
        in saved.main
    )
    assert "I ask now." in saved.main


def test_stale_words_are_shown_and_the_same_words_twice_are_harmless(
    cast: Cast, visit: Visit, record: str
) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(edit_of(amina, record)).form(button="Save")
    assert amina.send(form, {"why": "Children were afraid."}).status == 200
    assert amina.send(form, {"why": "Children were afraid."}).status == 200
    page = amina.send(form, {"why": "They did not know who came."})
    assert page.status == 409
    assert "Children were afraid." in page.main
    assert dict(page.form(button="Save").values)["why"] == "They did not know who came."
    assert "They did not know who came." in amina.send(page.form(button="Save")).main


def test_words_that_may_identify_pause_once(cast: Cast, visit: Visit, record: str) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(edit_of(amina, record)).form(button="Save")
    hint = amina.send(form, {"reflection": "I rang 01632 960122 too late."})
    assert "a phone number" in hint.main
    assert (
        "I rang 01632"
        in amina.send(hint.form(button="It’s fine, continue"), button="It’s fine, continue").main
    )


def test_add_own_piece_and_refusals(app: Flask, cast: Cast, visit: Visit, record: str) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(f"{record}/pieces/new").form(button="Add it")
    refused = amina.send(form, {"activity": "", "done_on": "1/1/2027"})
    assert refused.status == 422
    assert refused.error_for("activity") == "Error: Say in a few words what you did."
    words = {"activity": "A day on trauma", "done_on": "3/3/2026", "learned": "=Slow down"}
    late = amina.send(form, {**words, "done_on": "1/1/2027"})
    assert late.error_for("done_on") == "Error: This day is still to come."
    page = amina.send(form, words)
    assert "A day on trauma" in page.main
    assert "Two pieces" in page.main
    assert amina.send(form, words).main.count("A day on trauma") == page.main.count(
        "A day on trauma"
    )


def test_add_later_cycles_take_out_and_delete(
    app: Flask, cast: Cast, visit: Visit, record: str
) -> None:
    amina = visit(cast.practitioner)
    assert "Every cycle of your ideas" in amina.get(f"{record}/cycles").main
    with app.app_context():
        finish_cycle(cast, "abandon", title="A checklist for the car boot")
        db.session.commit()
    page = amina.get(f"{record}/cycles")
    assert amina.send(page.form("/cycles")).error_for("cycles") == "Error: Tick at least one."
    cycle = str(page.soup.find("input", {"name": "cycles"})["value"])
    added = amina.send(page.form("/cycles"), {"cycles": [cycle]})
    assert "A checklist for the car boot" in added.main
    amina.send(page.form("/cycles"), {"cycles": [cycle]})
    assert "Two pieces" in amina.get(record).main
    out = amina.get(edit_of(amina, record) + "/remove")
    assert "One piece" in amina.send(out.form("/remove")).main
    assert amina.send(out.form("/remove")).status == 200
    gone = amina.get(f"{record}/delete")
    assert "My own reflection" not in amina.send(gone.form("/delete")).main
    assert amina.get(record).status == 404


def test_a_record_made_up_to_a_day_grows_to_what_finished_since(
    cast: Cast, visit: Visit, kept: int
) -> None:
    amina = visit(cast.practitioner)
    early = amina.get("/me/record?from_on=1/12/2025&to_on=20/11/2026")
    made = amina.send(early.form(button="Make my record"))
    assert "1 Dec 2025 to 20 Nov 2026" in made.main
    page = amina.get(f"{made.path}/cycles")
    cycle = str(page.soup.find("input", {"name": "cycles"})["value"])
    added = amina.send(page.form("/cycles"), {"cycles": [cycle]})
    assert TITLE in added.main
    assert "1 Dec 2025 to 24 Nov 2026" in added.main


def test_take_it_out_as_word_csv_text_and_print(
    app: Flask, cast: Cast, visit: Visit, record: str
) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(edit_of(amina, record)).form(button="Save")
    amina.send(form, {"reflection": "=cmd()\nI ask first."})
    word = amina.send(amina.get(record).form("/word")).response
    assert word.headers["Content-Disposition"].endswith('.docx"')
    said = [p.text for p in Document(io.BytesIO(word.data)).paragraphs]
    assert f"1. PDSA cycle: {TITLE}" in said
    assert "=cmd()\nI ask first." in said
    sheet = amina.send(amina.get(record).form("/csv")).response
    rows = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    assert rows[1][rows[0].index("My own reflection")] == "'=cmd()\nI ask first."
    assert rows[1][-1].startswith("Standard 4")
    assert "My own reflection =cmd() I ask first." in amina.get(f"{record}/print").main.replace(
        "\n", " "
    )
    assert "I ask first." in amina.get(edit_of(amina, record) + "/text").main
    with app.app_context():
        acts = db.session.execute(
            text("SELECT action, facts FROM audit_entries WHERE action LIKE 'cpd%' ORDER BY id")
        ).all()
    assert [act.action for act in acts] == ["cpd.exported", "cpd.exported"]
    assert "I ask" not in str(acts)


def test_nobody_else_opens_it(app: Flask, cast: Cast, visit: Visit, record: str) -> None:
    piece = edit_of(visit(cast.practitioner), record)
    for person in (
        cast.manager,
        cast.coach,
        cast.leader,
        cast.administrator,
        cast.data_protection_lead,
        cast.outsider,
    ):
        other = visit(person)
        for path in (record, f"{record}/print", f"{record}/cycles", f"{record}/delete", piece,
                     f"{record}/pieces/new", f"{piece}/text", f"{piece}/remove"):  # fmt: skip
            assert other.get(path).status == 404, path
        for path in (f"{record}/word", f"{record}/csv", f"{record}/delete", piece):
            assert other.post(path, {}).status == 404, path
        assert TITLE not in other.get("/me/record").main or person == cast.manager


def test_cycles_of_others_cannot_be_taken(app: Flask, cast: Cast, visit: Visit, kept: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get("/me/record").form(button="Make my record")
    form.values.append(("cycles", "1"))
    assert TITLE not in jo.send(form).main


def test_standing_is_one_statement_and_pages_few(
    app: Flask, cast: Cast, visit: Visit, record: str, statements: Watch
) -> None:
    with app.app_context():
        me = actor(cast.practitioner)
        with statements() as seen:
            standing = queries.standing(me)
        assert len(seen) == 1
        assert (standing.progress.pieces, standing.shared_with_me) == (1, 0)
        assert queries.standing(actor(cast.colleague)).record_id is None
    amina = visit(cast.practitioner)
    for path in ("/me/record", record, f"{record}/print", f"{record}/cycles"):
        with statements() as seen:
            amina.get(path)
        assert len(seen) <= 8, path


def edit_of(visitor: Visitor, record: str) -> str:
    """The address of the record's first piece."""
    for link in visitor.get(record).soup.find_all("a", href=True):
        if link["href"].startswith(f"{record}/pieces/") and link["href"][-1].isdigit():
            return str(link["href"])
    raise AssertionError("no piece")
