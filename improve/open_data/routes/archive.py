"""The archive of a whole council, for its administrator."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.open_data.routes.blueprint import blueprint
from improve.open_data.service import make_archive as write_archive
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.downloads import download, scratch_file


@blueprint.get("/admin/archive")
@requires(Permission.MAKE_ARCHIVE)
def archive() -> ResponseReturnValue:
    """Say what an archive holds and what not, and how to keep it, before one is made."""
    return render_template("open_data/archive.html")


@blueprint.post("/admin/archive")
@requires(Permission.MAKE_ARCHIVE)
@commits
def make_archive() -> ResponseReturnValue:
    """Make an archive and hand it over. Nothing of it stays on the server."""
    file = scratch_file()
    made = write_archive(current_actor(), file=file)
    name = f"{made.manifest.council_slug}-archive-{clock.today():%Y-%m-%d}.zip"
    answer = download(file, name, "application/zip")
    answer.headers["X-Archive-SHA256"] = made.sha256
    return answer
