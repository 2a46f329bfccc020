"""A move that breaks anywhere leaves nothing: no stage, no history, no entry in the log."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from improve.shared import audit
from improve.shared.db import db
from tests.factories import Cast, idea_in
from tests.pages import Visitor
from tests.statements import WRITES

#: Everything that a move can write to.
TABLES = (
    "ideas", "cycles", "stage_moves", "idea_edits", "notices", "teams", "audit_entries", "audit_heads",
    "test_windows", "idea_followers", "mails",
)  # fmt: skip


class Broken(Exception):
    """The fault that was put in."""


def stand() -> dict[str, list[Any]]:
    """Return all rows that a move can touch."""
    known = set(db.inspect(db.engine).get_table_names())
    found = {
        name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {name}")).all()))
        for name in TABLES
        if name in known
    }
    db.session.rollback()
    return found


@pytest.mark.security(18)
def test_a_fault_after_each_statement_leaves_nothing(
    app: Flask, cast: Cast, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, "plan", text="A photo before the first visit")
        db.session.commit()
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    manager: Visitor = visit(cast.manager)
    form = manager.get(f"/ideas/{idea_id}/stage?to=suggested").form("/stage")
    values = dict(form.values) | {"note": "Not yet"}
    with app.app_context():
        before = stand()
    assert len(before) > 6
    seen: list[str] = []
    breaks_at = 0

    def fault(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        word = statement.lstrip().split(None, 1)[0].upper()
        # The last use of the session is written apart, before anything else.
        if word not in WRITES or "auth_sessions" in statement:
            return
        seen.append(statement)
        if len(seen) == breaks_at:
            raise OperationalError(statement, None, Broken("put in"))

    event.listen(Engine, "after_cursor_execute", fault)
    try:
        while True:
            breaks_at, seen[:] = breaks_at + 1, []
            answer = manager.client.post(f"/ideas/{idea_id}/stage", data=values)
            answer.close()
            if len(seen) < breaks_at:
                break
            assert answer.status_code in {500, 503}, answer.status_code
            with app.app_context():
                assert stand() == before, f"left something after: {seen[-1]}"
            assert breaks_at < 40
    finally:
        event.remove(Engine, "after_cursor_execute", fault)
    assert answer.status_code == 303
    assert breaks_at > 4, "a move writes several rows, and each was a place to break"
    with app.app_context():
        after = stand()
        assert after["ideas"] != before["ideas"]
        assert len(after["stage_moves"]) == len(before["stage_moves"]) + 1
        assert len(after["audit_entries"]) > len(before["audit_entries"])
        assert audit.find_faults() == []
        db.session.rollback()
