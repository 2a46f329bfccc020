"""Two councils to send to, those who send, and the forms that they are offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from improve.accounts.roles import has_any
from improve.shared.db import db
from tests.accounts.test_capture_pass import with_pass
from tests.accounts.test_show_wall import as_wall
from tests.architecture.test_routes import PUBLIC, RULES, one_of_each, path_of, permission_of
from tests.factories import Cast, make_cast
from tests.pages import Visitor, tree_of
from tests.states import SQLiteKeeper, Standing
from tests.world import STARTS, Found, forms_in, make_world

#: Everybody who sends: the roles of one council, somebody of another, and three who are nobody.
SIGNED_IN: Final = (
    "practitioner", "manager", "coach", "voices_reader", "incident_reviewer", "leader",
    "data_protection_lead", "administrator", "guest", "outsider",
)  # fmt: skip
NOBODY: Final = ("anonymous", "wall", "capture")
ASKERS: Final = (*SIGNED_IN, *NOBODY)
#: Who is offered forms that others are not; their pages are read.
READERS: Final = (
    "manager",
    "voices_reader",
    "incident_reviewer",
    "administrator",
    "coach",
    "leader",
    "practitioner",
)
_COOKIES: Final = ("improve", "improve-wall", "improve-capture")
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
#: No pages to look for forms at; to leave a form forgets what stands in it, by a link.
NO_PAGE: Final = {
    "static",
    "healthz",
    "voices.leave",
    "incidents.report_leave",
    "incidents.tell_leave",
}
SCENES: Final = ("world", "each")
#: Kinds of form kept for one route.
MOST_FORMS: Final = 12


@dataclass(frozen=True)
class Scene:
    """What stands in the database, and how to come back to it."""

    name: str
    cast: Cast
    #: An address of each route that takes a form.
    paths: dict[str, str]
    #: Addresses to look for forms at.
    pages: tuple[str, ...]
    #: Cookies of those who are nobody, by asker and name.
    cookies: dict[str, dict[str, str]]
    #: What the database held, for the keeper to put back.
    kept: Any


def posts() -> dict[str, Rule]:
    """Return every route that takes a form, by its name."""
    return {rule.endpoint: rule for rule in RULES if "POST" in (rule.methods or ())}


def lay(standing: Standing, name: str) -> Scene:
    """Make this scene, and keep it."""
    app = standing.app
    standing.empty()
    cast = standing.lay("cast", make_cast)
    pages, paths = standing.lay(f"fuzz {name}", lambda: _made(cast, name))

    def visit(person_id: int | None = None) -> Visitor:
        return Visitor(app, person_id)

    nobody = visit()
    nobody.csrf_token()
    screen, phone = as_wall(visit, cast), with_pass(visit, cast.practitioner)
    cookies = {
        who: {
            cookie: found.value
            for cookie in _COOKIES
            if (found := visitor.client.get_cookie(cookie)) is not None
        }
        for who, visitor in (("anonymous", nobody), ("wall", screen), ("capture", phone))
    }
    let_go(standing)
    return Scene(name, cast, paths, pages, cookies, standing.keeper.keep(f"fuzz-{name}"))


def put_back(standing: Standing, scene: Scene) -> None:
    """Bring the database to what the scene was when it was made."""
    let_go(standing)
    standing.keeper.put(scene.kept)
    standing.now = None


def let_go(standing: Standing) -> None:
    """Close the application's connections where the database is a file."""
    if isinstance(standing.keeper, SQLiteKeeper):
        with standing.app.app_context():
            db.engine.dispose()


def _made(cast: Cast, name: str) -> tuple[tuple[str, ...], dict[str, str]]:
    if name == "world":
        return make_world(cast).paths, {}
    ids = one_of_each(cast)
    db.session.commit()
    paths = {endpoint: path_of(rule, ids) for endpoint, rule in posts().items()}
    pages = tuple(
        path_of(rule, ids)
        for rule in RULES
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGE
    )
    return pages, paths


