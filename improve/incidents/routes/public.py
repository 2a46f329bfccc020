"""A report by a link without sign-in: “anonymous” as far as that is true, and no further."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from improve.accounts.access import public
from improve.incidents.queries.setup import organisation_of
from improve.incidents.routes import flow
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.door import at_link
from improve.shared.db import commits
from improve.shared.rate_limits import ANSWERED, BEGUN, SENT, limiter, nameless_client


@blueprint.get("/report/<council>")
@public
def report(council: str) -> ResponseReturnValue:
    """Say what is promised, and what can't be, before any question."""
    return flow.start(at_link(council))


@blueprint.post("/report/<council>")
@public
@limiter.limit(BEGUN, key_func=nameless_client, on_breach=flow.too_many)
@flow.as_one_report
@commits
def report_begin(council: str) -> ResponseReturnValue:
    """Begin a report."""
    return flow.begin(at_link(council))


@blueprint.get("/report/<council>/<step>")
@public
def report_ask(council: str, step: str) -> ResponseReturnValue:
    """Ask one question."""
    return flow.ask(at_link(council), step)


@blueprint.post("/report/<council>/<step>")
@public
@limiter.limit(ANSWERED, key_func=nameless_client, on_breach=flow.too_many)
@flow.as_one_report
@limiter.limit(
    SENT,
    key_func=nameless_client,
    exempt_when=lambda: not flow.is_being_sent(),
    on_breach=flow.too_many,
)
@commits
def report_answer(council: str, step: str) -> ResponseReturnValue:
    """Keep an answer; after the last page, send."""
    return flow.answer(at_link(council), step)


@blueprint.get("/report/<council>/ring-now")
@public
def report_not_safe(council: str) -> ResponseReturnValue:
    """Say whom to ring now."""
    return flow.not_safe(at_link(council))


@blueprint.get("/report/<council>/read-again")
@public
def report_read_again(council: str) -> ResponseReturnValue:
    """Show what may point to someone."""
    return flow.read_again(at_link(council))


@blueprint.get("/report/<council>/no-reader")
@public
def report_nobody(council: str) -> ResponseReturnValue:
    """Say that nobody is left to read it."""
    return flow.nobody(at_link(council))


@blueprint.get("/report/<council>/thanks")
@public
def report_thanks(council: str) -> ResponseReturnValue:
    """Show the receipt, once."""
    return flow.thanks(at_link(council, is_over=True))


@blueprint.get("/report/<council>/how-leaving-works")
@public
def report_leaving(council: str) -> ResponseReturnValue:
    """Say what leaving does."""
    return flow.leaving(at_link(council))


@blueprint.get("/report/<council>/other-routes")
@public
def report_about(council: str) -> ResponseReturnValue:
    """Say where what is not for this goes."""
    return flow.about(at_link(council))


@blueprint.get("/report/<council>/leave")
@public
def report_leave(council: str) -> ResponseReturnValue:
    """Leave."""
    return flow.leave(organisation_of(council))
