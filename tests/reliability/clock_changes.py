"""Both clock changes, with every night and hour run once, run twice, and missed for three days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

from config import read_settings
from improve.app import create_app
from improve.demo.load import load_demo
from improve.migrations import upgrade_database
from improve.shared import audit, clock
from improve.shared.db import db
from tests.mail.server import MailServer, mail_server
from tests.reliability.councils import rows, working
from tests.reliability.migrating import keep, put_back
from tests.reliability.places import Place, place
from tests.reliability.table import Row, Size

#: The nights in which clocks go back and forward.
CHANGES = (date(2026, 10, 25), date(2027, 3, 28))
#: Days that are lived through, the change in the middle, and those of them that are missed.
DAYS, MISSED = 7, (2, 3, 4)
#: When the night's work is done, by the council's clock.
AT = 5
#: What need not be as many after missed days: one word to people, and one line of the log, for all
#: that waited.
TOLD = ("notices", "outbox_messages", "reminders_sent", "audit_entries")


@dataclass(frozen=True)
class _Lived:
    """What stands there after some days, and what went out."""

    counts: dict[str, int]
    mails: Counter[tuple[str, str]]
    faults: list[str]


def measure(engine: str, folder: Path, size: Size) -> Iterator[Row]:
    """Live through the same days three ways, and compare what stands there at the end."""
    for change in CHANGES[: size.of(2, 1)]:
        here_folder = folder / change.isoformat()
        with place(engine, here_folder) as here, mail_server() as server:
            begin = datetime.combine(change - timedelta(days=DAYS // 2), time(12), UTC)
            app = _demo(here, begin, server)
            keep(here)
            lived = {}
            for way in ("once", "twice", "missed"):
                lived[way] = _live(app, server, begin, way, size)
                put_back(here)
        once, twice, missed = lived["once"], lived["twice"], lived["missed"]
        found = [f"{way}: {fault}" for way, one in lived.items() for fault in one.faults]
        found += _differences("twice", once.counts, twice.counts)
        if once.mails != twice.mails:
            more = twice.mails - once.mails
            found.append(f"twice: {more.total()} mails more, such as {sorted(more)[:2]}")
        found += _differences("missed", once.counts, missed.counts, without=TOLD)
        word = "back" if change == CHANGES[0] else "forward"
        yield Row(
            f"Clocks go {word} ({change:%d %B %Y}): nights and hours run once, twice, or missed",
            "twice is as once; three missed days are made good",
            f"{DAYS} days, {once.mails.total()} mails, {len(found)} faults",
            is_held=not found,
            found=found,
        )


def _demo(here: Place, begin: datetime, server: MailServer) -> Flask:
    """Load the demo as of ``begin``, and return an application that mails to the server."""
    settings = {**read_settings(here.environ()), "MAIL_URL": server.url}
    making = create_app({**settings, "IS_DEMO": True})
    upgrade_database(making)
    with clock.moved(begin):
        load_demo(making)
    with working(making):
        db.session.rollback()
    return create_app(settings)


def _live(app: Flask, server: MailServer, begin: datetime, way: str, size: Size) -> _Lived:
    """Run what timers run, hour by hour; return what stands there."""
    server.taken.clear()
    runner, faults = app.test_cli_runner(), []
    step = size.of(1, 6)

    def run(command: str, at: datetime) -> None:
        with clock.moved(at):
            done = runner.invoke(args=[command])
        if done.exit_code:
            faults.append(f"{command} at {at:%d %b %H:%M}: {done.output[-200:]}")

    for hour in range(1, DAYS * 24):
        at = begin + timedelta(hours=hour)
        with clock.moved(at):
            local = clock.local(at)
        is_missed = way == "missed" and (at - begin).days in MISSED
        turns = 0 if is_missed else 2 if way == "twice" else 1
        for turn in range(turns):
            late = timedelta(minutes=10 * turn)
            if local.hour == AT:
                run("nightly", at + late)
            if hour % step == 0:
                run("deliver-mail", at + late)
    with working(app):
        counts = {
            table: int(rows(f'SELECT count(*) FROM "{table}"')[0][0])
            for table in sorted(inspect(db.session.connection()).get_table_names())
            if not table.startswith("search_")
        }
        for table, column in (("notices", "kind"), ("audit_entries", "action")):
            # By kind, so that what differs can be named.
            for kind, count in rows(f"SELECT {column}, count(*) FROM {table} GROUP BY {column}"):
                counts[f"{table} {kind}"] = count
        faults += [f"log of acts: {fault.words}" for fault in audit.find_faults()]
        db.session.rollback()
    mails = Counter((str(m["To"]), str(m["Subject"])) for m in server.taken)
    return _Lived(counts, mails, faults)


def _differences(
    way: str, one: dict[str, int], other: dict[str, int], *, without: tuple[str, ...] = ()
) -> list[str]:
    return [
        f"{way}: {name} holds {other.get(name)}, not {count}"
        for name, count in one.items()
        if name.split()[0] not in without and other.get(name) != count
    ]
