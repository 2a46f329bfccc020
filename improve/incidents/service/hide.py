"""What staff read of a report may identify someone: hidden at once, and looked at by a reviewer."""

from __future__ import annotations

from sqlalchemy import select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.incidents.models import IncidentLearning
from improve.incidents.queries.reviewers import reviewer_views
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell_by_itself
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound


def hide_learning(actor: Actor, *, key: str) -> None:
    """Take what was learned away from everybody but reviewers, who are told. Twice is harmless.

    Any of the staff may. Raises ``NotFound`` for what they cannot read. Who hides it is mostly whom
    it tells of, or who reported it: so the log of acts says that it was done, and neither it nor
    the notice says by whom, or which words.
    """
    if not roles.may(actor, Permission.SEE_REPORT_LEARNING):
        raise Forbidden("Only staff can do this.")
    row = _locked(actor, key)
    if row.shown_month is None or row.shown_month > clock.today():
        raise NotFound
    if row.is_hidden:
        return
    for one in _same_words(row, is_hidden=False):
        one.is_hidden = True
        one.version += 1
    db.session.flush()
    own = actor.organisation_id
    audit.record(None, "report_words_hidden", "organisation", own, organisation_id=own)
    tell_by_itself(
        actor.organisation_id,
        [one.person_id for one in reviewer_views(actor.organisation_id)],
        NoticeKind.REPORT_HIDDEN,
        subject_id=actor.organisation_id,
        facts={"title": "What we learned"},
    )


def show_learning(actor: Actor, *, key: str) -> None:
    """Let staff read it again, as a reviewer who looked at it. Twice is harmless."""
    row = _hidden(actor, key)
    if row is None:
        return
    for one in _same_words(row, is_hidden=True):
        one.is_hidden = False
        one.version += 1
    db.session.flush()
    audit.record(actor, "report_words_shown", "organisation", actor.organisation_id)


def remove_words(actor: Actor, *, key: str) -> None:
    """Take its words away for good: story, theme, note. Twice is harmless.

    Kind and conditions stay, so that what was counted stays as it was shown.
    """
    row = _hidden(actor, key)
    if row is None:
        return
    for one in _same_words(row, is_hidden=True):
        one.shareable = one.theme = one.note = ""
        one.changes, one.is_hidden, one.shown_month = [], False, None
        one.version += 1
    db.session.flush()
    audit.record(actor, "report_words_removed", "organisation", actor.organisation_id)


def _hidden(actor: Actor, key: str) -> IncidentLearning | None:
    """Return what was hidden, for a reviewer; None where another has looked at it meanwhile."""
    if not roles.may(actor, Permission.REVIEW_REPORTS):
        raise Forbidden("Only a reviewer can do this.")
    row = _locked(actor, key)
    return row if row.is_hidden else None


def _same_words(row: IncidentLearning, *, is_hidden: bool) -> list[IncidentLearning]:
    """Return it and every other with the same words: a page shows them once, and so hides all."""
    found = db.session.scalars(
        select(IncidentLearning)
        .where(
            IncidentLearning.organisation_id == row.organisation_id,
            IncidentLearning.shareable == row.shareable,
            IncidentLearning.theme == row.theme,
            IncidentLearning.note == row.note,
            IncidentLearning.is_hidden.is_(is_hidden),
        )
        .order_by(IncidentLearning.key)
        .with_for_update()
    )
    return list(found)


def _locked(actor: Actor, key: str) -> IncidentLearning:
    row = db.session.scalars(
        select(IncidentLearning)
        .where(
            IncidentLearning.key == key,
            IncidentLearning.organisation_id == actor.organisation_id,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
