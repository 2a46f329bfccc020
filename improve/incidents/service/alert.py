"""A hazard told at once to whoever owns the system concerned: no names, and no report."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.incidents.kinds import StepKind
from improve.incidents.models import IncidentAlert
from improve.incidents.service.one import record, report_for_review
from improve.mail import service as mail
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken

SUBJECT = "A hazard in a system that you look after"
_HEAD = (
    "Somebody at the council noticed a hazard in a system or a way of working that you look after. "
    "We ask you to look at it now."
)
_FOOT = (
    "It is about the system and nobody in particular. Do not ask who noticed it: nobody may "
    "say. What you do about it, tell all who use the system."
)


def send_alert(actor: Actor, *, key: str, told: str, email: str, words: str) -> bool:
    """Mail the owner of a system of a hazard, and return whether it is new.

    ``told``: a role, not a name. The words were looked through for names before. The same to the
    same address on one day is one mail. Nothing in it, or kept of it, leads to the report.
    """
    loaded = report_for_review(actor, key, for_change=True)
    told, email, words = told.strip(), email.strip(), words.strip()
    _check(told, email, words)
    today = clock.today()
    known = db.session.execute(
        select(IncidentAlert.id).where(
            IncidentAlert.organisation_id == actor.organisation_id,
            IncidentAlert.email == email,
            IncidentAlert.words == words,
            IncidentAlert.sent_on == today,
        )
    ).first()
    if known is not None:
        return False
    db.session.add(
        IncidentAlert(
            organisation_id=actor.organisation_id,
            told=told,
            email=email,
            words=words,
            sent_by_id=actor.person_id,
            sent_on=today,
        )
    )
    mail.enqueue(
        key=f"hazard:{secrets.token_urlsafe(16)}",
        to=email,
        subject=SUBJECT,
        body=f"{_HEAD}\n\n{mail.SEALED_HERE}\n\n{_FOOT}\n",
        # In the outbox, and in copies of it, what is wrong stands under the key.
        sealed=words,
    )
    record(loaded, actor, StepKind.ALERTED)
    return True


def _check(told: str, email: str, words: str) -> None:
    reasons = []
    if not told:
        reasons.append(Reason("Say whose system it is, by role.", "told"))
    if not mail.is_address(email):
        reasons.append(Reason("Enter an e-mail address, such as name@example.org.", "email"))
    most = limits.length("report_message")
    if not words:
        reasons.append(Reason("Say what the hazard is.", "words"))
    elif len(words) > most:
        reasons.append(Reason(f"Use {most:,} characters or fewer.", "words"))
    if reasons:
        raise RuleBroken(reasons)
