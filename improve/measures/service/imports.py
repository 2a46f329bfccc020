"""A pasted or uploaded table: kept for its person, previewed row by row, then all in or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, or_

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import ImportDraft
from improve.measures.queries import DRAFT_LIFE, DraftView
from improve.measures.service.define import details_of, edit_measure
from improve.measures.service.import_tables import (
    WideChoices,
    choices_of,
    content_of,
    keep,
    labels_of,
    needs_a_pick,
    origin_of,
    pick_of,
    refused,
    table_of,
)
from improve.measures.service.many_points import add_points
from improve.measures.service.number_rules import EARLIEST, latest_day, period_of
from improve.measures.service.point_rows import WHO_CHANGES, WHO_ENTERS, NewPoint, check_may
from improve.measures.table_import import (
    ImportPreview,
    PreviewRow,
    Recorded,
    Row,
    Table,
    TableRefused,
    is_workbook,
    read_observations,
    read_table,
    read_wide,
    read_workbook,
)
from improve.measures.table_import.columns import Columns, columns_of
from improve.measures.views import MeasureView, ObservationView
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.file_names import tidy_name


@dataclass(frozen=True)
class Origin:
    """Where an official file comes from, to be noted on the measure: a person confirms it."""

    source: str
    licence: str


@dataclass(frozen=True)
class Preview:
    """A table checked against its measure; ``wide`` is set while a series must be picked first.

    ``origin`` is offered where the file is known and the measure names no source yet.
    """

    measure: MeasureView
    draft: DraftView
    rows: ImportPreview | None
    wide: WideChoices | None = None
    may_replace: bool = False
    origin: Origin | None = None

    @property
    def seen(self) -> str:
        """What the person saw, to notice that numbers changed between preview and confirmation."""
        if self.rows is None:
            return ""
        # The words say what stands there now, so a number changed by someone else shows as well
        # as one that was added.
        said = "\n".join([f"{r.row_number} {r.state} {r.words} {r.hint}" for r in self.rows.rows])
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def notes(self) -> tuple[str, ...]:
        """The words that saving would bring in: notes, and why points are left out."""
        rows = self.rows.ready_rows if self.rows else ()
        return tuple([words for row in rows for words in (row.note, row.left_out) if words])


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    new: int
    replaced: int
    kept: int
    left_out: int


def start_import(actor: Actor, *, measure_id: int, source: str | bytes, file_name: str = "") -> int:
    """Keep a pasted text, CSV file or workbook for a day, for this person, and return its id.

    Refuses with ``RuleBroken`` (field ``pasted`` or ``file``) what can't be read as a table.
    Tables left from earlier tries on the measure, and anyone's older than a day, are removed.
    """
    measure = queries.measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    field = "file" if isinstance(source, bytes) else "pasted"
    try:
        if isinstance(source, bytes) and is_workbook(source):
            table = read_workbook(source)
        else:
            table = read_table(source, filename=file_name or None)
        if not needs_a_pick(table):
            _columns(table, measure)
    except TableRefused as refusal:
        raise refused(refusal, field) from None
    old = ImportDraft.created_at <= clock.now() - DRAFT_LIFE
    own = (ImportDraft.person_id == actor.person_id) & (ImportDraft.measure_id == measure_id)
    db.session.execute(
        delete(ImportDraft).where(or_(old, own)).execution_options(synchronize_session=False)
    )
    draft = ImportDraft(
        measure_id=measure_id,
        person_id=actor.person_id,
        file_name=tidy_name(file_name),
        content=content_of(table),
        created_at=clock.now(),
    )
    db.session.add(draft)
    db.session.flush()
    return draft.id


def pick_series(
    actor: Actor,
    *,
    measure_id: int,
    draft_id: int,
    pick_column: str,
    pick_value: str,
    columns: Sequence[str],
) -> None:
    """Cut one series out of a wide file: the rows where a column holds a value; months or columns.

    The draft then holds that series alone. Refuses with ``RuleBroken`` beside the field.
    """
    measure = queries.measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    draft = queries.import_draft(actor, measure_id, draft_id)
    if measure.is_pair and len(columns) != 2:
        missing = "column_of" if columns else "column"
        raise RuleBroken([Reason("Choose a column for each of the two numbers.", missing)])
    table = table_of(draft)
    pick = pick_of(table, pick_column, pick_value)
    try:
        picked = read_wide(table, pick, columns)
    except TableRefused as refusal:
        field = "pick_value" if pick or "More than one" in refusal.words else "column"
        raise refused(refusal, field) from None
    if picked.period != period_of(measure):
        words = (
            f"This file has a number for each {picked.period}, and the measure is counted "
            f"by {period_of(measure)}."
        )
        raise RuleBroken([Reason(words, "column")])
    source, licence = origin_of(table, pick_value, columns)
    content = content_of(picked.table) | {
        "read_as": picked.words,
        "pick": pick_value,
        "source": source,
        "licence": licence,
    }
    keep(draft, content)


def preview_import(actor: Actor, *, measure_id: int, draft_id: int) -> Preview:
    """Check every row of the kept table against the measure as it is now. Saves nothing."""
    measure = queries.measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    draft = queries.import_draft(actor, measure_id, draft_id)
    table = table_of(draft)
    may_replace = may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id)
    if not draft.place and needs_a_pick(table):
        return Preview(measure, draft, None, choices_of(table), may_replace)
    existing = {
        start: _recorded(o) for start, o in queries.observations_at(actor, measure_id, None).items()
    }
    try:
        rows = read_observations(
            table,
            kind=measure.recorded,
            period=period_of(measure),
            earliest=EARLIEST,
            latest=latest_day(),
            existing=existing,
            labels=labels_of(measure),
            is_published=bool(draft.place),
            with_words=True,
        )
    except TableRefused as refusal:
        raise refused(refusal, None) from None
    if not may_replace and "left_out" in rows.roles:
        rows = _without_left_out(rows)
    return Preview(measure, draft, rows, None, may_replace, _origin(actor, measure, draft))


def correct_import(
    actor: Actor, *, measure_id: int, draft_id: int, cells: Mapping[int, Sequence[str]]
) -> None:
    """Put other texts into rows of the kept table, by row number; a row of blanks is taken out."""
    measure = queries.measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    draft = queries.import_draft(actor, measure_id, draft_id)
    table = table_of(draft)
    columns = _columns(table, measure)
    rows: list[Row] = []
    for row in table.rows:
        typed = cells.get(row.number)
        if typed is None or len(typed) != len(columns.places):
            rows.append(row)
        elif any(text.strip() for text in typed):
            rows.append(_corrected(row, typed, columns))
    kept = {k: v for k, v in draft.content.items() if k not in ("header", "rows")}
    keep(draft, kept | content_of(Table(table.header, tuple(rows))))


def confirm_import(
    actor: Actor,
    *,
    measure_id: int,
    draft_id: int,
    seen: str,
    leave_bad_out: bool,
    replace: bool,
    reason: str = "",
    origin: Origin | None = None,
) -> Imported:
    """Add the rows of the kept table, all of those shown as ready or none.

    Refuses with ``RuleBroken`` while rows need a look and were not left out, when numbers changed
    since the preview (``seen``), and replacing without a reason or by whoever may not. ``origin``
    is noted on the measure where it names no source yet.
    """
    preview = preview_import(actor, measure_id=measure_id, draft_id=draft_id)
    rows = preview.rows
    if rows is None:
        raise RuleBroken([Reason("Choose which numbers to take first.", "pick_value")])
    if preview.seen != seen:
        raise RuleBroken("Numbers of this measure have changed since. Look through it once more.")
    if rows.bad and not leave_bad_out:
        looks = "1 row needs" if rows.bad == 1 else f"{rows.bad:,} rows need"
        raise RuleBroken(f"{looks} a look. Put them right, or leave them out.")
    if rows.replaces and replace:
        if not preview.may_replace:
            raise Forbidden(WHO_CHANGES)
        if not reason.strip():
            raise RuleBroken([Reason("Say in a few words why they change.", "reason")])
    wanted = {"new", "noted", "replaces"} if replace else {"new", "noted"}
    points = [
        NewPoint(
            row.period_start,
            row.value,
            row.numerator,
            row.denominator,
            row.note,
            row.raw_values,
            row.left_out,
        )
        for row in rows.rows
        if row.state in wanted and row.period_start is not None
    ]
    if points:
        add_points(actor, measure_id=measure_id, points=points, reason=reason)
    if origin and preview.origin and (origin.source or origin.licence):
        _note_origin(actor, measure_id, origin)
    db.session.execute(
        delete(ImportDraft)
        .where(ImportDraft.id == preview.draft.id)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        actor, "measure.table_imported", "measure", measure_id, rows=len(points), left=rows.bad
    )
    replaced = rows.replaces if replace else 0
    return Imported(rows.new, replaced, rows.replaces - replaced + rows.same, rows.bad)


def purge_drafts() -> int:
    """Remove tables that waited longer than a day. For the nightly job."""
    result = db.session.execute(
        delete(ImportDraft)
        .where(ImportDraft.created_at <= clock.now() - DRAFT_LIFE)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _columns(table: Table, measure: MeasureView) -> Columns:
    return columns_of(table, kind=measure.recorded, labels=labels_of(measure), with_words=True)


def _recorded(o: ObservationView) -> Recorded:
    raw = tuple(o.raw_values or ())
    return Recorded(o.value, o.numerator, o.denominator, raw, o.note, o.excluded_reason)


def _corrected(row: Row, typed: Sequence[str], columns: Columns) -> Row:
    width = columns.width if columns.rest_from is None else columns.rest_from
    full = list(row.cells[:width])
    full += [""] * (max(columns.places) + 1 - len(full))
    for place, text in zip(columns.places, typed, strict=True):
        full[place] = text.strip()
    return Row(row.number, tuple(full), row.column)


def _without_left_out(rows: ImportPreview) -> ImportPreview:
    """The rows without reasons for leaving points out, for whoever may not leave any out."""
    if not any(row.left_out for row in rows.rows):
        return rows
    said = "Which points are left out is not taken over: a manager of the team or a coach can."
    kept = tuple([_counting(row) for row in rows.rows])
    changed = sum(1 for old, new in zip(rows.rows, kept, strict=True) if old.state != new.state)
    return replace(
        rows,
        rows=kept,
        notes=(*rows.notes, said),
        replaces=rows.replaces - changed,
        same=rows.same + changed,
    )


def _counting(row: PreviewRow) -> PreviewRow:
    if not row.left_out:
        return row
    if row.state == "replaces" and row.words.startswith("Leaves"):
        return replace(row, left_out="", state="same", words="Already there")
    return replace(row, left_out="")


def _origin(actor: Actor, measure: MeasureView, draft: DraftView) -> Origin | None:
    source = str(draft.content.get("source", ""))
    if not source or measure.source or measure.licence:
        return None
    if not may(actor, Permission.DEFINE_MEASURE, team_id=measure.team_id):
        return None
    return Origin(source, str(draft.content.get("licence", "")))


def _note_origin(actor: Actor, measure_id: int, origin: Origin) -> None:
    view = queries.measure(actor, measure_id)
    most = limits.length("source")
    details = replace(details_of(view), source=origin.source[:most], licence=origin.licence[:most])
    edit_measure(actor, measure_id=measure_id, seen_version=view.version, details=details)
