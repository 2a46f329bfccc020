"""Comments on an idea."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.kinds import FollowReason
from improve.ideas.models import Comment, Idea
from improve.ideas.queries import door
from improve.ideas.queries.mentions import mentions_in
from improve.ideas.service.following import follow_idea, let_follow, start_following
from improve.ideas.service.freshness import A_COLLEAGUE
from improve.ideas.service.propose import TOKEN_MOST
from improve.ideas.service.record import finish
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


def comment(
    actor: Actor,
    *,
    idea_id: int,
    words: str,
    form_token: str,
    why: FollowReason = FollowReason.COMMENTED,
    besides: Iterable[int] = (),
) -> int:
    """Add a comment and return its id; the same form sent twice makes one comment.

    Whoever comments follows the idea from then on; ``why`` says what their words are. Whoever is
    named with an @ and may read the idea is told so, whether they follow it or not. ``besides``
    hear of the same words in another way.
    """
    idea, _ = door.idea_for_change(actor, idea_id)
    if not rights.may_comment(actor) and idea.author_id != actor.person_id:
        raise Forbidden(rights.WHO_COMMENTS)
    form_token = form_token[:TOKEN_MOST]
    made = db.session.execute(
        select(Comment.id).where(
            Comment.form_token == form_token, Comment.author_id == actor.person_id
        )
    ).scalar()
    if made is not None:
        return made
    row = Comment(
        organisation_id=idea.organisation_id,
        idea_id=idea.id,
        author_id=actor.person_id,
        words=_checked(words),
        form_token=form_token,
        created_at=clock.now(),
    )
    row.mentions = list(mentions_in(actor, idea, row.words).ids)
    db.session.add(row)
    db.session.flush()
    start_following(idea, actor.person_id, why)
    _tell_mentioned(actor, idea, row.mentions)
    finish(
        actor,
        idea,
        "comment_added",
        tells=NoticeKind.COMMENTED,
        besides=[*row.mentions, *besides],
        changes_board=False,
        comment=row.id,
    )
    return row.id


def support_idea(actor: Actor, *, idea_id: int, words: str, form_token: str) -> int | None:
    """Say that one would like an idea too, and hear of it from now on.

    Words are kept as a comment, whose id is returned; none are needed. Nobody is counted. Whoever
    stopped hearing of it chooses it again with this.
    """
    if words.strip():
        made = comment(
            actor,
            idea_id=idea_id,
            words=words,
            form_token=form_token,
            why=FollowReason.SUPPORTED,
        )
        follow_idea(actor, idea_id=idea_id)
        return made
    idea, _ = door.idea_for_change(actor, idea_id)
    if not rights.may_comment(actor) and idea.author_id != actor.person_id:
        raise Forbidden(rights.WHO_COMMENTS)
    start_following(idea, actor.person_id, FollowReason.SUPPORTED)
    follow_idea(actor, idea_id=idea_id)
    return None


def edit_comment(actor: Actor, *, comment_id: int, words: str) -> int:
    """Change one's own comment and return the idea's id. Refuses others and removed ones."""
    row, idea, _ = door.comment_for_change(actor, comment_id)
    if row.author_id != actor.person_id:
        raise Forbidden("Only the person who wrote a comment can change it.")
    if row.removed_at is not None:
        raise RuleBroken([Reason("This comment was removed.", "words")])
    words = _checked(words)
    if words != row.words:
        row.words = words
        row.edited_at = clock.now()
        before, row.mentions = set(row.mentions), list(mentions_in(actor, idea, words).ids)
        _tell_mentioned(actor, idea, [i for i in row.mentions if i not in before])
        finish(actor, idea, "comment_edited", changes_board=False, comment=row.id)
    return idea.id


def remove_comment(actor: Actor, *, comment_id: int) -> int:
    """Remove one's own comment, or any as manager or coach; return the idea's id.

    The words are gone; a line says who removed it. Twice is harmless.
    """
    row, idea, standing = door.comment_for_change(actor, comment_id)
    if row.author_id != actor.person_id and not rights.steers(actor, standing):
        raise Forbidden(
            "The person who wrote it, a manager of this team or a coach can remove a comment."
        )
    if row.removed_at is None:
        row.words = ""
        row.removed_at = clock.now()
        row.removed_by_id = actor.person_id
        row.mentions = []
        finish(actor, idea, "comment_removed", changes_board=False, comment=row.id)
    return idea.id


def _tell_mentioned(actor: Actor, idea: Idea, person_ids: list[int]) -> None:
    """Tell people that they are named in a comment; from then on they follow the idea."""
    let_follow(idea, person_ids, FollowReason.MENTIONED)
    is_hidden = idea.hides_name and actor.person_id == idea.author_id
    tell(
        actor,
        dict.fromkeys(person_ids, FollowReason.MENTIONED.value),
        NoticeKind.MENTIONED,
        subject_id=idea.id,
        facts={"title": idea.title, "by": A_COLLEAGUE if is_hidden else actor.first_name},
    )


def _checked(words: str) -> str:
    words = words.strip()
    most = limits.length("comment")
    if not words:
        raise RuleBroken([Reason("Write your comment.", "words")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Keep your comment to {most:,} characters.", "words")])
    return words
