"""What forgets a month's sums as soon as one of its ideas changes: triggers since revision 0015.

**A step that rebuilds one of these tables on SQLite in batch mode drops its triggers with the old
table: it must call ``lay`` at its end.** A test looks for them after all steps.

On PostgreSQL whoever changes such an idea shares a lock that whoever sums a month up holds alone:
else a change that is not yet committed would be in neither.
"""

# ruff: noqa: S608 - the names are those of our own tables below, and no value is put in

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

#: ``shared.turns.Turn.FLOW_MONTHS``: frozen here, as all of a migration is.
_LOCK: Final = 7_134_000_000_000
#: What is counted, by table: the columns whose change makes a sum wrong.
_READ: Final = {
    "ideas": (
        *("organisation_id", "is_on_board", "created_at", "first_reply_at", "finished_at"),
        *("source", "outcome", "family_in_team", "log_import_id"),
    ),
    "stage_moves": ("idea_id", "from_stage", "to_stage", "at", "undone_at"),
    "cycles": ("idea_id", "decision", "decided_at", "created_at", "started_on"),
}


def lay(connection: Connection) -> None:
    """Make the triggers, in place of those there may be."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql(_FORGET)
    for table, columns in _READ.items():
        for statement in _on_sqlite(table, columns) if is_sqlite else _on_postgres(table, columns):
            connection.exec_driver_sql(statement)


def take_away(connection: Connection) -> None:
    """Remove the triggers and their functions."""
    for table in _READ:
        if connection.dialect.name == "sqlite":
            for when in ("insert", "update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS flow_{table}_{when}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS flow_{table}_changed() CASCADE")
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS flow_forget(integer, timestamp)")


def _finished(table: str) -> tuple[str, str, str]:
    """Return conditions by which a row's month may be kept: the new row, the old one, either."""
    if table != "ideas":
        return "true", "true", "true"  # its idea is looked up
    new, old = "new.finished_at IS NOT NULL", "old.finished_at IS NOT NULL"
    return new, old, f"{new} OR {old}"


def _on_sqlite(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    def forget(row: str) -> str:
        if table == "ideas":
            of = f"organisation_id = {row}.organisation_id"
            return (
                f"DELETE FROM flow_months WHERE {of}"
                f" AND month = strftime('%Y-%m', {row}.finished_at);"
            )
        return (
            "DELETE FROM flow_months WHERE (organisation_id, month) IN (SELECT organisation_id,"
            f" strftime('%Y-%m', finished_at) FROM ideas WHERE id = {row}.idea_id);"
        )

    differs = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    new, old, either = _finished(table)
    made = {
        "insert": f"AFTER INSERT ON {table} WHEN {new} BEGIN {forget('new')} END",
        "delete": f"AFTER DELETE ON {table} WHEN {old} BEGIN {forget('old')} END",
        "update": f"AFTER UPDATE OF {', '.join(columns)} ON {table} WHEN ({either}) AND ({differs})"
        f" BEGIN {forget('old')} {forget('new')} END",
    }
    return tuple(
        statement
        for when, body in made.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS flow_{table}_{when}",
            f"CREATE TRIGGER flow_{table}_{when} {body}",
        )
    )


_FORGET: Final = f"""
CREATE OR REPLACE FUNCTION flow_forget(whose integer, finished timestamp) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF finished IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared({_LOCK} + whose);
    DELETE FROM flow_months WHERE organisation_id = whose AND month = to_char(finished, 'YYYY-MM');
END $$
"""


def _on_postgres(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    def forget(row: str) -> str:
        if table == "ideas":
            return f"PERFORM flow_forget({row}.organisation_id, {row}.finished_at);"
        return (
            "PERFORM flow_forget(organisation_id, finished_at) FROM ideas"
            f" WHERE id = {row}.idea_id AND finished_at IS NOT NULL;"
        )

    function = f"""
CREATE OR REPLACE FUNCTION flow_{table}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        {forget("OLD")}
    END IF;
    IF TG_OP <> 'DELETE' THEN
        {forget("NEW")}
    END IF;
    RETURN NULL;
END $$
"""
    differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    call = f"EXECUTE FUNCTION flow_{table}_changed()"
    new, old, either = _finished(table)
    made = {
        "insert": f"AFTER INSERT ON {table} FOR EACH ROW WHEN ({new}) {call}",
        "delete": f"AFTER DELETE ON {table} FOR EACH ROW WHEN ({old}) {call}",
        "update": f"AFTER UPDATE OF {', '.join(columns)} ON {table}"
        f" FOR EACH ROW WHEN (({either}) AND ({differs})) {call}",
    }
    return (
        function,
        *(
            statement
            for when, body in made.items()
            for statement in (
                f"DROP TRIGGER IF EXISTS flow_{table}_{when} ON {table}",
                f"CREATE TRIGGER flow_{table}_{when} {body}",
            )
        ),
    )
