"""PostgreSQL is killed in the middle of writes, and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.reliability.councils import faults_of
from tests.reliability.held_locks import plain_page
from tests.reliability.load import lost, writing
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Kill the database server with all its processes, start it, and count what is missing."""
    server = site.place.server
    if server is None:
        return
    kills, each = size.of(5, 1), size.of(200, 15)
    longest, found = 0.0, []
    reader = site.council.colleague(0, site.server)
    with writing(site.council, site.server) as load:
        for _ in range(kills):
            load.wait_for(load.acknowledged + each)
            server.kill()
            found += plain_page(reader.get("/log"))
            server.start()
            began, before = time.monotonic(), load.acknowledged
            load.wait_for(before + 1)
            longest = max(longest, time.monotonic() - began)
        load.wait_for(load.acknowledged + each)
    missing, faults = lost(site.place, load), faults_of(site.place)
    found += [*missing, *faults]
    yield Row(
        "PostgreSQL killed and started again, under writes",
        "none lost, plain pages meanwhile, goes on by itself",
        f"{load.acknowledged:,} acknowledged, {kills} kills, {load.answers[503]} plain pages: "
        f"{len(missing)} lost, {len(faults)} faults; first write {longest:.1f} s after it was back",
        is_held=not found and load.answers[0] == 0,
        found=found,
    )
