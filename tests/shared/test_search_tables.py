"""The tables of search follow the texts, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, inspect, select, text, update

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.ideas.models import Comment, Cycle, Idea
from improve.measures.models import Measure
from improve.migrations import search_index
from improve.shared import contributions, search
from improve.shared.db import db
from improve.shared.query_words import words_of
from tests.factories import Cast, finish_cycle, idea_in, make_idea, make_measure, take

TOP = Path(__file__).resolve().parents[2] / "improve"


def holding(searched: str, query: str, organisation_id: int, **how: Any) -> list[int]:
    """Return the ids of rows that hold the words."""
    found = search.search_table(searched)
    matching = search.match_words(found, words_of(query), organisation_id=organisation_id, **how)
    return list(
        db.session.scalars(
            select(search.key_of(found)).where(matching).order_by(search.key_of(found))
        )
    )


#: Texts, and what is looked for in them: both databases must find the same.
TABLE = [
    ("Say who's coming: café/visit (COVID-19) and 3rd things", [
        ("visit", True), ("café", True), ("CAFE", True), ("covid 19", True), ("things say", True),
        ("3rd", True), ("3", True), ("who", True), ("before", False), ("ovid", False), ("things2", False),
    ]),
    ("Organised by the university; e-mail a.b@c.example, https://x.example/path?q=1", [
        ("organ", True), ("organs", True), ("universe", False), ("univers", True), ("mail", True),
        ("example path", True), ("email", False), ("q 1", True),
    ]),
    ("Їжа для сім'ї 日本語 naïve Ångström ½ 007 1e5 snake_case 🦔hedgehog", [
        ("naive angstrom", True), ("日本", True), ("007", True), ("1e5", True), ("snake case", True),
        ("hedgehog", True), ("сім", True), ("case_", True),
    ]),
    ("and/or not near the & | ! <-> of it", [("and or", True), ("not near", True), ("it", True)]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "asked"), TABLE)
def test_both_databases_find_the_same(
    words: str, asked: list[tuple[str, bool]], cast: Cast, context: Flask
) -> None:
    idea = make_idea(cast, text="Heading", benefit=words)
    for query, is_found in asked:
        assert holding("ideas", query, cast.organisation) == ([idea] if is_found else []), query
        assert holding("ideas", query, cast.other_organisation) == []
        assert holding("ideas", query, cast.organisation, where="title") == []
        elsewhere = holding("ideas", query, cast.organisation, where="elsewhere")
        assert elsewhere == ([idea] if is_found else [])


def test_any_of_the_words_can_be_asked_for(cast: Cast, context: Flask) -> None:
    one, two = make_idea(cast, text="A photo first"), make_idea(cast, text="A phone call")
    make_idea(cast, text="Nothing alike")
    assert holding("ideas", "photo call", cast.organisation) == []
    assert holding("ideas", "photo call", cast.organisation, how="any") == [one, two]
    with pytest.raises(ValueError, match="folded"):
        search.match_words(search.search_table("ideas"), ['x" OR "y'], organisation_id=1)
    with pytest.raises(ValueError, match="not searched"):
        search.search_table("incidents")


def test_every_change_of_a_text_is_followed(cast: Cast, context: Flask) -> None:
    idea = finish_cycle(cast, "adopt", title="Otters")
    db.session.execute(update(Idea).where(Idea.id == idea).values(suggestion="On the river"))
    said = ideas.comment(cast.actor("colleague"), idea_id=idea, words="Badgers", form_token="b")
    measure = make_measure(cast, name="Herons seen")
    kept = [("ideas", Idea, "title", idea, "otter"), ("comments", Comment, "words", said, "badger"),
            ("measures", Measure, "name", measure, "heron")]  # fmt: skip
    for searched, model, column, row_id, word in kept:
        assert holding(searched, word, cast.organisation) == [row_id]
        # As redaction does it: the row itself, by an UPDATE.
        db.session.execute(
            update(model).where(model.id == row_id).values({column: "words removed"})
        )
        assert holding(searched, word, cast.organisation) == []
        assert holding(searched, "removed", cast.organisation) == [row_id]
    cycle = db.session.scalars(select(Cycle).where(Cycle.idea_id == idea)).one()
    assert holding("cycles", "photo enough", cast.organisation) == [cycle.id]
    cycle.learned = "Kingfishers"
    db.session.flush()
    assert holding("cycles", "enough", cast.organisation) == []
    assert holding("cycles", "kingfisher", cast.organisation) == [cycle.id]
    db.session.execute(delete(Comment).where(Comment.id == said))
    assert holding("comments", "removed", cast.organisation) == []


def _stored(searched: str) -> list[Any]:
    """Return what stands in a search table, so that any write of it shows."""
    if search.is_sqlite():
        return list(
            db.session.execute(text(f"SELECT id, block FROM search_{searched}_data ORDER BY id"))
        )
    return list(
        db.session.execute(text(f"SELECT id, xmin, ctid FROM search_{searched} ORDER BY id"))
    )


def test_a_move_writes_nothing_of_search(cast: Cast, app: Flask) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.DO, text="Otters on the river")
        db.session.commit()
        before = _stored("ideas")
        ideas.pin(cast.actor("manager"), idea_id=idea)
        take(cast, idea, Way.STUDY)
        take(cast, idea, Way.ACT)
        db.session.execute(update(Idea).where(Idea.id == idea).values(title=Idea.title))
        db.session.commit()
        assert _stored("ideas") == before
        ideas.edit_field(
            cast.actor("manager"), idea_id=idea, field="benefit", value="Calm", seen_version=99
        )
        db.session.commit()
        assert _stored("ideas") != before


def test_words_taken_out_leave_the_file_as_well(cast: Cast, app: Flask) -> None:
    with app.app_context():
        idea = make_idea(cast, text="Zebediah came along")
        db.session.commit()
        db.session.execute(update(Idea).where(Idea.id == idea).values(title="x", suggestion="x"))
        search.forget_deleted()
        db.session.commit()
        assert holding("ideas", "zebediah", cast.organisation) == []
        if search.is_sqlite():
            blocks = b"".join(bytes(row.block) for row in _stored("ideas"))
            assert b"zebediah" not in blocks
            assert b"came" not in blocks


def test_tables_and_triggers_stand_after_every_migration(context: Flask) -> None:
    names = {name for name in inspect(db.engine).get_table_names() if name.startswith("search_")}
    bare = {
        n for n in names if not n.endswith(("_data", "_idx", "_docsize", "_config", "_content"))
    }
    assert bare == {f"search_{searched}" for searched in search.SEARCHED}
    wanted = {
        f"search_{searched}_{when}"
        for searched in search.SEARCHED
        for when in ("insert", "update", "delete")
    }
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if search.is_sqlite()
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    assert {
        name for name in db.session.scalars(text(asked)) if name.startswith("search_")
    } == wanted


def test_the_tables_are_filled_anew(cast: Cast, context: Flask) -> None:
    idea = make_idea(cast, text="Otters")
    connection = db.session.connection()
    for one in search_index.SEARCHED_SINCE_0012:
        name = f"search_{one.table}"
        emptied = f"INSERT INTO {name} ({name}) VALUES ('delete-all')"
        connection.exec_driver_sql(emptied if search.is_sqlite() else f"DELETE FROM {name}")
    assert holding("ideas", "otter", cast.organisation) == []
    counts = search_index.rebuild(connection, search_index.SEARCHED_SINCE_0012)
    search_index.lay_triggers(connection, search_index.SEARCHED_SINCE_0012)
    assert counts["ideas"] == 1
    assert holding("ideas", "otter", cast.organisation) == [idea]
    other = make_idea(cast, text="Otters again")
    assert holding("ideas", "otter", cast.organisation) == [idea, other]


def test_only_what_is_named_here_is_ever_searched(app: Flask) -> None:
    assert {one.table for one in search_index.SEARCHED_SINCE_0012} == set(search.SEARCHED)
    kinds = [source.kind for source in contributions.gather(search.CONTRIBUTION)]  # type: ignore[attr-defined]
    assert sorted(kinds) == sorted(search.SEARCHED)
    assert not {"incidents", "reports", "voices"} & set(search.SEARCHED)


@pytest.mark.security(57)
def test_reports_and_voices_know_nothing_of_search() -> None:
    for path in TOP.rglob("*.py"):
        sealed = {"incidents", "voices"} & set(path.relative_to(TOP).parts)
        names = {
            alias
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for alias in _imported(node)
        }
        of_search = {n for n in names if n.startswith("improve.shared.search")}
        assert not (sealed and of_search), f"{path} is never searched"
        of_sealed = {n for n in names if n.startswith(("improve.incidents", "improve.voices"))}
        assert not (of_search and of_sealed), f"{path} searches what must not be"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
