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
import sys
import tempfile
import time
from pathlib import Path

from tests import databases
from tests.reliability.kills import measure as kills
from tests.reliability.table import Measure, NotPossible, Size

ALL: dict[str, Measure] = {
    "kills": kills,
}
ENGINES = ("sqlite", "postgresql")


def run(names: list[str], engines: list[str], size: Size, top: Path) -> int:
    """Do these, print each line as it comes, and return how many did not hold."""
    broken = 0
    print("| figure | hold | result | engine | seconds |\n|---|---|---|---|---|", flush=True)
    for name in names:
        for engine in engines:
            began = time.monotonic()
            folder = top / f"{name}-{engine}"
            try:
                for row in ALL[name](engine, folder, size):
                    took = time.monotonic() - began
                    mark = "" if row.is_held else "**does not hold** "
                    print(
                        f"| {row.figure} | {row.hold} | {mark}{row.result} | {engine} |"
                        f" {took:.0f} |",
                        flush=True,
                    )
                    for line in row.found[:20]:
                        print(f"  - {line}", flush=True)
                    broken += not row.is_held
            except NotPossible as reason:
                print(f"| {name} | | not tried: {reason} | {engine} | |", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
    return broken


def main(arguments: list[str]) -> int:
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which of them; all if none")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="one engine only")
    parser.add_argument("--short", action="store_true", help="a little of each, within seconds")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the soak lasts")
    parser.add_argument("--list", action="store_true", help="name them all")
    asked = parser.parse_args(arguments)
    if asked.list:
        for name, act in ALL.items():
            print(f"{name:<16}{sys.modules[act.__module__].__doc__.splitlines()[0]}")
        return 0
    if unknown := [name for name in asked.names if name not in ALL]:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(ALL)}")
    logging.disable(logging.INFO)
    # On a real disk: what a commit waits for is part of what is measured.
    top = Path(tempfile.mkdtemp(prefix="improve-reliability-"))
    os.environ[databases.RUN_FOLDER] = str(top)
    size = Size(
        is_short=asked.short, minutes=min(asked.minutes, 0.3) if asked.short else asked.minutes
    )
    try:
        return min(1, run(asked.names or list(ALL), asked.engine or list(ENGINES), size, top))
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
