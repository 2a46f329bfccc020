"""How long the application waits for PostgreSQL, and PostgreSQL for the application.

Without these, a page waits for as long as somebody else holds a lock, for two minutes for a machine
that is gone, and PostgreSQL for two hours keeps the locks of a web server whose power was cut.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

#: Seconds until a machine that does not answer is given up.
CONNECT: Final = 5
#: Milliseconds that a page waits for a lock: longer than any write takes, shorter than patience.
LOCK: Final = 8_000
#: Milliseconds that one statement of a page may take; the longest page needs a tenth of it.
STATEMENT: Final = 30_000
#: Milliseconds that a page may hold a transaction and ask nothing, while it draws a document.
IDLE: Final = 60_000
#: Seconds until the first question whether the other side is there, between those after it, and how
#: many; and milliseconds until what was sent must have come, without which nothing is asked at all.
#: What a machine holds that went without a word is free after that.
ALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
SENT: Final = 20_000


def connect_args(url: str, *, for_pages: bool, has_pooler: bool = False) -> dict[str, Any]:
    """Return how to connect to the PostgreSQL of ``url``.

    ``has_pooler``: to a pooler that hands out a connection for one transaction at a time. What is
    prepared or set on one would be missing on the next: nothing is, and the role has the limits.

    ``for_pages`` sets limits on what somebody waits for; a command, such as the nightly run, takes
    the time it needs. Options that ``url`` has itself come after these, and so count.
    """
    limits = {
        "lock_timeout": LOCK if for_pages else 0,
        "statement_timeout": STATEMENT if for_pages else 0,
        "idle_in_transaction_session_timeout": IDLE if for_pages else 0,
        **{f"tcp_{name}": value for name, value in ALIVE.items()},
        "tcp_user_timeout": SENT,
        # To translate a statement of many parts takes many times what it takes to run as it is.
        "jit": "off",
    }
    own = parse_qs(urlsplit(url).query).get("options", [])
    options = [f"-c {name}={value}" for name, value in limits.items()]
    alive = {**ALIVE, "tcp_user_timeout": SENT}
    if has_pooler:
        return {"connect_timeout": CONNECT, **alive, "prepare_threshold": None}
    return {"connect_timeout": CONNECT, **alive, "options": " ".join([*options, *own])}
