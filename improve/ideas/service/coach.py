"""Asking a coach about an idea, the coach's answer, and prompts that were put away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from improve.accounts.actor import Actor
from improve.accounts.queries import coaches
from improve.ideas import rights
from improve.ideas.coaching import PROMPTS
from improve.ideas.models import CoachRequest, Idea, PromptPutAway
from improve.ideas.queries import door
from improve.ideas.queries.following import followers_of
from improve.ideas.service.freshness import A_COLLEAGUE
from improve.ideas.service.record import finish
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import take_back, tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken

ASKED_ALREADY = "A coach was asked about this idea already, and has not answered yet."


def ask_coach(actor: Actor, *, idea_id: int, words: str = "") -> int:
    """Ask a coach about an idea, in a line if one likes; return the request's id.

    One question is open at a time: the same person's own comes back, with nothing changed, and
    another's is refused. Coaches are told.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_ask_coach(actor, standing):
        raise Forbidden(rights.WHO_ASKS_COACH)
    words = _checked(words, "reason", needed="")
    waiting = _open_request(idea)
    if waiting is not None and waiting.by_id == actor.person_id:
        return waiting.id
    if waiting is not None:
        raise RuleBroken([Reason(ASKED_ALREADY, "words")])
    row = CoachRequest(
        organisation_id=idea.organisation_id,
        idea_id=idea.id,
        by_id=actor.person_id,
        words=words,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    tell_of(actor, idea, [coach.id for coach in coaches(actor)], NoticeKind.COACH_ASKED)
    finish(actor, idea, "coach_asked", changes_board=False, request=row.id)
    return row.id


def answer_as_coach(actor: Actor, *, idea_id: int, request_id: int, words: str) -> None:
    """Answer who asks a coach; the answer stands in the conversation, so that others learn.

    Needs words. The same answer sent twice is one. One that was answered or taken back meanwhile
    is refused in words.
    """
    if not rights.may_answer_as_coach(actor):
        raise Forbidden(rights.WHO_ANSWERS_AS_COACH)
    idea, row = _request(actor, idea_id, request_id)
    words = _checked(words, "comment", needed="Write your answer.")
    if row.answered_at is not None:
        if row.answered_by_id == actor.person_id and row.answer == words:
            return
        raise RuleBroken([Reason(_over_words(row), "words")])
    row.answer, row.answered_at, row.answered_by_id = words, clock.now(), actor.person_id
    followers = {person_id: why.value for person_id, why in followers_of(idea.id)}
    tell_of(actor, idea, {**followers, row.by_id: Why.ASKED}, NoticeKind.COACH_ANSWERED)
    finish(actor, idea, "coach_answered", changes_board=False, request=row.id)


def take_coach_request_back(actor: Actor, *, idea_id: int, request_id: int) -> None:
    """Take one's own question back while nobody has answered it. Twice is harmless."""
    idea, row = _request(actor, idea_id, request_id)
    if row.by_id != actor.person_id:
        raise Forbidden("Only the person who asked can take the question back.")
    if row.answered_at is not None:
        return
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id
    # Nobody is shown it any more, so nobody keeps it.
    row.words = ""
    take_back([coach.id for coach in coaches(actor)], NoticeKind.COACH_ASKED, subject_id=idea.id)
    finish(actor, idea, "coach_request_taken_back", changes_board=False, request=row.id)


def end_requests_of(actor: Actor, person_id: int) -> None:
    """Take back what somebody who leaves asked, where nobody leads the idea; coaches need not look.

    Where somebody leads it the question stays: the answer helps whoever goes on, and tells them.
    """
    rows = db.session.execute(
        select(CoachRequest, Idea)
        .join(Idea, Idea.id == CoachRequest.idea_id)
        .where(
            CoachRequest.organisation_id == actor.organisation_id,
            CoachRequest.by_id == person_id,
            CoachRequest.answered_at.is_(None),
            or_(Idea.lead_id.is_(None), Idea.lead_id == person_id),
        )
        .order_by(CoachRequest.id)
    ).all()
    told = [coach.id for coach in coaches(actor)] if rows else []
    for row, idea in rows:
        row.answered_at, row.answered_by_id = clock.now(), person_id
        take_back(told, NoticeKind.COACH_ASKED, subject_id=idea.id)
        audit.record(actor, "coach_request_taken_back", "idea", idea.id, request=row.id)


def put_prompt_away(actor: Actor, *, idea_id: int, key: str) -> None:
    """Keep a coach's prompt away from this person for the present cycle. Twice is harmless."""
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    if key not in PROMPTS:
        raise NotFound
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(
        insert(PromptPutAway)
        .values(
            idea_id=idea.id,
            person_id=actor.person_id,
            cycle_number=max(1, idea.cycle_number),
            key=key,
            at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def _open_request(idea: Idea) -> CoachRequest | None:
    return db.session.execute(
        select(CoachRequest)
        .where(CoachRequest.idea_id == idea.id, CoachRequest.answered_at.is_(None))
        .order_by(CoachRequest.id)
        .limit(1)
    ).scalar_one_or_none()


def _request(actor: Actor, idea_id: int, request_id: int) -> tuple[Idea, CoachRequest]:
    idea, _ = door.idea_for_change(actor, idea_id)
    row = db.session.execute(
        select(CoachRequest)
        .where(CoachRequest.id == request_id, CoachRequest.idea_id == idea.id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return idea, row


def tell_of(
    actor: Actor, idea: Idea, people: Iterable[int] | Mapping[int, str], kind: NoticeKind
) -> None:
    """Tell people of an idea; an author whose name is hidden stays a colleague."""
    is_hidden = idea.hides_name and actor.person_id == idea.author_id
    by = A_COLLEAGUE if is_hidden else actor.first_name
    tell(actor, people, kind, subject_id=idea.id, facts={"title": idea.title, "by": by})


def _over_words(row: CoachRequest) -> str:
    if not row.answer:
        return "The question was taken back meanwhile."
    return "Another coach answered meanwhile. Add a comment if there is more to say."


def _checked(words: str, limit: str, *, needed: str) -> str:
    words = words.strip()
    most = limits.length(limit)
    if needed and not words:
        raise RuleBroken([Reason(needed, "words")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    return words
