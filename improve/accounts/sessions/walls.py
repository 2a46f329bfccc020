"""The wall that a screen is: its cookie, and what it may open. Nobody is signed in on it.

Only a route that says ``requires(..., wall=True)`` ever looks for a wall, besides the wall's own
page. Everywhere else such a screen is a browser of nobody. A session that stands always wins.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Response, current_app, g, request
from flask.sessions import SessionMixin

from improve.accounts import queries
from improve.accounts.queries import HeldWall
from improve.accounts.service.tokens import token_hash

#: As long as browsers keep a cookie; each page that is drawn begins it again.
_COOKIE_LASTS: Final = timedelta(days=400)


def cookie_name() -> str:
    """Return the cookie's name: only its own host may ever set the secure one."""
    return "__Host-improve-wall" if current_app.config["IS_SECURE"] else "improve-wall"


def token_here() -> str:
    """Return the id of the wall that this screen sends, whether or not it is one; “” if none."""
    token = request.cookies.get(cookie_name(), "")
    return token if len(token) < 100 else ""


def stands(held: HeldWall) -> bool:
    """Return whether a wall may still be used: not ended, and of a team that is open."""
    return held.ended_at is None and held.is_team_open


def look_for_wall(session: SessionMixin) -> HeldWall | None:
    """Let the wall that this screen is answer for this request; return it if it stands.

    Its one form carries the token of its row, and no other is good with it; where somebody is
    signed in on the screen, the form is that session's.
    """
    token = token_here()
    held = queries.wall_by_token_hash(token_hash(token)) if token else None
    if held is None:
        return None
    if not stands(held):
        g.is_wall_over = True
        return None
    if getattr(session, "live", None) is None:
        session["csrf_token"] = held.csrf_token
        session.modified = False
    g.wall = held
    return held


def is_wall() -> bool:
    """Return whether a wall, not a person, opened this page."""
    return g.get("wall") is not None


def is_over() -> bool:
    """Return whether this screen was a wall and was signed out."""
    return bool(g.get("is_wall_over"))


def is_dark() -> bool:
    """Return whether a wall is drawn dark: as the screen was told, else as the address says."""
    held: HeldWall | None = g.get("wall")
    return held.is_dark if held is not None else request.args.get("dark") == "1"


def give_wall(response: Response, token: str) -> None:
    """Make the screen that asked the wall of this id."""
    response.set_cookie(cookie_name(), token, max_age=_COOKIE_LASTS, **_settings())


def _settings() -> dict[str, Any]:
    return {
        "path": "/",
        "httponly": True,
        "samesite": "Lax",
        "secure": current_app.config["IS_SECURE"],
    }
