"""Making a council ready to take reports: signatures, reviewers, its choices, and opening."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.in_confidence.readiness import (
    OWN_TRAINING,
    signed_values,
    unsigned_reasons,
)
from improve.accounts.roles import Permission
from improve.incidents.confidentiality import SMALLEST_GROUP
from improve.incidents.models import IncidentReviewer, IncidentSetup
from improve.incidents.queries.readiness import readiness
from improve.incidents.queries.reviewers import reviewer_views
from improve.incidents.schedule import choose_days
from improve.incidents.wording import anonymous_reason
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from improve.shared.kept_choices import change_choices, check_seen, locked_choices
from improve.shared.leaving_page import is_https

#: A group may be asked to be wider than the least, and no wider than any council is.
WIDEST_GROUP: Final = 1_000
LONGEST_KEPT: Final = 365
_WHAT: Final = "reports_setup"


def sign_off(
    actor: Actor,
    *,
    signed: Mapping[str, tuple[str, date | None]],
    rung: Mapping[str, str],
    seen_version: int,
) -> None:
    """Keep who signed the assessment and the legal check, and who rang the numbers, and when.

    ``signed``: by the names of ``readiness.SIGNED``; no name and no day: nobody yet. ``rung``: the
    numbers (“day”, “night”) that were on the page; once others hold, ringing is due again. Raises
    ``RuleBroken`` and ``Stale``. The same again is harmless.
    """
    check_may(actor)
    reasons = unsigned_reasons(signed, today=clock.today())
    if reasons:
        raise RuleBroken(reasons)
    _keep(actor, signed_values(signed, rung=rung), seen_version, "reports_signed_off")


def change_choices_of_form(
    actor: Actor, *, keep_days: int, smallest_group: int, leave_url: str, seen_version: int
) -> None:
    """Keep after how many days a report is destroyed, how wide a group is, where one leaves to.

    Refuses days outside 1 to 365, a group of fewer than 20, and an address that is not https.
    Other days hold for reports from next Monday on, once the form was open: what came before is
    destroyed when it was said. Raises ``Stale``.
    """
    check_may(actor)
    reasons = []
    if not 1 <= keep_days <= LONGEST_KEPT:
        reasons.append(Reason(f"Write a number of days from 1 to {LONGEST_KEPT}.", "keep_days"))
    if not SMALLEST_GROUP <= smallest_group <= WIDEST_GROUP:
        words = f"Write a number of people from {SMALLEST_GROUP} to {WIDEST_GROUP:,}."
        reasons.append(Reason(words, "smallest_group"))
    if leave_url and not is_https(leave_url):
        reasons.append(Reason("Write an address that begins with https://.", "leave_url"))
    if reasons:
        raise RuleBroken(reasons)
    values: dict[str, Any] = {"smallest_group": smallest_group, "leave_url": leave_url}
    values["keep_days"] = keep_days
    row = locked_setup(actor)
    if row.opened_at is not None or row.first_opened_on is not None:
        values["kept_before"] = choose_days(
            keep_days, today=clock.today(), keep_days=row.keep_days, kept_before=row.kept_before
        )
    _keep(actor, values, seen_version, "reports_choices_changed")


def train_reviewer(actor: Actor, *, person_id: int, trained_on: date, trained_by: str) -> None:
    """Keep that somebody who holds the role of reviewer was trained, when and by whom.

    The reviewers there are get to know of it: whoever reads what was told in confidence is made so
    in the open. Nobody enters their own. They read what comes from today on, nothing earlier.
    """
    check_may(actor)
    if person_id == actor.person_id:
        raise RuleBroken([Reason(OWN_TRAINING, "person_id")])
    known = {one.person_id: one for one in reviewer_views(actor.organisation_id)}
    if person_id not in known:
        raise NotFound
    if trained_on > clock.today():
        raise RuleBroken([Reason("Write a day up to today.", "trained_on")])
    if not trained_by:
        raise RuleBroken([Reason("Write who trained them.", "trained_by")])
    locked_setup(actor)
    row = db.session.scalars(
        select(IncidentReviewer).where(
            IncidentReviewer.organisation_id == actor.organisation_id,
            IncidentReviewer.person_id == person_id,
        )
    ).first()
    if row is None:
        row = IncidentReviewer(
            person_id=person_id, organisation_id=actor.organisation_id, entered_on=clock.today()
        )
        db.session.add(row)
    elif (row.trained_on, row.trained_by) == (trained_on, trained_by):
        return
    row.trained_on, row.trained_by = trained_on, trained_by
    db.session.flush()
    audit.record(actor, "reports_reviewer_trained", "person", person_id)
    present = [one.person_id for one in known.values() if one.trained_on is not None]
    tell(
        actor,
        [one for one in present if one != person_id],
        NoticeKind.REPORT_REVIEWER,
        subject_id=actor.organisation_id,
        facts={"title": "Reviewers’ desk", "by": actor.name, "who": known[person_id].name},
    )


def sign_promise(actor: Actor, *, words: str, seen_version: int) -> None:
    """Sign the promise to those who report, as a leader. Raises ``Stale``.

    The same words signed again by the same leader are harmless.
    """
    if not roles.may(actor, Permission.PROMISE_TO_REPORTERS):
        raise Forbidden("Only a leader can sign this.")
    if not words:
        raise RuleBroken([Reason("Write what you promise.", "words")])
    if len(words) > limits.length("report_setup"):
        raise RuleBroken([Reason("Use fewer words.", "words")])
    wrong = anonymous_reason("promise", words)
    if wrong:
        raise RuleBroken([Reason(wrong, "words")])
    row = locked_setup(actor)
    if (row.promise, row.promised_by_id) == (words, actor.person_id):
        return
    check_seen(row, seen_version, _WHAT)
    row.promise, row.promised_by_id, row.promised_at = words, actor.person_id, clock.now()
    row.version += 1
    db.session.flush()
    audit.record(actor, "reports_promise_signed", "organisation", actor.organisation_id)


def open_form(actor: Actor) -> None:
    """Open the form to staff. Refuses with everything that is missing. Twice is harmless."""
    check_may(actor)
    row = locked_setup(actor)
    if row.opened_at is not None:
        return
    missing = readiness(actor, clock.today()).missing
    if missing:
        raise RuleBroken([Reason(f"{need.title}: {need.words}.") for need in missing])
    row.opened_at, row.opened_by_id = clock.now(), actor.person_id
    row.first_opened_on = row.first_opened_on or clock.today()
    row.version += 1
    db.session.flush()
    audit.record(actor, "reports_opened", "organisation", actor.organisation_id)


def close_form(actor: Actor) -> None:
    """Close the form: it takes nothing and shows the other routes. Twice is harmless.

    What was reported before is read on, and answered.
    """
    check_may(actor)
    row = locked_setup(actor)
    if row.opened_at is None:
        return
    row.opened_at = row.opened_by_id = None
    row.version += 1
    db.session.flush()
    audit.record(actor, "reports_closed", "organisation", actor.organisation_id)


def locked_setup(actor: Actor) -> IncidentSetup:
    """Return the council's row, locked: everything that is set up is changed under this lock."""
    return locked_choices(IncidentSetup, actor.organisation_id)


def check_may(actor: Actor) -> None:
    """Raise ``Forbidden`` for whoever may not set up reports."""
    if not roles.may(actor, Permission.SET_UP_REPORTS):
        raise Forbidden("Only an administrator can change how reports are set up.")


def _keep(actor: Actor, values: Mapping[str, Any], seen_version: int, act: str) -> None:
    row = locked_setup(actor)
    changed = change_choices(row, values, seen_version=seen_version, what=_WHAT)
    if changed:
        audit.record(actor, act, "organisation", actor.organisation_id, changed=changed)
