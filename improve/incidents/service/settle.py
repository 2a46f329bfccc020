"""What is kept of a report when two reviewers sign it off: words for others, theme, factors."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from improve.incidents.contents import Work
from improve.incidents.learning_days import week_of
from improve.incidents.models import Incident, IncidentLearning
from improve.incidents.queries.use import learning_behind
from improve.shared import clock
from improve.shared.db import db


def learn_from(
    incidents: Sequence[Incident],
    *,
    work: Work,
    changes: Iterable[Mapping[str, Any]] = (),
    agreement: float | None = None,
) -> IncidentLearning:
    """Keep what was agreed of a report, or of several of one event, and return its row.

    The service that signs off calls it, before the words are destroyed; it has checked who may.
    ``changes``: number and rule of each change, nothing of what stood there. ``agreement``: how far
    two codings apart agreed, 0 to 1, None where one person coded. Of a report that is told
    strictly only the theme is kept. Nobody but its reviewers reads any of it before one of them
    says so, see ``service.use``. Twice is harmless: a report has one learning.
    """
    row = learning_behind(incidents)
    if row is None:
        is_strict = any(one.is_strict for one in incidents)
        row = IncidentLearning(
            key=secrets.token_urlsafe(16),
            organisation_id=incidents[0].organisation_id,
            week=min(one.week for one in incidents),
            settled_week=week_of(clock.today()),
            shareable="" if is_strict else work.shareable.strip(),
            changes=[] if is_strict else _by_rule_alone(changes),
            theme=work.theme.strip(),
            kind=work.kind,
            factors=sorted(set(work.factors)),
            agreement=agreement,
        )
        db.session.add(row)
        db.session.flush()
    for one in incidents:
        one.learning_key = row.key
    db.session.flush()
    return row


def _by_rule_alone(changes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Leave out whatever else stands beside number and rule: it may be what was taken out."""
    return [{"n": int(one["n"]), "rule": str(one["rule"])} for one in changes]
