"""A report that a page shows: opened by this reviewer, not destroyed, read on its own page."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from improve.accounts.access import current_actor
from improve.incidents.queries.one import Loaded
from improve.incidents.service.one import report_for_review


def opened_report(key: str) -> Loaded | Response:
    """Return a report with its words, or the way to where it is opened or read on."""
    loaded = report_for_review(current_actor(), key, may_be_unopened=True)
    if loaded.incident.joined_into is not None:
        return redirect(url_for("incidents.together", key=loaded.incident.joined_into), 303)
    return loaded if loaded.is_reader else to_report(key)


def to_report(key: str) -> Response:
    """Return the way to the page of a report."""
    return redirect(url_for("incidents.reading", key=key), 303)
