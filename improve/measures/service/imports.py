"""A pasted or uploaded table: kept for its person, previewed row by row, then all in or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, update

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import ImportDraft
from improve.measures.queries import DRAFT_LIFE, DraftView
from improve.measures.service.number_rules import EARLIEST, latest_day
from improve.measures.service.points import (
    WHO_CHANGES,
    WHO_ENTERS,
    NewPoint,
    add_points,
)
from improve.measures.table_import import (
    ImportPreview,
    Kind,
    Recorded,
    Row,
    Table,
    TableRefused,
    is_wide,
    is_workbook,
    read_observations,
    read_table,
    read_wide,
    read_workbook,
)
from improve.measures.table_import.columns import columns_of
from improve.measures.views import MeasureView
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.parsing import month_number

_LONGEST_FILE_NAME = 100
#: How the cells of a table are read, by what is recorded.
_READ_AS: dict[str, Kind] = {
    "proportion": "proportion",
    "rate": "rate",
    "count": "count",
    "value": "value",
    "times": "value",
    "days_between": "count",
    "cases_between": "count",
}
#: A year and its one or two numbers.
_PLAIN_COLUMNS = 3


@dataclass(frozen=True)
class WideChoices:
    """What can be picked from a wide official file: places by a column, and columns of numbers."""

    pick_columns: tuple[str, ...]
    pick_column: str
    pick_values: tuple[str, ...]
    number_columns: tuple[str, ...]
    has_months: bool


@dataclass(frozen=True)
class Preview:
    """A table checked against its measure; ``wide`` is set while a series must be picked first."""

    measure: MeasureView
    draft: DraftView
    rows: ImportPreview | None
    wide: WideChoices | None = None
    may_replace: bool = False

    @property
    def seen(self) -> str:
        """What the person saw, to notice that numbers changed between preview and confirmation."""
        if self.rows is None:
            return ""
        # The words say what stands there now, so a number changed by someone else shows as well
        # as one that was added.
        said = "\n".join(f"{row.row_number} {row.state} {row.words}" for row in self.rows.rows)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


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
    _check_may_enter(actor, measure)
    field = "file" if isinstance(source, bytes) else "pasted"
    try:
        if isinstance(source, bytes) and is_workbook(source):
            table = read_workbook(source)
        else:
            table = read_table(source, filename=file_name or None)
        if not _needs_a_pick(table):
            columns_of(table, is_pair=measure.is_pair, labels=_labels(measure))
    except TableRefused as refused:
        raise _refused(refused, field) from None
    old = ImportDraft.created_at <= clock.now() - DRAFT_LIFE
    own = (ImportDraft.person_id == actor.person_id) & (ImportDraft.measure_id == measure_id)
    db.session.execute(
        delete(ImportDraft).where(or_(old, own)).execution_options(synchronize_session=False)
    )
    draft = ImportDraft(
        measure_id=measure_id,
        person_id=actor.person_id,
        file_name=_tidy_name(file_name),
        content=_content(table),
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
    _check_may_enter(actor, measure)
    draft = queries.import_draft(actor, measure_id, draft_id)
    pick = {pick_column: pick_value} if pick_column and pick_value else {}
    if measure.is_pair and len(columns) != 2:
        raise RuleBroken([Reason("Choose a column for each of the two numbers.", "column")])
    try:
        picked = read_wide(_table(draft), pick, columns)
    except TableRefused as refused:
        field = "pick_value" if pick or "More than one" in refused.words else "column"
        raise _refused(refused, field) from None
    if picked.period != measure.frequency:
        words = (
            f"This file has a number for each {picked.period}, and the measure is counted "
            f"by {measure.frequency}."
        )
        raise RuleBroken([Reason(words, "column")])
    content = _content(picked.table) | {"read_as": picked.words, "pick": pick_value}
    _keep(draft, content)


def preview_import(actor: Actor, *, measure_id: int, draft_id: int) -> Preview:
    """Check every row of the kept table against the measure as it is now. Saves nothing."""
    measure = queries.measure(actor, measure_id)
    _check_may_enter(actor, measure)
    draft = queries.import_draft(actor, measure_id, draft_id)
    table = _table(draft)
    may_replace = may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id)
    if not draft.place and _needs_a_pick(table):
        return Preview(measure, draft, None, _choices(table), may_replace)
    existing = {
        start: Recorded(o.value, o.numerator, o.denominator)
        for start, o in queries.observations_at(actor, measure_id, None).items()
    }
    try:
        rows = read_observations(
            table,
            kind=_READ_AS[measure.recorded],
            period=measure.frequency,
            earliest=EARLIEST,
            latest=latest_day(),
            existing=existing,
            labels=_labels(measure),
        )
    except TableRefused as refused:
        raise _refused(refused, None) from None
    return Preview(measure, draft, rows, None, may_replace)


def correct_import(
    actor: Actor, *, measure_id: int, draft_id: int, cells: Mapping[int, Sequence[str]]
) -> None:
    """Put other texts into rows of the kept table, by row number; a row of blanks is taken out."""
    measure = queries.measure(actor, measure_id)
    _check_may_enter(actor, measure)
    draft = queries.import_draft(actor, measure_id, draft_id)
    table = _table(draft)
    columns = columns_of(table, is_pair=measure.is_pair, labels=_labels(measure))
    rows: list[Row] = []
    for row in table.rows:
        typed = cells.get(row.number)
        if typed is None or len(typed) != len(columns.places):
            rows.append(row)
            continue
        if not any(text.strip() for text in typed):
            continue
        full = list(row.cells[: columns.width])
        full += [""] * (max(columns.places) + 1 - len(full))
        for place, text in zip(columns.places, typed, strict=True):
            full[place] = text.strip()
        rows.append(Row(row.number, tuple(full), row.column))
    kept = {k: v for k, v in draft.content.items() if k not in ("header", "rows")}
    _keep(draft, kept | _content(Table(table.header, tuple(rows))))


def confirm_import(
    actor: Actor,
    *,
    measure_id: int,
    draft_id: int,
    seen: str,
    leave_bad_out: bool,
    replace: bool,
    reason: str = "",
) -> Imported:
    """Add the rows of the kept table, all of those shown as ready or none.

    Refuses with ``RuleBroken`` while rows need a look and were not left out, when numbers changed
    since the preview (``seen``), and replacing without a reason or by whoever may not.
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
    wanted = ("new", "replaces") if replace else ("new",)
    points = [
        NewPoint(row.period_start, row.value, row.numerator, row.denominator)
        for row in rows.rows
        if row.state in wanted and row.period_start is not None
    ]
    if points:
        add_points(actor, measure_id=measure_id, points=points, reason=reason)
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


