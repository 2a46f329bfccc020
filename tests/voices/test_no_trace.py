"""What is left of somebody who told: the whole database and every log, before and after.

One row with the day alone, and for an hour a sealed one with the code to come back: no address, no
browser, no time of day, no words and no code in any column of any table, in any byte of the file
or in any line of a log, whether somebody is signed in beside it or not.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from improve.shared import clock
from improve.shared.db import db
from improve.shared.logs import JSONLines
from improve.voices.service.send import SOONEST
from tests.pages import Page, Visitor
from tests.voices.open_council import open_council
from tests.world import Cast

#: When it is sent; begun two minutes before.
MOMENT = datetime(2026, 11, 24, 14, 37, 53, 246810, tzinfo=UTC)
BEGUN = MOMENT - timedelta(minutes=2)
HAPPENED = "Marmaduke came with a purple umbrella."
BETTER = "Bring the umbrella each time."
#: What a browser sends of itself with each page.
SENT = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "198.51.100.23",
    "HTTP_USER_AGENT": "Mozilla/5.0 (Thistlephone 14)",
    "HTTP_REFERER": "https://hillside-school.example/",
    "HTTP_ACCEPT_LANGUAGE": "kw-GB",
}
#: What must be nowhere.
SECRETS = [
    "203.0.113", "198.51.100", "Thistlephone", "hillside-school", "kw-GB",
    "Marmaduke", "umbrella", "14:37", "14:35", "14.37",
    str(int(MOMENT.timestamp())), str(int(BEGUN.timestamp())),
]  # fmt: skip
_TIME_OF_DAY = re.compile(r"\b\d{1,2}:\d{2}\b")
Dump = dict[str, set[tuple[tuple[str, Any], ...]]]


class Lines(logging.Handler):
    """Every line of every log: as it is written, and all that its record knows."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(f"{self.format(record)} {record.__dict__}")


@pytest.fixture
def log() -> Iterator[Lines]:
    """All logs, at the levels at which they are kept."""
    lines = Lines()
    logging.getLogger().addHandler(lines)
    yield lines
    logging.getLogger().removeHandler(lines)


def dump(app: Flask) -> Dump:
    """Return every row of every table there is, column by column.

    An index of words on SQLite is read through the plain tables that it is made of.
    """
    found: Dump = {}
    with app.app_context(), db.engine.connect() as connection:
        indexes = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        is_sqlite = connection.dialect.name == "sqlite"
        skipped = set(connection.scalars(text(indexes))) if is_sqlite else set()
        for table in set(inspect(connection).get_table_names()) - skipped:
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            found[table] = {
                tuple((column, _plain(value)) for column, value in row.items()) for row in rows
            }
    return found


def _plain(value: object) -> object:
    """Return what can be compared: a list of JSON cannot stand in a set."""
    if isinstance(value, memoryview):
        return bytes(value)
    return value if isinstance(value, bytes | int | date | None) else str(value)


def new_rows(before: Dump, after: Dump) -> dict[str, list[dict[str, Any]]]:
    """Return what came, by table; raise if anything of what stood there went or changed."""
    gone = {table: rows - after[table] for table, rows in before.items() if rows - after[table]}
    assert not gone, f"these rows are gone, or are others now: {gone}"
    came = {table: rows - before[table] for table, rows in after.items()}
    return {table: [dict(row) for row in rows] for table, rows in came.items() if rows}


def check_holds_no_time(row: dict[str, Any]) -> None:
    """Raise if a value of the row says more than a day."""
    for column, value in row.items():
        if isinstance(value, datetime | time):
            raise AssertionError(f"{column} holds a time: {value}")
        if isinstance(value, int):
            assert value < 1_000_000, f"{column} may hold a time: {value}"
        if isinstance(value, str):
            assert not _TIME_OF_DAY.search(value), f"{column} holds a time: {value}"


def check_holds_none_of(secrets: list[str], where: str) -> None:
    """Raise if any of the secrets stands there, in small letters or capitals."""
    found = [one for one in secrets if one.lower() in where.lower()]
    assert not found, f"{found} stands in {where[:400]}"


