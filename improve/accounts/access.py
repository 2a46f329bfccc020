"""The door: who is asking, whether their session still stands, and what each route needs.

Default deny: a route that says neither ``requires`` nor ``public`` stops the application from
starting. Before sign-in the one cookie holds only the token that makes forms safe; at sign-in a
fresh random id with a row in the database takes its place.
"""

from __future__ import annotations

import functools
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec
from urllib.parse import urlsplit, urlunsplit

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from itsdangerous import BadSignature, URLSafeSerializer

from improve.accounts import queries, service
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.accounts.service.sign_in import SignedIn
from improve.accounts.service.tokens import token_hash
from improve.accounts.sessions import capture as passes
from improve.accounts.sessions import visits, walls
from improve.accounts.sessions.session_cookie import ServerSessions, Session
from improve.shared import clock
from improve.shared.db import end_request
from improve.shared.errors import Forbidden
from improve.shared.htmx import is_htmx, whole
from improve.shared.private_pages import holds_what_was_told, is_private

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

PASSWORD_AGAIN_AFTER = timedelta(hours=12)
#: Typed words carried through a sign-in may not be longer than this.
LONGEST_KEPT = 200_000
NO_PART = "Your account has no part in this. An administrator can change that."
#: What is said to somebody whose roles come from a group of the council's directory.
ROLES_ELSEWHERE = (
    "Your roles come from your council’s directory, which was not asked as you came in with a "
    "password. Sign out, then sign in with your council account."
)
#: What is said instead where no administrator can let somebody in for a look.
_REFUSED = {
    Permission.REVIEW_REPORTS: "Only reviewers open reports. Nobody can give that for a look.",
}

login_manager = LoginManager()


