"""What every change leaves behind: a version, a line of history, audit, notices, a newer board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.service import raise_board_version
from improve.ideas.acts import ActKind, IdeaActed
from improve.ideas.kinds import Outcome, Stage
from improve.ideas.models import Idea, IdeaEdit
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
    facts: Mapping[str, Any] | None = None,
    changes_board: bool = True,
    **audited: Any,
) -> None:
    """Audit the act, tell author and lead (or ``only`` these), and raise the team's board.

    The board's row is written last, so that it is locked as briefly as can be.
    """
    audit.record(actor, action, "idea", idea.id, **audited)
    if tells is not None:
        people = [idea.author_id, idea.lead_id, *also] if only is None else list(only)
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
