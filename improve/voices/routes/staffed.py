"""Whether somebody reads a wish for help at this moment."""

from __future__ import annotations

from flask import current_app

from improve.shared import clock
from improve.voices.queries.setup import PublicSetup


def has_mail() -> bool:
    """Return whether mail leaves this installation, or a demo where that is only played."""
    return bool(current_app.config["MAIL_URL"] or current_app.config["IS_DEMO"])


def reads_help_now(setup: PublicSetup) -> bool:
    """Return whether the duty team sits at its inbox now, and mail reaches it."""
    return has_mail() and setup.has_staffed_inbox_now(clock.now())
