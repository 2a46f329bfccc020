"""Bad input through the real pages: each row taken rightly or refused beside it in words."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.measures.models import Observation
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.measures.test_import_numbers import paste, tallies, upload, why
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def weekly(app: Flask, cast: Cast) -> int:
    """A weekly share without numbers."""
    with app.app_context():
        made = make_measure(cast, top_name="Visits made", bottom_name="Fell due")
        db.session.commit()
    return made


@pytest.fixture
def daily(app: Flask, cast: Cast) -> int:
    """A daily measurement without numbers."""
    with app.app_context():
        made = make_measure(cast, recorded="value", frequency="day", numerator="Minutes")
        db.session.commit()
    return made


def held(app: Flask) -> list[tuple[date, float | None, float | None, float | None]]:
    with app.app_context():
        found = db.session.execute(
            select(
                Observation.period_start,
                Observation.value,
                Observation.numerator,
                Observation.denominator,
            ).order_by(Observation.period_start)
        ).all()
        db.session.rollback()
    return [tuple(row) for row in found]  # type: ignore[misc]


def add_all(person: Visitor, page: Page) -> Page:
    """Try to add all rows with the bad ones among them."""
    seen = page.soup.find("input", attrs={"name": "seen"})
    assert seen is not None
    return person.post(f"{page.path}/confirm", {"seen": str(seen["value"]), "replace": "keep"})


@pytest.mark.security(34)
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("09/03/2026\t52\t51", "cannot be the larger"),
        ("09/03/2026\t0\t0", "0"),
        ("09/03/2026\t5\t-3", "-3"),
        ("09/03/2026\tNaN\t51", "“NaN” is not a number"),
        ("09/03/2026\t1e999\t51", "“1e999” is a shortened number"),
        ("09/03/2026\t45%\t51", "percentage"),
        ("09/03/2026\t1_000\t5000", "“1_000” is not a number"),
        ("09/03/2026\t99999999999\t99999999999", "is too big"),
        ("09/03/2026\t1,5\t3", "Use a point, not a comma"),
        ("31/02/2026\t4\t5", "There is no 31 February"),
        ("02/13/2026\t4\t5", "did you mean 13/02/2026?"),
        ("09/03\t4\t5", "has no year"),
        ("46090\t4\t5", "how a spreadsheet stores a date"),
        ("01/01/1899\t4\t5", "too early"),
        ("09/03/2030\t4\t5", "too far ahead"),
        ("next week\t4\t5", "“next week” is not a date"),
        ("09/03/2026\t4", ""),
        ("<img src=x>\t4\t5", "is not a date"),
        ("=1+1\t4\t5", "is not a date"),
    ],
)
def test_a_bad_row_is_refused_beside_it_and_holds_all_others_up(  # noqa: PLR0917
    app: Flask, cast: Cast, weekly: int, visit: Visit, row: str, words: str
) -> None:
    person = visit(cast.manager)
    page = paste(person, weekly, f"02/03/2026\t4\t5\n{row}\n16/03/2026\t4\t5")
    assert page.status == 200, page.errors
    assert tallies(page) == ["2 new", "1 needs a look"], tallies(page)
    (told,) = why(page)
    assert words.lower() in told.lower()
    assert not page.soup.select("main img")
    assert add_all(person, page).status == 422
    assert held(app) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("02/03/2026\t1,234\t5,000", [(1234, 5000)]),
        ("02/03/2026;1,234;5,000", [(1234, 5000)]),
        ("2 March 2026\t1 234\t5 000", [(1234, 5000)]),
        ("\ufeff02/03/2026,4,5", [(4, 5)]),
        ("\n\n02/03/2026,4,5\n,,\n\n09/03/2026,5,5\n\n", [(4, 5), (5, 5)]),
        ("2026-03-02,4,5\n09/03/2026,5,5", [(4, 5), (5, 5)]),
        ("02/03/2026,4,5,,,\n09/03/2026,5,5", [(4, 5), (5, 5)]),
        ("02/03/2026,0,5", [(0, 5)]),
    ],
)
def test_what_is_meant_is_taken(  # noqa: PLR0917
    app: Flask, cast: Cast, weekly: int, visit: Visit, text: str, numbers: list[tuple[int, int]]
) -> None:
    person = visit(cast.manager)
    page = paste(person, weekly, text)
    person.send(page.form("/confirm"), button=f"Add {len(numbers)}")
    assert [(n, d) for _, _, n, d in held(app)] == numbers


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_any_kind_hold_the_same_number(  # noqa: PLR0917
    app: Flask, cast: Cast, weekly: int, visit: Visit, encoding: str, separator: str
) -> None:
    rows = (("Week of", "Visits – made", "Fell due"), ("02/03/2026", "4", "5"))
    if encoding.startswith("utf-16-"):
        rows = (("Week of", "Visits made", "Fell due"), rows[1])
    text = "\r\n".join(separator.join(row) for row in rows)
    person = visit(cast.manager)
    page = upload(person, weekly, text.encode(encoding), "visits.csv")
    person.send(page.form("/confirm"), button="Add 1")
    assert held(app) == [(date(2026, 3, 2), None, 4, 5)]


@pytest.mark.security(31)
@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 40,
        b"\x00" * 5_000,
        b"PK\x03\x04" + b"\xff" * 200,
        b"\x7fELF" + bytes(500),
        b"\xff\xfe" + b"\xd8\x00" * 50,
        b"\xef\xbb\xbf",
        "\u202e02/03/2026,4".encode(),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(
    app: Flask, cast: Cast, weekly: int, visit: Visit, content: bytes
) -> None:
    page = upload(visit(cast.manager), weekly, content, "visits.csv")
    assert page.status == 422
    assert page.error_for("file")
    assert held(app) == []


def bomb(unpacked: int) -> bytes:
    """A small workbook that unpacks to so many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * unpacked)
    return out.getvalue()


