"""Paste many numbers or upload a file: previewed row by row, then all in or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.measures import queries, service
from improve.measures.models import ImportDraft, Observation, ObservationChange
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from tests.conftest import NOW
from tests.factories import Cast, make_measure
from tests.pages import Page, Visitor, words

Visit = Callable[..., Visitor]


@pytest.fixture
def measure_id(app: Flask, cast: Cast) -> int:
    """A weekly share with the week of 2 March 2026."""
    with app.app_context():
        made = make_measure(
            cast,
            name="Visits on time",
            top_name="Visits made",
            bottom_name="Fell due",
            numbers=[(40, 50)],
            first_on=date(2026, 3, 2),
        )
        db.session.commit()
    return made


def paste(visitor: Visitor, measure_id: int, text: str) -> Page:
    """Paste into the import page."""
    return visitor.send(
        visitor.get(f"/measures/{measure_id}/import").form("/import"), {"pasted": text}
    )


def upload(visitor: Visitor, measure_id: int, content: bytes, name: str) -> Page:
    """Choose a file on the import page."""
    form = visitor.get(f"/measures/{measure_id}/import").form("/import")
    return visitor.send(form, files={"file": (io.BytesIO(content), name)})


def tallies(page: Page) -> list[str]:
    """What the boxes above the preview say."""
    return [words(item) for item in page.soup.select(".tally-item")]


def why(page: Page) -> list[str]:
    """What stands beside each row that needs a look."""
    return [words(cell) for cell in page.soup.select(".bad .why")]


def count(app: Flask) -> int:
    """How many numbers there are."""
    with app.app_context():
        return db.session.execute(select(func.count(Observation.id))).scalar_one()


@pytest.mark.security(34)
def test_rows_are_shown_before_anything_is_saved(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    page = paste(person, measure_id, "09/03/2026\t42\t51\n16/03/2026\t40\t50")
    assert page.heading == "Check before you add"
    assert tallies(page) == ["2 new"]
    assert count(app) == 1
    done = person.send(page.form("/confirm"), button="Add 2")
    assert "2 numbers added." in done.text
    assert count(app) == 3
    with app.app_context():
        assert db.session.execute(select(func.count(ImportDraft.id))).scalar() == 0
        actions = list(db.session.execute(select(AuditEntry.action)).scalars())
        assert "measure.table_imported" in actions


def test_bad_rows_are_told_kept_and_put_right(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    text = "Week of;Visits made;Fell due\n09/03/2026;42;51\n23/03/2026;n/a;52\n31/04/2026;41;50\n29/06/2026;54;51"
    page = paste(person, measure_id, text)
    assert tallies(page) == ["1 new", "3 need a look"]
    assert why(page) == [
        "“n/a” is not a number Leave the row out, or type one.",
        "There is no 31 April Did you mean 4 May?",
        "54 visits made, but only 51 fell due The top line cannot be the larger.",
    ]
    fixed = {"cell-3-1": "44", "cell-4-0": "04/05/2026", "cell-5-1": "5o"}
    again = person.send(page.form("/check"), fixed, button="Check again")
    assert tallies(again) == ["3 new", "1 needs a look"]
    assert count(app) == 1
    done = person.send(again.form("/check"), button="Leave the 1 out and add 3")
    assert "3 numbers added, 1 row left out." in done.text.replace("\xa0", " ")
    assert count(app) == 4


def test_of_two_rows_for_one_week_either_can_be_put_right(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    text = "09/03/2026\t42\t51\n16/03/2026\t40\t50\n09/03/2026\t24\t51"
    page = paste(person, measure_id, text)
    assert tallies(page) == ["2 new", "1 needs a look"]
    assert why(page) == ["Row 1 already has the week of 9 Mar Keep one of the two."]
    (twin,) = page.soup.select(".twin")
    assert "another row has this week This one stays. To keep the other, empty" in words(twin)
    assert {f"cell-{row}-{at}" for row in (1, 3) for at in range(3)} <= dict(
        page.form("/check").values
    ).keys()
    first_out = {"cell-1-0": "", "cell-1-1": "", "cell-1-2": ""}
    again = person.send(page.form("/check"), first_out, button="Check again")
    assert tallies(again) == ["2 new"]
    person.send(again.form("/confirm"), button="Add 2")
    with app.app_context():
        found = queries.observations_of(cast.actor("coach"), [measure_id])[measure_id]
        assert [o.numerator for o in found] == [40, 24, 40]


def test_what_will_happen_stands_with_its_row_on_a_phone(
    cast: Cast, measure_id: int, visit: Visit
) -> None:
    page = paste(visit(cast.practitioner), measure_id, "09/03/2026\t42\t51\n16/03/2026\tn/a\t50")
    labels = [words(label) for label in page.soup.select(".bad .preview-label")]
    assert labels == ["Row", "Week of", "Visits made", "Fell due"]


def test_a_row_emptied_is_taken_out(app: Flask, cast: Cast, measure_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = paste(person, measure_id, "09/03/2026\t42\t51\ntotal\t82\t101")
    blank = {"cell-2-0": "", "cell-2-1": "", "cell-2-2": ""}
    again = person.send(page.form("/check"), blank, button="Check again")
    assert tallies(again) == ["1 new"]


def test_replacing_asks_why_and_is_logged(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = paste(manager, measure_id, "02/03/2026\t41\t50\n09/03/2026\t42\t51")
    assert tallies(page) == ["1 new", "1 replace a number already there"]
    assert "Replaces 80%" in page.text
    refused = manager.send(page.form("/confirm"), button="Add 2")
    assert refused.status == 422
    assert "why they change" in refused.error_for("reason")
    assert count(app) == 1
    manager.send(refused.form("/confirm"), {"reason": "Late records"}, button="Add 2")
    with app.app_context():
        change = db.session.execute(select(ObservationChange)).scalar_one()
        assert (change.old_numerator, change.new_numerator) == (40, 41)


def test_what_is_there_can_be_kept(app: Flask, cast: Cast, measure_id: int, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = paste(manager, measure_id, "02/03/2026\t41\t50\n09/03/2026\t42\t51")
    manager.send(page.form("/confirm"), {"replace": "keep"}, button="Add 2")
    with app.app_context():
        found = queries.observations_of(cast.actor("manager"), [measure_id])[measure_id]
        assert [o.numerator for o in found] == [40, 42]


def test_practitioner_adds_new_rows_and_keeps_the_old(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    page = paste(person, measure_id, "02/03/2026\t41\t50\n09/03/2026\t42\t51")
    assert "A manager of the team or a coach can replace numbers." in page.text
    forged = {**dict(page.form("/confirm").values), "replace": "replace", "reason": "x"}
    assert person.post(page.form("/confirm").action, forged).status == 403
    person.send(page.form("/confirm"), button="Add 1")
    assert count(app) == 2


@pytest.mark.security(34)
def test_all_rows_or_none(app: Flask, cast: Cast, measure_id: int) -> None:
    with app.app_context():
        coach = cast.actor("coach")
        text = "09/03/2026\t42\t51\n16/03/2026\tn/a\t50"
        draft = service.start_import(coach, measure_id=measure_id, source=text)
        seen = service.preview_import(coach, measure_id=measure_id, draft_id=draft).seen
        given = {"measure_id": measure_id, "draft_id": draft, "replace": False}
        with pytest.raises(RuleBroken, match="1 row needs a look"):
            service.confirm_import(coach, seen=seen, leave_bad_out=False, **given)
        with pytest.raises(RuleBroken, match="have changed since"):
            service.confirm_import(coach, seen="9-9-9", leave_bad_out=True, **given)
        assert db.session.execute(select(func.count(Observation.id))).scalar() == 1


def test_a_number_changed_since_the_preview_is_looked_at_again(
    app: Flask, cast: Cast, measure_id: int
) -> None:
    with app.app_context():
        coach, place = cast.actor("coach"), {"measure_id": measure_id}
        draft = service.start_import(coach, source="02/03/2026\t45\t50", **place)
        seen = service.preview_import(coach, draft_id=draft, **place).seen
        service.add_point(
            coach,
            period_start=date(2026, 3, 2),
            numerator=41,
            denominator=50,
            replace=True,
            reason="One came in late",
            **place,
        )
        with pytest.raises(RuleBroken, match="have changed since"):
            service.confirm_import(
                coach,
                draft_id=draft,
                seen=seen,
                leave_bad_out=False,
                replace=True,
                reason="x",
                **place,
            )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09/03/2026,42,51\r\n\r\n16/03/2026,40,50\r\n,,\r\n", ["2 new"]),
        ("date;numerator;denominator\n2026-03-09;42;51", ["1 new"]),
        ('date,numerator,denominator\n09/03/2026,"1,042","1,151"', ["1 new"]),
        ("Mon 9 Mar 2026\t£42\t51", ["1 new"]),
        ("09/03/2026\t42\t51\n09/03/2026\t42\t51", ["1 new", "1 needs a look"]),
        ("09/03/2026\t42\t51\n10/03/2026\t42\t51", ["1 new", "1 needs a look"]),
        ("09/03/2026\t42\n16/03/2026\t42\t51", ["1 new", "1 needs a look"]),
        ("09/03/2026\t42\t51\t7\n16/03/2026\t4\t5", ["1 new", "1 needs a look"]),
        ("03/13/2026\t42\t51", ["0 new", "1 needs a look"]),
        ("09/03/2026\tc\t51", ["0 new", "1 gap, not zeros"]),
        ("09/03/2026\t0\t0", ["0 new", "1 needs a look"]),
        ("09/03/2026\tNaN\t51\n16/03/2026\t1e999\t51", ["0 new", "2 need a look"]),
        ("09/03/2026\t45%\t51", ["0 new", "1 needs a look"]),
        ("09/03/2026\t-3\t51", ["0 new", "1 needs a look"]),
        ("02/03/2026\t40\t50", ["0 new", "1 already there"]),
        ("07/12/2026\t40\t50", ["0 new", "1 needs a look"]),
    ],
)
def test_what_people_paste(
    cast: Cast, measure_id: int, visit: Visit, text: str, expected: list[str]
) -> None:
    assert tallies(paste(visit(cast.manager), measure_id, text)) == expected


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8-sig", b""), ("utf-16", b""), ("utf-16-le", b""), ("cp1252", b"")],
)
def test_files_in_any_usual_encoding(
    cast: Cast, measure_id: int, visit: Visit, encoding: str, mark: bytes
) -> None:
    content = mark + "Week of,Visits made,Fell due\n09/03/2026,42,51\n".encode(encoding)
    page = upload(visit(cast.manager), measure_id, content, "visits.csv")
    assert tallies(page) == ["1 new"]
    assert "visits.csv" in page.text


def test_a_workbook(cast: Cast, measure_id: int, visit: Visit) -> None:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active.append(["Week of", "Visits made", "Fell due"])
    book.active.append([date(2026, 3, 9), 42, 51])
    book.save(out)
    page = upload(visit(cast.manager), measure_id, out.getvalue(), "visits.xlsx")
    assert tallies(page) == ["1 new"]


@pytest.mark.security(31)
@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.4", "a.csv", "This is a PDF."),
        (b"\x89PNG\r\n", "a.csv", "This is a picture."),
        (b"x", "a.docx", "Choose a file that ends in .csv or .xlsx."),
        (b"", "a.csv", "There are no rows here."),
        (b"date\n09/03/2026\n", "a.csv", "There is one column here"),
        (b"date,value\n09/03/2026,4\n", "a.csv", "two are needed"),
        (b"09/03/2026,1,2\n" * 20_001, "a.csv", "more than 20,000 rows"),
        (b'09/03/2026,"1,2\n', "a.csv", "quote mark"),
        (b"PK\x03\x04xl/ not a book", "a.xlsx", "cannot be opened"),
    ],
)
def test_files_that_are_no_tables_are_refused(  # noqa: PLR0917
    cast: Cast, measure_id: int, visit: Visit, content: bytes, name: str, words: str
) -> None:
    page = upload(visit(cast.manager), measure_id, content, name)
    assert page.status == 422
    assert words in page.error_for("file")


def test_nothing_pasted_is_told(cast: Cast, measure_id: int, visit: Visit) -> None:
    page = paste(visit(cast.manager), measure_id, "   ")
    assert "Paste rows with a date and a number" in page.error_for("pasted")


@pytest.mark.security(32)
def test_a_file_name_is_only_shown(cast: Cast, measure_id: int, visit: Visit) -> None:
    name = "../../<img src=x>" + "y" * 200 + ".csv"
    page = upload(visit(cast.manager), measure_id, b"09/03/2026,42,51\n", name)
    assert not page.soup.select("main img")
    assert "../" not in page.soup.main.get_text()
    assert "“<img src=x>yyy" in page.main
    assert "y" * 200 not in page.main


def test_a_draft_is_its_persons_alone_and_lasts_a_day(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    path = paste(person, measure_id, "09/03/2026\t42\t51").path
    assert person.get(path).status == 200
    assert visit(cast.colleague).get(path).status == 404
    assert visit(cast.outsider).get(path).status == 404
    with app.app_context(), clock.moved(NOW + timedelta(hours=25)):
        with pytest.raises(NotFound):
            queries.import_draft(cast.actor("practitioner"), measure_id, 1)
        assert service.purge_drafts() == 1


def test_only_those_who_enter_numbers_import(cast: Cast, measure_id: int, visit: Visit) -> None:
    path = f"/measures/{measure_id}/import"
    assert visit(cast.other_manager).get(path).status == 403
    assert visit(cast.leader).get(path).status == 403
    assert visit(cast.outsider).post(path, {"pasted": "x"}).status == 404


def test_a_long_table_is_cut_on_screen_and_shown_on_request(
    cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.manager)
    day = date(2020, 1, 6)
    rows = "\n".join(f"{day + timedelta(weeks=i):%d/%m/%Y}\t42\t51" for i in range(120))
    page = paste(person, measure_id, rows)
    assert len(page.soup.select(".preview tbody tr")) == 51
    assert len(person.follow(page, "Show 70 more").soup.select(".preview tbody tr")) == 121


def test_twenty_thousand_rows_at_once(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        daily = make_measure(cast, recorded="value", frequency="day")
        db.session.commit()
    text = "\n".join(f"{date(1970, 1, 1) + timedelta(days=i)},{i % 17}" for i in range(20_000))
    person = visit(cast.manager)
    page = paste(person, daily, text)
    done = person.send(page.form("/confirm"), button="Add 20,000")
    assert "20,000 numbers added." in done.text.replace("\xa0", " ")
    assert count(app) == 20_000
