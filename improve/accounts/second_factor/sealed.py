"""What makes a person's codes, under the key of this installation, never in the database."""

from __future__ import annotations

from typing import Final

from flask import current_app

from improve.shared.sealing import Sealer

SECOND_FACTOR: Final = "second factor"


def factor_sealer() -> Sealer:
    """Return what seals and opens the secret of an app; it is bound to its row's key."""
    return Sealer(current_app.config["SEALING_KEYS"], SECOND_FACTOR)
