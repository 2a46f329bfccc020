"""No page reads a whole table that grows with every council: its plans are looked at.

A small database of 150 councils is made, and PostgreSQL is told that its tables hold a million
rows each. What it then means to do for a statement is what it would do in a national installation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from flask import Flask

from improve.shared.db import db
from tests import databases
from tests.benchmarks import national
from tests.benchmarks.scale import PAGES, Place, council_of, judge_one
from tests.conftest import make_app, postgres_template
from tests.factories import make_cast
from tests.statements import READS, watched
from tests.world import make_world

#: Tables that grow with what people do. Others hold a few rows for each person, team or council.
GROWS = {
    "audit_entries", "comments", "cycle_reads", "cycles", "huddle_actions", "huddle_decisions",
    "huddle_items", "huddles", "idea_edits", "idea_followers", "idea_measures", "idea_members",
    "ideas", "incident_steps", "incidents", "learning_pages", "measures", "notices",
    "observations", "protected_hours", "search_comments", "search_cycles", "search_ideas",
    "search_learning_pages", "search_measures", "spreads", "stage_moves", "sustain_checks",
    "test_windows", "thanks", "voice_answers", "voice_steps", "voices",
}  # fmt: skip
#: How many rows each of them is said to hold, and those that never have so many.
SAID = 1_000_000
FEWER = {"incident_steps": 40_000, "incidents": 20_000}
#: Pages that ask for so much of their own council that the plan for a database of this size is no
#: measure of a large one; the benchmark of the national installation times them.
ASKS_FOR_MUCH = {("how all teams work", "stage_moves"), ("reports desk", "incident_steps")}


@dataclass(frozen=True)
class Large:
    """A council in a database that passes for a national one, and a way to ask for plans."""

    app: Flask
    place: Place
    connection: psycopg.Connection[Any]

    def plan_of(self, statement: str, values: Any = None) -> dict[str, Any]:
        """Return what PostgreSQL means to do."""
        found = self.connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", values).fetchone()
        assert found is not None
        told = found[0]
        plan: dict[str, Any] = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
        return plan

    def faults_of(self, statement: str, values: Any = None) -> list[str]:
        """Return each whole table, or whole index, that a statement reads."""
        return list(_whole_reads(self.plan_of(statement, values)))


def _whole_reads(plan: dict[str, Any], *, may_stop: bool = False) -> Iterator[str]:
    kind, table = plan["Node Type"], plan.get("Relation Name")
    # A limit stops a walk along an index after its rows, if nothing on the way is thrown away.
    may_stop = kind == "Limit" or (may_stop and kind in {"Index Scan", "Index Only Scan"})
    if table in GROWS:
        if kind in {"Seq Scan", "Sample Scan"}:
            yield f"reads all of {table}"
        elif (
            kind in {"Index Scan", "Index Only Scan"}
            and "Index Cond" not in plan
            and (not may_stop or "Filter" in plan)
        ):
            yield f"walks all of {plan['Index Name']}"
    for part in plan.get("Plans", ()):
        yield from _whole_reads(part, may_stop=may_stop)


@pytest.fixture(scope="module")
def large(worker: str) -> Iterator[Large]:
    """A database of 150 councils with a few ideas each, said to be full."""
    name = f"plans_{worker}"
    databases.make_postgres_database(name, template=postgres_template())
    app = make_app(databases.postgres_url(name))
    with app.app_context():
        cast = make_cast()
        make_world(cast)
        judge_one(cast)
        db.session.commit()
        national.fill(cast, national.SKETCH)
    address = databases.postgres_url(name).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET jit = off")
        # As on the disks of today, and as running.md has it.
        connection.execute("SET random_page_cost = 1.1")
        connection.execute(
            "UPDATE pg_class p SET reltuples = coalesce((CAST(%s AS jsonb) ->> f.name)::real, %s)"
            " FROM (SELECT c.oid, coalesce(i.indrelid, c.oid)::regclass::text AS name FROM"
            " pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid) AS f"
            " WHERE f.oid = p.oid AND f.name = ANY(%s)",
            (json.dumps(FEWER), SAID, sorted(GROWS)),
        )
        yield Large(app, council_of(app, cast), connection)
    with app.app_context():
        db.engine.dispose()


def test_no_page_reads_a_whole_table(large: Large) -> None:
    """Each statement of each page finds its rows by an index."""
    visitors, faults = large.place.visitors(), []
    for what, whose, address, _holds in PAGES:
        path = address.format(**large.place.names)
        with watched() as seen:
            answer = visitors[whose].client.get(path)
        assert answer.status_code == 200, path
        answer.close()
        assert seen, path
        for statement in (one for one in seen if one.verb in READS):
            faults += [
                f"{what}: {one}:\n{statement}"
                for one in large.faults_of(statement, statement.values)
                if (what, one.rsplit(" ", 1)[1]) not in ASKS_FOR_MUCH
            ]
    assert not faults, "\n\n".join(faults)


def test_what_reads_a_whole_table_is_found(large: Large) -> None:
    """The check can fail: by a column without an index, and by an index that tells nothing."""
    whole = "SELECT id FROM ideas WHERE benefit = 'x'"
    assert large.faults_of(whole) == ["reads all of ideas"]
    walked = "SELECT id FROM ideas WHERE benefit = 'x' ORDER BY id LIMIT 5"
    assert large.faults_of(walked), "a filter may let nothing through"
    assert not large.faults_of("SELECT id FROM ideas ORDER BY id LIMIT 5")
    assert not large.faults_of("SELECT id FROM ideas WHERE team_id = 1 AND is_on_board")
