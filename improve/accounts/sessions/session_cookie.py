"""The one cookie: a signed form token for strangers, a random id for those signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SessionInterface
from itsdangerous import BadSignature, URLSafeSerializer

from improve.accounts import queries, service
from improve.accounts.queries import LiveSession
from improve.accounts.service.tokens import token_hash
from improve.accounts.sessions.session_times import HALF_OPEN, OWN_DEVICE, is_half_open, stands
from improve.shared import clock
from improve.shared.db import begin_request, db
from improve.shared.private_pages import leaves_no_last_use

#: The last use is written at most this often: a GET is no reason to write.
TOUCH_EVERY = timedelta(minutes=5)

_SESSION_MARK = "s."


class Session(SecureCookieSession):
    """The request's session: the form token, and the row when somebody is signed in."""

    live: LiveSession | None = None
    ended: LiveSession | None = None
    #: The password was right, and the second proof is still to come: nobody is signed in.
    half: LiveSession | None = None
    new_token: str | None = None
    is_over: bool = False
    is_own_device: bool = False
    #: What names the answers to the form for families of somebody signed in; “” before any.
    form_mark: str = ""
    #: Whether the session goes on under the new id: it stays the same person's, on this device.
    goes_on: bool = False
    #: Whether the mark is to be written: a new one, or none any more.
    has_new_mark: bool = False
    #: Why the session could not be read: the request is then answered with an error page.
    failure: Exception | None = None


class ServerSessions(SessionInterface):
    """One cookie: a signed form token for strangers, a random id for those signed in."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name: only its own host may ever set the secure one."""
        return "__Host-improve" if app.config["IS_SECURE"] else "improve"

    def _signer(self, app: Flask) -> URLSafeSerializer:
        return URLSafeSerializer(app.config["SECRET_KEY"], salt="form token")

    def open_session(self, app: Flask, request: Request) -> Session:
        """Read the cookie; for an id, load the session with its person in one statement.

        Without a database there is still a session, an empty one, so that an error page can be
        drawn; ``know_the_actor`` raises the failure.
        """
        begin_request(reads_only=request.method in {"GET", "HEAD", "OPTIONS"})
        try:
            return self._read(app, request)
        except Exception as error:  # whatever the database says: the request ends with it
            opened = Session()
            opened.failure = error
            return opened

    def _read(self, app: Flask, request: Request) -> Session:
        opened = Session()
        if request.path.startswith("/static/") or request.path == "/healthz":
            return opened
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if cookie.startswith(_SESSION_MARK) and len(cookie) < 100:
            token, _, mark = cookie[len(_SESSION_MARK) :].partition(".")
            live = queries.session_by_token_hash(token_hash(token))
            if live is not None and stands(live, clock.now()):
                if is_half_open(live, is_demo=app.config["IS_DEMO"]):
                    return self._half(live)
                opened = Session({"csrf_token": live.csrf_token})
                opened.live = live
                opened.form_mark = mark
                opened.modified = False
                self._touch(live, request)
            elif live is not None:
                # Its form token still counts, so that a form sent after the end is answered with
                # the sign-in page and the words kept, not with a refusal.
                opened = Session({"csrf_token": live.csrf_token})
                opened.ended = live
                opened.modified = False
        elif cookie and len(cookie) < 400:
            try:
                opened = Session({"csrf_token": str(self._signer(app).loads(cookie))})
            except BadSignature:
                opened = Session()
            opened.modified = False
        return opened

    @staticmethod
    def _half(live: LiveSession) -> Session:
        """Return a session of nobody, whose forms are good for the second proof."""
        opened = Session({"csrf_token": live.csrf_token})
        if clock.now() < live.created_at + HALF_OPEN:
            opened.half = live
        else:
            opened.ended = live
        opened.modified = False
        return opened

    @staticmethod
    def _touch(live: LiveSession, request: Request) -> None:
        at = clock.now()
        if leaves_no_last_use() or request.headers.get("X-Poll"):
            return
        if at - live.last_used_at >= TOUCH_EVERY:
            db.session.rollback()
            service.touch_session(live.id, at=at)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Set the cookie where it changed: a new form token, a fresh id, or none any more."""
        if session.failure is not None:
            return  # the cookie may well be a good one
        name = self.get_cookie_name(app)
        settings: dict[str, Any] = {
            "httponly": True,
            "secure": app.config["IS_SECURE"],
            "samesite": "Lax",
            "path": "/",
        }
        if session.new_token:
            age = OWN_DEVICE if session.is_own_device else None
            mark = f".{session.form_mark}" if session.goes_on and session.form_mark else ""
            new = f"{_SESSION_MARK}{session.new_token}{mark}"
            response.set_cookie(name, new, max_age=age, **settings)
        elif session.is_over:
            response.delete_cookie(name, **settings)
        elif session.live is not None and session.has_new_mark:
            token = request.cookies[name][len(_SESSION_MARK) :].partition(".")[0]
            mark = f".{session.form_mark}" if session.form_mark else ""
            age = OWN_DEVICE if session.live.is_own_device else None
            response.set_cookie(name, f"{_SESSION_MARK}{token}{mark}", max_age=age, **settings)
        elif session.live is None and session.modified and "csrf_token" in session:
            sealed = str(self._signer(app).dumps(session["csrf_token"]))
            response.set_cookie(name, sealed, **settings)
