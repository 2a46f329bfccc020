"""What holds when things break, on this machine: ``python -m tests.reliability``.

Each is done with a real gunicorn on both engines, and printed as a line of a table. The names of
some do these alone; ``--list`` names them all; ``--short`` does a little of each, within seconds;
``--minutes`` says how long the soak lasts. Exit code 1 when something does not hold.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests import databases
from tests.reliability import (
    backups,
    clock_changes,
    contention,
    database_killed,
    disk_full,
    flood,
    held_locks,
    kills,
    mail_down,
    migrating,
    soak,
    two_machines,
)
from tests.reliability.sites import Site, site
from tests.reliability.table import NotPossible, Row, Size

#: What is done with a council that is served.
SERVED: dict[str, Callable[[Site, Size], Iterator[Row]]] = {
    "contention": contention.measure,
    "held-locks": held_locks.measure,
    "mail-down": mail_down.measure,
    "flood": flood.measure,
    "backups": backups.measure,
    "kills": kills.measure,
    "database-killed": database_killed.measure,
    "soak": soak.measure,
}
#: What makes its own.
APART: dict[str, Callable[[str, Path, Size], Iterator[Row]]] = {
    "disk-full": disk_full.measure,
    "migrations": migrating.measure,
    "clock-changes": clock_changes.measure,
    "two-machines": two_machines.measure,
}
ENGINES = ("sqlite", "postgresql")
#: Minutes of soak in the short form.
SHORT_SOAK = 0.05


def rows(engine: str, names: Iterable[str], size: Size, top: Path) -> Iterator[Row]:
    """Measure these on one engine. In the short form one council serves for all."""
    served, apart = [n for n in names if n in SERVED], [n for n in names if n in APART]
    groups = [served] if size.is_short else [[name] for name in served]
    for group in filter(None, groups):
        folder = top / f"{group[0]}-{engine}"
        with site(engine, folder, size) as here:
            for name in group:
                try:
                    yield from SERVED[name](here, size)
                except RuntimeError as error:
                    yield Row(name, "", "broken off", is_held=False, found=[str(error)])
        shutil.rmtree(folder, ignore_errors=True)
    for name in apart:
        folder = top / f"{name}-{engine}"
        folder.mkdir()
        try:
            yield from APART[name](engine, folder, size)
        except NotPossible as reason:
            yield Row(name, "", f"not tried: {reason}", is_held=False)
        shutil.rmtree(folder, ignore_errors=True)


def run(names: list[str], engines: list[str], size: Size, top: Path) -> int:
    """Measure these, print each line as it comes, and return how many did not hold."""
    broken = 0
    print("| figure | hold | result | engine | seconds |\n|---|---|---|---|---|", flush=True)
    for engine in engines:
        began = time.monotonic()
        for row in rows(engine, names, size, top):
            took, began = time.monotonic() - began, time.monotonic()
            is_tried = not row.result.startswith("not tried")
            mark = "**does not hold** " if is_tried and not row.is_held else ""
            line = f"| {row.figure} | {row.hold} | {mark}{row.result} | {engine} | {took:.0f} |"
            print(line, *(f"  - {words}" for words in row.found[:20]), sep="\n", flush=True)
            broken += not row.is_held
    return broken


def main(arguments: list[str]) -> int:
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which of them; all if none")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="one engine only")
    parser.add_argument("--short", action="store_true", help="a little of each, within seconds")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the soak lasts")
    parser.add_argument("--writes", type=int, default=10_000, help="writes among which is killed")
    parser.add_argument("--list", action="store_true", help="name them all")
    asked = parser.parse_args(arguments)
    if asked.list:
        for name, act in {**SERVED, **APART}.items():
            told = sys.modules[act.__module__].__doc__ or ""
            print(f"{name:<16}{told.splitlines()[0]}")
        return 0
    known = [*SERVED, *APART]
    if unknown := [name for name in asked.names if name not in known]:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
    logging.disable(logging.INFO)
    # Told to stop, it stops what it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # On a real disk: what a commit waits for is part of what is measured.
    top = Path(tempfile.mkdtemp(prefix="improve-reliability-"))
    top.chmod(0o755)  # PostgreSQL runs as somebody else
    os.environ[databases.RUN_FOLDER] = str(top)
    minutes = min(asked.minutes, SHORT_SOAK) if asked.short else asked.minutes
    size = Size(is_short=asked.short, minutes=minutes, writes=asked.writes)
    try:
        return min(1, run(asked.names or known, asked.engine or list(ENGINES), size, top))
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
