"""A report from inside, “confidential”: who is signed in is known while they write, never kept."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from improve.accounts.access import public, requires
from improve.accounts.roles import Permission
from improve.incidents.routes import flow
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.door import at_inside
from improve.shared.db import commits
from improve.shared.rate_limits import ANSWERED, BEGUN, SENT, limiter, nameless_client

# On a phone of one's own no password is asked again: the asking would leave a trace of when.


@blueprint.get("/reports/tell")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell() -> ResponseReturnValue:
    """Say what is promised, and what can't be, before any question."""
    return flow.start(at_inside())


@blueprint.post("/reports/tell")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
@limiter.limit(BEGUN, key_func=nameless_client, on_breach=flow.too_many)
@flow.as_one_report
@commits
def tell_begin() -> ResponseReturnValue:
    """Begin a report."""
    return flow.begin(at_inside())


@blueprint.get("/reports/tell/<step>")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_ask(step: str) -> ResponseReturnValue:
    """Ask one question."""
    return flow.ask(at_inside(), step)


@blueprint.post("/reports/tell/<step>")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=flow.too_many)
@flow.as_one_report
@limiter.limit(
    SENT,
    key_func=nameless_client,
    exempt_when=lambda: not flow.is_being_sent(),
    on_breach=flow.too_many,
)
@commits
def tell_answer(step: str) -> ResponseReturnValue:
    """Keep an answer; after the last page, send."""
    return flow.answer(at_inside(), step)


@blueprint.get("/reports/tell/ring-now")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_not_safe() -> ResponseReturnValue:
    """Say whom to ring now."""
    return flow.not_safe(at_inside())


@blueprint.get("/reports/tell/read-again")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_read_again() -> ResponseReturnValue:
    """Show what may point to someone."""
    return flow.read_again(at_inside())


@blueprint.get("/reports/tell/no-reader")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_nobody() -> ResponseReturnValue:
    """Say that nobody is left to read it."""
    return flow.nobody(at_inside())


@blueprint.get("/reports/tell/thanks")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_thanks() -> ResponseReturnValue:
    """Show the receipt, once."""
    return flow.thanks(at_inside(is_over=True))


@blueprint.get("/reports/tell/how-leaving-works")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_leaving() -> ResponseReturnValue:
    """Say what leaving does."""
    return flow.leaving(at_inside())


@blueprint.get("/reports/tell/other-routes")
@requires(Permission.TELL_REPORT, is_open_on_own_phone=True)
def tell_about() -> ResponseReturnValue:
    """Say where what is not for this goes."""
    return flow.about(at_inside())


@blueprint.get("/reports/tell/leave")
@public
def tell_leave() -> ResponseReturnValue:
    """Leave, also after the session has ended."""
    return flow.leave(g.actor.organisation_id if g.actor else None)