@pytest.mark.security(31)
def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(
    cast: Cast, weekly: int, visit: Visit
) -> None:
    content = bomb(200 * 1024 * 1024)
    assert len(content) < 1024 * 1024
    person = visit(cast.manager)
    tracemalloc.start()
    page = upload(person, weekly, content, "visits.xlsx")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert page.status == 422
    assert "too big when unpacked" in page.error_for("file")
    assert most < 50 * 1024 * 1024


def many(rows: int) -> str:
    first = date(1965, 1, 1)
    return "\n".join(f"{first + timedelta(days=n)},{n % 17}" for n in range(rows))


@pytest.mark.security(30)
def test_twenty_thousand_rows_and_one_more(
    app: Flask, cast: Cast, daily: int, visit: Visit
) -> None:
    person = visit(cast.manager)
    page = paste(person, daily, many(20_001))
    assert page.status == 422
    assert "more than 20,000 rows" in page.error_for("pasted")
    page = paste(person, daily, many(20_000))
    assert tallies(page) == ["20,000 new"]
    assert held(app) == []


def test_one_bad_row_among_thousands_keeps_all_out(
    app: Flask, cast: Cast, daily: int, visit: Visit
) -> None:
    person = visit(cast.manager)
    rows = many(3_000).splitlines()
    rows[1_500] = "31/02/1969,4"
    page = paste(person, daily, "\n".join(rows))
    assert tallies(page) == ["2,999 new", "1 needs a look"]
    assert add_all(person, page).status == 422
    assert held(app) == []
    with app.app_context():
        assert db.session.execute(select(func.count(Observation.id))).scalar() == 0
        db.session.rollback()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/02/2026", "There is no 31 February"),
        ("02/13/2026", "did you mean 13/02/2026"),
        ("tomorrow", "is not a date"),
        ("01/01/1800", "too early"),
        ("x" * 5_000, "too long"),
    ],
)
def test_a_day_in_a_form_is_refused_in_words_and_kept(  # noqa: PLR0917
    app: Flask, cast: Cast, daily: int, visit: Visit, typed: str, words: str
) -> None:
    person = visit(cast.manager)
    form = person.get(f"/measures/{daily}").form("/points")
    page: Page = person.send(form, {"on": typed, "value": "1,234.5"})
    assert page.status == 422
    assert words in page.error_for("on")
    kept = dict(page.form("/points").values)
    assert (kept["on"], kept["value"]) == (typed, "1,234.5")
    done = person.send(page.form("/points"), {"on": "02/03/2026"})
    assert done.status == 200
    assert held(app) == [(date(2026, 3, 2), 1234.5, None, None)]
