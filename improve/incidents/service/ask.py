"""Asking whoever reported it: they read it by their receipt, and may answer the same way."""

from __future__ import annotations

import secrets

from improve.accounts.actor import Actor
from improve.incidents.contents import Message, message_of
from improve.incidents.kinds import StepKind
from improve.incidents.models import IncidentMessage
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.thread import REPORTER, REVIEWER, messages_of, opened_message
from improve.incidents.queries.together import Part, parts_of
from improve.incidents.service.one import check_may_change, record, report_for_review
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken

#: Messages of one thread, of both together: more is a talk, and that is better had by voice.
MOST_MESSAGES = 40


def ask(actor: Actor, *, key: str, of: str, words: str) -> None:
    """Send a question into the thread of a report, or of one joined to it (``of``).

    The same question twice in a row is one.
    """
    loaded, part = _part(actor, key, of)
    check_may_change(loaded)
    words = words.strip()
    if not words:
        raise RuleBroken([Reason("Write your question.", "words")])
    if len(words) > (most := limits.length("report_message")):
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    said = [(opened_message(part, row), row.by) for row in messages_of(part)]
    said.sort(key=lambda one: one[0].n)
    if said and (said[-1][0].words, said[-1][1]) == (words, REVIEWER):
        return
    if len(said) >= MOST_MESSAGES:
        raise RuleBroken([Reason("There is no room for more messages here.", "words")])
    message_key = secrets.token_urlsafe(16)
    last = said[-1][0].n if said else 0
    message = Message(words=words, day=clock.today().isoformat(), n=last + 1)
    db.session.add(
        IncidentMessage(
            key=message_key,
            organisation_id=part.incident.organisation_id,
            incident_key=part.incident.key,
            by=REVIEWER,
            is_read=False,
            sealed=part.key.seal(message.facts(), about=message_of(part.incident.key, message_key)),
        )
    )
    record(loaded, actor, StepKind.ASKED)


def read_messages(actor: Actor, *, key: str, of: str, read_to: int) -> None:
    """Say that what the reporter wrote was read, and shows nobody in danger. Twice is harmless.

    ``read_to``: the last message of the thread that was shown; one that came after it still waits.
    """
    _, part = _part(actor, key, of)
    for row in messages_of(part):
        if row.by == REPORTER and opened_message(part, row).n <= read_to:
            row.is_read = True
    db.session.flush()


def _part(actor: Actor, key: str, of: str) -> tuple[Loaded, Part]:
    loaded = report_for_review(actor, key, for_change=True)
    found = next((part for part in parts_of(loaded) if part.incident.key == (of or key)), None)
    if found is None:
        raise NotFound
    return loaded, found
