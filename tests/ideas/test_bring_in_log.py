"""An improvement log from a spreadsheet becomes ideas: all or none, once, and back within a day."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import text

from improve.ideas.kinds import Answerer
from improve.ideas.queries import flow
from improve.ideas.service import bring_in_log, confirm_log
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, make_idea
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
HERE = "/teams/riverside/bring-in"
LOG = "\n".join(
    "\t".join(row)
    for row in (
        ("Idea", "Date", "Who", "Status", "Outcome", "Lesson learned"),
        ("Text families a photo", "2/3/2026", "Amina Birch", "Done", "All knew the name", "Send it early"),
        ("A checklist for the boot", "9/3/2026", "Pat Green", "Stopped", "", "Nobody reads in the rain"),
        ("=HYPERLINK(\"http://x\")", "16/3/2026", "", "New", "", ""),
        ("Ring before the visit", "31/04/2026", "", "In progress", "", ""),
        ("Two at the first visit", "", "", "Perhaps", "", ""),
    )
)  # fmt: skip


def preview(sam: Visitor, pasted: str = LOG) -> Page:
    """The rows, after the columns were confirmed as they were guessed."""
    columns = sam.send(sam.get(HERE).form("/bring-in"), {"pasted": pasted})
    return sam.send(columns.form("/columns"))


def of(app: Flask, sql: str) -> list[Any]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(sql)).all()]


def test_bring_in_with_bad_rows_put_right(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = preview(sam)
    assert "3 ready" in page.main
    assert "There is no 31 April" in page.main
    assert "“Perhaps” does not say where it is" in page.main
    assert "Brought in by you; the idea says that it was Pat Green’s" in page.main
    assert not of(app, "SELECT 1 FROM ideas")
    form = page.form(button="Check again")
    page = sam.send(form, {"cell-5-1": "30/04/2026", "cell-6-3": "new"})
    assert "5 ready" in page.main
    form = page.form(button="Bring in 5")
    board = sam.send(form, button="Bring in 5")
    assert "5 ideas brought in." in board.main
    assert sam.send(form, button="Bring in 5").heading == board.heading
    rows = of(app, "SELECT title, stage, outcome, author_id, created_at, waiting_since IS NULL, lesson FROM ideas ORDER BY id")  # fmt: skip
    assert [row[:4] for row in rows] == [
        ("Text families a photo", "done", "adopted", cast.practitioner),
        ("A checklist for the boot", "done", "abandoned", cast.manager),
        ('=HYPERLINK("http://x")', "suggested", None, cast.manager),
        ("Ring before the visit", "plan", None, cast.manager),
        ("Two at the first visit", "suggested", None, cast.manager),
    ]
    assert str(rows[0][4]).startswith("2026-03-02")
    assert [bool(row[5]) for row in rows] == [True, True, False, True, False]
    assert not of(app, "SELECT 1 FROM outbox_messages")
    assert not of(app, "SELECT 1 FROM notices")
    audited = of(app, "SELECT action FROM audit_entries WHERE action LIKE 'log%'")
    assert audited == [("log_brought_in",)]
    (first, second) = (row[0] for row in of(app, "SELECT id FROM ideas ORDER BY id LIMIT 2"))
    one = sam.get(f"/ideas/{first}").main
    assert "Send it early" in one
    assert "All knew the name" in one
    two = sam.get(f"/ideas/{second}").main
    assert "The idea was Pat Green’s; Sam Alder brought it in from an earlier log." in two
    assert "The idea was Sam" not in two
    history = sam.get(f"/ideas/{second}/history").main
    assert "brought it in from a pasted list" in history
    assert "Sam" in history


def test_leaving_bad_rows_out_and_likely_twins(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_idea(cast, text="Text families a photo!")
        db.session.commit()
    sam = visit(cast.manager)
    page = preview(sam)
    assert "The team has an idea with this title already" in page.main.replace(
        "the team", "The team"
    )
    form = page.form(button="Check again")
    page = sam.send(form, {"take": ["2"]})
    assert "3 ready" in page.main
    button = "Leave the 2 out and bring in 3"
    assert (
        "3 ideas brought in. 2 rows left out."
        in sam.send(page.form(button=button), button=button).main
    )
    again = sam.send(sam.get(HERE).form("/bring-in"), {"pasted": LOG})
    assert "This same list was brought into Riverside before" in again.main
    page = sam.send(again.form("/columns"))
    assert "0 ready" in page.main


def test_all_or_none(app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    sam = visit(cast.manager)
    page = preview(sam, "Idea\nOne\nTwo")
    form = page.form(button="Bring in 2")

    def fail(*_given: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(confirm_log, "raise_board_version", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        assert sam.send(form, button="Bring in 2").status == 500
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert not of(app, "SELECT 1 FROM ideas")
    monkeypatch.undo()
    assert "2 ideas brought in." in sam.send(form, button="Bring in 2").main


def test_what_changed_meanwhile_is_shown_again(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = preview(sam, "Idea\nOne\nTwo")
    with app.app_context():
        make_idea(cast, text="Two")
        db.session.commit()
    page = sam.send(page.form(button="Bring in 2"), button="Bring in 2")
    assert page.status == 422
    assert "Look through it once more" in page.main
    assert (
        "1 idea brought in." in sam.send(page.form(button="Bring in 1"), button="Bring in 1").main
    )


def test_take_the_whole_list_back(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = preview(sam, "Idea\tStatus\nOne\tkept\nTwo\tnew")
    board = sam.send(page.form(button="Bring in 2"), button="Bring in 2")
    back = sam.follow(board, "Take the list back")
    with clock.moved(NOW + timedelta(hours=25)):
        late = visit(cast.manager)
        assert late.send(late.get(back.path).form("/take-back")).status == 422
    (idea,) = of(app, "SELECT min(id) FROM ideas")[0]
    form = sam.get(f"/ideas/{idea}").form("/comments")
    sam.send(form, {"words": "Good that it is here."})
    refused = sam.send(back.form("/take-back"))
    assert "Somebody has done something with 1 of its ideas since" in refused.main
    with app.app_context():
        db.session.execute(text("DELETE FROM comments"))
        db.session.execute(text("DELETE FROM idea_followers"))
        db.session.commit()
    gone = sam.send(back.form("/take-back"))
    assert "2 ideas taken back" in gone.main
    assert not of(app, "SELECT 1 FROM ideas")
    assert sam.send(back.form("/take-back")).status == 404


def test_words_that_may_identify_pause_once(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = preview(sam, "Idea\nRing 01632 960122 first")
    hint = sam.send(page.form(button="Bring in 1"), button="Bring in 1")
    assert "a phone number" in hint.main
    assert not of(app, "SELECT 1 FROM ideas")
    button = "It’s fine, continue"
    assert "1 idea brought in." in sam.send(hint.form(button=button), button=button).main


def test_a_workbook_and_hostile_files(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    book = Workbook()
    book.active.append(["Idea", "Date"])
    book.active.append(["From a workbook", NOW.replace(tzinfo=None)])
    out = io.BytesIO()
    book.save(out)
    form = sam.get(HERE).form("/bring-in")
    sent = sam.send(form, files={"file": (io.BytesIO(out.getvalue()), "../our log.xlsx")})
    assert "our log.xlsx" in sent.main
    assert ".." not in sent.main
    assert "1 ready" in sam.send(sent.form("/columns")).main
    for name, body in (
        ("log.pdf", b"%PDF-1.7"),
        ("log.csv", b"\x89PNG\r\n\x1a\n"),
        ("log.xlsx", b"PK\x03\x04" + b"xl/" + b"\0" * 50),
        ("log.csv", b'Idea\n"never closed'),
        ("log.csv", b""),
        ("log.csv", b"a,b\n" * 5_100),
    ):
        refused = sam.send(form, files={"file": (io.BytesIO(body), name)})
        assert refused.status == 422, name


def test_who_may_and_whose_list(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = preview(sam, "Idea\nOne")
    path = page.path
    assert visit(cast.coach).get(HERE).status == 200
    assert visit(cast.coach).get(path).status == 404  # a draft is its person's
    assert visit(cast.practitioner).get(HERE).status == 403
    assert visit(cast.other_manager).get(HERE).status == 403
    assert visit(cast.other_manager).post(f"{path}/confirm").status == 403
    assert visit(cast.outsider).get(path).status == 404
    assert sam.client.get(f"{path}/confirm").status_code == 405
    with clock.moved(NOW + timedelta(days=8)):
        assert visit(cast.manager).get(path).status == 404
    assert "thrown away" in sam.send(sam.get(path).form("/drop")).main
    assert sam.get(path).status == 404


def test_three_thousand_rows_are_few_statements(app: Flask, cast: Cast, statements: Watch) -> None:
    rows = "\n".join(f"Small change {n}\tkept\tLesson {n}" for n in range(3_000))
    with app.app_context():
        sam = actor(cast.manager)
        made = bring_in_log.start_log(sam, slug="riverside", source=f"Idea\tStatus\tLesson\n{rows}")
        look = bring_in_log.look_through(sam, slug="riverside", import_id=made)
        bring_in_log.set_columns(
            sam, slug="riverside", import_id=made, columns=look.columns, has_names=True
        )
        seen = bring_in_log.look_through(sam, slug="riverside", import_id=made).seen
        with statements() as ran:
            done = confirm_log.confirm_log(
                sam, slug="riverside", import_id=made, seen=seen, leave_bad_out=False
            )
        db.session.commit()
        assert done.count == 3_000
        assert len(ran) < 100
        assert confirm_log.take_log_back(sam, slug="riverside", import_id=made) == 3_000
        db.session.rollback()


def test_days_of_the_list_are_not_days_of_this_board(app: Flask, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = preview(sam, "Idea\tDate\tStatus\nOne\t2/3/2026\tkept\nTwo\t3/3/2026\tnew")
    sam.send(page.form(button="Bring in 2"), button="Bring in 2")
    with app.app_context():
        me, since = actor(cast.manager), NOW - timedelta(days=365)
        assert not flow.arrivals(me, since=since).replies
        assert not flow.arrivals(me, since=since).logged
        assert not flow.decisions(me, since=since)


def test_a_guessed_title_tells_nothing_of_an_idea_for_a_coach(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        make_idea(cast, text="Rota at the weekend", answerer=Answerer.COACH)
        db.session.commit()
    pasted = "Idea\nRota at the weekend"
    assert "1 ready" in preview(visit(cast.manager), pasted).main
    assert "already" in preview(visit(cast.coach), pasted).main
