"""What tests of huddles share."""

from __future__ import annotations

import pytest

from tests.factories import Cast
from tests.huddles.scene import Scene, make_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """A huddle that goes on, for tests within the context of the application."""
    return make_scene(cast)
