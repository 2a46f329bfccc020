"""10,000 acknowledged writes across 10 SIGKILLs of the whole server."""

from __future__ import annotations

from collections.abc import Iterator

from tests.reliability.councils import faults_of
from tests.reliability.load import lost, writing
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Kill the server in the middle of writes, again and again, and count what is missing."""
    writes, kills = size.of(size.writes, 60), size.of(10, 1)
    with writing(site.council, site.server) as load:
        for number in range(1, kills + 1):
            load.wait_for(writes * number // (kills + 1))
            site.server.kill()
            site.server.start()
        load.wait_for(writes)
    missing, faults = lost(site.place, load), faults_of(site.place)
    broken = load.answers[0]
    yield Row(
        "Writes across SIGKILLs of the whole server",
        "none lost, none twice, no half move, log of acts whole",
        f"{load.acknowledged:,} acknowledged, {kills} kills, {broken} broken off: "
        f"{len(missing)} lost, {len(faults)} faults",
        is_held=not missing and not faults and broken > 0,
        found=[*missing, *faults],
    )
