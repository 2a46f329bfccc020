"""Reports of one event read as one, a report held until then, and one that is told strictly."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.words import OtherForm, SwitchForm
from improve.incidents.queries.reading import report_page
from improve.incidents.queries.together import together_of
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.opened import opened_report
from improve.incidents.service import join as joining
from improve.incidents.service.words import hold, tell_strictly
from improve.shared.db import commits
from improve.shared.errors import RuleBroken


@blueprint.get("/reports/desk/<key>/together")
@requires(Permission.REVIEW_REPORTS)
def together(key: str) -> ResponseReturnValue:
    """Show what is read with a report, what may be, and whether it is held or told strictly."""
    return _page(key, OtherForm())


@blueprint.post("/reports/desk/<key>/join")
@requires(Permission.REVIEW_REPORTS)
@commits
def join(key: str) -> ResponseReturnValue:
    """Read another report of the same event with this one."""
    form = OtherForm()
    if form.is_sent():
        try:
            joining.join(
                current_actor(),
                key=key,
                other_key=form.other.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
            return _page(key, form)
        say("The two are read as one.")
    return _back(key)


@blueprint.post("/reports/desk/<key>/part")
@requires(Permission.REVIEW_REPORTS)
@commits
def part(key: str) -> ResponseReturnValue:
    """Read two reports apart again."""
    form = OtherForm()
    if form.is_sent():
        joining.part(
            current_actor(),
            key=key,
            other_key=form.other.data or "",
            seen_version=form.version.data,
        )
    return _back(key)


@blueprint.post("/reports/desk/<key>/hold")
@requires(Permission.REVIEW_REPORTS)
@commits
def hold_report(key: str) -> ResponseReturnValue:
    """Hold a report until it is joined with another, or hold it no more."""
    form = SwitchForm()
    if form.is_sent():
        hold(current_actor(), key=key, is_held=form.on.data == "1", seen_version=form.version.data)
    return _back(key)


@blueprint.post("/reports/desk/<key>/strict")
@requires(Permission.REVIEW_REPORTS)
@commits
def strict(key: str) -> ResponseReturnValue:
    """Tell the theme only of a rare event, or its story again."""
    form = SwitchForm()
    if form.is_sent():
        is_strict = form.on.data == "1"
        tell_strictly(current_actor(), key=key, is_strict=is_strict, seen_version=form.version.data)
    return _back(key)


def _back(key: str) -> Response:
    return redirect(url_for("incidents.together", key=key), 303)


def _page(key: str, form: OtherForm) -> ResponseReturnValue:
    actor, loaded = current_actor(), opened_report(key)
    if isinstance(loaded, Response):
        return loaded
    page = render_template(
        "incidents/together.html",
        report=report_page(actor, loaded),
        here=Step.WORDS.value,
        found=together_of(actor, loaded),
        form=form,
    )
    return page, form.status
