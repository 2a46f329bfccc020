"""One's own record: making it, reading it, adding to it, taking it out and away."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.cpd import asked, queries, service
from improve.cpd.document import RecordView, file_name, record_csv
from improve.cpd.forms import AddCyclesForm, DaysForm, MakeRecordForm
from improve.cpd.routes.blueprint import blueprint
from improve.cpd.word_file import record_docx
from improve.ideas.queries import cycles_for_record
from improve.ideas.record_views import RecordCycle
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import day_year

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.route("/me/record", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def records() -> ResponseReturnValue:
    """List my records, and make one from what I took part in."""
    actor = current_actor()
    form = MakeRecordForm()
    if request.method == "POST" and form.is_sent():
        first, last = form.day("first_on"), form.day("last_on")
        if first is None or last is None:
            abort(400)
        try:
            made = service.make_record(
                actor,
                from_on=first,
                to_on=last,
                cycle_ids=form.cycles.ids,
                form_token=form.form_token.data or "",
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Your record is made. Read it through, and write your own reflection.")
            return redirect(url_for("cpd.record", record_id=made), 303)
    usual = asked.year_of(clock.today())
    days = DaysForm(request.args)
    first, last = days.days(usual)
    found = cycles_for_record(actor, first, last)
    form.first_on.data, form.last_on.data = first.isoformat(), last.isoformat()
    form.cycles.offer(_choices(found), ticked=request.method == "GET")
    return render_template(
        "cpd/records.html",
        form=form if request.method == "POST" else days,
        make=form,
        days=days,
        records=queries.records(actor),
        hints=_hints(found),
        asked_words=asked.asked_words(last),
        asked=asked,
    ), form.status if request.method == "POST" else 200


@blueprint.get("/me/record/<int:record_id>")
@requires(Permission.SEE_OWN_PAGE)
def record(record_id: int) -> ResponseReturnValue:
    """Show one of my records: its pieces, how far it is, and how to take it out."""
    held = queries.record(current_actor(), record_id)
    return render_template(
        "cpd/record.html", record=held, asked=asked, asked_words=asked.asked_words(held.to_on)
    )


@blueprint.route("/me/record/<int:record_id>/cycles", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def add_cycles(record_id: int) -> ResponseReturnValue:
    """Add what I took part in since I made the record."""
    actor = current_actor()
    held = queries.record(actor, record_id)
    form = AddCyclesForm()
    if request.method == "POST" and form.is_sent():
        service.add_cycles(actor, record_id=record_id, cycle_ids=form.cycles.ids)
        return redirect(url_for("cpd.record", record_id=record_id), 303)
    there = {piece.cycle_id for piece in held.pieces}
    until = asked.still_open_until(held.to_on, clock.today())
    found = [
        cycle
        for cycle in cycles_for_record(actor, held.from_on, until)
        if cycle.cycle_id not in there
    ]
    form.cycles.offer(_choices(found), ticked=False)
    return render_template(
        "cpd/add_cycles.html", form=form, record=held, hints=_hints(found)
    ), form.status


@blueprint.get("/me/record/<int:record_id>/print")
@requires(Permission.SEE_OWN_PAGE)
def print_record(record_id: int) -> ResponseReturnValue:
    """Show a record as it prints."""
    actor = current_actor()
    held = queries.record(actor, record_id)
    return render_template("cpd/print.html", record=held, asked=asked, today=clock.today())


@blueprint.post("/me/record/<int:record_id>/word")
@requires(Permission.SEE_OWN_PAGE)
@commits
def export_word(record_id: int) -> ResponseReturnValue:
    """Give my record as a Word file; that it was taken out is noted, never what is in it."""
    actor = current_actor()
    held = _to_export(actor, record_id, "word")
    return _file(record_docx(held, name=actor.name), DOCX, f"{file_name(held)}.docx")


@blueprint.post("/me/record/<int:record_id>/csv")
@requires(Permission.SEE_OWN_PAGE)
@commits
def export_csv(record_id: int) -> ResponseReturnValue:
    """Give my record as a CSV file; that it was taken out is noted, never what is in it."""
    held = _to_export(current_actor(), record_id, "csv")
    return _file(record_csv(held), "text/csv; charset=utf-8", f"{file_name(held)}.csv")


@blueprint.route("/me/record/<int:record_id>/delete", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def delete_record(record_id: int) -> ResponseReturnValue:
    """Take a record away, after a page that says what goes."""
    actor = current_actor()
    held = queries.record(actor, record_id)
    form = ButtonForm()
    if request.method == "POST" and form.is_sent():
        service.delete_record(actor, record_id=record_id)
        say("The record is deleted. Nothing is left of it.")
        return redirect(url_for("cpd.records"), 303)
    return render_template("cpd/delete_record.html", form=form, record=held), form.status


def _to_export(actor: Actor, record_id: int, how: str) -> RecordView:
    held = queries.record(actor, record_id)
    service.note_export(actor, record_id=record_id, how=how)
    return held


def _file(body: bytes, mimetype: str, name: str) -> Response:
    return Response(
        body,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _choices(cycles: list[RecordCycle]) -> list[tuple[int, str]]:
    return [(cycle.cycle_id, f"{cycle.title}, cycle {cycle.number}") for cycle in cycles]


def _hints(cycles: list[RecordCycle]) -> dict[str, str]:
    """Return what stands under each cycle: when, where, and how I took part."""
    return {str(cycle.cycle_id): _hint(cycle) for cycle in cycles}


def _hint(cycle: RecordCycle) -> str:
    ended = {"Keep": "kept", "Change": "changed", "Stop": "stopped"}.get(cycle.decision, "going on")
    on: date = cycle.on
    return f"{cycle.part}, {cycle.team_name}, {ended}, {day_year(on)}"
