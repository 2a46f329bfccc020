"""A process compiles each statement once."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

import improve
from improve.shared.db import db

_STATEMENT = re.compile(r"(?<![.\w])(?:select|insert|update|delete)\(")


def test_all_that_is_written_in_the_code_is_kept_compiled(app: Flask) -> None:
    """With room for more: one place may make several, and the mapper makes some of its own."""
    files = Path(str(improve.__file__)).parent.rglob("*.py")
    written = sum(len(_STATEMENT.findall(file.read_text())) for file in files)
    assert written > 500
    with app.app_context():
        kept = db.engine._compiled_cache
    assert kept is not None
    assert kept.capacity > 1.25 * written
