"""Where a person came from, so that an act leads back there."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import safe_next
from improve.shared.htmx import is_htmx


def came_from(default: str, *, sent: str | None = None) -> str:
    """Return the page to go back to: what the form says, the address, or the page before.

    Always a path of this site, without the mark of an old message.
    """
    named = [sent, request.args.get("back")]
    if request.method == "GET":
        named += [_path_here(request.headers.get("HX-Current-URL")), _path_here(request.referrer)]
    for path in named:
        safe = safe_next(path)
        if safe and urlsplit(safe).path != request.path:
            return _without_message(safe)
    return default


def go_back(path: str) -> ResponseReturnValue:
    """Answer an act with the page it leads to; htmx is told to open it whole."""
    if is_htmx():
        return make_response("", 204, {"HX-Redirect": path})
    return redirect(path, 303)


def _path_here(address: str | None) -> str | None:
    if not address:
        return None
    parts = urlsplit(address)
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _without_message(path: str) -> str:
    parts = urlsplit(path)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "said"]
    return parts._replace(query=urlencode(kept)).geturl()
