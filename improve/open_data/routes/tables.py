"""Open data: every table that somebody may see, in words, as CSV, and all of them at once."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.queries import organisation_name
from improve.accounts.roles import Permission
from improve.open_data.datapackage import datapackage
from improve.open_data.queries import tables as queries
from improve.open_data.routes.blueprint import blueprint
from improve.open_data.service import get_all_tables, write_table
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.downloads import download, scratch_file


@blueprint.get("/open-data")
@requires(Permission.GET_OPEN_DATA)
def tables() -> ResponseReturnValue:
    """Show every table that the reader may have: what it holds, its columns, how many rows."""
    found = queries.tables(current_actor())
    return render_template("open_data/tables.html", tables=found, counts=queries.counts(found))


@blueprint.get("/open-data/<string:name>.csv")
@requires(Permission.GET_OPEN_DATA)
def table(name: str) -> ResponseReturnValue:
    """Give one table as CSV: what its reader could also read page by page, so nothing is noted."""
    found = queries.table(current_actor(), name)
    file = scratch_file()
    write_table(found, file)
    return download(file, f"{found.name}.csv", "text/csv")


@blueprint.get("/open-data/datapackage.json")
@requires(Permission.GET_OPEN_DATA)
def description() -> ResponseReturnValue:
    """Say what the tables are, for programs (Frictionless Data)."""
    actor = current_actor()
    found = queries.tables(actor)
    text = datapackage(
        found,
        council=organisation_name(actor),
        made_at=clock.now(),
        counts=queries.counts(found),
    )
    return Response(text, content_type="application/json; charset=utf-8")


@blueprint.post("/open-data/all")
@requires(Permission.GET_OPEN_DATA)
@commits
def all_tables() -> ResponseReturnValue:
    """Give all of them in one ZIP. So much at once leaves a line in the log, and so is a POST."""
    file = scratch_file()
    get_all_tables(current_actor(), file=file)
    return download(file, f"open-data-{clock.today():%Y-%m-%d}.zip", "application/zip")
