"""What tests of accounts share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.shared.db import db
from tests.factories import PASSWORD, Cast, make_cast, make_person


@pytest.fixture
def people(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


@pytest.fixture
def amina(app: Flask, cast: Cast) -> int:
    """A practitioner of the first team, with a password."""
    with app.app_context():
        person = make_person(
            cast.organisation,
            name="Amina Sorrel",
            email="amina@larchdale.example",
            team_id=cast.team,
            password=PASSWORD,
        )
        db.session.commit()
    return person
