"""The capture pass of a phone: its cookie, and whose it is where nobody is signed in.

Only a route that says ``requires(..., capture=True)`` ever looks for a pass. Everywhere else a
phone with a pass is a phone of nobody. A session that stands always wins.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, request
from flask.sessions import SecureCookieSession
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from improve.accounts import queries
from improve.accounts.queries import HeldPass
from improve.accounts.service import MadePass
from improve.accounts.service.tokens import token_hash
from improve.accounts.sessions.session_times import pass_stands
from improve.shared import clock


def cookie_name() -> str:
    """Return the cookie's name: only its own host may ever set the secure one."""
    return "__Host-improve-capture" if current_app.config["IS_SECURE"] else "improve-capture"


def token_here() -> str:
    """Return the id of the pass that this phone sends, whether or not it is one; “” if none."""
    token = request.cookies.get(cookie_name(), "")
    return token if len(token) < 100 else ""


def _held() -> HeldPass | None:
    token = token_here()
    return queries.capture_pass_by_token_hash(token_hash(token)) if token else None


def pass_here() -> HeldPass | None:
    """Return the pass of this phone if it stands, whoever made it. For pages that show it."""
    held = _held()
    return held if held is not None and pass_stands(held, clock.now()) else None


def is_capturing() -> bool:
    """Return whether a pass, not a session, opened this page."""
    return g.get("capture_pass") is not None


def look_for_pass(session: SecureCookieSession, *, has_ended: bool) -> None:
    """Let the pass of this phone answer for this request; nobody is signed in.

    The forms of a pass carry the token of its row, and no other is good with it. An ended pass
    still knows its forms, so that words sent with it are kept through a sign-in. ``has_ended``: a
    session of this phone ended; a form that was opened in it stays that session's.
    """
    if not token_here() or (has_ended and request.method == "POST" and _is_form_of_session()):
        return
    held = _held()
    if held is not None:
        session["csrf_token"] = held.csrf_token
        session.modified = False
    if held is not None and pass_stands(held, clock.now()):
        g.capture_pass = held
    else:
        g.is_pass_over, g.ended_pass = True, held


def _is_form_of_session() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def give_pass(response: Response, made: MadePass) -> None:
    """Put a fresh pass on the phone that asked for it."""
    age = made.expires_at - clock.now()
    response.set_cookie(cookie_name(), made.token, max_age=age, **_settings())


def take_pass(response: Response) -> None:
    """Take the pass off this phone."""
    response.delete_cookie(cookie_name(), **_settings())


def _settings() -> dict[str, Any]:
    return {
        "path": "/",
        "httponly": True,
        "samesite": "Lax",
        "secure": current_app.config["IS_SECURE"],
    }
