"""A leader's tick that they read how a cycle ended, with a word to its people if they like."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import IntegrityError

from improve.accounts import queries as people
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas import queries as ideas
from improve.ideas.listing import FinishedCycle
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.review import queries
from improve.review.models import CycleRead
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

ONLY_LEADERS: Final = "Only a leader can tick what teams finished as read."


def tick_read(
    actor: Actor,
    *,
    idea_id: int,
    cycle_number: int,
    words: str | None = None,
    seen_version: int = 0,
) -> None:
    """Say that the actor read a finished cycle; ``words`` go to its people and stand beside it.

    ``words`` None only ticks, and never changes what was written; “” takes one's own words back.
    ``seen_version`` is that of one's own tick, 0 before there is one. Twice is harmless. Author,
    lead and whoever takes part are told of the first tick, and of the first words. Refuses in
    words what does not fit (field ``words``); raises ``Stale`` where one wrote other words
    meanwhile, ``NotFound`` for a cycle that is not finished or not to be seen.
    """
    if not may(actor, Permission.TICK_READ):
        raise Forbidden(ONLY_LEADERS)
    cycle = ideas.finished_cycle(actor, idea_id, cycle_number)
    said = None if words is None else words.strip()
    most = limits.length("read_words")
    if said and len(said) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    row = queries.read_for_change(actor, idea_id, cycle_number)
    if row is None:
        row = _made(actor, cycle, said or "")
        if row is not None:
            _tell(actor, cycle, has_words=bool(said))
            return
        # The same person's other form came at the same moment, and was first.
        row = queries.read_for_change(actor, idea_id, cycle_number)
    if row is None or said is None or row.words == said:
        return
    if row.version != seen_version:
        raise Stale(what="read", words=row.words, version=row.version)
    had_words = bool(row.words)
    row.words = said
    row.version += 1
    audit.record(actor, "read_words_changed", "idea", idea_id, cycle=cycle_number)
    if said and not had_words:
        _tell(actor, cycle, has_words=True)
    db.session.flush()


def _made(actor: Actor, cycle: FinishedCycle, words: str) -> CycleRead | None:
    row = CycleRead(
        organisation_id=actor.organisation_id,
        idea_id=cycle.idea_id,
        cycle_number=cycle.cycle_number,
        person_id=actor.person_id,
        words=words,
        read_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    audit.record(actor, "cycle_read", "idea", cycle.idea_id, cycle=cycle.cycle_number)
    return row


def _tell(actor: Actor, cycle: FinishedCycle, *, has_words: bool) -> None:
    among = ideas.people_of_idea(actor, cycle.idea_id)
    tell(
        actor,
        sorted(people.active_people(actor, among)),
        NoticeKind.LEADER_READ,
        subject_id=cycle.idea_id,
        facts={"title": cycle.title, "by": actor.first_name, "has_words": has_words},
    )
    db.session.flush()
