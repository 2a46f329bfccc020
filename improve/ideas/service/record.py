"""What every change leaves behind: a version, a line of history, audit, notices, a newer board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.service import raise_board_version
from improve.ideas.acts import ActKind, IdeaActed
from improve.ideas.kinds import FollowReason, Outcome, Stage
from improve.ideas.models import Idea, IdeaEdit
from improve.ideas.queries.following import followers_of
from improve.ideas.service.freshness import A_COLLEAGUE
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.shared import audit, clock, events
from improve.shared.db import db


def as_text(value: Any) -> str:
    """Return a field's value as history keeps it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def note_edit(
    actor: Actor,
    idea: Idea,
    *,
    version: int,
    kind: str = "edit",
    field: str = "",
    old: Any = "",
    new: Any = "",
) -> None:
    """Write one line of history: an edited field with both texts, or another act by ``kind``."""
    db.session.add(
        IdeaEdit(
            organisation_id=idea.organisation_id,
            idea_id=idea.id,
            kind=kind,
            field=field,
            cycle_number=idea.cycle_number,
            old=as_text(old),
            new=as_text(new),
            by_id=actor.person_id,
            at=clock.now(),
            version=version,
        )
    )


def finish(
    actor: Actor,
    idea: Idea,
    action: str,
    *,
    tells: NoticeKind | None = None,
    also: Iterable[int | None] = (),
    only: Iterable[int | None] | None = None,
    besides: Iterable[int] = (),
    facts: Mapping[str, Any] | None = None,
    changes_board: bool = True,
    **audited: Any,
) -> None:
    """Audit the act, tell who follows the idea (or ``only`` these), and raise the team's board.

    ``also`` are told too; ``besides`` are left out, since they are told in another way.
    The board's row is written last, so that it is locked as briefly as can be.
    """
    audit.record(actor, action, "idea", idea.id, **audited)
    if tells is not None:
        people = _told(idea, also if only is None else only, is_all=only is None)
        people = {i: why for i, why in people.items() if i not in set(besides)}
        is_hidden = idea.hides_name and actor.person_id == idea.author_id
        told = {
            "title": idea.title,
            "by": A_COLLEAGUE if is_hidden else actor.first_name,
            **(facts or {}),
        }
        tell(actor, people, tells, subject_id=idea.id, facts=told)
    db.session.flush()
    if changes_board:
        raise_board_version(idea.team_id)


def _told(idea: Idea, named: Iterable[int | None], *, is_all: bool) -> dict[int, str]:
    """Return whom to tell, by id, each with why: followers, and those who are named besides."""
    own = {idea.lead_id: FollowReason.LEAD, idea.author_id: FollowReason.AUTHOR}
    told = {i: own.get(i, FollowReason.CHOSE).value for i in named if i is not None}
    if is_all:
        told |= {person_id: why.value for person_id, why in followers_of(idea.id)}
    return told


def publish_act(actor: Actor, idea: Idea, kind: ActKind, words: str) -> None:
    """Tell whoever listens what was done to an idea that is on its board."""
    if idea.is_on_board:
        events.publish(
            IdeaActed(
                actor=actor,
                idea_id=idea.id,
                team_id=idea.team_id,
                title=idea.title,
                kind=kind,
                words=words,
                stage=Stage(idea.stage),
                cycle_number=idea.cycle_number,
                outcome=Outcome(idea.outcome) if idea.outcome else None,
            )
        )
