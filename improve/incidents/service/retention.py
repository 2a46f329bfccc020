"""The published schedule: a report that nobody signed off in its days is destroyed, read or not.

Nothing of it goes to the log of acts, which administrators read: how many came is not for them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from improve.incidents.kinds import State
from improve.incidents.models import (
    Incident,
    IncidentAlert,
    IncidentAnswer,
    IncidentContact,
    IncidentStep,
)
from improve.incidents.queries.destroyed import (
    contacts_of_no_report,
    drafts_to_delete,
    past_their_days,
    read_with,
)
from improve.incidents.queries.keeping import is_asked_or_kept
from improve.incidents.service.destroy import destroy_these
from improve.shared import clock
from improve.shared.clearing import clears
from improve.shared.db import db, forget_deleted_words

#: Days that is kept which reviewer did what with a report.
STEPS_KEPT: Final = 365
#: Days that is kept who was told of a hazard, and in which words.
ALERTS_KEPT: Final = 365


def clear_reports() -> None:
    """Offer each class of what has had its time."""
    for words, delete_them in _CLASSES.items():
        clears(words, delete_them)


def destroy_past_their_days() -> int:
    """Destroy reports whose days are over, with what reviewers drafted for an answer.

    What was joined to one goes with it: its words are read there alone. One of which somebody said
    that a lawful order came stays, whatever it is joined to, until that is taken back or ended.
    """
    due = set(past_their_days())
    these = [
        one
        for one in read_with(due)
        if not due.isdisjoint((one.key, one.joined_into)) and not is_asked_or_kept(one)
    ]
    count = destroy_these(these, state=State.LAPSED)
    if count:
        drafts = IncidentAnswer.incident_key.in_([one.key for one in these])
        db.session.execute(
            delete(IncidentAnswer)
            .where(drafts, IncidentAnswer.given_week.is_(None))
            .execution_options(synchronize_session="fetch")
        )
    return count


def delete_contacts_of_no_report() -> int:
    """Delete ways to call back to which no report leads any more."""
    tokens = contacts_of_no_report()
    if tokens:
        gone = delete(IncidentContact).where(IncidentContact.token.in_(tokens))
        db.session.execute(gone.execution_options(synchronize_session="fetch"))
        forget_deleted_words()
    return len(tokens)


def delete_forms_not_sent() -> int:
    """Delete answers so far that are older than a day."""
    drafts = drafts_to_delete()
    for draft in drafts:
        db.session.delete(draft)
    if drafts:
        db.session.flush()
        forget_deleted_words()
    return len(drafts)


def delete_steps() -> int:
    """Delete which reviewer did what, a year after, with reports that were destroyed.

    What an order keeps stands longer, with who opened it and that no danger was found.
    """
    before = clock.now() - timedelta(days=STEPS_KEPT)
    standing = select(Incident.key).where(Incident.wrapped_key.is_not(None))
    gone = delete(IncidentStep).where(
        IncidentStep.at < before, IncidentStep.incident_key.not_in(standing)
    )
    return int(db.session.execute(gone.execution_options(synchronize_session="fetch")).rowcount)  # type: ignore[attr-defined]


def delete_alerts() -> int:
    """Delete what hazards were told, and to whom, a year after."""
    before = clock.today() - timedelta(days=ALERTS_KEPT)
    gone = delete(IncidentAlert).where(IncidentAlert.sent_on < before)
    count = int(db.session.execute(gone.execution_options(synchronize_session="fetch")).rowcount)  # type: ignore[attr-defined]
    if count:
        forget_deleted_words()
    return count


#: What goes when, in words.
_CLASSES: Final[dict[str, Callable[[], int]]] = {
    "reports whose days are over": destroy_past_their_days,
    "ways to call back to which no report leads": delete_contacts_of_no_report,
    "reports that were begun and not sent": delete_forms_not_sent,
    "steps of reviewers of a year ago": delete_steps,
    "hazards that were told of a year ago": delete_alerts,
}
