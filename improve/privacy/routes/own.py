"""A copy of one's own data, for everybody who has an account."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.privacy import service
from improve.privacy.queries import documents
from improve.privacy.queries.copies import left_out
from improve.privacy.routes.blueprint import COPIES, blueprint, by_person, zip_answer
from improve.shared.db import commits
from improve.shared.rate_limits import limiter


@blueprint.get("/me/data")
@requires(Permission.SEE_OWN_PAGE)
def own() -> ResponseReturnValue:
    """Say what is held about oneself, and what one may ask for."""
    return render_template(
        "privacy/own.html",
        council=documents.own_council(current_actor()),
        left_out=left_out(is_own=True),
    )


@blueprint.post("/me/data")
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(COPIES, key_func=by_person)
@commits
def copy_own() -> ResponseReturnValue:
    """Hand over a copy of one's own data."""
    if not ButtonForm().is_sent():
        return redirect(url_for("privacy.own"), 303)
    actor = current_actor()
    return zip_answer(lambda file: service.own_copy(actor, file=file), "my-data")
