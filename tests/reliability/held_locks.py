"""Somebody holds a lock of the database: a plain page within seconds, and then all is well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from improve.shared import patience
from improve.shared.db import SQLITE_PRAGMAS
from tests.reliability.councils import faults_of
from tests.reliability.serving import Answer, Colleague
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size

#: Seconds: far less than a lock is waited for.
PATIENT = 5
HEADING = "We cannot reach our records just now"


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Hold each lock, write and read meanwhile, let go, and write again."""
    del size
    who = site.council.colleague(0, site.server)
    who.read_token()
    page = f"/ideas/{site.council.ideas[0]}"
    if site.engine == "sqlite":
        most = int(SQLITE_PRAGMAS["busy_timeout"]) / 1000 + 3
        yield _one(site, who, page, "The file of SQLite is locked", most=most, reads=True)
        return
    most = patience.LOCK / 1000 + 3
    yield _one(site, who, page, "A table is locked", most=most, reads=False)
    yield _one(site, who, page, "The log's last row is locked", most=most, reads=True)


def _one(site: Site, who: Colleague, page: str, what: str, *, most: float, reads: bool) -> Row:
    form = f"held-{what}"
    with _held(site, what):
        refused = who.log("Say who is coming before the first visit", form)
        read = who.get(page)
    after = who.log("Say who is coming before the first visit", form)
    found = [*plain_page(refused), *faults_of(site.place)]
    if refused.seconds > most:
        found.append(f"the page came after {refused.seconds:.1f} s")
    if reads and (read.status != 200 or read.seconds > PATIENT):
        found.append(f"reading answered {read.status} after {read.seconds:.1f} s")
    if not reads:
        found += plain_page(read)
    if after.status != 303:
        found.append(f"afterwards writing answered {after.status}")
    told = f"reading {read.status} after {read.seconds:.1f} s"
    return Row(
        what,
        f"a plain page within {most:.0f} s, nothing half saved, then all is well",
        f"503 after {refused.seconds:.1f} s, {told}, then {after.status}",
        is_held=not found,
        found=found,
    )


def plain_page(answer: Answer) -> list[str]:
    """Return what is wrong with a page that should say plainly that nothing was saved."""
    found = []
    if answer.status != 503 or HEADING not in answer.body or "was not saved" not in answer.body:
        found.append(f"no plain page: {answer.status}")
    found += [f"the page says {w}" for w in ("sqlite", "psycopg", "INSERT") if w in answer.body]
    return found


@contextmanager
def _held(site: Site, what: str) -> Iterator[None]:
    if site.engine == "sqlite":
        holder = sqlite3.connect(site.place.file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        return
    with psycopg.connect(site.place.url) as other:
        if what == "A table is locked":
            other.execute("LOCK TABLE ideas IN ACCESS EXCLUSIVE MODE")
        else:
            other.execute("SELECT * FROM audit_heads FOR UPDATE")
        yield
        other.rollback()
