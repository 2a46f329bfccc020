"""Saying that an idea cannot go on, and that it can again."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.ideas import acts, rights
from improve.ideas.kinds import UNBLOCKER_WORDS, Stage, Unblocker
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.service.record import finish, note_edit, publish_act
from improve.notifications.kinds import NoticeKind
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


def mark_blocked(
    actor: Actor, *, idea_id: int, reason: str, who: str, level: Unblocker = Unblocker.TEAM
) -> None:
    """Mark an open idea blocked: why, and who can help. Both are needed. Replaces what stood.

    ``level``: at which level somebody is needed, the team's own manager unless said otherwise.
    """
    idea = _for_marking(actor, idea_id)
    reason, who = reason.strip(), who.strip()
    faults = []
    most = limits.length("reason")
    for words, field, ask in (
        (reason, "reason", "Say what it is waiting for."),
        (who, "who", "Say which role can help."),
    ):
        if not words:
            faults.append(Reason(ask, field))
        elif len(words) > most:
            faults.append(Reason(f"Keep this to {most:,} characters.", field))
    if Stage(idea.stage) is Stage.DONE:
        faults = [Reason("This idea is finished.")]
    if faults:
        raise RuleBroken(faults)
    stood = (idea.blocked_reason, idea.blocked_who, idea.blocked_from or Unblocker.TEAM.value)
    if idea.blocked_at and stood == (reason, who, level.value):
        return
    idea.blocked_at = idea.blocked_at or clock.now()
    idea.blocked_reason, idea.blocked_who, idea.blocked_from = reason, who, level.value
    idea.blocked_by_id = actor.person_id
    _save(actor, idea, "blocked", NoticeKind.BLOCKED, new=_as_history(reason, who, level))
    publish_act(actor, idea, "blocked", acts.blocked_words(reason, who))


def unblock(actor: Actor, *, idea_id: int) -> None:
    """Take the mark away; nothing happens if there is none."""
    idea = _for_marking(actor, idea_id)
    if idea.blocked_at is None:
        return
    idea.blocked_at = idea.blocked_by_id = None
    idea.blocked_reason = idea.blocked_who = idea.blocked_from = ""
    _save(actor, idea, "unblocked", NoticeKind.UNBLOCKED)
    publish_act(actor, idea, "unblocked", acts.UNBLOCKED_WORDS)


def _as_history(reason: str, who: str, level: Unblocker) -> str:
    """Return what history keeps of a mark; a level only where it is not the usual one."""
    lines = [reason, who]
    if level is not Unblocker.TEAM:
        lines.append(
            f"Needed from: {UNBLOCKER_WORDS[level][:1].lower()}{UNBLOCKER_WORDS[level][1:]}"
        )
    return "\n".join(lines)


def _for_marking(actor: Actor, idea_id: int) -> Idea:
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    return idea


def _save(actor: Actor, idea: Idea, kind: str, tells: NoticeKind, *, new: str = "") -> None:
    idea.version += 1
    db.session.flush()
    note_edit(actor, idea, version=idea.version, kind=kind, new=new)
    finish(actor, idea, f"idea_{kind}", tells=tells)
