"""Every column has a class, every table a kind of record, every link to a person a fate."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from sqlalchemy import select

import improve.commands
import improve.privacy
from improve.accounts.service import purge
from improve.app import CAPABILITIES
from improve.privacy.data_classes import CLASS_WORDS, DataClass, class_of, classes
from improve.privacy.kept_kinds import KIND_OF_TABLE, KINDS
from improve.privacy.person_rows import LINKS, NAME_FIELDS, AtErasure
from improve.privacy.queries.words import free_texts, is_words, text_words, why_not_read
from improve.shared.db import Base
from improve.shared.keeping_times import ACCESS, CHANGEABLE, months_before, months_of
from tests.conftest import NOW

for _name in CAPABILITIES:
    importlib.import_module(f"improve.{_name}.routes")
COLUMNS = {(t.name, c.name) for t in Base.metadata.tables.values() for c in t.columns}


@pytest.mark.security(69)
def test_every_column_has_exactly_one_class() -> None:
    assert set(classes()) == COLUMNS
    text = (Path(improve.privacy.__file__).parent / "data_classes.json").read_text()
    named = [
        (table, column)
        for table, of in json.loads(text).items()
        for columns in of.values()
        for column in columns.split()
    ]
    assert len(named) == len(set(named))
    assert set(CLASS_WORDS) == set(DataClass)


@pytest.mark.security(69)
def test_who_told_is_in_the_strictest_class_and_people_are_never_only_internal() -> None:
    for place in (
        ("incidents", "sealed_words"),
        ("incident_contacts", "sealed"),
        ("voices", "sealed"),
        ("voices", "receipt_hash"),
        ("help_requests", "sealed"),
    ):
        assert class_of(*place) is DataClass.REPORTER
    for place in LINKS:
        assert class_of(*place) in {DataClass.CONFIDENTIAL, DataClass.REPORTER}, place
    for column in ("name", "email", "job_title", "password_hash"):
        assert class_of("people", column) is DataClass.CONFIDENTIAL


@pytest.mark.security(69, 85)
def test_every_table_has_a_kind_with_a_time_and_a_reason() -> None:
    tables = [table for kind in KINDS for table in kind.tables]
    assert sorted(tables) == sorted(Base.metadata.tables)
    assert set(KIND_OF_TABLE) == set(tables)
    assert {kind.code for kind in KINDS if kind.code} == set(CHANGEABLE)
    for kind in KINDS:
        assert bool(kind.code) != bool(kind.kept), kind.key
        assert kind.why, kind.key


@pytest.mark.security(85)
def test_what_ends_by_the_chosen_time_is_what_the_page_says() -> None:
    deletes = purge._over(NOW, [1], select(Base.metadata.tables["people"].c.id))
    [kind] = [kind for kind in KINDS if kind.code == ACCESS]
    assert sorted(kind.tables) == sorted({one.table.name for one in deletes})


@pytest.mark.security(85)
def test_every_link_to_a_person_says_what_becomes_of_it() -> None:
    links = {
        (t.name, c.name)
        for t in Base.metadata.tables.values()
        for c in t.columns
        if any(key.column.table.name == "people" for key in c.foreign_keys)
    }
    assert set(LINKS) == links
    for (table, column), link in LINKS.items():
        if link.at_erasure is AtErasure.EMPTIED:
            assert Base.metadata.tables[table].c[column].nullable, (table, column)


@pytest.mark.security(69, 85)
def test_every_column_of_words_is_looked_through_or_says_why_not() -> None:
    read = {(table.name, column) for table, columns in free_texts() for column in columns}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            is_read = (table.name, column.name) in read
            why = why_not_read(table.name, column)
            if is_words(table.name, column):
                assert is_read != bool(why), (table.name, column.name)
    for place in (
        ("voice_setups", "dpia_by"),
        ("incident_reviewers", "trained_by"),
        ("learning_pages", "public_content"),
        ("organisations", "document_facts"),
        ("incident_notes", "heard"),
    ):
        assert place in read
    assert set(NAME_FIELDS) <= read
    for table, columns in free_texts():
        assert all(text_words(table.name, column) for column in columns)
    # A row is named by one number.
    for table, _ in free_texts():
        assert len(table.primary_key.columns) == 1, table.name


def test_months_are_held_within_bounds() -> None:
    assert months_of({}, "news") == 12
    assert months_of({"news": 1}, "news") == 3
    assert months_of({"news": 999}, "news") == 24
    assert months_before(NOW.replace(month=3, day=31), 1).date().isoformat() == "2026-02-28"
    assert months_before(NOW, 24).date().isoformat() == "2024-11-24"
