"""The archive of a whole council, for its administrator."""

from __future__ import annotations

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.accounts.roles import Permission
from improve.accounts.routes.password_again import is_proved
from improve.accounts.routes.prove_again import own_proof
from improve.open_data.routes.blueprint import blueprint
from improve.open_data.service import make_archive as write_archive
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.downloads import download, scratch_file
from improve.shared.rate_limits import limiter

#: Archives made by one person: each is drawn from every table.
ARCHIVES: Final = "20 per hour"


def _by_person() -> str:
    return f"archives of {current_actor().person_id}"


@blueprint.get("/admin/archive")
@requires(Permission.MAKE_ARCHIVE)
def archive() -> ResponseReturnValue:
    """Say what an archive holds and what not, and how to keep it, before one is made."""
    return _page(PasswordAgainForm(formdata=None))


@blueprint.post("/admin/archive")
@requires(Permission.MAKE_ARCHIVE)
@limiter.limit(ARCHIVES, key_func=_by_person)
@commits
def make_archive() -> ResponseReturnValue:
    """Make an archive and hand it over, to whoever gives their own password.

    It holds what no page shows an administrator. Nothing of it stays on the server.
    """
    form = PasswordAgainForm()
    if not form.is_sent() or not is_proved(form):
        return _page(form), form.status
    file = scratch_file()
    made = write_archive(current_actor(), file=file)
    name = f"{made.manifest.council_slug}-archive-{clock.today():%Y-%m-%d}.zip"
    answer = download(file, name, "application/zip")
    answer.headers["X-Archive-SHA256"] = made.sha256
    return answer


def _page(form: PasswordAgainForm) -> str:
    return render_template("open_data/archive.html", form=form, proof=own_proof())
