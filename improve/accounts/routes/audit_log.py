"""The log of acts, for administrators and the data protection lead: to read, and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.forms.audit_log import LogForm, LookForm, mark, read_mark
from improve.accounts.queries.audit_log import (
    MOST_PEOPLE,
    Called,
    LogFilter,
    LogPage,
    last_checks,
    log_page,
    people_like,
    person_called,
)
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.service.audit_log import MOST_ENTRIES, take_log
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.downloads import download, scratch_file

NOTHING: Final = LogPage([], None)


@blueprint.get("/admin/log")
@requires(Permission.READ_LOG)
def audit_log() -> ResponseReturnValue:
    """Show what was done, newest first, fifty a page, by days, kind and person."""
    form = LookForm(request.args)
    form.who.data = ""
    wanted = _wanted(form)
    return _page(form, log_page(current_actor(), wanted) if wanted else NOTHING), form.status


@blueprint.post("/admin/log/look")
@requires(Permission.READ_LOG)
def look_in_log() -> ResponseReturnValue:
    """Find whom a name is of, and lead to what is looked for; ask which one where several are."""
    form = LookForm(request.form)
    if not form.validate():
        return _page(form, NOTHING), 422
    if not form.who.data:
        return redirect(_address(form), 303)
    found = people_like(current_actor(), form.who.data)
    if len(found) == 1:
        return redirect(_address(form, person=found[0].id), 303)
    if not found:
        form.who.errors = ["Nobody here has this name or address. Write part of it."]
    elif len(found) > MOST_PEOPLE:
        form.who.errors = ["Many people are called that. Write more of the name."]
    else:
        return _page(form, NOTHING, whom=found), 200
    return _page(form, NOTHING), 422


@blueprint.post("/admin/log")
@requires(Permission.READ_LOG)
@commits
def take_audit_log() -> ResponseReturnValue:
    """Give what was looked for as a file. That is an act, too, and so is in the log."""
    form = LookForm(request.form)
    wanted = _wanted(form)
    if wanted is None:
        return _page(form, NOTHING), 422
    file = scratch_file()
    take_log(current_actor(), wanted=wanted, file=file)
    return download(file, f"log-{clock.today():%Y-%m-%d}.csv", "text/csv")


def _wanted(form: LogForm) -> LogFilter | None:
    """Return what is looked for, or None where the form says what to put right."""
    if not form.validate():
        return None
    people = None if form.person_id is None else (form.person_id,)
    before = read_mark(request.args.get("before"))
    return LogFilter(form.from_day, form.to_day, form.group, people, before)


def _asked(form: LogForm) -> dict[str, str]:
    """Return what is looked for as an address says it: no name."""
    return {name: value for name, value in form.data.items() if value and name != "who"}


def _address(form: LogForm, *, person: int | None = None) -> str:
    asked: dict[str, Any] = {**_asked(form), **({"person": person} if person else {})}
    return url_for("accounts.audit_log", **asked)


def _page(form: LookForm, listed: LogPage, *, whom: Sequence[Called] = ()) -> str:
    """Draw the page; ``whom``: who is called what was typed, where several are."""
    backed_up_at, checked_at = last_checks()
    person_id = None if whom else form.person_id
    return render_template(
        "accounts/audit_log.html",
        backed_up_at=backed_up_at,
        checked_at=checked_at,
        form=form,
        listed=listed,
        asked=_asked(form),
        everybody={name: value for name, value in _asked(form).items() if name != "person"},
        chosen=person_called(current_actor(), person_id) if person_id is not None else None,
        whom=[(one, _address(form, person=one.id)) for one in whom],
        older=mark(listed.older) if listed.older else None,
        is_first="before" not in request.args,
        most=MOST_ENTRIES,
    )
