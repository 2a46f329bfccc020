"""The log of acts: only grows, and shows whatever was done to it."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from improve.shared import audit
from improve.shared.db import db
from tests.factories import Cast

pytestmark = pytest.mark.security(82)


@pytest.fixture
def log(context: Flask, cast: Cast) -> int:
    """An organisation with more than ten entries; its id."""
    for number in range(10):
        audit.record(cast.actor("manager"), "tested", "thing", number, count=number)
        db.session.commit()
    return cast.organisation


def faults() -> list[tuple[int, str]]:
    db.session.rollback()
    found = [(fault.sequence, fault.words) for fault in audit.find_faults()]
    db.session.rollback()
    return found


def length(organisation: int) -> int:
    return next(size for one, size, _ in audit.heads() if one == organisation)


def tamper(statement: str, **facts: object) -> None:
    """Change the log as somebody would who owns the database: with its guards taken down."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            guards = connection.execute(
                text(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
                )
            ).all()
            for guard in guards:
                connection.execute(text(f"DROP TRIGGER {guard.name}"))
            connection.execute(text(statement), facts)
            for guard in guards:
                connection.execute(text(guard.sql))
        else:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(statement), facts)
            connection.execute(text("SET session_replication_role = origin"))


def test_an_untouched_log_holds(log: int) -> None:
    assert faults() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"]
)
def test_the_database_itself_refuses_changes(log: int, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_a_changed_entry_is_found(log: int) -> None:
    tamper(
        "UPDATE audit_entries SET actor_id = 999 WHERE organisation_id = :o AND sequence = 5", o=log
    )
    assert faults() == [(5, "was changed")]


def test_changed_facts_are_found(log: int) -> None:
    tamper(
        "UPDATE audit_entries SET facts = '{\"count\": 7}' WHERE organisation_id = :o AND sequence = :s",
        o=log, s=length(log),
    )  # fmt: skip
    assert faults() == [(length(log), "was changed")]


def test_a_deleted_entry_is_found(log: int) -> None:
    tamper("DELETE FROM audit_entries WHERE organisation_id = :o AND sequence = 5", o=log)
    assert faults() == [(5, "an entry is missing")]


def test_swapped_entries_are_found(log: int) -> None:
    tamper(
        "UPDATE audit_entries SET sequence = -1 WHERE organisation_id = :o AND sequence = 5", o=log
    )
    tamper(
        "UPDATE audit_entries SET sequence = 5 WHERE organisation_id = :o AND sequence = 6", o=log
    )
    tamper(
        "UPDATE audit_entries SET sequence = 6 WHERE organisation_id = :o AND sequence = -1", o=log
    )
    assert faults() == [(5, "does not follow the entry before it")]


def test_a_cut_tail_is_found(log: int) -> None:
    size = length(log)
    tamper("DELETE FROM audit_entries WHERE organisation_id = :o AND sequence = :s", o=log, s=size)
    assert faults() == [(size, "the end of the log is missing")]


def test_a_tail_cut_with_its_head_is_found_by_the_file_elsewhere(
    log: int, context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "heads.jsonl"
    monkeypatch.setitem(context.config, "AUDIT_HEAD_FILE", str(file))
    runner = context.test_cli_runner()
    size = length(log)
    db.session.rollback()
    first = runner.invoke(args=["verify-audit"])
    assert (first.exit_code, "The log of acts holds" in first.output) == (0, True)
    assert str(size) in file.read_text()
    tamper("DELETE FROM audit_entries WHERE organisation_id = :o AND sequence = :s", o=log, s=size)
    tamper(
        "UPDATE audit_heads SET sequence = :s, hash = (SELECT hash FROM audit_entries"
        " WHERE organisation_id = :o AND sequence = :s) WHERE organisation_id = :o",
        o=log, s=size - 1,
    )  # fmt: skip
    assert faults() == []
    found = runner.invoke(args=["verify-audit"])
    assert found.exit_code == 1
    assert f"Organisation {log}, entry {size}: is not what it was" in found.output


def test_a_head_that_is_gone_is_no_first_time(
    log: int, context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever cuts the end of a log takes away what knows it; an unmounted disk looks the same."""
    file = tmp_path / "heads.jsonl"
    monkeypatch.setitem(context.config, "AUDIT_HEAD_FILE", str(file))
    runner = context.test_cli_runner()
    assert length(log)
    db.session.rollback()
    assert runner.invoke(args=["verify-audit"]).exit_code == 0
    kept = file.read_text()
    for gone in (file.unlink, file.touch):
        gone()
        found = runner.invoke(args=["verify-audit"])
        assert found.exit_code == 1
        assert "AUDIT_HEAD_FILE holds nothing, but an earlier run wrote there" in found.output
        assert not file.exists() or not file.read_text()
    assert runner.invoke(args=["verify-audit", "--begin-anew"]).exit_code == 0
    assert file.read_text() != ""
    file.write_text(kept)
    assert runner.invoke(args=["verify-audit"]).exit_code == 0


def test_what_is_written_while_it_is_checked_is_no_fault(
    log: int, context: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People go on working: an entry comes after the ends were read, and before the entries are."""
    file = tmp_path / "heads.jsonl"
    monkeypatch.setitem(context.config, "AUDIT_HEAD_FILE", str(file))
    actor, size, read_heads = cast.actor("manager"), length(log), audit.heads
    db.session.rollback()
    # As it is before the check begins to read: it is somebody else who writes.
    elsewhere = copy_context()

    def write() -> None:
        with context.app_context():
            audit.record(actor, "tested", "thing", 99)
            db.session.commit()

    def heads_and_then_a_write() -> list[tuple[int, int, str]]:
        monkeypatch.setattr(audit, "heads", read_heads)
        found = read_heads()
        somebody = threading.Thread(target=lambda: elsewhere.run(write))
        somebody.start()
        somebody.join(20)
        return found

    monkeypatch.setattr(audit, "heads", heads_and_then_a_write)
    found = context.test_cli_runner().invoke(args=["verify-audit"])
    assert (found.exit_code, "The log of acts holds" in found.output) == (0, True), found.output
    noted = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["entries"] for one in noted if one["organisation_id"] == log] == [size]
    assert (length(log), faults()) == (size + 1, [])


def test_a_fault_is_named_and_the_exit_code_says_so(log: int, context: Flask) -> None:
    tamper(
        "UPDATE audit_entries SET action = 'x' WHERE organisation_id = :o AND sequence = 3", o=log
    )
    db.session.rollback()
    found = context.test_cli_runner().invoke(args=["verify-audit"])
    assert found.exit_code == 1
    assert f"Organisation {log}, entry 3: was changed." in found.output


def test_what_is_rolled_back_leaves_no_entry(log: int, cast: Cast) -> None:
    size = length(log)
    audit.record(cast.actor("manager"), "undone", "thing", 1)
    db.session.rollback()
    audit.record(cast.actor("manager"), "stands", "thing", 1)
    db.session.commit()
    assert length(log) == size + 1
    assert faults() == []


def test_a_savepoint_that_is_given_up_takes_only_its_own_entries(log: int, cast: Cast) -> None:
    manager, size = cast.actor("manager"), length(log)
    audit.record(manager, "before", "thing", 1)
    with suppress(LookupError), db.session.begin_nested():
        audit.record(manager, "outer", "thing", 1)
        with db.session.begin_nested():
            audit.record(manager, "inner", "thing", 1)
        raise LookupError
    with db.session.begin_nested():
        audit.record(manager, "between", "thing", 1)
    audit.record(manager, "after", "thing", 1)
    db.session.commit()
    newest = select(audit.AuditEntry.action).where(
        audit.AuditEntry.organisation_id == log, audit.AuditEntry.sequence > size
    )
    written = db.session.scalars(newest.order_by(audit.AuditEntry.sequence)).all()
    assert written == ["before", "between", "after"]
    assert faults() == []


def test_each_council_has_a_log_of_its_own(log: int, cast: Cast) -> None:
    before = length(log)
    audit.record(cast.actor("outsider"), "tested", "thing", 1)
    db.session.commit()
    assert length(log) == before
    assert faults() == []
