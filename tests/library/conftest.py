"""What tests of the library share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from improve.shared.db import db


@pytest.fixture
def inside(app: Flask) -> Callable[[Callable[[], Any]], Any]:
    """``inside(make)``: what ``make()`` returns in a context of its own, committed.

    For tests that visit pages as well: a context left open would be the visitor's, too.
    """

    def run(make: Callable[[], Any]) -> Any:
        with app.app_context():
            found = make()
            db.session.commit()
            return found

    return run