class CurrentPerson(UserMixin):
    """The signed-in person, as flask-login wants to see them."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = str(actor.person_id)


def current_actor() -> Actor:
    """Return whoever is signed in, else whose pass or which wall it is. For guarded routes only."""
    held = g.get("capture_pass") or g.get("wall")
    actor: Actor = g.actor or held.actor
    return actor


def say(words: str, *, kind: str = "ok", **more: Any) -> None:
    """Have ``words`` stand at the top of the page that this act leads to.

    ``more``: undo_url, undo_fields, undo_about, link_url, link_words. Kept in the session's row and
    shown where the address says so, since reading a page must not write: it stays until the next.
    """
    message = {"id": secrets.token_hex(4), "kind": kind, "words": words, **more}
    service.leave_message(g.live_session.id, message)
    g.said = message["id"]


def page_messages() -> list[dict[str, Any]]:
    """Return what the act before this page said, if the address asks for it."""
    live = g.get("live_session")
    message = live.message if live else None
    asked = request.args.get("said")
    return [message] if message and asked and message["id"] == asked else []


def _point_to_message(response: Response) -> Response:
    header = "Location" if response.status_code == 303 else "HX-Redirect"
    if g.get("said") and header in response.headers:
        parts = urlsplit(response.headers[header])
        query = f"{parts.query}&said={g.said}" if parts.query else f"said={g.said}"
        response.headers[header] = urlunsplit(parts._replace(query=query))
    return response


def public(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Say that a route is open to everyone."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def requires(
    permission: Permission,
    *,
    is_open_on_own_phone: bool = False,
    capture: bool = False,
    wall: bool = False,
) -> Callable[[View[P]], View[P]]:
    """Let only those through who may do this somewhere; the service then asks where.

    ``is_open_on_own_phone``: on a phone marked as one's own the page needs no new password.
    ``capture``: a phone with a capture pass opens it, too, and the view then reads nothing out.
    ``wall``: a screen on a wall opens it, too, and the view then shows that screen's team only.
    """

    def guard(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if current_user.is_authenticated:
                if not is_open_on_own_phone and _password_is_old():
                    return _ask_for_password()
            elif wall and walls.is_over():
                return redirect(url_for("accounts.wall"), 303)
            elif not ((capture and passes.is_capturing()) or (wall and walls.is_wall())):
                return ask_to_sign_in()
            if not has_any(current_actor(), permission):
                is_elsewhere = current_actor().has_roles_elsewhere
                no_part = ROLES_ELSEWHERE if is_elsewhere else NO_PART
                raise Forbidden(_REFUSED.get(permission, no_part))
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        guarded.is_open_on_own_phone = is_open_on_own_phone  # type: ignore[attr-defined]
        guarded.is_open_to_pass = capture  # type: ignore[attr-defined]
        guarded.is_open_to_wall = wall  # type: ignore[attr-defined]
        return guarded

    return guard


def _password_is_old() -> bool:
    live = g.live_session
    is_old = live.is_own_device and clock.now() - live.password_at > PASSWORD_AGAIN_AFTER
    # What an example shows is invented: back at home it is asked.
    return bool(is_old and not live.is_visiting)


#: The pages that stop somebody on the way, plugged in by the routes that own them: each takes
#: the words to keep and returns the page with its form.
_doors: dict[str, Callable[[str], str]] = {}


def door(kind: str) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """Plug in the page that asks to “sign in”, “confirm password” or for the “second factor”."""

    def plug(page: Callable[[str], str]) -> Callable[[str], str]:
        _doors[kind] = page
        return page

    return plug


def ask_to_sign_in(kept: str | None = None) -> ResponseReturnValue:
    """Answer somebody who is not signed in: a page to read asks first, a form keeps its words.

    ``kept``: words kept before, where the form that was sent is itself one on the way in.

    An address that no line of a log may name goes into no other address: who signs in from there
    begins on their own page.
    """
    is_half = g.get("half_session") is not None
    if request.method in {"GET", "HEAD"}:
        over = "pass" if g.get("is_pass_over") else None
        after = None if is_private() else request.full_path.rstrip("?")
        if is_half:
            target = url_for("accounts.second_factor", next=after)
        else:
            target = url_for("accounts.sign_in", next=after, over=over)
        if is_htmx():
            return Response(status=204, headers={"HX-Redirect": target})
        return redirect(target, 303)
    if kept is None:
        kept = keep_words()
    if g.get("is_pass_over"):
        # The form of the sign-in page is nobody's, no longer the pass's.
        _session().pop("csrf_token", None)
        g.pop("csrf_token", None)
    return whole(make_response(_doors["second factor" if is_half else "sign in"](kept), 401))


def sign_in_page(form: Any, *, has_ended: bool = False, done: str = "") -> str:
    """Return the page that asks who is there; in the demo it offers its people.

    ``done``: what was just done by a link, “password” or “address”.
    """
    people = queries.demo_people() if current_app.config["IS_DEMO"] else []
    return render_template(
        "accounts/sign_in.html",
        form=form,
        has_ended=has_ended,
        done=done,
        is_pass_over=bool(g.get("is_pass_over")) or request.args.get("over") == "pass",
        people=people,
    )


def open_door(signed_in: SignedIn, *, is_own_device: bool) -> None:
    """Have the answer carry a fresh session: a new id in the cookie, a new token in its forms."""
    session = _session()
    session.new_token = signed_in.token
    session.is_own_device = is_own_device
    session["csrf_token"] = signed_in.csrf_token
    g.pop("csrf_token", None)


def renew_door(token: str) -> None:
    """Have the answer carry a new id for the session that goes on; its forms stay good."""
    held = _session()
    if held.live is not None:
        held.new_token, held.goes_on = token, True
        held.is_own_device = held.live.is_own_device


def ask_for_proof(kept: str, token: str) -> str:
    """Return the page that asks for the second proof of a session that was opened just now.

    ``kept``: words to carry on, which are too long for an address.
    """
    g.half_session = queries.session_by_token_hash(token_hash(token))
    return _doors["second factor"](kept)


def close_door() -> None:
    """Have the answer take the cookie away, and what the browser kept of these pages."""
    _session().is_over = True


def form_name(*, is_new: bool = False) -> str:
    """Return what names this browser's answers to the form for families; “” before any form.

    ``is_new`` makes one for somebody signed in who has none: their form token stays theirs.
    """
    held = _session()
    if held.live is None:
        return str(held.get("csrf_token", ""))
    if is_new and not held.form_mark:
        held.form_mark, held.has_new_mark = secrets.token_urlsafe(24), True
    return held.form_mark


def renew_form() -> str:
    """Return another name for this browser's answers: those of the one before stay unfound."""
    held = _session()
    if held.live is not None:
        held.form_mark = ""
        return form_name(is_new=True)
    held["csrf_token"] = secrets.token_hex(20)
    g.pop("csrf_token", None)
    return form_name()


