"""Logs as JSON lines in UTC with a request id. Never a body, query, password, token or cookie."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from improve.shared.private_pages import is_private

_REQUEST_ID = re.compile(r"[A-Za-z0-9\-]{8,64}")


class JSONLines(logging.Formatter):
    """One JSON object a line. Control characters are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for ``record``."""
        at = datetime.fromtimestamp(record.created, UTC)
        is_quiet = has_request_context() and is_private()
        line: dict[str, object] = {
            # Of somebody who tells as a family, the day alone is known: also where a page fails.
            "at": at.date().isoformat() if is_quiet else at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0] is not None:
            # The kind and the place, not the message: messages of database errors hold values.
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=True, default=str)


def _where(record: logging.LogRecord) -> list[str]:
    places: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-6:]


def _sent_id(app: Flask) -> str:
    """Return the id that the proxy before us gave the request; “” where it counts for nothing.

    Without a proxy it is the visitor's own word. On pages of families and reports it would join
    what is said here, should a page fail, with a line of the proxy that holds an address.
    """
    sent = request.headers.get("X-Request-Id", "")
    is_trusted = bool(app.config["TRUSTED_PROXIES"]) and not is_private()
    return sent if is_trusted and _REQUEST_ID.fullmatch(sent) else ""


def register(app: Flask) -> None:
    """Log each answer of a page by route, status and time; give each request an id.

    Pages of families are not logged: the line of a send would say when somebody told.
    """
    logger = logging.getLogger("improve")
    if not any(isinstance(h.formatter, JSONLines) for h in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JSONLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = True

    def log_exception(exc_info: Any) -> None:
        """Note an unexpected error. Flask's own line would hold the path, and so perhaps a link."""
        logging.getLogger("improve.errors").error("unexpected error", exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]

    @app.before_request
    def begin() -> None:
        g.request_id = _sent_id(app) or secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in {"static", "healthz"} and not is_private():
            took = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
            facts: dict[str, object] = {
                "method": request.method,
                # The rule, not the path: a path can hold a one-time link.
                "route": request.url_rule.rule if request.url_rule else "none",
                "status": response.status_code,
                "ms": round(took, 1),
            }
            if response.status_code in {403, 404} and g.get("actor") is not None:
                # The log of acts notes refusals, too, but of each person so many an hour.
                facts["person"] = g.actor.person_id
            logger.info("answered", extra={"facts": facts})
        return response
