"""Every row that points to a person, as their copy holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import LargeBinary, or_, select

from improve.privacy.data_classes import DataClass, class_of
from improve.privacy.person_rows import LINKS, NOT_COPIED, OF_OTHERS, OWN_ONLY, WORDS_OF
from improve.shared import clock
from improve.shared.act_words import ActGroup, acts_of
from improve.shared.db import db
from improve.shared.whole_tables import all_tables

YOU: Final = "you"
SOMEBODY: Final = "somebody else"
#: Acts on words that may identify somebody, which stand on no page of the log.
_CLOSE: Final = ("text_hidden", "identifier_hint_shown")
#: Acts on what somebody told in confidence, also of codes that are not noted any more.
_CLOSE_BEGINS: Final = ("voice_", "voices_", "help_", "report_", "reports_", "incident_")
_ROOT_COLUMNS: Final = (("idea_id", "Idea"), ("measure_id", "Measure"), ("huddle_id", "Huddle"))
_ROOT_TABLES: Final = {"ideas": "Idea", "measures": "Measure", "huddles": "Huddle"}


@dataclass(frozen=True, slots=True)
class CopiedRow:
    """One row: what it is to the person, where it stands, and its columns with their values."""

    table: str
    what: tuple[str, ...]
    where: str
    values: tuple[tuple[str, Any], ...]


def rows_about(person_id: int, *, is_own: bool) -> list[CopiedRow]:
    """Return the rows that point to a person, by table and key, and the person's own.

    Other people are “somebody else”. Keys, what is sealed and what points to whoever told are left
    out; what somebody keeps for themselves is in no copy but their own.
    """
    found = _of_table("people", ["id"], person_id)
    by_table: dict[str, list[str]] = defaultdict(list)
    for (table, column), link in LINKS.items():
        if not link.left_out and (is_own or table not in OWN_ONLY):
            by_table[table].append(column)
    for table, columns in by_table.items():
        found += _of_table(table, columns, person_id)
    if is_own:
        records = [row for row in found if row.table == "cpd_records"]
        if records:
            found += _pieces(person_id)
    return found + _acts(person_id, is_own=is_own)


def left_out(*, is_own: bool) -> list[tuple[str, str]]:
    """Return what a copy is without, and why."""
    why: dict[str, str] = {}
    for (table, _), link in LINKS.items():
        if link.left_out:
            why[link.words] = link.left_out
        elif not is_own and table in OWN_ONLY:
            why[link.words] = "Only they themselves may read it, and download it on their own page"
    if not is_own:
        why["What they did with voices and wishes for help, and words they hid"] = (
            "It would say what somebody told, or who hid it. It is in the copy that they make"
        )
    why["Passwords, codes and keys of devices"] = "Kept as hashes: nobody can read them"
    return sorted(why.items())


def _of_table(name: str, columns: Sequence[str], person_id: int) -> list[CopiedRow]:
    table = all_tables()[name]
    rows = db.session.execute(
        select(table)
        .where(or_(*(table.c[column] == person_id for column in columns)))
        .order_by(*table.primary_key.columns)
    ).mappings()
    return [_row(name, row, columns, person_id) for row in rows]


def _row(name: str, row: Any, columns: Sequence[str], person_id: int) -> CopiedRow:
    what = tuple(
        LINKS[name, column].words
        for column in columns
        if (name, column) in LINKS and row[column] == person_id
    )
    where = f"{_ROOT_TABLES[name]} {row['id']}" if name in _ROOT_TABLES else ""
    for column, kind in _ROOT_COLUMNS:
        if not where and row.get(column):
            where = f"{kind} {row[column]}"
    values = []
    for held in all_tables()[name].columns:
        value = row[held.name]
        writer = WORDS_OF.get((name, held.name))
        if writer and row[writer] != person_id:
            continue
        if not _is_copied(name, held) or value in (None, "", [], {}):
            continue
        if (name, held.name) in LINKS:
            value = YOU if value == person_id else SOMEBODY
        values.append((held.name, value))
    return CopiedRow(name, what or ("Your account",), where, tuple(values))


def _is_copied(name: str, column: Any) -> bool:
    if (name, column.name) in OF_OTHERS or column.name in NOT_COPIED:
        return False
    if isinstance(column.type, LargeBinary):
        return False
    return class_of(name, column.name) is not DataClass.REPORTER


def _pieces(person_id: int) -> list[CopiedRow]:
    pieces, records = all_tables()["cpd_pieces"], all_tables()["cpd_records"]
    rows = db.session.execute(
        select(pieces)
        .join(records, records.c.id == pieces.c.record_id)
        .where(records.c.person_id == person_id)
        .order_by(pieces.c.id)
    ).mappings()
    return [
        CopiedRow("cpd_pieces", ("Your own record of learning",), copied.where, copied.values)
        for copied in (_row("cpd_pieces", row, (), person_id) for row in rows)
    ]


def _acts(person_id: int, *, is_own: bool) -> list[CopiedRow]:
    """Return the person's entries of the log: when, which act, on which thing.

    A random key, such as a voice's, is never told. What they did with what somebody told, or about
    words that may identify somebody, is in their own copy alone, by its day.
    """
    close = {*_CLOSE, *acts_of(ActGroup.VOICES, ActGroup.REPORTS, ActGroup.WORDS)}
    entries = all_tables()["audit_entries"]
    rows = db.session.execute(
        select(entries.c.at, entries.c.action, entries.c.object_kind, entries.c.object_id)
        .where(entries.c.actor_id == person_id)
        .order_by(entries.c.id)
    )
    found = []
    for row in rows:
        is_close = row.action in close or row.action.startswith(_CLOSE_BEGINS)
        if is_close and not is_own:
            continue
        where = "" if is_close or not row.object_id.isdecimal() else row.object_id
        found.append(
            CopiedRow(
                "audit_entries",
                ("What you did, as the log of acts has it",),
                f"{row.object_kind} {where}" if where else "",
                (
                    ("at", clock.local(row.at).date() if is_close else row.at),
                    ("action", row.action),
                ),
            )
        )
    return found