def _check_may_enter(actor: Actor, measure: MeasureView) -> None:
    if not may(actor, Permission.ENTER_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_ENTERS)


def _needs_a_pick(table: Table) -> bool:
    """Whether a table holds more than one series: wide, and more than a year and its numbers."""
    return is_wide(table) and table.width > _PLAIN_COLUMNS


def _refused(refused: TableRefused, field: str | None) -> RuleBroken:
    words = refused.words if refused.words.endswith((".", "?")) else f"{refused.words}."
    return RuleBroken([Reason(f"{words} {refused.hint}".strip(), field)])


def _labels(measure: MeasureView) -> tuple[str, str] | None:
    if measure.top_name and measure.bottom_name:
        top, bottom = measure.top_name, measure.bottom_name
        return top[:1].lower() + top[1:], bottom[:1].lower() + bottom[1:]
    return None


def _content(table: Table) -> dict[str, Any]:
    return {
        "header": list(table.header) if table.header is not None else None,
        "rows": [[row.number, row.column, *row.cells] for row in table.rows],
        "empty_rows": table.empty_rows,
    }


def _table(draft: DraftView) -> Table:
    content = draft.content
    header = content["header"]
    return Table(
        tuple(header) if header is not None else None,
        tuple([Row(row[0], tuple(row[2:]), row[1]) for row in content["rows"]]),
        int(content.get("empty_rows", 0)),
    )


def _keep(draft: DraftView, content: dict[str, Any]) -> None:
    db.session.execute(
        update(ImportDraft)
        .where(ImportDraft.id == draft.id)
        .values(content=content)
        .execution_options(synchronize_session=False)
    )


def _tidy_name(file_name: str) -> str:
    """The last part of a file name, for showing only: never a path, no control characters."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:_LONGEST_FILE_NAME]


def _choices(table: Table) -> WideChoices:
    """What the columns of a wide file offer: texts to pick a row by, numbers to take."""
    header = table.header or ()
    texts: list[str] = []
    numbers: list[str] = []
    values: dict[str, set[str]] = {}
    for at, name in enumerate(header):
        if month_number(name):
            continue
        cells = {row.cells[at] for row in table.rows if at < len(row.cells) and row.cells[at]}
        is_number = sum(c.replace(".", "", 1).replace(",", "").isdigit() for c in cells)
        if cells and is_number * 2 > len(cells):
            numbers.append(name)
        elif cells:
            texts.append(name)
            values[name] = cells
    named = [t for t in texts if t.lower() in ("la_name", "local authority", "authority")]
    guessed = named or sorted(texts, key=lambda t: -len(values[t]))
    best = guessed[0] if guessed else ""
    return WideChoices(
        tuple(texts),
        best,
        tuple(sorted(values.get(best, ())))[:500],
        tuple(numbers),
        sum(1 for name in header if month_number(name)) >= 6,
    )
