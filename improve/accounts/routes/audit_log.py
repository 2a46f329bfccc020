"""The log of acts, for administrators and the data protection lead: to read, and to take away."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.forms.audit_log import LogForm, mark, read_mark
from improve.accounts.queries.audit_log import (
    MOST_PEOPLE,
    LogFilter,
    LogPage,
    last_checks,
    log_page,
    people_like,
)
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.service.audit_log import MOST_ENTRIES, take_log
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.downloads import download, scratch_file


@blueprint.get("/admin/log")
@requires(Permission.READ_LOG)
def audit_log() -> ResponseReturnValue:
    """Show what was done, newest first, fifty a page, by days, kind and person."""
    form = LogForm(request.args)
    wanted = _wanted(form)
    listed = log_page(current_actor(), wanted) if wanted else LogPage([], None)
    return _page(form, listed), form.status


@blueprint.post("/admin/log")
@requires(Permission.READ_LOG)
@commits
def take_audit_log() -> ResponseReturnValue:
    """Give what was looked for as a file. That is an act, too, and so is in the log."""
    form = LogForm(request.form)
    wanted = _wanted(form)
    if wanted is None:
        return _page(form, LogPage([], None)), 422
    file = scratch_file()
    take_log(current_actor(), wanted=wanted, file=file)
    return download(file, f"log-{clock.today():%Y-%m-%d}.csv", "text/csv")


def _wanted(form: LogForm) -> LogFilter | None:
    """Return what is looked for, or None where the form says what to put right."""
    if not form.validate():
        return None
    people = None
    if form.q.data:
        found = people_like(current_actor(), form.q.data)
        if len(found) > MOST_PEOPLE:
            form.q.errors = ["Many people are called that. Write more of the name."]
            return None
        people = tuple(found)
    before = read_mark(request.args.get("before"))
    return LogFilter(form.from_day, form.to_day, form.group, people, before)


def _page(form: LogForm, listed: LogPage) -> str:
    asked = {name: value for name, value in form.data.items() if value}
    backed_up_at, checked_at = last_checks()
    return render_template(
        "accounts/audit_log.html",
        backed_up_at=backed_up_at,
        checked_at=checked_at,
        form=form,
        listed=listed,
        asked=asked,
        older=mark(listed.older) if listed.older else None,
        is_first="before" not in request.args,
        most=MOST_ENTRIES,
    )
