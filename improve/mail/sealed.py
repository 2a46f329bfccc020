"""What of a mail stays under the key of this installation until the mail leaves."""

from __future__ import annotations

from flask import current_app

from improve.shared.sealing import Sealer


def sealer() -> Sealer:
    """Return what seals and opens the sealed part of a mail; it is bound to the mail's key."""
    return Sealer(current_app.config["SEALING_KEYS"], "mail")
