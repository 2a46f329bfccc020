"""Giving an idea to the learning team: a coach's, to go out in the batch and without their name.

Nothing of it stands in the audit: whoever could count what coaches gave would know how many ideas
of the learning team came from reports.
"""

from __future__ import annotations

import secrets
from typing import Any

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.incidents.learning_days import batch_after
from improve.incidents.models import IncidentProposal
from improve.incidents.queries.proposals import given_with, own_for_change
from improve.incidents.service.use import check_idea
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden

ONLY_COACHES = "Only coaches can give an idea to the learning team."


def give_idea(actor: Actor, *, text: str, benefit: str, team_id: int, form_token: str) -> None:
    """Keep an idea until the next batch, when the learning team proposes it. Twice gives one."""
    _check(actor)
    token = form_token[:64]
    if given_with(actor, token) is not None:
        return
    words: dict[str, Any] = {"text": text.strip(), "benefit": benefit.strip(), "team_id": team_id}
    check_idea(actor, text=words["text"], benefit=words["benefit"], team_id=team_id)
    db.session.add(
        IncidentProposal(
            key=secrets.token_urlsafe(16),
            organisation_id=actor.organisation_id,
            proposal=words,
            propose_after=batch_after(clock.today()),
            given_by_id=actor.person_id,
            form_token=token,
        )
    )
    db.session.flush()


def take_given_back(actor: Actor, *, key: str) -> None:
    """Take one's own idea back before its batch. Gone already: nothing happens."""
    _check(actor)
    row = own_for_change(actor, key)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def _check(actor: Actor) -> None:
    if not roles.may(actor, Permission.SEE_COACHING):
        raise Forbidden(ONLY_COACHES)