def files_of(app: Flask) -> dict[str, bytes]:
    """Return the bytes of the database and of what is to be written there; none of PostgreSQL."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            return {}
        path = Path(str(db.engine.url.database))
    return {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*")}


def check_files(app: Flask, secrets: list[str]) -> None:
    """Raise if a byte of it is in the file of the database or in what is to be written there."""
    files = files_of(app)
    assert not files or any(b"Riverside" in held for held in files.values()), "see what is there"
    for name, held in files.items():
        for secret in secrets:
            for written in (secret.lower().encode(), secret.lower().encode("utf-16-le")):
                assert written not in held.lower(), f"{secret} stands in {name}"


def press(visitor: Visitor, page: Page, said: str = "", button: str = "Next") -> Page:
    """Answer a question."""
    changed = {"said": said} if said else {}
    return visitor.send(page.form(button=button), changed, button=button)


def tell(visitor: Visitor) -> str:
    """Tell, from the start to the code to come back; return the code."""
    with clock.moved(BEGUN):
        page = visitor.get("/say/larchdale-council")
        page = press(visitor, page, button="Start")
    for said in ("young_person", "12-15", "plan", "2", HAPPENED, BETTER):
        page = press(visitor, page, said)
    page = press(visitor, page, "yes", "Send my words")
    assert page.heading == "Thank you. We have your words."
    return " ".join(part.text for part in page.soup.select(".say-code span"))


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_nothing_leads_to_whoever_told(
    is_signed_in: bool, app: Flask, cast: Cast, visit: Callable[..., Visitor], log: Lines
) -> None:
    assert timedelta(minutes=2) > SOONEST
    open_council(app, cast)
    visitor = visit(cast.practitioner if is_signed_in else None)
    visitor.client.environ_base.update(SENT)
    with clock.moved(MOMENT):
        before = dump(app)
        check_holds_none_of(SECRETS, str(before))
        receipt = tell(visitor)
        secrets = [*SECRETS, receipt, receipt.replace(" ", "-")]
        came = new_rows(before, dump(app))
        assert sorted(came) == ["voice_drafts", "voices"]
        (voice,), (draft,) = came["voices"], came["voice_drafts"]
        for row in (voice, draft):
            check_holds_no_time(row)
            check_holds_none_of(secrets, str(row))
        assert str(voice["came_on"]) == str(draft["began_on"]) == "2026-11-24"
        days = [one for one, value in voice.items() if re.match(r"\d{4}-\d\d-\d\d", str(value))]
        assert days == ["came_on"]
        check_files(app, secrets)
        assert not files_of(app) or any(
            bytes(draft["sealed"])[40:72] in held for held in files_of(app).values()
        ), "the test must see what is there"
        # The code to come back goes as they are done; the day is left alone.
        page = visitor.get("/say/larchdale-council/thanks")
        visitor.send(page.form(button="No, I’m done"), button="No, I’m done")
        assert new_rows(before, dump(app)) == {"voices": [voice]}
        check_files(app, secrets)
        for name, held in files_of(app).items():
            assert bytes(draft["sealed"])[40:72] not in held, f"the draft is left in {name}"
    assert log.lines == [], "that somebody told, and when, stands in a log"


def test_faults_of_these_pages_are_noted_by_the_day_alone(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], log: Lines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    open_council(app, cast)
    visitor = visit()
    visitor.client.environ_base.update(SENT)

    def broken(_code: str, _today: object) -> None:
        raise ValueError(HAPPENED)

    monkeypatch.setattr("improve.voices.routes.public.place_of", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = visitor.client.get("/say/larchdale-council")
    assert answer.status_code == 500
    answer.close()
    written = [line.split(" {'name'")[0] for line in log.lines]
    assert len(written) == 1
    assert '"error": "ValueError"' in written[0]
    check_holds_none_of(SECRETS, written[0])
    assert not _TIME_OF_DAY.search(written[0])


def test_other_pages_are_logged(app: Flask, visit: Callable[..., Visitor], log: Lines) -> None:
    """The test above would see a line: it is only that none is written."""
    visit().get("/help")
    assert any('"route": "/help"' in line for line in log.lines)
