"""Which reviewer reads on which days."""

from __future__ import annotations

from datetime import date

from improve.accounts.actor import Actor
from improve.accounts.in_confidence.reading_days import ReadersDays
from improve.accounts.service.reading_cover import put_days_in, take_days_out
from improve.incidents.models import IncidentCover
from improve.incidents.queries.reviewers import reviewer_views
from improve.incidents.service.setup import check_may, locked_setup


def add_cover(actor: Actor, *, person_id: int, from_on: date, to_on: date) -> None:
    """Say that a trained reviewer reads from one day to another, both with it.

    Refuses who is not trained, and days as ``put_days_in`` does. The same again is harmless.
    """
    check_may(actor)
    trained = {one.person_id for one in reviewer_views(actor.organisation_id) if one.trained_on}
    put_days_in(
        IncidentCover,
        actor,
        days=ReadersDays(person_id, from_on, to_on),
        not_a_reader="" if person_id in trained else "Choose a trained reviewer.",
        lock=locked_setup,
        act="reports_cover_added",
    )


def remove_cover(actor: Actor, *, cover_id: int) -> ReadersDays:
    """Take a reviewer's days out of the calendar and return them. Raises ``NotFound``."""
    check_may(actor)
    return take_days_out(IncidentCover, actor, cover_id=cover_id, act="reports_cover_removed")
