"""A little of each reliability figure, with a real gunicorn: ``python -m tests.reliability`` in full.

Not here: eight who move one card, which test_contention.py does without a server, and what costs
more than all others together: the backup under writes (backup and restore have tests of their
own), two machines, and the nights around the clock changes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from improve.shared.db import db
from tests import databases
from tests.reliability import __main__ as reliability
from tests.reliability.councils import application, faults_of, found_council, working
from tests.reliability.load import Load, Writer, lost
from tests.reliability.places import place
from tests.reliability.serving import Colleague
from tests.reliability.table import Size

#: One council is served for all of these.
SERVED = ["held-locks", "mail-down", "flood", "kills", "database-killed", "soak"]
APART = {"sqlite": ["migrations", "disk-full"], "postgresql": ["migrations"]}
SHORT = Size(is_short=True, minutes=reliability.SHORT_SOAK)


@pytest.fixture(autouse=True)
def still_clock() -> None:
    """Let the clock go on, as that of the server does."""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(databases.make_run_folder("improve-reliability-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.security(17, 84)
@pytest.mark.timeout(900)  # a real server, on a machine that may do other things meanwhile
@pytest.mark.parametrize("engine", reliability.ENGINES)
def test_nothing_is_lost_or_half_saved(engine: str, folder: Path) -> None:
    rows = list(reliability.rows(engine, SERVED + APART[engine], SHORT, folder))
    assert len(rows) >= len(SERVED) - 1 + len(APART[engine])
    # What only root can bring about is tried where the tests run as root, as they do in CI.
    may_miss = os.geteuid() != 0
    missed = {row.figure for row in rows if row.result.startswith("not tried") and may_miss}
    broken = [row for row in rows if not row.is_held and row.figure not in missed]
    assert [(row.figure, row.result, row.found) for row in broken] == []


def test_the_checks_see_what_is_missing(folder: Path) -> None:
    with place("sqlite", folder) as here:
        council = found_council(here, people=1)
        assert faults_of(here) == []
        writer = Writer(Colleague(council.managers[0], "", []), council.ideas[0])
        writer.logged.append("never sent")
        writer.moved.append("move nowhere")
        assert len(lost(here, Load([writer]))) == 2
        with working(application(here)):
            db.session.execute(text("UPDATE ideas SET stage = 'act'"))
            db.session.execute(text("DELETE FROM idea_edits WHERE kind = 'logged'"))
            db.session.commit()
        told = faults_of(here)
    assert any("last move went to do" in fault for fault in told)
    assert any("with due date" in fault for fault in told)
    assert any("first lines differ" in fault for fault in told)
