"""An improvement log from a spreadsheet: kept for its person, looked through, then all or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, team_by_slug
from improve.accounts.queries.named import people_named
from improve.accounts.roles import Permission, may
from improve.ideas.log_rows import MOST_ROWS, LogPerson, LogPreview, read_log
from improve.ideas.log_words import Role, guess_columns
from improve.ideas.models import LogImport
from improve.ideas.queries import log_imports as queries
from improve.ideas.queries.log_imports import DRAFT_LIFE, LogImportView
from improve.measures.table_import import (
    Row,
    TableRefused,
    is_workbook,
    read_table,
    read_workbook,
)
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.file_names import tidy_name

WHO_BRINGS_IN = "A manager of the team or a coach can bring in a list."
_NOTHING = "There are no rows here"


@dataclass(frozen=True, slots=True)
class LogLook:
    """A list as it is looked through. ``preview`` is None until its columns are known."""

    team: TeamView
    held: LogImportView
    names: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    columns: Mapping[Role, int]
    has_names: bool
    preview: LogPreview | None
    before: datetime | None

    @property
    def seen(self) -> str:
        """What the person saw, to notice that the team's ideas changed before they confirm."""
        rows = self.preview.rows if self.preview else ()
        said = "\n".join([f"{r.number} {r.state} {r.words} {r.who_id}" for r in rows])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def team_to_fill(actor: Actor, slug: str) -> TeamView:
    """Return a team into which the actor may bring a list. Raises ``NotFound``, ``Forbidden``."""
    team = team_by_slug(actor, slug)
    if not may(actor, Permission.BRING_IN_LOG, team_id=team.id):
        raise Forbidden(WHO_BRINGS_IN)
    return team


def start_log(actor: Actor, *, slug: str, source: str | bytes, file_name: str = "") -> int:
    """Keep a pasted text, CSV file or workbook for a week, for this person; return its id.

    The same list sent twice is kept once. Refuses with ``RuleBroken`` (field ``pasted`` or
    ``file``) what can't be read as a table, and more than 5,000 rows. Lists older than a week go.
    """
    team = team_to_fill(actor, slug)
    if team.closed_on is not None:
        raise RuleBroken("This team is closed. Choose another.")
    field = "file" if isinstance(source, bytes) else "pasted"
    try:
        if isinstance(source, bytes) and is_workbook(source):
            table = read_workbook(source, has_header=False)
        else:
            table = read_table(source, filename=file_name or None, has_header=False)
    except TableRefused as refusal:
        hint = refusal.hint if refusal.words != _NOTHING else "Paste or choose rows with an idea."
        raise RuleBroken([Reason(f"{refusal.words}. {hint}".strip(), field)]) from None
    if len(table.rows) > MOST_ROWS + 1:
        words = f"There are more than {MOST_ROWS:,} rows. Bring them in in smaller parts."
        raise RuleBroken([Reason(words, field)])
    purge_log_drafts()
    cells = [[row.number, list(row.cells)] for row in table.rows]
    fingerprint = hashlib.sha256(repr(cells).encode()).hexdigest()[:32]
    for held in queries.log_imports_of_team(actor, team.id):
        if held.done_at is None and held.rows.get("fingerprint") == fingerprint:
            return held.id
    names = tuple(table.rows[0].cells)
    guessed = guess_columns(names)
    draft = LogImport(
        organisation_id=actor.organisation_id,
        team_id=team.id,
        by_id=actor.person_id,
        file_name=tidy_name(file_name),
        rows={
            "cells": cells,
            "fingerprint": fingerprint,
            "has_names": bool(guessed),
            "columns": {role.value: at for role, at in guessed.items()} or {Role.IDEA.value: 0},
            "are_columns_known": False,
            "twins": [],
        },
        count=len(cells),
        created_at=clock.now(),
        expires_at=clock.now() + DRAFT_LIFE,
    )
    db.session.add(draft)
    db.session.flush()
    return draft.id


def look_through(actor: Actor, *, slug: str, import_id: int) -> LogLook:
    """Return a list with every row checked against the team as it is now. Saves nothing."""
    team = team_to_fill(actor, slug)
    return look_at(actor, team, queries.log_import(actor, team.id, import_id))


