"""What goes together, and what has had its time. Of all councils at once: the schedule asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from improve.incidents.contents import Head, head_of
from improve.incidents.models import Incident, IncidentContact, IncidentDraft, IncidentSetup
from improve.incidents.queries.setup import KEEP_DAYS
from improve.incidents.schedule import keep_days_of
from improve.incidents.sealing import ReportKey
from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import CannotOpen


def joined_to(incidents: Iterable[Incident]) -> list[Incident]:
    """Return these reports and all that were joined to them, each once, locked, by key."""
    keys = {one.key for one in incidents}
    query = (
        select(Incident)
        .where(Incident.key.in_(keys) | Incident.joined_into.in_(keys))
        .order_by(Incident.key)
        .with_for_update()
    )
    return list(db.session.scalars(query))


def read_with(keys: Iterable[str]) -> list[Incident]:
    """Return these reports and all that is read with them, what they were joined to as well.

    Locked in one turn by key, as whoever reviews does: two that wait for each other would both end.
    """
    keys = set(keys)
    mains = select(Incident.joined_into).where(
        Incident.key.in_(keys), Incident.joined_into.is_not(None)
    )
    query = (
        select(Incident)
        .where(Incident.key.in_(keys) | Incident.joined_into.in_(keys) | Incident.key.in_(mains))
        .order_by(Incident.key)
        .with_for_update()
    )
    return list(db.session.scalars(query))


def past_their_days() -> list[str]:
    """Return the keys of reports whose days are over, and that nobody said an order keeps.

    The days of its council, as they were said in the week in which a report came, count from the
    Monday of that week.
    """
    chosen = db.session.execute(
        select(IncidentSetup.organisation_id, IncidentSetup.keep_days, IncidentSetup.kept_before)
    )
    days_of = {row.organisation_id: (row.keep_days, row.kept_before) for row in chosen}
    today = clock.today()
    # No council has fewer days than one: what came today is not looked at.
    standing = db.session.execute(
        select(Incident.key, Incident.organisation_id, Incident.week)
        .where(
            Incident.wrapped_key.is_not(None),
            Incident.frozen_by_id.is_(None),
            Incident.week < today,
        )
        .order_by(Incident.key)
    )
    due = []
    for key, organisation_id, week in standing:
        keep_days, kept_before = days_of.get(organisation_id, (KEEP_DAYS, {}))
        days = keep_days_of(week, keep_days=keep_days, kept_before=kept_before)
        if week + timedelta(days=days) <= today:
            due.append(key)
    return due


def drafts_to_delete() -> Sequence[IncidentDraft]:
    """Return drafts that were begun before yesterday: older than a day whatever the hour."""
    before = clock.today() - timedelta(days=1)
    query = select(IncidentDraft).where(IncidentDraft.began_on < before)
    return list(db.session.scalars(query.order_by(IncidentDraft.token_hash)))


def contacts_of_no_report() -> list[str]:
    """Return the tokens of ways to call back that no report names.

    None at all where a report that stands cannot be opened: it may name one.
    """
    # Before the reports: a way and its report come at once, and none may seem to be alone.
    tokens = db.session.scalars(select(IncidentContact.token).order_by(IncidentContact.token)).all()
    named: set[str] = set()
    standing = db.session.execute(
        select(Incident.key, Incident.wrapped_key, Incident.sealed_head)
        .where(Incident.wrapped_key.is_not(None))
        .order_by(Incident.key)
    )
    try:
        for key, wrapped, sealed_head in standing:
            opened = ReportKey.unwrap(wrapped, about=key).open(sealed_head, about=head_of(key))
            named.add(Head.of(opened).contact)
    except CannotOpen:
        return []
    return [token for token in tokens if token not in named]
