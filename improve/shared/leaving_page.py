"""Where “Leave this page” goes: a page that anybody might look at. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from improve.shared import limits

#: Unless a council chose another.
LEAVE_URL: Final = "https://www.bbc.co.uk/weather"


def is_https(address: str) -> bool:
    """Return whether this is an address that a browser may be sent to: https, nothing hidden."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and not any(character.isspace() for character in address)
        and len(address) <= limits.length("leave_url")
    )
