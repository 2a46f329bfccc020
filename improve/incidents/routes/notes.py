"""The monthly note: read by all staff, written by reviewers."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.incidents.forms.notes import NoteForm
from improve.incidents.queries.learned import shown_in
from improve.incidents.queries.notes import note_of, notes_to_write, published_notes
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service.notes import write_note
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.formatting import page_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

_MONTH: Final = re.compile("[0-9]{4}-[0-9]{2}")


@blueprint.get("/reports/notes")
@requires(Permission.SEE_REPORT_LEARNING)
def notes() -> ResponseReturnValue:
    """Show the notes that are out, the newest month first."""
    found = published_notes(current_actor(), page=page_number(request.args.get("page")))
    return render_template("incidents/notes.html", found=found)


@blueprint.get("/reports/notes/write")
@requires(Permission.REVIEW_REPORTS)
def notes_of_months() -> ResponseReturnValue:
    """List the months that a note may be written for."""
    return render_template("incidents/notes_to_write.html", months=notes_to_write(current_actor()))


@blueprint.route("/reports/notes/write/<month>", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def note(month: str) -> ResponseReturnValue:
    """Write the note of a month, keep it for later, or let all staff read it."""
    actor, form, first = current_actor(), NoteForm(), _first_of(month)
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        texts = {"heard": form.heard.data or "", "trying": form.trying.data or ""}
        if kinds := kinds_to_show(*texts.values()):
            return ask_to_read_again(actor, kinds, about="report note")
        try:
            is_out = write_note(
                actor,
                month=first,
                **texts,
                seen_version=form.version.data,
                is_to_publish=bool(request.form.get("publish")),
            )
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            is_stale = True
        else:
            say("All staff can read it now, and are told." if is_out else "Kept.")
            return redirect(url_for("incidents.notes_of_months"), 303)
    kept = note_of(actor, first)
    if request.method == "GET":
        form.heard.data, form.trying.data = kept.heard, kept.trying
    if request.method == "GET" or is_stale:
        form.version.data = kept.version
    page = render_template(
        "incidents/note.html",
        form=form,
        kept=kept,
        is_stale=is_stale,
        learned=shown_in(actor, first),
    )
    return page, 409 if is_stale else 200 if request.method == "GET" else form.status


def _first_of(month: str) -> date:
    """Return the first day of a month as its address writes it: “2026-10”."""
    if not _MONTH.fullmatch(month):
        raise NotFound
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound from None
