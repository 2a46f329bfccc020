"""The weekly batch: ideas that wait are proposed by the learning team, all at once.

What a report led to goes out beside what coaches gave to the learning team, in no order, with the
same author, hour and entry in the audit: nothing tells the one from the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from improve.accounts.actor import Actor
from improve.accounts.queries import actor_of_person
from improve.accounts.service.learning_team import learning_team
from improve.ideas.service import propose_idea
from improve.incidents.learning_days import week_of
from improve.incidents.models import IncidentLearning
from improve.incidents.queries.proposals import councils_that_learn, waiting_proposals
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import DomainError


def propose_waiting() -> int:
    """Propose the ideas whose Monday has come, of all councils, and return how many were.

    For the nightly run; again is harmless. A council whose form was opened has a learning team from
    then on, so that its first idea tells nothing. Where a team was closed meanwhile the idea stays
    with its reviewers, who choose another.
    """
    team_of = {council: learning_team(council) for council in councils_that_learn()}
    waiting = list(waiting_proposals(clock.today()))
    secrets.SystemRandom().shuffle(waiting)
    proposed = 0
    for row in waiting:
        person_id = team_of.get(row.organisation_id) or learning_team(row.organisation_id)
        idea_id = _propose(actor_of_person(person_id), row.proposal or {})
        if idea_id is None:
            row.propose_after = None
            continue
        proposed += 1
        if isinstance(row, IncidentLearning):
            row.idea_id, row.proposal = idea_id, None
            row.proposed_week = week_of(clock.today())
            row.version += 1
        else:
            db.session.delete(row)
    db.session.flush()
    return proposed


def _propose(team: Actor, words: Mapping[str, Any]) -> int | None:
    """Return the id of the idea, logged like any other; None where its team takes none now."""
    try:
        return propose_idea(
            team,
            text=words["text"],
            benefit=words["benefit"],
            team_id=words["team_id"],
            form_token=uuid4().hex,
        ).idea_id
    except DomainError:
        return None
