"""The promise to those who tell us, signed by a leader with their own account."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.voices.forms.setup import PromiseForm
from improve.voices.queries.readiness import setup_of
from improve.voices.routes.blueprint import blueprint
from improve.voices.service.setup import sign_promise
from improve.voices.wording import PROMISE


@blueprint.route("/voices/promise", methods=["GET", "POST"])
@requires(Permission.PROMISE_TO_VOICES)
@commits
def promise() -> ResponseReturnValue:
    """Show the promise, and let a leader sign it."""
    actor, form, status = current_actor(), PromiseForm(), 200
    if form.is_sent():
        try:
            sign_promise(actor, words=form.words.data or "", seen_version=int(form.version.data))
            say("Signed, with your name and today’s date.")
            return redirect(url_for("voices.promise"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    setup = setup_of(actor)
    if request.method == "GET":
        form.words.data = setup.promise or PROMISE
    if request.method == "GET" or status == 409:
        form.version.data = setup.version
    page = render_template(
        "voices/admin_promise.html", form=form, setup=setup, is_stale=status == 409
    )
    return page, status if status == 409 or request.method == "GET" else form.status
