"""Paste or upload many numbers, look through them row by row, add them all or none."""

from __future__ import annotations

import re

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, may
from improve.measures import queries, service
from improve.measures.forms import ConfirmForm, ImportForm, PickForm, short_period
from improve.measures.number_words import number_words
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.pages import PERIOD_HEADS
from improve.measures.service.imports import Origin
from improve.measures.service.number_rules import period_of
from improve.measures.service.point_rows import WHO_ENTERS
from improve.measures.spc.phrases import value_words
from improve.measures.table_import import PreviewRow
from improve.measures.views import MeasureView
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken
from improve.shared.identifiers import likely_identifiers
from improve.shared.read_again import ask_to_read_again, wants_change

#: Rows shown in full: bad ones with fields to put them right, good ones to look at.
BAD_ROWS_EDITED = 200
READY_ROWS_SHOWN = 50
NOTES_READ_AGAIN = 20
#: The header by which the page's script says that it shows how far a file is sent.
SENDS_WITH_PROGRESS = "X-Shows-Progress"
_CELL = re.compile(r"cell-([0-9]{1,7})-([0-4])")


@blueprint.route("/measures/<int:measure_id>/import", methods=["GET", "POST"])
@requires(Permission.ENTER_DATA)
@commits
def import_rows(measure_id: int) -> ResponseReturnValue:
    """Take pasted rows or a file and lead to the preview; nothing is saved yet."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    if not may(actor, Permission.ENTER_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_ENTERS)
    form = ImportForm()
    if form.is_sent():
        source, file_name = form.source()
        try:
            draft_id = service.start_import(
                actor, measure_id=measure_id, source=source, file_name=file_name
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return _to_preview(measure_id, draft_id)
    return render_template(
        "measures/import.html",
        form=form,
        measure=measure,
        words=number_words(measure),
        period_head=PERIOD_HEADS[measure.frequency],
    ), form.status


def _to_preview(measure_id: int, draft_id: int) -> ResponseReturnValue:
    """Lead on to the preview: the script that shows how much is sent is told where, and goes."""
    target = url_for("measures.preview_rows", measure_id=measure_id, draft_id=draft_id)
    if request.headers.get(SENDS_WITH_PROGRESS):
        rows = queries.rows_of_draft(current_actor(), measure_id, draft_id)
        return Response(status=204, headers={"X-Go-To": target, "X-Rows": f"{rows:,}"})
    return redirect(target, 303)


@blueprint.get("/measures/<int:measure_id>/import/<int:draft_id>")
@requires(Permission.ENTER_DATA)
def preview_rows(measure_id: int, draft_id: int) -> ResponseReturnValue:
    """Show what each row will do, bad ones first; for a wide file, ask which numbers."""
    return _preview(measure_id, draft_id)


def _preview(
    measure_id: int,
    draft_id: int,
    *,
    form: ConfirmForm | None = None,
    pick_form: PickForm | None = None,
    refusal: RuleBroken | None = None,
) -> ResponseReturnValue:
    preview = service.preview_import(current_actor(), measure_id=measure_id, draft_id=draft_id)
    if preview.wide is not None:
        pick_form = pick_form or PickForm(formdata=None)
        wide = preview.wide
        pick_form.offer(wide, number_words(preview.measure).heads, period_of(preview.measure))
        if pick_form.pick_column.data is None:
            pick_form.pick_column.data = wide.pick_column
        return render_template(
            "measures/import_pick.html", form=pick_form, preview=preview, measure=preview.measure
        ), pick_form.status
    confirm = form or ConfirmForm(formdata=None)
    confirm.seen.data = preview.seen
    if not preview.may_replace:
        confirm.replace.data = "keep"
    if refusal is not None:
        confirm.refuse(refusal)
    if preview.origin and confirm.source.data is None:
        confirm.source.data = preview.origin.source
        confirm.licence.data = preview.origin.licence
    is_all = request.args.get("rows") == "all"
    assert preview.rows is not None  # noqa: S101 - a table that is not wide has rows
    bad = preview.rows.bad_rows
    shown = {row.row_number for row in bad[:BAD_ROWS_EDITED]}
    # Of two rows for one period either may be the wrong one: both are there to be changed.
    shown |= {row.repeats for row in bad[:BAD_ROWS_EDITED] if row.repeats is not None}
    ready = [r for r in preview.rows.rows if r.state != "bad" and r.row_number not in shown]
    return render_template(
        "measures/import_preview.html",
        form=confirm,
        preview=preview,
        measure=preview.measure,
        rows=preview.rows,
        edited=[row for row in preview.rows.rows if row.row_number in shown],
        more_bad=bad[BAD_ROWS_EDITED:],
        ready=ready if is_all else ready[:READY_ROWS_SHOWN],
        ready_count=len(ready),
        period_head=PERIOD_HEADS[period_of(preview.measure)],
        period_word=period_of(preview.measure),
        short_period=short_period,
        words=number_words(preview.measure),
        day_named=period_of(preview.measure) in ("day", "week"),
        result_of=lambda row: _result(preview.measure, row),
        worked_out=lambda row: "none" if row.value is None else value_words(row.value, ""),
    ), confirm.status


@blueprint.post("/measures/<int:measure_id>/import/<int:draft_id>/pick")
@requires(Permission.ENTER_DATA)
@commits
def pick_series(measure_id: int, draft_id: int) -> ResponseReturnValue:
    """Take one place's numbers out of a wide file."""
    actor = current_actor()
    queries.import_draft(actor, measure_id, draft_id)
    form = PickForm()
    form.pick_column.choices = form.column.choices = form.column_of.choices = []
    if form.is_sent():
        column, name = form.place()
        try:
            service.pick_series(
                actor,
                measure_id=measure_id,
                draft_id=draft_id,
                pick_column=column,
                pick_value=name,
                columns=form.columns(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(
                url_for("measures.preview_rows", measure_id=measure_id, draft_id=draft_id), 303
            )
    return _preview(measure_id, draft_id, pick_form=form)


@blueprint.post("/measures/<int:measure_id>/import/<int:draft_id>/check")
@requires(Permission.ENTER_DATA)
@commits
def check_rows(measure_id: int, draft_id: int) -> ResponseReturnValue:
    """Keep what was put right in the bad rows and show the preview again."""
    actor = current_actor()
    queries.import_draft(actor, measure_id, draft_id)
    form = ConfirmForm()
    if form.is_sent():
        service.correct_import(
            actor, measure_id=measure_id, draft_id=draft_id, cells=_typed_cells()
        )
        return redirect(
            url_for("measures.preview_rows", measure_id=measure_id, draft_id=draft_id), 303
        )
    return _preview(measure_id, draft_id, form=form)


@blueprint.post("/measures/<int:measure_id>/import/<int:draft_id>/confirm")
@requires(Permission.ENTER_DATA)
@commits
def confirm_rows(measure_id: int, draft_id: int) -> ResponseReturnValue:
    """Add the rows shown as ready, all or none."""
    actor = current_actor()
    queries.import_draft(actor, measure_id, draft_id)
    form = ConfirmForm()
    if not wants_change() and form.is_sent():
        if answer := _words_to_read_again(measure_id, draft_id, form.reason.data or ""):
            return answer
        try:
            done = service.confirm_import(
                actor,
                measure_id=measure_id,
                draft_id=draft_id,
                seen=form.seen.data or "",
                leave_bad_out=bool(form.leave_bad_out.data),
                replace=form.replace.data == "replace",
                reason=form.reason.data or "",
                origin=Origin(form.source.data or "", form.licence.data or ""),
            )
        except RuleBroken as broken:
            return _preview(measure_id, draft_id, form=form, refusal=broken)
        return redirect(
            url_for(
                "measures.measure_page",
                measure_id=measure_id,
                imported=f"{done.new}-{done.replaced}-{done.left_out}",
            ),
            303,
        )
    return _preview(measure_id, draft_id, form=form)


def _words_to_read_again(measure_id: int, draft_id: int, reason: str) -> ResponseReturnValue | None:
    """Pause once where notes of the table, or the reason, may identify someone."""
    if request.form.get("confirmed"):
        return None
    actor = current_actor()
    preview = service.preview_import(actor, measure_id=measure_id, draft_id=draft_id)
    texts = [words for words in (reason, *preview.notes) if likely_identifiers(words)]
    if not texts:
        return None
    kinds = likely_identifiers(*texts)
    return ask_to_read_again(
        actor, kinds, measure_id=measure_id, about="import", texts=texts[:NOTES_READ_AGAIN]
    )


def _result(measure: MeasureView, row: PreviewRow) -> str:
    """Return what is shown of a row's numbers: a share, a rate, the middle of its times."""
    if row.state in ("gap", "start", "joined"):
        return "none" if row.state == "gap" else ""
    number = row.value if row.share is None else measure.multiply * row.share
    if number is None:
        return "none"
    return value_words(number, "%" if measure.is_proportion else "")


def _typed_cells() -> dict[int, list[str]]:
    """Return the texts typed into bad rows, by row number, in the order of the columns."""
    found: dict[int, dict[int, str]] = {}
    for name, text in request.form.items():
        if match := _CELL.fullmatch(name):
            found.setdefault(int(match[1]), {})[int(match[2])] = text[:200]
    return {row: [cells[at] for at in sorted(cells)] for row, cells in found.items()}
