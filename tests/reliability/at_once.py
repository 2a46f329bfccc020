"""People who act at the same moment, each by a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any

from flask import Flask
from sqlalchemy import text

from improve.shared.db import db
from tests.pages import Page, Visitor


def at_once(acts: Sequence[Callable[[], Page]]) -> list[Page]:
    """Run these at the same moment and return what each got."""
    gate, got = threading.Barrier(len(acts)), [None] * len(acts)

    def act(number: int) -> None:
        gate.wait()
        got[number] = acts[number]()  # type: ignore[call-overload]

    # Each thread keeps the clock of this test.
    threads = [threading.Thread(target=copy_context().run, args=(act, n)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(got)
    return got  # type: ignore[return-value]


def number_of(app: Flask, sql: str, **facts: Any) -> int:
    with app.app_context():
        found = int(db.session.execute(text(sql), facts).scalar_one())
        db.session.rollback()
    return found


def sent(visitor: Visitor, form: Any, values: dict[str, Any]) -> Callable[[], Page]:
    return lambda: visitor.send(form, values, follow=False)
