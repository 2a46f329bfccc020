"""What others may read of a report: written, compared, each change with its rule, agreed to."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.checklist import CHECKS, RULE_WORDS, Line
from improve.incidents.forms.words import CheckForm, WordsForm
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.reading import report_page
from improve.incidents.queries.words import words_view
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.opened import opened_report
from improve.incidents.service.words import check_words, write_words
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/reports/desk/<key>/words", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def words(key: str) -> ResponseReturnValue:
    """Write what others may read, beside what was written; then compare the two."""
    actor, form = current_actor(), WordsForm()
    is_stale = False
    if form.is_sent():
        typed = form.words.data or ""
        try:
            write_words(actor, key=key, words=typed, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            return redirect(url_for("incidents.check", key=key), 303)
    loaded = opened_report(key)
    if isinstance(loaded, Response):
        return loaded
    view = words_view(actor, loaded)
    if request.method == "GET":
        form.words.data = view.work.shareable or view.original
        form.version.data = loaded.incident.version
    page = render_template(
        "incidents/words_meanwhile.html" if is_stale else "incidents/words.html",
        report=report_page(actor, loaded),
        here=Step.WORDS.value,
        view=view,
        form=form,
    )
    return page, 409 if is_stale else form.status


@blueprint.route("/reports/desk/<key>/check", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def check(key: str) -> ResponseReturnValue:
    """Show both texts side by side, the rule of each change and the checklist; agree to it."""
    actor, form = current_actor(), CheckForm()
    rules = request.form.getlist("rule")
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.theme.data):
            return ask_to_read_again(None, kinds, about="report theme")
        try:
            check_words(
                actor,
                key=key,
                rules=rules,
                rest=form.rest.data or "",
                ticks=form.ticks.data or (),
                guess=form.guess.data or "",
                theme=form.theme.data or "",
                is_agreeing=bool(form.agree.data),
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("You agreed to these words." if form.agree.data else "Kept.")
            return redirect(url_for("incidents.check", key=key), 303)
    loaded = opened_report(key)
    if isinstance(loaded, Response):
        return loaded
    return _check_page(loaded, form, rules, is_stale=is_stale)


def _check_page(
    loaded: Loaded, form: CheckForm, rules: list[str], *, is_stale: bool
) -> ResponseReturnValue:
    actor = current_actor()
    view = words_view(actor, loaded)
    form.offer(is_strict=loaded.incident.is_strict)
    if request.method == "GET":
        form.ticks.data = list(view.work.ticks)
        form.guess.data, form.theme.data = view.work.guess, view.work.theme
    if request.method == "GET" or is_stale:
        form.version.data = loaded.incident.version
    kept = [str(view.work.rules.get(str(change.n), "")) for change in view.changes]
    page = render_template(
        "incidents/check.html",
        report=report_page(actor, loaded),
        here=Step.WORDS.value,
        view=view,
        form=form,
        chosen=rules if len(rules) == len(kept) else kept,
        is_stale=is_stale,
        rule_words=RULE_WORDS,
        rules_by_line={line.value: CHECKS[line].rule for line in Line},
    )
    return page, 409 if is_stale else form.status