def look_at(actor: Actor, team: TeamView, held: LogImportView) -> LogLook:
    """Return a kept list as ``look_through`` does; the team's right must be known."""
    rows = [Row(number, tuple(cells)) for number, cells in held.rows.get("cells", ())]
    has_names = bool(held.rows.get("has_names"))
    columns = {Role(name): at for name, at in held.rows.get("columns", {}).items()}
    width = max((len(row.cells) for row in rows), default=0)
    named = rows[0].cells if has_names and rows else ()
    names = tuple(
        (named[at] if at < len(named) else "") or f"Column {at + 1}" for at in range(width)
    )
    body = rows[1:] if has_names else rows
    preview = None
    if held.rows.get("are_columns_known"):
        preview = read_log(
            body,
            columns,
            titles=queries.titles_of_team(actor, team.id),
            people=[LogPerson(*person) for person in people_named(actor, team.id)],
            today=clock.today(),
            taken_twins=held.rows.get("twins", ()),
        )
    samples = tuple(
        tuple(row.cells[at] for row in body if at < len(row.cells) and row.cells[at])[:3]
        for at in range(width)
    )
    before = queries.brought_in_before(actor, team.id, str(held.rows.get("fingerprint", "")))
    return LogLook(team, held, names, samples, columns, has_names, preview, before)


def set_columns(
    actor: Actor, *, slug: str, import_id: int, columns: Mapping[Role, int], has_names: bool
) -> None:
    """Say which column holds what. Refuses a list without ideas, and one column for two things."""
    team = team_to_fill(actor, slug)
    draft = queries.log_import_for_change(actor, team.id, import_id)
    if draft.done_at is not None or draft.rows is None:
        return
    if Role.IDEA not in columns:
        raise RuleBroken([Reason("Say which column holds the idea.", "idea_column")])
    places = list(columns.values())
    for role, at in columns.items():
        if places.count(at) > 1:
            raise RuleBroken(
                [Reason("Two things cannot come from one column.", f"{role.value}_column")]
            )
    draft.rows = {
        **draft.rows,
        "columns": {role.value: at for role, at in columns.items()},
        "has_names": has_names,
        "are_columns_known": True,
    }
    db.session.flush()


def correct_log(
    actor: Actor,
    *,
    slug: str,
    import_id: int,
    cells: Mapping[int, Sequence[str]],
    twins: Iterable[int],
) -> None:
    """Put other texts into rows, by row number, in the order of the roles; an empty one goes.

    ``twins`` are the rows to bring in though they are likely there already.
    """
    team = team_to_fill(actor, slug)
    draft = queries.log_import_for_change(actor, team.id, import_id)
    if draft.done_at is not None or draft.rows is None:
        return
    columns = draft.rows["columns"]
    places = [columns[role.value] for role in Role if role.value in columns]
    kept: list[list[Any]] = []
    for number, row in draft.rows["cells"]:
        typed = cells.get(number)
        if typed is None or len(typed) != len(places):
            kept.append([number, row])
        elif any(text.strip() for text in typed):
            kept.append([number, _typed_over(row, places, typed)])
    known = {number for number, _ in kept}
    draft.rows = {
        **draft.rows,
        "cells": kept,
        "twins": sorted(set(twins) & known),
    }
    db.session.flush()


def _typed_over(row: list[str], places: Sequence[int], typed: Sequence[str]) -> list[str]:
    full = list(row) + [""] * (max(places) + 1 - len(row))
    for place, text in zip(places, typed, strict=True):
        full[place] = text.strip()
    return full


def drop_log(actor: Actor, *, slug: str, import_id: int) -> None:
    """Throw a list away that waits for its confirmation. Twice is harmless."""
    team = team_to_fill(actor, slug)
    db.session.execute(
        delete(LogImport)
        .where(
            LogImport.id == import_id,
            LogImport.team_id == team.id,
            LogImport.organisation_id == actor.organisation_id,
            LogImport.by_id == actor.person_id,
            LogImport.done_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


def purge_log_drafts() -> int:
    """Remove lists that waited longer than a week. For the nightly job, too."""
    result = db.session.execute(
        delete(LogImport)
        .where(LogImport.done_at.is_(None), LogImport.expires_at <= clock.now())
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
