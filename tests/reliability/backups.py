"""A backup while everybody writes, restored elsewhere: the same rows, the log of acts whole."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from improve.commands.backup_file import open_backup
from improve.shared.db import db
from tests.benchmarks.seeding import add_ideas
from tests.reliability.councils import application, faults_of, rows, working
from tests.reliability.load import lost, writing
from tests.reliability.places import Place
from tests.reliability.serving import TOP
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size

#: Tables that a restore changes itself: everybody signs in anew, and the log says that it was done.
CHANGED = {"auth_sessions", "one_time_links", "audit_entries", "command_runs", "outbox_messages"}


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Back up under writes, restore into an empty database, and compare."""
    ideas = size.of(20_000, 100)
    file = site.place.folder / "improve.backup"
    app = application(site.place)
    with working(app):
        cast = site.council.cast
        add_ideas(organisation_id=cast.organisation, team_id=cast.team,
                  author_id=cast.practitioner, count=ideas)  # fmt: skip
        db.session.commit()
    with writing(site.council, site.server, pause=0.2) as load:
        load.wait_for(size.of(200, 20))
        logged = [name for writer in load.writers for name in list(writer.logged)]
        moved = [name for writer in load.writers for name in list(writer.moved)]
        before, began = load.acknowledged, time.monotonic()
        found = _run(site.place, "backup", str(file))
        took, meanwhile = time.monotonic() - began, load.acknowledged - before
        load.wait_for(load.acknowledged + 10)
    slowest = max(s for writer in load.writers for at, s in writer.took if at >= began)
    found += lost(site.place, load)
    elsewhere = _elsewhere(site.place)
    found += _run(site.place, "restore", "--into", elsewhere.url, str(file))
    if not found:
        found += _differences(site.place, elsewhere, file, logged, moved)
        found += faults_of(elsewhere)
    yield Row(
        "Backup under writes, restored elsewhere",
        "counts equal, all that was acknowledged before it, log of acts whole; writing goes on",
        f"{ideas:,} ideas in {took:.1f} s, proved by restoring; {meanwhile} writes meanwhile, "
        f"the slowest {slowest:.1f} s; {len(found)} faults",
        is_held=not found and meanwhile > 0,
        found=found,
    )


def _run(place: Place, *words: str) -> list[str]:
    """Run a command as a timer would; return what it said where it did not end well."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=TOP, env=place.environ(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [f"{words[0]}: {done.stdout}{done.stderr}"[-500:]] if done.returncode else []


def _elsewhere(place: Place) -> Place:
    """Return an empty database of the same kind in another place."""
    if place.server is not None:
        place.server.make_database("elsewhere")
        return replace(place, database="elsewhere")
    folder = place.folder / "elsewhere"
    folder.mkdir(exist_ok=True)
    return replace(place, folder=folder)


def _differences(
    here: Place,
    elsewhere: Place,
    file,
    logged: list[str],
    moved: list[str],  # type: ignore[no-untyped-def]
) -> list[str]:
    """Compare what was restored with what the backup says, and with what was acknowledged."""
    with file.open("rb") as opened:
        told = open_backup(opened, here.environ()["BACKUP_KEY"]).facts["counts"]
    app = application(elsewhere)
    with working(app):
        found = [
            f"{table} holds {count}, not {told[table]}"
            for table in sorted({*told} - CHANGED)
            if (count := rows(f'SELECT count(*) FROM "{table}"')[0][0]) != told[table]
        ]
        ideas = Counter(row[0] for row in rows("SELECT form_token FROM ideas"))
        moves = Counter(row[0] for row in rows("SELECT note FROM stage_moves"))
        db.session.rollback()
    found += [f"idea {name} stands {ideas[name]} times" for name in logged if ideas[name] != 1]
    found += [f"{name} stands {moves[name]} times" for name in moved if moves[name] != 1]
    return found
