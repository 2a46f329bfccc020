"""One report, for a reviewer to do something with: the only way to load it and keep what was done.

Steps go to the reviewers' own log and never to the audit, which administrators read.
"""

from __future__ import annotations

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.incidents.contents import Work, work_of
from improve.incidents.kinds import StepKind
from improve.incidents.models import Incident, IncidentStep
from improve.incidents.queries.one import Ended, Loaded, ended_report, loaded_report
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale

__all__ = [
    "Ended",
    "Loaded",
    "check_may_change",
    "check_seen",
    "ended_for_review",
    "keep_work",
    "record",
    "record_of",
    "report_for_review",
]

ONLY_REVIEWERS = "Only reviewers of reports can do this."
IS_FROZEN = "A lawful order keeps this as it is. Nothing of it can be changed until that ends."


def report_for_review(
    actor: Actor,
    key: str,
    *,
    for_change: bool = False,
    may_be_unopened: bool = False,
    may_be_joined: bool = False,
) -> Loaded:
    """Return a report that this reviewer opened, with its words; ``for_change`` holds its row.

    Raises ``Forbidden`` for anybody but a reviewer; ``NotFound`` for what is not, or no more,
    offered to them, is another council's, or was destroyed, and for what was joined to another,
    unless it ``may_be_joined``; ``RuleBroken`` before they opened it, unless ``may_be_unopened``:
    then without words.
    """
    _check_reviews(actor)
    return loaded_report(
        actor,
        key,
        for_change=for_change,
        may_be_unopened=may_be_unopened,
        may_be_joined=may_be_joined,
    )


def ended_for_review(actor: Actor, key: str, *, for_change: bool = False) -> Ended:
    """Return a report that was destroyed, for those who read it to use and answer. As above."""
    _check_reviews(actor)
    return ended_report(actor, key, for_change=for_change)


def check_seen(report: Loaded | Ended, seen_version: int | None) -> None:
    """Refuse what was decided on an older state of a report: raises ``Stale``."""
    if seen_version != report.incident.version:
        raise Stale(version=report.incident.version)


def check_may_change(loaded: Loaded) -> None:
    """Refuse to change what a lawful order keeps as it is: raises ``RuleBroken``."""
    if loaded.is_frozen:
        raise RuleBroken(IS_FROZEN)


def record(report: Loaded | Ended | Incident, actor: Actor, kind: StepKind) -> None:
    """Keep who did a step and when, for reviewers; no words. The report has a new version."""
    record_of(report if isinstance(report, Incident) else report.incident, actor.person_id, kind)


def record_of(incident: Incident, person_id: int, kind: StepKind) -> None:
    """Keep a step of somebody else than who acts: what they may read by another’s act. As above."""
    db.session.add(
        IncidentStep(
            organisation_id=incident.organisation_id,
            incident_key=incident.key,
            kind=kind.value,
            person_id=person_id,
            at=clock.now(),
        )
    )
    incident.version += 1
    db.session.flush()


def keep_work(loaded: Loaded, work: Work) -> None:
    """Seal what the reviewers make of a report under its own key. It has a new version."""
    incident = loaded.incident
    incident.sealed_work = loaded.key.seal(work.facts(), about=work_of(incident.key))
    incident.version += 1
    loaded.work = work
    db.session.flush()


def _check_reviews(actor: Actor) -> None:
    if not roles.may(actor, Permission.REVIEW_REPORTS):
        raise Forbidden(ONLY_REVIEWERS)
