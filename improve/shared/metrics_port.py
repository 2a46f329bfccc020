"""A second port, for the machine alone: ``/metrics`` for Prometheus, ``/readyz`` for who starts it.

Each process of gunicorn listens at the same port of 127.0.0.1 and answers for all of them, so
that it is answered while one of them is made anew. It is no page of the site: no visitor reaches
it, and a proxy that sends everything on sends nothing there.
"""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from improve.migrations import newest_revision, present_revision
from improve.shared import metrics, unfinished_restore
from improve.shared.db import reading

#: Only this machine: whoever reads metrics from another one has something here pass them on.
ADDRESS: Final = "127.0.0.1"
#: Seconds for one who asks and then says nothing.
PATIENCE: Final = 5
#: Seconds for the database to answer whether it is there.
SHORT: Final = 3
#: What is answered to any other path, whatever the database does: an Improve says so, nothing else.
ELSEWHERE: Final = b"/metrics or /readyz"

_log: Final = logging.getLogger("improve.metrics")


def not_ready(app: Flask) -> str:
    """Return why requests cannot be answered as they should now, in words; “” when they can.

    Asks by a connection of its own: where all of the pool are taken it still answers.
    """
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    is_file = uri.startswith("sqlite")
    patience = {"timeout": SHORT} if is_file else {"connect_timeout": SHORT}
    engine = create_engine(uri, poolclass=NullPool, connect_args=patience, hide_parameters=True)
    try:
        with reading(), engine.connect() as connection:
            is_unfinished = unfinished_restore.is_unfinished(connection)
            present = present_revision(connection)
    except SQLAlchemyError:
        return "The database does not answer."
    if is_unfinished:
        return f"{unfinished_restore.WORDS}."
    if present != newest_revision():
        return f"The tables are those of {present or 'none'}, not of {newest_revision()}."
    return ""


def answer(app: Flask, path: str) -> tuple[int, str, bytes]:
    """Return status, type and body for ``path``."""
    if path == "/readyz":
        problem = not_ready(app)
        return (503 if problem else 200), "text/plain", f"{problem or 'ready'}\n".encode()
    if path == "/metrics":
        return 200, "text/plain; version=0.0.4", metrics.exposed(app)
    return 404, "text/plain", ELSEWHERE


def serve(app: Flask) -> ThreadingHTTPServer | None:
    """Answer at METRICS_PORT from now on, in a thread beside the requests; None where it is 0.

    None as well where somebody else has that port: the site serves without it.
    """
    port = int(app.config.get("METRICS_PORT", 0))
    if not port:
        return None

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            """Answer one that asks."""
            status, kind, body = answer(app, self.path)
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Log nothing: it is asked every few seconds."""

    class Server(ThreadingHTTPServer):
        allow_reuse_port = True
        daemon_threads = True

    try:
        server = Server((ADDRESS, port), Handler)
    except OSError as error:
        _log.error("nothing answers at METRICS_PORT %s: %s", port, error.strerror)
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
