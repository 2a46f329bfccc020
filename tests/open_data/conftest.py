"""What tests of archives share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.open_data.moving import House


@pytest.fixture
def house(tmp_path: Path, worker: str) -> House:
    """Where archives lie, and how an empty installation is had."""
    return House(tmp_path, worker)
