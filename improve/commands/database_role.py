"""A database user for the site that can do what pages need, and cannot change the log of acts."""

from __future__ import annotations

import re
from typing import Any, Final

import click
from flask.cli import with_appcontext
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from improve.shared import contributions, database_facts, rewriting
from improve.shared.checkup import Finding
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.database_facts import words_of_database
from improve.shared.db import db, reading

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_ALL: Final = "SELECT, INSERT, UPDATE, DELETE"
#: What the site may do with a table, where it is not all four.
_LESS: Final = {
    "audit_entries": "SELECT, INSERT",
    "audit_heads": "SELECT, INSERT, UPDATE",
    "alembic_version": "SELECT",
}
#: Since this version a table can be written anew by somebody who does not own it.
_MAINTAIN: Final = 17


@click.command("database-role", cls=OneLineCommand)
@click.option("--apply", "is_applied", is_flag=True, help="Do it, and do not only print it.")
@click.argument("name")
@with_appcontext
@needs_settings
def database_role(name: str, is_applied: bool) -> None:
    """Print the SQL that makes NAME a database user for the site (PostgreSQL only).

    It reads and writes what pages need, makes and drops nothing, and can add to the log of acts but
    neither change nor delete an entry. Run it as the user who owns the tables, and let an
    administrator of PostgreSQL carry out the SQL; --apply does it at once where NAME is there, or
    the owner may make it. Then let DATABASE_URL of the site, of deliver-mail and of nightly name
    NAME, and that of upgrade, backup and restore the owner. Again is harmless, and needed after
    each upgrade and restore.

    Example: flask --app wsgi database-role improve_site | sudo -u postgres psql improve
    """
    if db.engine.dialect.name != "postgresql":
        refuse("SQLite has no database users: who may read the file may change it.")
    if not _NAME.fullmatch(name):
        refuse("Use small letters, digits and _ for NAME, such as improve_site.")
    with reading(), db.engine.connect() as connection:
        asked = "SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = :name)"
        present, is_taken = connection.execute(text(asked), {"name": name}).one()
        owner = _owner(connection)
        if owner == name:
            refuse(f"{name} is the user who owns the tables. Name another.")
        if owner != present and not _is_super(connection):
            refuse(f"Run it as {owner}, who owns the tables. This DATABASE_URL is of {present}.")
        if is_taken:
            refuse(f"{name} is there already, and may do everything. Name another.")
        statements = statements_for(connection, name)
    if not is_applied:
        # The first statement that is refused is then the last line that psql says.
        click.echo("\\set ON_ERROR_STOP on\nBEGIN;\n" + "\n".join(statements) + "\nCOMMIT;")
        click.echo(f"-- Then give it a password, in psql: \\password {name}")
        return
    try:
        with db.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    except SQLAlchemyError as error:
        refuse(
            f"It was not done, and nothing was changed: {words_of_database(error)}. Make the user "
            f"as an administrator of PostgreSQL first, then run this again: CREATE ROLE {name} "
            f'LOGIN; GRANT {name} TO "{owner}";'
        )
    click.echo(f"{name} may now do what the site needs, and no more.")
    click.echo(f"Give it a password if it has none, in psql: \\password {name}")


def statements_for(connection: Connection, name: str) -> list[str]:
    """Return the statements that let ``name`` work as the site, on the tables that stand there."""
    quote = connection.dialect.identifier_preparer.quote
    major = int((connection.dialect.server_version_info or (0,))[0])
    database, schema = (
        quote(str(one))
        for one in connection.execute(text("SELECT current_database(), current_schema()")).one()
    )
    owner = _owner(connection)
    default = f"ALTER DEFAULT PRIVILEGES FOR ROLE {quote(owner)} IN SCHEMA {schema} GRANT"
    is_there, is_held = _standing_of(connection, name, owner)
    lines = [
        # Whoever may not make users is refused here even where there is nothing to make.
        ""
        if is_there
        else f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
        f" THEN CREATE ROLE {name} LOGIN; END IF; END $$;",
        f"ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;"
        if _is_super(connection)
        else "",
        f"GRANT CONNECT ON DATABASE {database} TO {name};",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA {schema} TO {name};",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name};",
        # What the next upgrade or restore makes, the log of acts among it: until this is run again
        # the site may change nothing there.
        f"{default.removesuffix('GRANT')}REVOKE ALL ON TABLES FROM {name};",
        f"{default} SELECT, INSERT ON TABLES TO {name};",
        f"{default} USAGE, SELECT ON SEQUENCES TO {name};",
    ]
    for table in _every_table(connection):
        lines.append(f"REVOKE ALL ON {schema}.{quote(table)} FROM {name}, PUBLIC;")
        lines.append(f"GRANT {_LESS.get(table, _ALL)} ON {schema}.{quote(table)} TO {name};")
    anew = [table for table in _written_anew() if table in set(_every_table(connection))]
    if major >= _MAINTAIN:
        # Of all: whatever somebody is erased from is written anew, and the right reads nothing.
        lines += [
            f"GRANT MAINTAIN ON {schema}.{quote(table)} TO {name};"
            for table in _every_table(connection)
        ]
    else:
        # Only its owner may have a table written anew before version 17, and who is to own it must
        # be able to make tables at that moment.
        # The owner by name: an administrator may carry this out, and the owner reads for backups.
        if not is_held:
            lines.append(f"GRANT {name} TO {quote(owner)};")
        lines.append(f"GRANT CREATE ON SCHEMA {schema} TO {name};")
        lines += [f"ALTER TABLE {schema}.{quote(table)} OWNER TO {name};" for table in anew]
        lines.append(f"REVOKE CREATE ON SCHEMA {schema} FROM {name};")
    return [line for line in lines if line]