def visitor_of(app: Flask, scene: Scene, asker: str) -> Visitor:
    """Return somebody who has just come in, or is nobody."""
    if asker not in NOBODY:
        return Visitor(app, getattr(scene.cast, asker))
    visitor = Visitor(app)
    for cookie, value in scene.cookies[asker].items():
        visitor.client.set_cookie(cookie, value)
    return visitor


def token_of(visitor: Visitor, asker: str) -> str:
    """Return a token as the forms of this visitor carry it now."""
    if asker not in NOBODY:
        return visitor.csrf_token()
    page = visitor.client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]*)"', page)
    return found[1] if found else ""


def offered_to(app: Flask, scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return for each route whom the policy lets send its form: of the public ones, everybody."""
    with app.app_context():
        actors = {who: scene.cast.actor(who) for who in SIGNED_IN}
    return {
        endpoint: ASKERS
        if endpoint in PUBLIC
        else tuple(who for who in SIGNED_IN if has_any(actors[who], permission_of(rule)))
        for endpoint, rule in posts().items()
    }


def forms_of(app: Flask, scene: Scene) -> dict[str, list[Found]]:
    """Return the real forms that stand on pages, by route: each page as one who may read it."""
    found: dict[str, dict[tuple[str, ...], Found]] = {}
    where = app.url_map.bind("localhost")
    with app.app_context():
        actors = {who: scene.cast.actor(who) for who in READERS}
    visitors = {who: visitor_of(app, scene, who) for who in (*READERS, "anonymous")}
    for path in dict.fromkeys((*scene.pages, *(STARTS if scene.name == "world" else ()))):
        try:
            asked, _ = where.match(path.split("?")[0], method="GET")
        except HTTPException:
            continue
        reader = "anonymous"
        if asked not in PUBLIC:
            permission = app.view_functions[asked].access  # type: ignore[attr-defined]
            fit = [who for who in READERS if has_any(actors[who], permission)]
            # Of a council where much has happened, the desks show more to those who read there.
            told = {"voices": "voices_reader", "incidents": "incident_reviewer"}
            reader = told.get(asked.split(".")[0], fit[0] if fit else "coach")
            reader = reader if reader in fit else (fit[0] if fit else "coach")
        if reader not in visitors:
            visitors[reader] = visitor_of(app, scene, reader)
        for form in _forms_at(visitors[reader], path):
            try:
                endpoint, _ = where.match(form.action.split("?")[0], method="POST")
            except HTTPException:
                continue
            kinds = found.setdefault(endpoint, {})
            if len(kinds) < MOST_FORMS:
                kinds.setdefault((*sorted(set(form.names)), _shape(form.action)), form)
    return {endpoint: list(kinds.values()) for endpoint, kinds in found.items()}


def _shape(action: str) -> str:
    return re.sub(r"\d+", "#", action)


def _forms_at(visitor: Visitor, path: str) -> Iterator[Found]:
    answer = visitor.client.get(path)
    body = answer.get_data().decode(errors="replace") if answer.mimetype == "text/html" else ""
    answer.close()
    if answer.status_code == 200 and 'method="post"' in body:
        yield from forms_in(path, tree_of("".join(_FORM.findall(body))))


@contextmanager
def names_noted(app: Flask) -> Iterator[Callable[[], set[str]]]:
    """Let a request say which fields were looked for in its form, whether sent or not."""
    looked: set[str] = set()

    class Noting(ImmutableMultiDict[str, Any]):
        """Fields of a request, which notes what it is asked for."""

        def __contains__(self, key: object) -> bool:
            looked.add(str(key))
            return super().__contains__(key)

        def get(self, key: Any, *more: Any, **named: Any) -> Any:
            looked.add(str(key))
            return super().get(key, *more, **named)

        def getlist(self, key: Any, *more: Any, **named: Any) -> Any:
            looked.add(str(key))
            return super().getlist(key, *more, **named)

    plain = app.request_class

    class Watched(plain):  # type: ignore[misc,valid-type]
        """A request whose form is watched."""

        parameter_storage_class = Noting

    def taken() -> set[str]:
        found = set(looked)
        looked.clear()
        return found

    app.request_class = Watched
    try:
        yield taken
    finally:
        app.request_class = plain