def forget_form() -> None:
    """Have the answer take away what names the answers: nobody can open them any more."""
    held = _session()
    if held.live is None:
        held.is_over = True
    else:
        held.form_mark, held.has_new_mark = "", True


def _session() -> Session:
    held: Session = session._get_current_object()  # type: ignore[attr-defined]
    return held


def _ask_for_password() -> ResponseReturnValue:
    if request.method in {"GET", "HEAD"}:
        target = url_for("accounts.confirm_password", next=request.full_path.rstrip("?"))
        if is_htmx():
            return Response(status=204, headers={"HX-Redirect": target})
        return redirect(target, 303)
    return whole(make_response(_doors["confirm password"](keep_words()), 401))


def _keeper() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="words kept through a sign-in")


def keep_words() -> str:
    """Return the posted fields, signed, with the path and whose they are; “” if unknown.

    Never what families told: whoever comes to this screen next could read it in the page.
    """
    if holds_what_was_told():
        return ""
    held = _session()
    known = held.live or held.half or g.get("ended_pass") or held.ended
    if known is None:
        return ""
    fields = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in {"csrf_token", "_restoring"} and "password" not in name
    ]
    if not fields or sum(len(value) for _, value in fields) > LONGEST_KEPT:
        return ""
    return str(
        _keeper().dumps(json.dumps([known.actor.person_id, request.full_path.rstrip("?"), fields]))
    )


def words_kept(sealed: str, person_id: int) -> tuple[str, list[tuple[str, str]]] | None:
    """Return (path, fields) if these words were typed by this person, else None."""
    try:
        owner, path, fields = json.loads(_keeper().loads(sealed))
    except (BadSignature, ValueError):
        return None
    if owner != person_id:
        return None
    return path, [(str(name), str(value)) for name, value in fields]


def safe_next(path: str | None) -> str | None:
    """Return ``path`` if it is one of this site's own, else None: no way to another host."""
    if not path or not path.startswith("/") or path.startswith("//") or len(path) > 2000:
        return None
    if "\\" in path or any(ord(c) < 32 for c in path):
        return None
    return path


def register(app: Flask) -> None:
    """Plug sessions and flask-login in."""
    app.session_interface = ServerSessions()
    login_manager.init_app(app)
    login_manager.session_protection = None
    app.after_request(_point_to_message)
    app.jinja_env.globals |= {"page_messages": page_messages, "is_visiting": visits.is_visiting}

    @app.teardown_request
    def forget_the_request(_error: BaseException | None) -> None:
        end_request()

    @login_manager.request_loader
    def load_person(_request: Request) -> CurrentPerson | None:
        live = g.get("live_session")
        return CurrentPerson(live.actor) if live else None

    @app.before_request
    def know_the_actor() -> None:
        held = _session()
        live = held.live
        g.live_session, g.half_session = live, held.half
        g.actor = live.actor if live else None
        if held.failure is not None:
            raise held.failure
        visits.keep_inside(live)
        if live is None and _says(app, "is_open_to_pass"):
            passes.look_for_pass(held, has_ended=bool(held.ended or held.half))
        if live is None and _says(app, "is_open_to_wall"):
            walls.look_for_wall(held)
        g.is_restoring = request.method == "POST" and "_restoring" in request.form
        if g.is_restoring:
            g.reads_only = True


def _says(app: Flask, word: str) -> bool:
    view = app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, word, False))


def check_every_route(app: Flask) -> None:
    """Raise ``RuntimeError`` naming the routes that say neither ``requires`` nor ``public``."""
    open_ended = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    if open_ended:
        raise RuntimeError(f"routes without a permission: {', '.join(sorted(open_ended))}")
