"""The line of tabs that every page about finished work carries."""

from __future__ import annotations

from typing import Final

from flask import g, url_for

from improve.accounts.roles import Permission, has_any
from improve.review.routes.blueprint import blueprint

#: (key, words, endpoint, who may open it), in the order of the line.
_TABS: Final = (
    ("month", "This month, from you", "review.month", Permission.SEE_MONTH),
    ("finished", "All finished work", "review.finished_cycles", Permission.SEE_REVIEW),
    ("library", "Library", "library.pages", Permission.READ_LIBRARY),
    ("did", "You asked, leaders did", "review.leaders_did", Permission.SEE_REVIEW),
    ("aims", "Aims from above", "review.aims_from_above", Permission.SEE_REVIEW),
    ("work", "How we work", "review.all_work", Permission.SEE_REVIEW),
)


@blueprint.app_template_global("review_tabs")
def review_tabs() -> list[tuple[str, str, str]]:
    """Return (key, words, address) of the pages that the actor may open; none when nobody is in."""
    actor = g.get("actor")
    if actor is None:
        return []
    return [
        (key, words, url_for(endpoint))
        for key, words, endpoint, needed in _TABS
        if has_any(actor, needed)
    ]
