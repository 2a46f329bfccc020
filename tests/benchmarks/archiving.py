"""The archive of a council with 20,000 ideas: seconds, bytes, and what is held in memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from improve.open_data.queries import tables as queries
from improve.open_data.service import bring_in, export_council, write_table
from improve.shared.db import db, reading
from tests.benchmarks.importing import most_held
from tests.benchmarks.seeding import add_ideas
from tests.factories import Cast, actor

IDEAS = 20_000
Report = Callable[[str, str, str], None]


def measure_archive(
    app: Flask, cast: Cast, engine: str, *, empty: Callable[[], Flask], report: Report
) -> None:
    """Export 20,000 ideas, bring them into an empty instance, and write them as one table."""
    with app.app_context():
        add_ideas(
            organisation_id=cast.organisation,
            team_id=cast.team,
            author_id=cast.practitioner,
            count=IDEAS,
        )
        db.session.commit()
        with tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
            held = most_held()
            before = time.perf_counter()
            made = export_council(
                slug="larchdale-council", file=file, with_private=True, progress=lambda _words: None
            )
            taken = time.perf_counter() - before
            grown = most_held() - held
            db.session.commit()
            report(
                f"{engine}: archive of {IDEAS:,} ideas, {made.rows:,} rows",
                "-",
                f"{taken:.1f} s, {made.size / 1e6:.1f} MB, memory grew by {grown:.0f} MB",
            )
            _measure_table(cast, engine, Path(folder), report)
            file.seek(0)
            _measure_import(empty(), engine, file, report)


def _measure_table(cast: Cast, engine: str, folder: Path, report: Report) -> None:
    with reading(), (folder / "ideas.csv").open("w+b") as out:
        held = most_held()
        before = time.perf_counter()
        rows = write_table(queries.table(actor(cast.leader), "ideas"), out)
        taken = time.perf_counter() - before
        grown = most_held() - held
        db.session.rollback()
    report(
        f"{engine}: table of {rows:,} ideas as CSV",
        "-",
        f"{taken:.1f} s, memory grew by {grown:.0f} MB",
    )


def _measure_import(app: Flask, engine: str, file: object, report: Report) -> None:
    with app.app_context():
        held = most_held()
        before = time.perf_counter()
        bring_in(file=file, seal="0" * 64, progress=lambda _words: None)  # type: ignore[arg-type]
        db.session.commit()
        taken = time.perf_counter() - before
        grown = most_held() - held
        db.engine.dispose()
    report(
        f"{engine}: the same brought in",
        "-",
        f"{taken:.1f} s, memory grew by {grown:.0f} MB",
    )
