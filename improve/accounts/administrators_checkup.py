"""What ``doctor`` looks at of who administers: one alone cannot help themselves."""

from __future__ import annotations

from improve.accounts import queries
from improve.accounts.oidc.known_issuers import known_issuers
from improve.shared import database_facts
from improve.shared.checkup import Finding
from improve.shared.db import db

_ADVICE = (
    "Make somebody else one, too, on their page: whoever is alone has nobody to take a lost phone "
    "away or to make a link, and none to be told what they do."
)


def look_at_administrators() -> list[Finding]:
    """Return whether two people who can sign in administer each council."""
    if not database_facts.revision_of(db.session.connection()):
        return []
    found = []
    for name, count in queries.administrators_by_council(known_issuers()):
        if count < 2:
            how_many = "only one administrator who" if count else "no administrator who"
            found.append(Finding(False, f"{name} has {how_many} can sign in", _ADVICE))
    return found
