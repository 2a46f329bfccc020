"""Administration: whom to ring about a child, shown where somebody says it is a worry."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.duty_numbers import DutyNumbersForm
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale


@blueprint.route("/admin/duty-numbers", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def duty_numbers() -> ResponseReturnValue:
    """Say whom to ring about a child, by day and by night."""
    actor = current_actor()
    if not service.may_set_up_teams(actor):
        raise Forbidden("Only an administrator can change this.")
    form, status = DutyNumbersForm(), 200
    if form.is_sent():
        try:
            service.set_duty_numbers(actor, words=form.words, seen=form.seen)
            say("Kept. The page about safeguarding worries shows it to everybody.")
            return redirect(url_for("accounts.duty_numbers"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    now = queries.duty_numbers(actor)
    if request.method == "GET" or status == 409:
        form.show(now, typed=status == 409)
    elif status == 200:
        status = form.status
    page = render_template("accounts/duty_numbers.html", form=form, now=now, is_stale=status == 409)
    return page, status
