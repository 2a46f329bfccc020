"""Nothing leaves in an archive by itself: every table and column is named, with words and a fate."""

from __future__ import annotations

import importlib

import pytest

from improve.app import CAPABILITIES
from improve.open_data import archive_readme, kept
from improve.open_data.queries import archive as queries
from improve.shared.whole_tables import all_tables, is_of

for capability in CAPABILITIES:
    importlib.import_module(f"improve.{capability}.routes")
importlib.import_module("improve.commands")  # when each last ran

MENDED = "Name it in improve/open_data/kept.py: archived, private, or left out and why."


def test_every_table_is_archived_private_or_left_out() -> None:
    named = [kept.ARCHIVED, kept.PRIVATE, frozenset(kept.LEFT_OUT)]
    there = set(all_tables())
    assert there - frozenset().union(*named) == set(), MENDED
    assert frozenset().union(*named) - there == set(), "This table is no more."
    assert sum(map(len, named)) == len(there), "A table is named twice."


@pytest.mark.parametrize("table", queries.archived_tables(with_private=True), ids=str)
def test_every_archived_table_is_explained_and_somebodys(table: object) -> None:
    known = all_tables()[str(table)]
    assert archive_readme.holds(known.name)
    for column in known.columns:
        words = archive_readme.column_words(known.name, column.name)
        assert words, f"Say in archive_words.json what {known.name}.{column.name} holds."
        assert archive_readme.data_class(known.name, queries.kind_of(column))
    # Raises for a table that no organisation owns.
    is_of(known, 1)


def test_no_archived_row_points_to_one_that_stays_behind() -> None:
    for with_private in (False, True):
        names = kept.tables_of(with_private=with_private)
        for table in queries.archived_tables(with_private=with_private):
            for key in table.foreign_keys:
                assert key.column.table.name in names, f"{table.name}.{key.parent.name}"


def test_what_opens_doors_is_in_no_archive() -> None:
    for table in queries.archived_tables(with_private=True):
        for column in table.columns:
            is_secret = any(word in column.name for word in ("token_hash", "code_hash", "csrf"))
            assert not is_secret, f"{table.name}.{column.name}"
            if "password" in column.name:
                assert kept.is_emptied(table.name, column.name, with_private=True)


def test_no_archive_holds_reports_or_how_many_came() -> None:
    """An administrator makes it, and sees no report and no count of them on any page."""
    told = {"incidents", "incident_months", "incident_learnings", "incident_steps"}
    assert told.isdisjoint(kept.tables_of(with_private=True))


def test_emptied_columns_may_be_empty() -> None:
    for table, column in (*kept.EMPTIED, *kept.EMPTIED_UNLESS_PRIVATE, *kept.PRIVATE_UNTIL):
        held = all_tables()[table].c[column]
        assert held.nullable or queries.kind_of(held).kind in {"text", "json"}
