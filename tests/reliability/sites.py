"""A council that a real gunicorn serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.councils import Council, found_council
from tests.reliability.places import Place, place
from tests.reliability.serving import Gunicorn
from tests.reliability.table import Size

PEOPLE = 8


@dataclass
class Site:
    """A place, who works there, and the server they ask."""

    place: Place
    council: Council
    server: Gunicorn

    @property
    def engine(self) -> str:
        """Which database it has."""
        return self.place.engine


@contextmanager
def site(engine: str, folder: Path, size: Size) -> Iterator[Site]:
    """Give a fresh council of eight managers, served, for the time of the block."""
    with place(engine, folder) as here:
        council = found_council(here, people=PEOPLE)
        # To load the application once and not in each process saves seconds at every start.
        server = Gunicorn(here, options=("--preload",) if size.is_short else ())
        server.start()
        try:
            yield Site(here, council, server)
        finally:
            server.stop()
