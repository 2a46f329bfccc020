"""Two people do something at the same moment, on PostgreSQL, where both get to the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any

from flask import Flask

from improve.shared.db import db


def at_once(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do ``first``, begin ``second`` while it is not committed; return what the second gave."""
    gave: list[Any] = []

    def do_second() -> None:
        with app.app_context():
            try:
                gave.append(second())
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                gave.append(error)

    doing = threading.Thread(target=copy_context().run, args=(do_second,))
    with app.app_context():
        first()
        doing.start()
        doing.join(1)
        assert not gave, "the second did not wait for the first"
        db.session.commit()
    doing.join(20)
    return gave[0]


def all_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of ``acts`` at the same moment, each in a thread; return what they gave, in no order."""
    gate, gave = threading.Barrier(len(acts)), []

    def do(act: Callable[[], Any]) -> None:
        gate.wait(20)
        gave.append(act())

    doing = [threading.Thread(target=copy_context().run, args=(do, act)) for act in acts]
    for one in doing:
        one.start()
    for one in doing:
        one.join(60)
    return gave
