"""Backups in a folder: as many as are asked for, none that did not prove whole, nothing plain."""

from __future__ import annotations

import os
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.commands import backing_up, copying_postgres, trial_database
from improve.commands.backup_file import open_backup
from improve.incidents.kinds import State
from improve.incidents.models import Incident
from improve.incidents.service.destroy import destroy
from improve.shared import clock
from improve.shared.command_runs import last_runs
from improve.shared.db import db
from tests.commands.test_restore_backup import KEY, Run, run, tools_of_the_server
from tests.conftest import NOW
from tests.factories import Cast
from tests.incidents.test_destroy_report import kept

__all__ = ["run", "tools_of_the_server"]


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_folder_keeps_as_many_as_are_asked_for(
    run: Run, app: Flask, cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "minutes.backup").write_text("somebody’s own file")
    left = tmp_path / "improve-2026-11-20T031500Z.backup.part"
    left.write_text("of a backup that was killed")
    os.utime(left, (0, 0))
    for day in range(4):
        with clock.moved(NOW + timedelta(days=day)):
            assert run("backup", tmp_path, "--keep", 2, "--no-verify").exit_code == 0
    assert names(tmp_path) == [
        "improve-2026-11-26T093000Z.backup",
        "improve-2026-11-27T093000Z.backup",
        "minutes.backup",
    ]
    with app.app_context(), clock.moved(NOW + timedelta(days=5)):
        assert clock.now() - last_runs()["backup"] == timedelta(days=2)
        noted = "SELECT count(*) FROM audit_entries WHERE action = 'backup_made'"
        assert db.session.execute(text(noted)).scalar_one() == 4


def test_nothing_stays_beyond_what_is_promised(run: Run, cast: Cast, tmp_path: Path) -> None:
    for name in ("backup", "backup.unverified", "backup.part"):
        (tmp_path / f"improve-2026-10-01T031500Z.{name}").write_text("of October")
    (tmp_path / "improve-2026-11-01T031500Z.backup.unverified").write_text("of November")
    (tmp_path / "improve-2026-11-23T031500Z.backup").write_text("of the day before")
    with clock.moved(NOW):
        assert run("backup", tmp_path, "--keep", 5, "--no-verify").exit_code == 0
    assert names(tmp_path) == [
        "improve-2026-11-01T031500Z.backup.unverified",
        "improve-2026-11-23T031500Z.backup",
        "improve-2026-11-24T093000Z.backup",
    ]


def test_a_wrong_clock_removes_no_backup_that_is_still_wanted(
    run: Run, cast: Cast, tmp_path: Path
) -> None:
    for at in (NOW, NOW + timedelta(days=3650), NOW - timedelta(days=3650)):
        with clock.moved(at):
            made = run("backup", tmp_path, "--keep", 3, "--no-verify")
        assert made.exit_code == 0
        assert "Removed:" not in made.output
    with clock.moved(NOW - timedelta(days=3649)):
        run("backup", tmp_path, "--keep", 2, "--no-verify")
    assert "improve-2016-11-27T093000Z.backup" in names(tmp_path), "it was just made"


def test_backups_made_rarely_stay_to_the_next_and_no_longer(
    run: Run, cast: Cast, tmp_path: Path
) -> None:
    for days in (0, 31, 62):
        with clock.moved(NOW + timedelta(days=days)):
            assert run("backup", tmp_path, "--keep", 14, "--no-verify").exit_code == 0
    assert names(tmp_path) == [
        "improve-2026-12-25T093000Z.backup",
        "improve-2027-01-25T093000Z.backup",
    ]


def test_what_cannot_be_removed_is_said_after_all_else_is_done(
    run: Run, cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "improve-2026-10-01T031500Z.backup").mkdir()
    (tmp_path / "improve-2026-10-02T031500Z.backup").write_text("of October")
    (tmp_path / "improve-2026-11-23T031500Z.backup").write_text("of the day before")
    with clock.moved(NOW):
        made = run("backup", tmp_path, "--keep", 5, "--no-verify")
    assert made.exit_code == 1
    assert "improve-2026-10-01T031500Z.backup is to go, and cannot be removed" in made.output
    assert "improve-2026-10-02T031500Z.backup" not in names(tmp_path)
    assert "improve-2026-11-24T093000Z.backup" in names(tmp_path)


