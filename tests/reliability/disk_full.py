"""The disk is full: a plain page, nothing half saved, reading goes on, and then all is well."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.reliability.councils import application, faults_of, found_council, rows, working
from tests.reliability.held_locks import plain_page
from tests.reliability.places import PostgresServer, place
from tests.reliability.serving import Away, Colleague, Gunicorn
from tests.reliability.table import NotPossible, Row, Size

#: MB of the disk; a PostgreSQL database has 40 before anything is in it.
ROOM = {"sqlite": 24, "postgresql": 160}
_LONG = "A long idea of many words. " * 70


def measure(engine: str, folder: Path, size: Size) -> Iterator[Row]:
    """Fill the disk that database and log lie on, write on, make room again."""
    with _disk(folder / "disk", ROOM[engine]) as disk:
        server = None
        if engine == "postgresql":
            small = ("-c", "max_wal_size=4MB", "-c", "min_wal_size=2MB")
            server = PostgresServer(disk / "held" / "postgres", options=small)
            server.make()
            server.start()
        try:
            with place(engine, disk / "held", server) as here:
                council = found_council(here, people=1)
                web = Gunicorn(here, options=("--preload",) if size.is_short else ())
                web.start()
                try:
                    found, told = _fill(disk, council.colleague(0, web), server, size)
                finally:
                    web.stop()
                app = application(here)
                with working(app):
                    kept = Counter(row[0] for row in rows("SELECT form_token FROM ideas"))
                found += [f"{name} stands {kept[name]} times" for name in told if kept[name] != 1]
                found += faults_of(here)
        finally:
            if server is not None:
                server.stop()
    yield Row(
        "The disk is full, of the database and of the log",
        "a plain page, reading goes on, nothing half saved, then all is well",
        f"{len(told)} writes acknowledged before and after, {len(found)} faults",
        is_held=not found,
        found=found,
    )


def _fill(
    disk: Path, who: Colleague, server: PostgresServer | None, size: Size
) -> tuple[list[str], list[str]]:
    """Return what does not hold, and the ideas that were acknowledged."""
    found, told, refused = [], [], []
    who.read_token()
    filled, room = disk / "filled", os.statvfs(disk)
    free = room.f_bavail * room.f_frsize
    with filled.open("wb") as file:
        file.write(b"x" * max(0, free - (200_000 if server is None else 700_000)))
    with filled.open("ab", buffering=0) as file:
        for number in range(size.of(400, 120)):
            name = f"full-{number}"
            answer = who.log(f"{number}. {_LONG}", name)
            if answer.status == 303:
                told.append(name)
            else:
                refused.append(answer)
                found += plain_page(answer)
            if len(refused) == 3:
                break
            if number == 20:
                _take_all(file)
    if not refused:
        found.append("the disk was not full")
    # PostgreSQL that cannot write its log ends by itself; then no page can be read.
    is_up = server is None or _answers(server)
    try:
        read = who.get("/log")
        if is_up and read.status != 200:
            found.append(f"reading answered {read.status}")
    except Away:
        found.append("no answer to reading")
    filled.unlink()
    if server is not None and not _answers(server):
        server.stop()
        server.start()
    for number in range(3):
        answer = who.log(f"after {number}. {_LONG}", f"after-{number}")
        if answer.status != 303:
            found.append(f"afterwards writing answered {answer.status}")
        else:
            told.append(f"after-{number}")
    return found, told


def _take_all(file) -> None:  # type: ignore[no-untyped-def]
    """Write until not one more block fits."""
    try:
        while True:
            file.write(b"x" * 4096)
    except OSError:
        return


def _answers(server: PostgresServer) -> bool:
    try:
        server.wait(3)
    except RuntimeError:
        return False
    with psycopg.connect(server.address("improve")) as line:
        return line.execute("SELECT 1").fetchone() == (1,)


@contextmanager
def _disk(at: Path, megabytes: int) -> Iterator[Path]:
    """Give a small disk of its own."""
    at.mkdir(parents=True)
    size = f"size={megabytes}m,mode=0755"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "improve-reliability", str(at)],
                          capture_output=True, check=False)  # fmt: skip
    if made.returncode:
        raise NotPossible("to mount a small disk needs root")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
