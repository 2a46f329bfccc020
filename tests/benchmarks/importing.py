"""A table of 20,000 rows from the paste to the commit: how long, and how much memory.

``python -m tests.benchmarks.importing`` prints the peak memory of a process that does nothing else.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from flask import Flask

from improve.shared.db import db
from tests import databases
from tests.factories import Cast, make_measure
from tests.pages import Visitor

ROWS = 20_000
#: What a table is pasted with: days of half a century, the longest that is taken.
TABLE = "date,value\n" + "\n".join(
    f"{(date(1950, 1, 1) + timedelta(days=n)):%d/%m/%Y},{n % 97}" for n in range(ROWS)
)


def import_once(app: Flask, cast: Cast) -> float:
    """Bring the table in by the pages; return the seconds to the preview and to the commit."""
    with app.app_context():
        measure_id = make_measure(cast, recorded="value", frequency="day")
        db.session.commit()
    visitor = Visitor(app, cast.manager)
    form = visitor.get(f"/measures/{measure_id}/import").form("/import")
    before = time.perf_counter()
    sent = visitor.client.post(form.action, data=dict(form.with_values({"pasted": TABLE})))
    address = sent.headers["Location"]
    sent.close()
    page = visitor.client.get(address)
    body = page.get_data(as_text=True)
    page.close()
    taken = time.perf_counter() - before
    if f"Add {ROWS:,}" not in body:
        raise SystemExit(f"the preview of {ROWS:,} rows does not offer to add them")
    values = dict(visitor.get(address).form("/confirm").values)
    before = time.perf_counter()
    added = visitor.client.post(f"{address}/confirm", data=values)
    taken += time.perf_counter() - before
    if added.status_code != 303 or f"imported={ROWS}-" not in added.headers["Location"]:
        raise SystemExit(f"adding {ROWS:,} rows answered {added.status_code}")
    added.close()
    return taken


def peak_memory() -> str:
    """Return the peak memory of a process that brings the table in, told by the process itself."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.importing"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def most_held() -> float:
    """Return the most memory that this process ever held, in MB.

    From Linux's own account: what ``getrusage`` says is never less than the parent held.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[0]) / 1024


def main() -> int:
    """Bring the table in once and print how much memory the process ever held."""
    from tests.benchmarks.__main__ import make_site

    logging.disable(logging.WARNING)
    os.environ[databases.RUN_FOLDER] = tempfile.mkdtemp(prefix="improve-bench-")
    try:
        app, cast = make_site("sqlite")
        before = most_held()
        import_once(app, cast)
        after = most_held()
    finally:
        shutil.rmtree(os.environ[databases.RUN_FOLDER])
    print(f"{after:.0f} MB ({before:.0f} MB before)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
