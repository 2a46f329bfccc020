"""10,000 acknowledged writes across 10 SIGKILLs of the whole server: none lost, no half moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.reliability.councils import faults_of, found_council
from tests.reliability.load import lost, writing
from tests.reliability.places import place
from tests.reliability.serving import Gunicorn
from tests.reliability.table import Row, Size


def measure(engine: str, folder: Path, size: Size) -> Iterator[Row]:
    """Kill the server in the middle of writes, again and again, and count what is missing."""
    writes, kills = size.of(10_000, 240), size.of(10, 2)
    with place(engine, folder) as here:
        council = found_council(here, people=6)
        server = Gunicorn(here)
        server.start()
        try:
            with writing(council, server) as load:
                for number in range(1, kills + 1):
                    load.wait_for(writes * number // (kills + 1))
                    server.kill()
                    server.start()
                load.wait_for(writes)
        finally:
            server.stop()
        missing, faults = lost(here, load), faults_of(here)
    broken = load.answers[0]
    yield Row(
        "Writes across SIGKILLs of the whole server",
        "none lost, none twice, no half moves, audit chain whole",
        f"{load.acknowledged:,} acknowledged, {kills} kills, {broken} broken off: "
        f"{len(missing)} lost, {len(faults)} faults",
        is_held=not missing and not faults and broken > 0,
        found=[*missing, *faults],
    )
