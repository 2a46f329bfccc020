"""What tests of ideas share."""

from __future__ import annotations

import pytest
from flask import Flask

from improve.shared.db import db
from tests.factories import Cast, make_idea


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    """An idea that nobody has answered, for tests that visit pages."""
    with app.app_context():
        made = make_idea(cast)
        db.session.commit()
    return made
