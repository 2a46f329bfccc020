"""It came out who had reported something: said to all staff, so that “never so far” is honest."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.incidents.models import IncidentDisclosure
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


def enter_disclosure(actor: Actor, *, noticed_on: date | None, words: str) -> None:
    """Keep that it came out who had reported something, and what was done about it.

    Only a reviewer enters it. Refuses no day, a day to come, no words and too many. The same day
    and words again are harmless. The words are never in the log of acts.
    """
    if not roles.may(actor, Permission.REVIEW_REPORTS):
        raise Forbidden("Only a reviewer can enter this.")
    most, reasons = limits.length("report_setup"), []
    if noticed_on is None:
        reasons.append(Reason("Write the day on which it was noticed.", "noticed_on"))
    elif noticed_on > clock.today():
        reasons.append(Reason("Write a day up to today.", "noticed_on"))
    if not words:
        reasons.append(Reason("Write what was done about it.", "words"))
    elif len(words) > most:
        reasons.append(Reason(f"Use {most:,} characters or fewer.", "words"))
    if reasons or noticed_on is None:
        raise RuleBroken(reasons)
    same = select(IncidentDisclosure.id).where(
        IncidentDisclosure.organisation_id == actor.organisation_id,
        IncidentDisclosure.noticed_on == noticed_on,
        IncidentDisclosure.words == words,
    )
    if db.session.scalars(same.limit(1)).first() is not None:
        return
    row = IncidentDisclosure(
        organisation_id=actor.organisation_id,
        noticed_on=noticed_on,
        words=words,
        entered_by_id=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "report_disclosure_entered", "organisation", actor.organisation_id)
