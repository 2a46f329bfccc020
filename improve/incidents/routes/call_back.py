"""Calling back whoever left a way, and asking whoever comes back with the receipt."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.incidents.forms.words import AskForm, CallBackForm, MessagesReadForm
from improve.incidents.queries.call_back import call_back_of
from improve.incidents.queries.reading import report_page
from improve.incidents.queries.thread import threads_of
from improve.incidents.reading import Step
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.routes.opened import opened_report
from improve.incidents.service import ask as asking
from improve.incidents.service.call_back import keep_call_back, open_contact
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

THEY_READ = "Whoever has the receipt can read them."


@blueprint.route("/reports/desk/<key>/call-back", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def call_back(key: str) -> ResponseReturnValue:
    """Show how to call back, once opened, beside the words to read out; keep what came of it."""
    actor, form = current_actor(), CallBackForm()
    is_stale = False
    if form.is_sent():
        try:
            keep_call_back(
                actor,
                key=key,
                outcome=form.outcome.data or "",
                guess=form.guess.data or "",
                seen_version=form.version.data,
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("Kept.")
            return redirect(url_for("incidents.call_back", key=key), 303)
    loaded = opened_report(key)
    if isinstance(loaded, Response):
        return loaded
    report = report_page(actor, loaded)
    if request.method == "GET":
        form.outcome.data = loaded.work.call_back
        form.guess.data = loaded.work.guess if loaded.work.call_back == "done" else ""
    if request.method == "GET" or is_stale:
        form.version.data = loaded.incident.version
    page = render_template(
        "incidents/call_back.html",
        report=report,
        here=Step.CALL_BACK.value,
        found=call_back_of(actor, loaded),
        work=loaded.work,
        form=form,
        is_stale=is_stale,
    )
    return page, 409 if is_stale else form.status


@blueprint.post("/reports/desk/<key>/contact")
@requires(Permission.REVIEW_REPORTS)
@commits
def contact(key: str) -> ResponseReturnValue:
    """Open how to call back: recorded, and shown to this reviewer alone."""
    if ButtonForm().is_sent():
        open_contact(current_actor(), key=key)
    return redirect(url_for("incidents.call_back", key=key), 303)


@blueprint.route("/reports/desk/<key>/ask", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def ask(key: str) -> ResponseReturnValue:
    """Show the thread, and ask whoever reported it."""
    actor, form = current_actor(), AskForm()
    if request.method == "POST" and not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.words.data):
            return ask_to_read_again(None, kinds, about="report question", read_by=THEY_READ)
        try:
            asking.ask(actor, key=key, of=form.of.data or key, words=form.words.data or "")
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Your question waits for whoever has the receipt.")
            return redirect(url_for("incidents.ask", key=key), 303)
    loaded = opened_report(key)
    if isinstance(loaded, Response):
        return loaded
    page = render_template(
        "incidents/ask.html",
        report=report_page(actor, loaded),
        here=Step.CALL_BACK.value,
        threads=threads_of(loaded),
        form=form,
    )
    return page, form.status


@blueprint.post("/reports/desk/<key>/messages-read")
@requires(Permission.REVIEW_REPORTS)
@commits
def messages_read(key: str) -> ResponseReturnValue:
    """Say that what the reporter wrote was read, and shows nobody in danger."""
    form = MessagesReadForm()
    if form.is_sent():
        asking.read_messages(
            current_actor(), key=key, of=form.of.data or key, read_to=form.read_to.data
        )
    return redirect(url_for("incidents.ask", key=key), 303)
