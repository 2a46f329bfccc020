"""What gunicorn itself says, as JSON lines, and never who asked for what.

gunicorn names the address of whoever sent a malformed request, and the address of the page where
its own answer broke. Both would tell who came to the pages of families and of reports.
"""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from improve.shared.logs import JSONLines

#: How gunicorn's own lines begin that name a client or an address, and what is said instead.
_INSTEAD = (
    ("Invalid request from ip=", "a malformed request was refused"),
    ("Error handling request", "an answer could not be given"),
    ("Error processing", "an answer could not be given"),
    ("Request from", "a request was refused"),
)


class NamesNobody(logging.Filter):
    """Says of a request only that there was one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, those about a request without its words."""
        words = record.getMessage()
        for begin, instead in _INSTEAD:
            if words.startswith(begin):
                record.msg, record.args = instead, ()
        return True


class QuietLogger(Logger):
    """gunicorn's logger: JSON lines on standard error, no access log whatever is asked for."""

    def setup(self, cfg: Any) -> None:
        """Set gunicorn's handlers up, then have them write as the application does."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JSONLines())
            if not any(isinstance(f, NamesNobody) for f in handler.filters):
                handler.addFilter(NamesNobody())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Log nothing: the application says what may be said of an answer."""
