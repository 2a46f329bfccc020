"""Where a person came from, so that an act leads back there."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import has_request_context, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import safe_next
from improve.ideas.routes.blueprint import blueprint
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


def board_before(board_path: str) -> str:
    """Return the board that a person came from to an idea, as they had narrowed it.

    Only that of the idea's team or of all teams; else the team's, whole.
    """
    path = came_from(board_path)
    return path if urlsplit(path).path in {board_path, url_for("ideas.all_teams")} else board_path


@blueprint.url_defaults
def _keep_board(endpoint: str, values: dict[str, Any]) -> None:
    """Let the way back to a narrowed board go along with every act on an idea's page.

    The page's address has it, and each act answers with that page again.
    """
    if endpoint != "ideas.idea_page" or "back" in values or not has_request_context():
        return
    here = request.view_args or {}
    if request.method != "POST" or here.get("idea_id") != values.get("idea_id"):
        return
    before = _path_here(request.headers.get("HX-Current-URL")) or _path_here(request.referrer)
    if before and urlsplit(before).path == f"/ideas/{values['idea_id']}":
        back = dict(parse_qsl(urlsplit(before).query)).get("back")
        if safe_next(back):
            values["back"] = back


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


blueprint.add_app_template_global(board_before)
