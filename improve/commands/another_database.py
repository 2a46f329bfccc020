"""Working, for the length of a block, on another database than the one that is set."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask, current_app

from improve.shared.db import db


@contextmanager
def another_database(uri: str) -> Iterator[Flask]:
    """Give an application with the same settings whose database is ``uri`` (as SQLAlchemy's).

    It has no pages. What the block did not commit is rolled back, and all connections are closed.
    """
    other = Flask("improve")
    other.config.update(current_app.config)
    other.config["SQLALCHEMY_DATABASE_URI"] = uri
    db.init_app(other)
    with other.app_context():
        try:
            yield other
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def tidied_when_told_to_stop() -> Iterator[None]:
    """Let whoever stops the command (SIGTERM) leave no half-made file: what tidies up is run."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        sys.exit(143)

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread: nobody tells this one
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
