"""Joining an idea to another of the same thing, and taking the two apart again.

Nothing is moved and nothing is lost: the joined idea keeps its page with every word, cycle and
measure, and ends as “Joined to another idea”. Its followers and people come to the other one, each
once. What the join added is noted, so that a split takes exactly that away again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from improve.accounts.actor import Actor
from improve.accounts.service import raise_board_versions
from improve.ideas import rights
from improve.ideas.joining import Joinable, why_not_joined, why_not_taken_in
from improve.ideas.kinds import OUTCOME_WORDS, FollowReason, Outcome, ReplyKind, Stage, Way
from improve.ideas.models import Idea, IdeaFollower, IdeaJoin, IdeaMember, StageMove
from improve.ideas.queries import door, joining
from improve.ideas.queries.following import followers_of
from improve.ideas.service.answer import present_cycle
from improve.ideas.service.arrival import before_move
from improve.ideas.service.change_team import check_team_is_open
from improve.ideas.service.following import let_follow
from improve.ideas.service.freshness import stale
from improve.ideas.service.record import as_text, finish, note_edit, publish_act
from improve.ideas.service.undo import read_before
from improve.notifications.kinds import NoticeKind
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

#: What a join ends besides what a move changes, as long as the idea stays in its team.
_PIN = ("pinned_at", "pinned_by_id")


def join_ideas(actor: Actor, *, idea_id: int, into_id: int, words: str, seen_version: int) -> None:
    """Join an idea to another of the same thing, with a sentence to its author.

    The sentence counts as the first reply where there is none. For managers of the idea's team and
    coaches; ``joining`` has the rule. Authors and followers of both are told. The same form twice
    does nothing. Raises ``Stale`` when the idea changed since ``seen_version``.
    """
    if idea_id == into_id:
        raise RuleBroken([Reason("Choose another idea than this one.")])
    idea, standing, into, _ = _both(actor, idea_id, into_id)
    if not rights.steers(actor, standing):
        raise Forbidden(rights.WHO_JOINS)
    if idea.joined_to_id == into.id:
        return
    cycle = present_cycle(idea, door.cycles_for_change(actor, idea))
    if idea.version != seen_version:
        raise stale(actor, idea, standing, cycle)
    words = words.strip()
    _check(idea, into, words)
    at = clock.now()
    before = before_move(idea, cycle)
    kept = before | {name: _kept(getattr(idea, name)) for name in (*_PIN, "team_id")}
    row = IdeaJoin(
        organisation_id=idea.organisation_id,
        idea_id=idea.id,
        into_id=into.id,
        words=words,
        by_id=actor.person_id,
        at=at,
        before=kept,
        added=_bring_people(idea, into),
    )
    db.session.add(row)
    left = Stage(idea.stage)
    _end(actor, idea, into, words, at)
    db.session.add(
        StageMove(
            organisation_id=idea.organisation_id,
            idea_id=idea.id,
            way=Way.JOIN.value,
            from_stage=left.value,
            to_stage=Stage.DONE.value,
            outcome=Outcome.JOINED.value,
            by_id=actor.person_id,
            at=at,
            note=words,
            cycle_number=idea.cycle_number,
            version=idea.version,
            before=before,
        )
    )
    note_edit(actor, into, version=into.version, kind="same_as", field=as_text(idea.id))
    db.session.flush()
    _tell_both(actor, idea, into, NoticeKind.JOINED, "ideas_joined")
    # Not its title: a copy would stay with this idea when words are taken out of that one.
    publish_act(actor, idea, "moved", OUTCOME_WORDS[Outcome.JOINED])


def split_ideas(actor: Actor, *, idea_id: int) -> None:
    """Take an idea apart again from the one it was joined to, as if it had never been joined.

    Stage, clock and followers are as before; what was written since stays where it was written.
    For managers of either team and coaches. Authors and followers of both are told. Does nothing
    where the idea is not joined.
    """
    into_id = joining.joined_to(actor, idea_id)
    if into_id is None:
        return
    idea, standing, into, other = _both(actor, idea_id, into_id)
    if not rights.may_split(actor, standing.team_id, other.team_id):
        raise Forbidden(rights.WHO_SPLITS)
    row = joining.join_for_change(actor, idea_id)
    if row is None or idea.joined_to_id != into.id:
        return  # a colleague was faster
    check_team_is_open(actor, idea)
    at = clock.now()
    _take_people_away(into, row)
    _put_back(idea, row.before)
    row.split_at, row.split_by_id = at, actor.person_id
    db.session.execute(
        update(StageMove)
        .where(
            StageMove.idea_id == idea.id,
            StageMove.way == Way.JOIN.value,
            StageMove.undone_at.is_(None),
        )
        .values(undone_at=at, undone_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    for one in (idea, into):
        note_edit(actor, one, version=one.version, kind="split")
    db.session.flush()
    _tell_both(actor, idea, into, NoticeKind.SPLIT, "ideas_split")


def _both(
    actor: Actor, idea_id: int, into_id: int
) -> tuple[Idea, rights.Standing, Idea, rights.Standing]:
    """Return both ideas, locked always in the same order, and how the actor stands to them."""
    found = {i: door.idea_for_change(actor, i) for i in sorted({idea_id, into_id})}
    return *found[idea_id], *found[into_id]


def _check(idea: Idea, into: Idea, words: str) -> None:
    refused = why_not_joined(_joinable(idea)) or why_not_taken_in(_joinable(into))
    if refused:
        raise RuleBroken([Reason(refused)])
    most = limits.length("reply")
    if not words:
        raise RuleBroken([Reason("Write a sentence to the author.", "words")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Keep it to {most:,} characters.", "words")])


def _joinable(idea: Idea) -> Joinable:
    return Joinable(
        stage=Stage(idea.stage),
        outcome=Outcome(idea.outcome) if idea.outcome else None,
        is_on_board=idea.is_on_board,
        has_joined=joining.has_joined(idea.id),
    )


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _end(actor: Actor, idea: Idea, into: Idea, words: str, at: datetime) -> None:
    idea.stage, idea.outcome = Stage.DONE.value, Outcome.JOINED.value
    idea.stage_entered_at = idea.finished_at = at
    idea.joined_to_id = into.id
    idea.waiting_since = idea.due_to_study_on = idea.look_again_on = None
    idea.pinned_at = idea.pinned_by_id = None
    idea.version += 1
    if idea.first_reply_at is None:
        idea.first_reply_at, idea.first_reply_by_id = at, actor.person_id
        idea.first_reply_kind, idea.first_reply_words = ReplyKind.WILL_TRY.value, words
        note_edit(actor, idea, version=idea.version, kind="replied", new=words)


def _bring_people(idea: Idea, into: Idea) -> dict[str, list[int]]:
    """Let the followers and people of an idea come to the other; return whom that added."""
    known = joining.known_to(into.id)
    taking_part = joining.taking_part(idea)
    members = sorted(taking_part - joining.taking_part(into) - {into.author_id})
    at = clock.now()
    for person_id in members:
        db.session.add(IdeaMember(idea_id=into.id, person_id=person_id, joined_at=at))
    followers = sorted(set(joining.staff_who_follow(idea.id)) - known)
    let_follow(into, followers, FollowReason.JOINED)
    return {"followers": followers, "members": members}


def _take_people_away(into: Idea, row: IdeaJoin) -> None:
    """Take away whom the join added; whoever took part in the other since stays with it."""
    members, followers = row.added.get("members", []), row.added.get("followers", [])
    db.session.execute(
        delete(IdeaMember)
        .where(IdeaMember.idea_id == into.id, IdeaMember.person_id.in_(members))
        .execution_options(synchronize_session=False)
    )
    since = joining.taking_part_since(into, followers, row.at)
    came = (
        IdeaFollower.idea_id == into.id,
        IdeaFollower.why == FollowReason.JOINED.value,
        IdeaFollower.is_following,
    )
    for why, people in since.items():
        db.session.execute(
            update(IdeaFollower)
            .where(*came, IdeaFollower.person_id.in_(sorted(people)))
            .values(why=why.value)
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        delete(IdeaFollower)
        .where(*came, IdeaFollower.person_id.in_(followers))
        .execution_options(synchronize_session=False)
    )


def _put_back(idea: Idea, before: dict[str, Any]) -> None:
    """Put back what the join ended. The cycle was never touched.

    What the huddle of one team was to talk about is not put before that of another.
    """
    left_out = {"cycle", "team_id"}
    if before.get("team_id", idea.team_id) != idea.team_id:
        left_out.update(_PIN)
    for name, value in before.items():
        if name not in left_out:
            setattr(idea, name, read_before(name, value))
    if idea.first_reply_at is None:
        idea.first_reply_words = ""
    idea.joined_to_id = None
    idea.version += 1
    db.session.flush()


def _tell_both(actor: Actor, idea: Idea, into: Idea, kind: NoticeKind, action: str) -> None:
    """Tell the people of both, each once: of their own idea where they have to do with both."""
    told = {person_id for person_id, _ in followers_of(idea.id)} | {idea.author_id}
    finish(
        actor,
        idea,
        action,
        tells=kind,
        also=[idea.author_id],
        changes_board=False,
        into=into.id,
    )
    finish(
        actor,
        into,
        f"{action}_here",
        tells=kind,
        also=[into.author_id],
        besides=told,
        changes_board=False,
        joined=idea.id,
    )
    raise_board_versions([idea.team_id, into.team_id])
