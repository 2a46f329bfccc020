"""Bring every authority of a published file in: ``python -m tests.measures.every_authority PATH``.

Each name of the file goes through the real pages: the file is sent, the name picked, the rows
looked through and added to a measure of its own, and the measure's page opened, by itself and read
by the day that a reader chose. Prints what was found; any answer but the expected one ends the run.
"""

from __future__ import annotations

import csv
import io
import logging
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from flask import Flask

from improve.app import create_app
from improve.measures import queries
from improve.migrations import upgrade_database
from improve.shared.db import db
from tests import databases
from tests.factories import Cast, make_cast, make_measure
from tests.pages import Page, Visitor

#: A day within the file, by which the page is read as if something had begun then.
SINCE = date(2020, 4, 1)


def names_in(content: bytes) -> list[str]:
    """Return the names of authorities in a published file, A to Z."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return sorted({row["la_name"] for row in rows if row["la_name"]})


def cells_of(content: bytes, name: str) -> tuple[int, int]:
    """Return how many months of an authority hold a number, and how many a mark."""
    months = [date(2000, n, 1).strftime("%B") for n in range(1, 13)]
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    cells = [row[m] for row in rows if row["la_name"] == name for m in months]
    given = sum(cell.strip().isdigit() for cell in cells)
    return given, len(cells) - given


def expect(is_so: bool, what: str) -> None:
    """End the run where something is not as it must be."""
    if not is_so:
        raise SystemExit(what)


def bring_in(app: Flask, cast: Cast, content: bytes, name: str) -> tuple[int, int, Page, Page]:
    """Return (numbers, gaps, page, page read by a day) of one authority, brought in by pages."""
    with app.app_context():
        measure_id = make_measure(
            cast, name=f"Referrals, {name}"[:100], kind="context", recorded="count",
            frequency="month", better_when="neither",
        )  # fmt: skip
        db.session.commit()
    coach = Visitor(app, cast.coach)
    form = coach.get(f"/measures/{measure_id}/import").form("/import")
    page = coach.send(form, files={"file": (io.BytesIO(content), "referrals_by_month.csv")})
    expect(page.heading == "Which numbers?", f"{name}: {page.heading} {page.errors}")
    page = coach.send(page.form("/pick"), {"pick_value": name})
    expect(page.heading == "Check before you add", f"{name}: {page.heading} {page.errors}")
    expect(not page.soup.select(".tally-bad"), f"{name}: {page.text[:500]}")
    given, marked = cells_of(content, name)
    said = f"{marked} gap"
    expect(not marked or said in page.text.replace("\u00a0", " "), f"{name}: no “{said}”")
    if given:
        page = coach.send(page.form("/confirm"), button=f"Add {given}")
        expect(page.status == 200, f"{name}: {page.status} {page.errors}")
    with app.app_context():
        found = queries.observations_of(cast.actor("coach"), [measure_id])[measure_id]
        expect(len(found) == given, f"{name}: {len(found)} numbers, not {given}")
        db.session.rollback()
    page = coach.get(f"/measures/{measure_id}")
    since = coach.get(f"/measures/{measure_id}?since={SINCE:%d/%m/%Y}")
    expect(page.status == since.status == 200, f"{name}: {page.status}, {since.status}")
    return given, marked, page, since


def verdict_of(page: Page) -> str:
    """Return the words of the verdict on a measure's page."""
    node = page.soup.select_one(".verdict-large b, .verdict b")
    return " ".join(node.get_text(" ").split()).rstrip(":") if node else "no numbers"


def main(path: str) -> int:
    """Bring every authority of the file at ``path`` in and print what was found."""
    logging.disable(logging.WARNING)
    os.environ[databases.RUN_FOLDER] = tempfile.mkdtemp(prefix="improve-authorities-")
    from tests.conftest import test_settings

    try:
        content = Path(path).read_bytes()
        app = create_app(test_settings(f"sqlite:///{databases.run_folder()}/all.sqlite3"))
        upgrade_database(app)
        with app.app_context():
            cast = make_cast()
            db.session.commit()
        began, numbers, gaps, short = time.perf_counter(), 0, 0, 0
        verdicts: Counter[str] = Counter()
        names = names_in(content)
        for name in names:
            given, marked, _page, since = bring_in(app, cast, content, name)
            numbers, gaps, short = numbers + given, gaps + marked, short + (given + marked < 144)
            verdicts[verdict_of(since)] += 1
        print(f"{len(names)} authorities, {numbers:,} numbers, {gaps} gaps and no zero for any.")
        print(f"{short} with fewer than twelve years. Each page opened twice, without an error.")
        print(
            f"Read by {SINCE:%d %B %Y}: " + ", ".join(f"{n} {v}" for v, n in verdicts.most_common())
        )
        print(f"{time.perf_counter() - began:.0f} s")
    finally:
        shutil.rmtree(os.environ[databases.RUN_FOLDER], ignore_errors=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Give the path of the published file.")
    sys.exit(main(sys.argv[1]))
