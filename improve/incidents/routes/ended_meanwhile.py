"""A report that was destroyed while a reviewer wrote about it: their own words are not lost."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service.one import ended_for_review
from improve.shared.error_pages import error_page
from improve.shared.errors import Forbidden, NotFound

#: What reviewers type, by the name of the field.
_TYPED: Final = {
    "words": "What you wrote",
    "told": "Whom you told, or wrote to",
    "email": "Their e-mail address",
    "theme": "The theme",
    "note": "What you take from it",
    "text": "The idea",
    "benefit": "What gets better",
}


@blueprint.errorhandler(NotFound)
def ended_meanwhile(_error: NotFound) -> ResponseReturnValue:
    """Say to whoever read it that it was destroyed, with their own words; else that none is here.

    Nothing of the report stands there: it has no words any more.
    """
    key = (request.view_args or {}).get("key", "")
    if not key or not request.path.startswith("/reports/desk/"):
        return error_page(404)
    try:
        ended_for_review(current_actor(), key)
    except (NotFound, Forbidden):
        return error_page(404)
    if request.method == "GET":
        if request.endpoint == "incidents.sign_off":
            return error_page(404)
        return redirect(url_for("incidents.sign_off", key=key), 303)
    typed = [
        (name, label, words)
        for name, label in _TYPED.items()
        if (words := request.form.get(name, "").strip())
    ]
    return render_template("incidents/ended_meanwhile.html", key=key, typed=typed), 409