def test_no_backup_is_written_over(run: Run, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    file.write_bytes(b"an earlier one")
    refused = run("backup", file)
    assert (refused.exit_code, "is there already. Choose another name" in refused.output) == (
        2,
        True,
    )
    assert file.read_bytes() == b"an earlier one"


def test_what_another_backup_is_writing_stays(run: Run, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "one.part").write_text("of a backup that goes on")
    refused = run("backup", tmp_path / "one", "--no-verify")
    assert (refused.exit_code, "is there already" in refused.output) == (2, True)
    assert names(tmp_path) == ["one.part"]


def test_tables_of_another_version_are_backed_up_without_a_fright(
    run: Run, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "newest_revision", lambda: "9999")
    made = run("backup", tmp_path / "one", "--no-verify")
    assert made.exit_code == 0, made.output
    assert "The tables are of another version, so they keep no note" in made.output


def test_one_that_does_not_prove_whole_is_said_and_counts_for_nothing(
    run: Run, app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.moved(NOW - timedelta(days=1)):
        assert run("backup", tmp_path, "--no-verify").exit_code == 0
    monkeypatch.setattr(backing_up, "difference_from", lambda _: "ideas has 3 rows, not 4")
    found = run("backup", tmp_path, "--keep", 1)
    assert (found.exit_code, "did not prove whole: ideas has 3 rows" in found.output) == (1, True)
    assert names(tmp_path) == [
        "improve-2026-11-23T093000Z.backup",
        "improve-2026-11-24T093000Z.backup.unverified",
    ]
    with app.app_context():
        assert clock.now() - last_runs()["backup"] == timedelta(days=1)


def test_nothing_is_left_where_it_could_not_be_made(
    run: Run, app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, said in (
        ((tmp_path / "no" / "folder",), "cannot be written"),
        ((tmp_path / "one", "--keep", 3), "--keep needs a folder"),
    ):
        refused = run("backup", *words)
        assert (refused.exit_code, said in refused.output) == (2, True), refused.output
        assert len(refused.output.splitlines()) == 1

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused = run("backup", tmp_path)
    assert (refused.exit_code, "No space left on device" in refused.output) == (2, True)
    assert names(tmp_path) == []
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        folder = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")).parent
        assert not list(folder.glob(".improve-copy-*"))


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_user_who_may_make_no_database_has_it_read_to_its_end(
    run: Run, app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_database, "may_make_databases", lambda: False)
    done = run("backup", tmp_path / "one.backup")
    assert (done.exit_code, "It was read to its end" in done.output) == (0, True), done.output
    real = copying_postgres.rows_in
    spoilt = lambda pieces, tool: {**real(pieces, tool=tool), "people": 1}  # noqa: E731
    monkeypatch.setattr(copying_postgres, "rows_in", spoilt)
    found = run("backup", tmp_path / "two.backup")
    assert (found.exit_code, "people has 1 rows, not 13" in found.output) == (1, True), found.output


def test_the_tools_of_postgres_are_asked_for_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(copying_postgres.ToolRefused, match="version 99 or newer"):
        copying_postgres.newest_tool("pg_dump", at_least=99)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(copying_postgres, "_PLACES", Path("/nowhere"))
    with pytest.raises(copying_postgres.ToolRefused, match=r"pg_dump is not here\. Install"):
        copying_postgres.newest_tool("pg_dump", at_least=15)


@pytest.mark.security(59, 86)
def test_what_was_destroyed_is_in_no_new_backup(
    run: Run, app: Flask, cast: Cast, tmp_path: Path
) -> None:
    with app.app_context():
        report = kept(cast)
    before, after = tmp_path / "before.backup", tmp_path / "after.backup"
    assert run("backup", before, "--no-verify").exit_code == 0
    held = plain(before)
    assert all(part in held for part in report.parts)
    with app.app_context():
        destroy([db.session.get_one(Incident, report.key)], state=State.SIGNED_OFF)
        db.session.commit()
    assert run("backup", after, "--no-verify").exit_code == 0
    held = plain(after)
    assert not any(part in held for part in report.parts)
    assert stat.S_IMODE(after.stat().st_mode) == 0o600


def plain(file: Path) -> bytes:
    """Return what a backup holds, as the database would; of PostgreSQL with its bytes unpacked."""
    with file.open("rb") as opened:
        backup = open_backup(opened, KEY)
        found = b"".join(backup.data)
    if backup.facts["engine"] == "sqlite":
        return found
    tool = copying_postgres.newest_tool("pg_restore", at_least=backup.facts["tool"])
    words = subprocess.run(
        [tool.path, "-f", "-"], input=found, capture_output=True, check=True
    ).stdout
    # Rows are written with their bytes as digits.
    pieces = words.split(b"\\\\x")
    return b"\n".join(_unhexed(piece) for piece in pieces)


def _unhexed(piece: bytes) -> bytes:
    digits = piece.split(b"\t", 1)[0].split(b"\n", 1)[0]
    try:
        return bytes.fromhex(digits.decode())
    except ValueError:
        return b""
