"""Ideas of somebody who leaves go to others, or to nobody until the next huddle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, or_, select

from improve.accounts.actor import Actor
from improve.accounts.held import HeldThing
from improve.accounts.queries import team_names
from improve.accounts.service import raise_board_versions
from improve.ideas.kinds import STAGE_WORDS, Stage
from improve.ideas.models import Idea
from improve.ideas.service.coach import end_requests_of
from improve.ideas.service.following import change_lead
from improve.ideas.service.record import note_edit
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.shared import audit
from improve.shared.db import db

_PREFIX: Final = "idea-"


def ideas_held(actor: Actor, person_id: int) -> list[HeldThing]:
    """Return the open ideas on boards that a person leads, or wrote and nobody leads.

    An idea that its author keeps with a coach is in no list of an administrator.
    """
    team = team_names()
    rows = db.session.execute(
        select(
            Idea.id,
            Idea.title,
            Idea.stage,
            Idea.lead_id,
            Idea.team_id,
            Idea.hides_name,
            Idea.author_id,
            team.c.name,
        )
        .join(team, team.c.id == Idea.team_id)
        .where(
            Idea.organisation_id == actor.organisation_id,
            Idea.is_on_board,
            Idea.stage != Stage.DONE.value,
            or_(
                Idea.lead_id == person_id,
                # A hidden author is named to nobody here either.
                (Idea.author_id == person_id) & Idea.lead_id.is_(None) & ~Idea.hides_name,
            ),
        )
        .order_by(team.c.name, Idea.id)
    )
    return [
        HeldThing(
            key=f"{_PREFIX}{row.id}",
            title=row.title,
            words=(
                f"Leads it, in {STAGE_WORDS[Stage(row.stage)]}"
                if row.lead_id == person_id
                else f"Wrote it, in {STAGE_WORDS[Stage(row.stage)]}. Nobody leads it"
            ),
            url=f"/ideas/{row.id}",
            team_id=row.team_id,
            team_name=row.name,
        )
        for row in rows
        if not (row.hides_name and row.author_id == person_id)
    ]


def hand_over_ideas(actor: Actor, person_id: int, to: Mapping[str, int | None]) -> None:
    """Give a person's open ideas away, in this transaction: key “idea-12” to an id or to nobody.

    Every idea they lead loses them, those kept with a coach and those of a hidden name as well:
    the next huddle says that it needs a lead. Who takes one on is told. What they asked of coaches
    stays asked where somebody leads the idea now.
    """
    wanted = {
        int(key.removeprefix(_PREFIX)): taker
        for key, taker in to.items()
        if key.startswith(_PREFIX)
    }
    rows = _give(actor, person_id, wanted, Idea.stage != Stage.DONE.value)
    db.session.flush()
    end_requests_of(actor, person_id)
    raise_board_versions(idea.team_id for idea in rows)


def hand_over_kept(actor: Actor, person_id: int, to: Mapping[int, int | None]) -> None:
    """Give finished ideas that a person led to others, by id, for what is asked of them later."""
    _give(actor, person_id, to, Idea.id.in_(sorted(to)))


def _give(
    actor: Actor, person_id: int, wanted: Mapping[int, int | None], which: ColumnElement[bool]
) -> list[Idea]:
    """Change the lead of those ideas that the person leads, and of those wanted for others."""
    rows = (
        db.session.execute(
            select(Idea)
            .where(
                Idea.organisation_id == actor.organisation_id,
                which,
                or_(Idea.lead_id == person_id, Idea.id.in_(sorted(wanted))),
            )
            .order_by(Idea.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )
    for idea in rows:
        taker = wanted.get(idea.id)
        before = idea.lead_id
        if before == taker or (before is not None and before != person_id):
            continue
        idea.lead_id = taker
        idea.version += 1
        change_lead(idea, before=before, now=taker)
        note_edit(
            actor,
            idea,
            version=idea.version,
            kind="lead",
            field="lead_id",
            old=before,
            new=taker,
        )
        audit.record(actor, "idea_handed_over", "idea", idea.id, to=taker)
        if taker is not None:
            facts = {"title": idea.title, "by": actor.first_name}
            tell(actor, [taker], NoticeKind.LEAD_CHOSEN, subject_id=idea.id, facts=facts)
    db.session.flush()
    return list(rows)
