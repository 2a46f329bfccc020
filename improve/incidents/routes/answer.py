"""Answering whoever reported: they read it with the words of their receipt."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.use import AnswerForm
from improve.incidents.queries.use import AnswerLine, after_page
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.call_back import THEY_READ
from improve.incidents.service.answer import give_answer
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/reports/desk/<key>/answer", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def answer(key: str) -> ResponseReturnValue:
    """Answer whoever reported; where the idea has ended, from the draft that its end made."""
    actor, form, is_stale = current_actor(), AnswerForm(), False
    if request.method == "POST" and not wants_change() and form.is_sent():
        words = form.words.data or ""
        if kinds := kinds_to_show(words):
            return ask_to_read_again(None, kinds, about="answer", read_by=THEY_READ)
        try:
            give_answer(
                actor,
                key=key,
                words=words,
                seen_version=form.version.data,
                draft=form.draft.data or "",
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("The answer is given. They read it with the words of their receipt.")
            return redirect(url_for("incidents.answer", key=key), 303)
    after = after_page(actor, key)
    draft = next(iter(after.drafts), None)
    if request.method == "GET" and draft is not None:
        form.words.data, form.draft.data = draft.words, draft.key
    if is_stale:
        form.draft.data = _still(form.draft.data, after.drafts)
    if request.method == "GET" or is_stale:
        form.version.data = after.report.version
    page = render_template(
        "incidents/answer.html",
        report=after.report,
        learned=after.learned,
        given=after.given,
        draft=draft,
        form=form,
        is_stale=is_stale,
        here=Step.ANSWER.value,
    )
    return page, 409 if is_stale else form.status


def _still(key: str | None, drafts: tuple[AnswerLine, ...]) -> str:
    """Return the draft that was begun from, “” where it was given or is gone."""
    return key if key and key in {line.key for line in drafts} else ""
