"""How long PostgreSQL is waited for: pages in seconds, commands as long as it takes."""

from __future__ import annotations

import pytest
from flask import Flask

from improve.shared import patience
from improve.shared.db import db

URL = "postgresql+psycopg://improve@db.example/improve"


def test_a_page_waits_for_seconds_and_a_command_for_as_long_as_it_takes() -> None:
    pages = patience.connect_args(URL, for_pages=True)["options"]
    commands = patience.connect_args(URL, for_pages=False)["options"]
    assert "-c lock_timeout=8000" in pages
    assert "-c jit=off" in pages
    assert "-c jit=off" in commands
    assert "-c statement_timeout=30000" in pages
    assert "-c lock_timeout=0" in commands
    assert "-c statement_timeout=0" in commands
    assert "-c tcp_user_timeout=20000" in pages, "what a lost machine holds is free after that"


def test_options_of_the_address_come_last_and_so_count() -> None:
    own = patience.connect_args(f"{URL}?options=-c%20lock_timeout%3D1s", for_pages=True)
    assert own["options"].endswith("-c lock_timeout=1s")


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_postgresql_knows_it(app: Flask) -> None:
    with app.app_context():
        told = [
            db.session.execute(db.text(f"SHOW {name}")).scalar_one()
            for name in ("lock_timeout", "statement_timeout", "tcp_user_timeout")
        ]
        db.session.rollback()
    assert told == ["8s", "30s", "20000"]