def faults_of_role(connection: Connection) -> list[Finding]:
    """Return what the present database user may do and should not, or needs and may not do."""
    found = []
    if _is_super(connection):
        found.append(
            Finding(
                False,
                "The database user may do everything on the server",
                "Let the site work as one that may not: see flask --app wsgi database-role --help.",
            )
        )
    may = (
        "SELECT string_agg(name || ' (' || wanted || ')', ', ' ORDER BY name, wanted) FROM"
        " unnest(CAST(:names AS text[]), CAST(:wanted AS text[])) AS asked (name, wanted)"
        " WHERE NOT has_table_privilege(quote_ident(name), wanted)"
    )
    tables = _every_table(connection)
    asked = [(table, word) for table in tables for word in _LESS.get(table, _ALL).split(", ")]
    pairs = {"names": [one for one, _ in asked], "wanted": [one for _, one in asked]}
    missing = connection.execute(text(may), pairs).scalar() if asked else None
    if missing:
        found.append(
            Finding(
                True,
                f"The database user may not do what the site needs: {str(missing)[:200]}",
                "As the owner of the tables, run flask --app wsgi database-role for it again.",
            )
        )
    if "audit_entries" in tables:
        changes = "SELECT has_table_privilege('audit_entries', 'UPDATE, DELETE, TRUNCATE')"
        if connection.execute(text(changes)).scalar():
            found.append(
                Finding(
                    False,
                    "The database user may take down what guards the log of acts",
                    "Let the site work as one that may only add to it: "
                    "flask --app wsgi database-role NAME.",
                )
            )
    held = [
        table
        for table in _written_anew()
        if table in tables and not _may_write_anew(connection, table)
    ]
    if held:
        found.append(
            Finding(
                True,
                "The database user cannot write these tables anew, so that deleted words may stay "
                f"in the files: {', '.join(held)}",
                "As the owner of the tables, run flask --app wsgi database-role for it again.",
            )
        )
    return found


def _every_table(connection: Connection) -> list[str]:
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    theirs = {*db.metadata.tables, "alembic_version"}
    return [
        str(name)
        for name in connection.execute(text(asked)).scalars()
        if name in theirs or name.startswith(database_facts.WORKED_OUT)
    ]


def _owner(connection: Connection) -> str:
    """Return who owns the tables: of those that never change hands, else whoever asks."""
    asked = (
        "SELECT coalesce((SELECT tableowner FROM pg_tables WHERE schemaname = current_schema()"
        " AND tablename = 'alembic_version'), current_user)"
    )
    return str(connection.execute(text(asked)).scalar())


def _standing_of(connection: Connection, name: str, owner: str) -> tuple[bool, bool]:
    """Return whether the user ``name`` is there, and whether ``owner`` may act as it by a grant."""
    asked = (
        "SELECT pg_has_role(theirs.oid, site.oid, 'USAGE') AND NOT theirs.rolsuper"
        " FROM pg_roles AS site, pg_roles AS theirs"
        " WHERE site.rolname = :name AND theirs.rolname = :owner"
    )
    held = connection.execute(text(asked), {"name": name, "owner": owner}).scalar()
    return held is not None, bool(held)


def _written_anew() -> list[str]:
    """Return the tables that each night writes anew, whatever was erased.

    Were it more, the site would own, before version 17, what it is not to drop.
    """
    offers = contributions.gather(rewriting.CONTRIBUTION)
    return sorted({str(name) for offer in offers for name in offer()})


def _is_super(connection: Connection) -> bool:
    asked: Any = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(connection.execute(asked).scalar())


def _may_write_anew(connection: Connection, table: str) -> bool:
    major = int((connection.dialect.server_version_info or (0,))[0])
    asked = "SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables WHERE tablename = :table"
    asked += " AND schemaname = current_schema()"
    if connection.execute(text(asked), {"table": table}).scalar():
        return True
    if major < _MAINTAIN:
        return False
    maintain = text("SELECT has_table_privilege(quote_ident(:table), 'MAINTAIN')")
    return bool(connection.execute(maintain, {"table": table}).scalar())
