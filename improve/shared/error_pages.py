"""Error pages in the product's own voice: what happened, what was kept, what to do next."""

from __future__ import annotations

import logging
import sqlite3
from typing import cast

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from improve.shared import audit
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from improve.shared.htmx import is_htmx
from improve.shared.private_pages import is_of_report, is_private, leaves_no_last_use

#: What PostgreSQL calls a write where only reading is possible.
READ_ONLY = "25006"
_log = logging.getLogger("improve.audit")
OWN_PAGES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)


def error_page(status: int, **context: object) -> Response:
    """Return the page for ``status``: one of families' own; to htmx, for the page's error bar."""
    shown = status if status in OWN_PAGES else (500 if status >= 500 else 400)
    context.setdefault("reference", g.get("request_id", ""))
    template = "errors/_bar.html" if is_htmx() else f"errors/{shown}.html"
    if is_private():
        # Whoever is lost there may be a child: whom to ring and the way out stay.
        template = "errors/report.html" if is_of_report() else "errors/family.html"
    response = make_response(render_template(template, status=shown, **context), status)
    if is_htmx():
        response.headers["HX-Retarget"] = "#page-error"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def register(app: Flask) -> None:
    """Answer every error with one of our pages."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        if error.response is not None:
            # Whoever raised it made the page: a limit on tries of a page for families.
            return cast(Response, error.response)
        response = error_page(status)
        if status == 405 and error.get_response().headers.get("Allow"):
            response.headers["Allow"] = error.get_response().headers["Allow"]
        return response

    @app.errorhandler(CSRFError)
    def form_token_error(_error: CSRFError) -> ResponseReturnValue:
        return error_page(400, is_form_token=True)

    @app.errorhandler(SecurityError)
    def wrong_host(_error: SecurityError) -> ResponseReturnValue:
        if request.path == "/healthz":
            # A probe on the same machine or network names no host of ours; it learns only "ok".
            return Response("ok", mimetype="text/plain")
        # No template: links in it would be built from the host that is not ours.
        return Response("This address is not one of this site’s.\n", 400, mimetype="text/plain")

    @app.errorhandler(NotFound)
    def not_found(_error: NotFound) -> ResponseReturnValue:
        if request.url_rule is not None and request.url_rule.arguments:
            # It may be another council's: that cannot be told from what never was, here neither.
            _note_refusal(404)
        return error_page(404)

    @app.errorhandler(Forbidden)
    def forbidden(error: Forbidden) -> ResponseReturnValue:
        _note_refusal(403)
        return error_page(403, words=error.words)

    @app.errorhandler(Stale)
    def stale(error: Stale) -> ResponseReturnValue:
        return error_page(409, **error.facts)

    @app.errorhandler(RuleBroken)
    def rule_broken(error: RuleBroken) -> ResponseReturnValue:
        return error_page(422, reasons=[r.words for r in error.reasons])

    @app.errorhandler(InternalServerError)
    def broken(error: InternalServerError) -> ResponseReturnValue:
        db.session.rollback()
        original = error.original_exception
        if isinstance(original, IntegrityError):
            # Two people took one name at the same moment; the database let the first have it.
            return error_page(409)
        return error_page(503 if _is_away(original) else 500)


def _note_refusal(status: int) -> None:
    """Put into the log of acts who was refused which kind of page, unless it must leave no trace.

    Apart from the request, which changed nothing; where that fails, the page is refused all the
    same.
    """
    actor = g.get("actor")
    if actor is None or request.url_rule is None or leaves_no_last_use():
        return
    db.session.rollback()
    try:
        audit.note_refusal(actor, page=request.url_rule.rule, answer=status)
    except SQLAlchemyError:
        _log.warning("a refused page could not be noted")


def _is_away(error: BaseException | None) -> bool:
    """Return whether the database could not be reached or could not write, which will pass."""
    if isinstance(error, (OperationalError, InterfaceError, NoConnectionFree)):
        return True
    if isinstance(error, DBAPIError):
        # A standby of PostgreSQL takes no writes, and says so with an error of another class. A
        # page that is only read must not write, so there it stays a fault of ours.
        is_read_only = getattr(error.orig, "sqlstate", None) == READ_ONLY
        return error.connection_invalidated or (is_read_only and not g.get("reads_only", False))
    return isinstance(error, sqlite3.OperationalError)
