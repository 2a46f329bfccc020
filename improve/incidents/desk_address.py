"""Where the reviewers’ desk is, in full, for mails."""

from __future__ import annotations

from typing import Final

from flask import current_app

#: Its address on this site.
DESK: Final = "/reports/desk"


def desk_address() -> str:
    """Return where the desk is, as the settings say that this site begins."""
    return f"{current_app.config['BASE_URL']}{DESK}"
