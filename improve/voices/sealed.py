"""What families wrote, under the key of this installation, which is never in the database."""

from __future__ import annotations

from flask import current_app

from improve.shared.sealing import Sealer


def sealer(purpose: str = "voices") -> Sealer:
    """Return what seals and opens for one purpose: “voices” for the words of a voice."""
    return Sealer(current_app.config["SEALING_KEYS"], purpose)
