"""The first reply: a person's words, and what they mean for the idea."""

from __future__ import annotations

from datetime import date

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas import acts, rights
from improve.ideas.kinds import REPLY_WORDS, ReplyKind, Stage, Way
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.service.freshness import stale
from improve.ideas.service.move import Asked, Moved, carry_out
from improve.ideas.service.record import finish, note_edit, publish_act
from improve.notifications.kinds import NoticeKind
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


def reply_first(
    actor: Actor,
    *,
    idea_id: int,
    kind: ReplyKind,
    words: str,
    seen_version: int,
    look_again_on: date | None = None,
) -> Moved | None:
    """Give the first reply. It stops the clock and tells the author; nothing else does.

    “Not now” needs a day to look again, and finishes the idea in the same act (then the move is
    returned). Refuses with ``Stale`` where somebody replied or changed it since ``seen_version``,
    in words an idea that is past Ideas, and an empty reply. “We need to know more” may be followed
    by another reply; the clock stays where the first one stopped it.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if not may(actor, Permission.REPLY_FIRST, team_id=standing.team_id):
        raise Forbidden(rights.WHO_REPLIES)
    words = words.strip()
    if idea.version != seen_version:
        if (idea.first_reply_by_id, idea.first_reply_kind, idea.first_reply_words) == (
            actor.person_id,
            kind.value,
            words,
        ):
            return None  # the same reply sent twice
        raise stale(actor, idea, standing, None)
    if standing.stage is not Stage.SUGGESTED:
        raise RuleBroken([Reason("This idea has left Ideas, so a comment reaches its author.")])
    if standing.reply_kind is ReplyKind.WILL_TRY:
        raise RuleBroken([Reason("This idea has its first reply. Write a comment instead.")])
    _check_words(kind, words, look_again_on)
    if kind is ReplyKind.NOT_NOW:
        # The move carries the words as the reply.
        return carry_out(actor, idea, standing, Asked(Way.NOT_NOW, {}, words, look_again_on))
    _write_reply(actor, idea, kind, words)
    idea.version += 1
    db.session.flush()
    finish(
        actor,
        idea,
        "first_reply_given",
        tells=NoticeKind.FIRST_REPLY,
        only=[idea.author_id],
        facts={"kind": REPLY_WORDS[kind]},
        kind=kind.value,
    )
    publish_act(actor, idea, "replied", acts.replied_words(kind))
    return None


def _check_words(kind: ReplyKind, words: str, look_again_on: date | None) -> None:
    faults = []
    most = limits.length("reply")
    if not words:
        faults.append(Reason("Write a sentence in your own words.", "words"))
    elif len(words) > most:
        faults.append(Reason(f"Keep the reply to {most:,} characters.", "words"))
    if kind is ReplyKind.NOT_NOW:
        if look_again_on is None:
            faults.append(Reason("Choose a day to look again.", "look_again_on"))
        elif look_again_on <= clock.today():
            faults.append(Reason("Choose a day after today.", "look_again_on"))
    if faults:
        raise RuleBroken(faults)


def _write_reply(actor: Actor, idea: Idea, kind: ReplyKind, words: str) -> None:
    idea.first_reply_at = idea.first_reply_at or clock.now()
    idea.first_reply_by_id = actor.person_id
    idea.first_reply_kind = kind.value
    idea.first_reply_words = words
    idea.waiting_since = None
    note_edit(actor, idea, version=idea.version + 1, kind="replied", field=kind.value, new=words)
