"""Kind and factors of a report: coded by two apart, compared, and agreed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.desk import FACTOR_HINTS, FactorsForm
from improve.incidents.queries.coding import CodingView, coding_view
from improve.incidents.queries.reading import report_page
from improve.incidents.queries.told_words import told_words
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service import coding as service
from improve.incidents.service.one import report_for_review
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale


@blueprint.route("/reports/desk/<key>/coding", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def coding(key: str) -> ResponseReturnValue:
    """Code kind and factors by oneself; once both have, the two stand side by side."""
    form = FactorsForm()
    if form.is_sent():
        try:
            service.code(
                current_actor(),
                key=key,
                kind=form.kind.data or "",
                factors=form.factors.data or [],
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Kept. The other reader sees it when both have coded.")
            return redirect(url_for("incidents.coding", key=key), 303)
    return _page(key, form)


@blueprint.post("/reports/desk/<key>/agreed")
@requires(Permission.REVIEW_REPORTS)
@commits
def agreed(key: str) -> ResponseReturnValue:
    """Keep the kind and the factors that both readers agreed on."""
    form, is_stale = FactorsForm(), False
    if form.is_sent():
        try:
            service.agree(
                current_actor(),
                key=key,
                kind=form.kind.data or "",
                factors=form.factors.data or [],
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("Kept as what both agree on.")
            return redirect(url_for("incidents.coding", key=key), 303)
    return _page(key, form, is_stale=is_stale)


def _page(key: str, form: FactorsForm, *, is_stale: bool = False) -> ResponseReturnValue:
    actor = current_actor()
    loaded = report_for_review(actor, key)
    view = coding_view(loaded)
    if request.method == "GET":
        _show(form, view)
    if request.method == "GET" or is_stale or form.version.data is None:
        form.version.data = loaded.incident.version
    page = render_template(
        "incidents/coding.html",
        report=report_page(actor, loaded),
        told=told_words(actor, loaded),
        coding=view,
        form=form,
        is_stale=is_stale,
        hints=FACTOR_HINTS,
        here=Step.CODING.value,
    )
    return page, 409 if is_stale else form.status


def _show(form: FactorsForm, view: CodingView) -> None:
    """Fill the form with what was agreed, else what both chose, else what this reader coded."""
    if view.agreed_kind:
        form.kind.data, form.factors.data = view.agreed_kind, list(view.agreed)
    elif view.theirs is not None:
        form.kind.data = view.mine.kind if view.is_same_kind else None
        form.factors.data = [line.code for line in view.lines if line.by_me and line.by_other]
    else:
        form.kind.data, form.factors.data = view.mine.kind or None, list(view.mine.factors)
