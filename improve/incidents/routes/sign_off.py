"""Signing off, in words what is destroyed; and a lawful order that keeps a report from it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.words import SignOffForm, SwitchForm
from improve.incidents.queries.keeping import keeping_of
from improve.incidents.queries.reading import ended_page, report_page
from improve.incidents.queries.together import may_call
from improve.incidents.queries.words import what_stops
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.opened import opened_report
from improve.incidents.service import sign_off as signing_off
from improve.incidents.service.keep_by_order import end_keeping, keep_by_order
from improve.incidents.service.one import ended_for_review
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale


@blueprint.route("/reports/desk/<key>/sign-off", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def sign_off(key: str) -> ResponseReturnValue:
    """Say what will be destroyed, destroy it when two agreed, and say then that it was."""
    actor, form = current_actor(), SignOffForm()
    is_stale = False
    if form.is_sent():
        try:
            signing_off.sign_off(
                actor, key=key, is_sure=bool(form.sure.data), seen_version=form.version.data
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            return redirect(url_for("incidents.sign_off", key=key), 303)
    try:
        loaded = opened_report(key)
    except NotFound:
        return _destroyed(key)
    if isinstance(loaded, Response):
        return loaded
    if request.method == "GET" or is_stale:
        form.version.data = loaded.incident.version
    page = render_template(
        "incidents/sign_off.html",
        report=report_page(actor, loaded),
        here=Step.SIGN_OFF.value,
        work=loaded.work,
        joined=len(loaded.joined),
        has_contact=may_call(loaded),
        stops=what_stops(loaded),
        form=form,
        is_stale=is_stale,
    )
    return page, 409 if is_stale else form.status


@blueprint.get("/reports/desk/<key>/order")
@requires(Permission.REVIEW_REPORTS)
def order(key: str) -> ResponseReturnValue:
    """Show whether a lawful order keeps a report, and who said so."""
    actor, loaded = current_actor(), opened_report(key)
    if isinstance(loaded, Response):
        return loaded
    keeping = keeping_of(loaded.incident)
    return render_template(
        "incidents/order.html",
        report=report_page(actor, loaded),
        here=Step.SIGN_OFF.value,
        keeping=keeping,
        has_asked=keeping.is_asked and keeping.by == actor.person_id,
        has_two=loaded.has_two,
        has_asked_to_end=keeping.ending == actor.person_id,
    )


@blueprint.post("/reports/desk/<key>/order")
@requires(Permission.REVIEW_REPORTS)
@commits
def keep_or_end(key: str) -> ResponseReturnValue:
    """Say that a lawful order came, or that it has ended."""
    actor, form = current_actor(), SwitchForm()
    if form.is_sent():
        do = keep_by_order if form.on.data == "1" else end_keeping
        do(actor, key=key, seen_version=form.version.data)
        came = "Noted: you saw a lawful order." if form.on.data == "1" else "Noted: it has ended."
        say(f"{came} Whoever reads this report sees that.")
    return redirect(url_for("incidents.order", key=key), 303)


def _destroyed(key: str) -> ResponseReturnValue:
    actor = current_actor()
    ended = ended_for_review(actor, key)
    return render_template(
        "incidents/signed_off.html",
        report=ended_page(actor, ended),
        here=Step.SIGN_OFF.value,
        ended_week=ended.incident.ended_week,
    )
