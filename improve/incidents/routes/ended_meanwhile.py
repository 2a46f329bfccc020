"""A report that was destroyed, or joined, while a reviewer wrote: their words are not lost."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service.one import ended_for_review, report_for_review
from improve.shared.error_pages import error_page
from improve.shared.errors import Forbidden, NotFound, RuleBroken

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
    """Say to whoever read it what became of it, with their own words; else that none is here.

    It was destroyed, or is read with another now. Nothing of the report stands there.
    """
    key = (request.view_args or {}).get("key", "")
    if not key or not request.path.startswith("/reports/desk/"):
        return error_page(404)
    try:
        ended_for_review(current_actor(), key)
    except (NotFound, Forbidden):
        main = _joined_into(key) if request.method == "POST" else None
        return error_page(404) if main is None else _own_words(key, main)
    if request.method == "GET":
        if request.endpoint == "incidents.sign_off":
            return error_page(404)
        return redirect(url_for("incidents.sign_off", key=key), 303)
    return _own_words(key, None)


def _joined_into(key: str) -> str | None:
    """Return the report with which this one is read now, for whoever reads it; else None."""
    try:
        loaded = report_for_review(current_actor(), key, may_be_joined=True)
    except (NotFound, Forbidden, RuleBroken):
        return None
    return loaded.incident.joined_into


def _own_words(key: str, main: str | None) -> ResponseReturnValue:
    typed = [
        (name, label, words)
        for name, label in _TYPED.items()
        if (words := request.form.get(name, "").strip())
    ]
    page = render_template("incidents/ended_meanwhile.html", key=key, main=main, typed=typed)
    return page, 409
