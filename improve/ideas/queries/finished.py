"""Finished cycles of an organisation, as a leader reads them."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas import page_shaping
from improve.ideas.board import CardVerdict
from improve.ideas.kinds import OUTCOME_WORDS, Decision, Outcome
from improve.ideas.listing import FinishedCycle, FinishedPage
from improve.ideas.models import Cycle, Idea, IdeaMember
from improve.ideas.queries import door
from improve.ideas.shaping import card_verdict, small_test_of
from improve.measures.queries import WindowView, windows_of_ideas
from improve.shared import clock
from improve.shared.db import db

FINISHED_SIZE = 50


def finished_cycles(
    actor: Actor,
    *,
    team_id: int | None = None,
    decided_from: date | None = None,
    decided_to: date | None = None,
    decision: Decision | None = None,
    page: int = 1,
) -> FinishedPage:
    """Return decided cycles of the organisation, the last decided first, with true counts.

    Three statements: counts by decision, fifty cycles, their windows. The verdict shown is the
    one now; ``decided_code`` and ``decided_verdict`` say what it was at the decision. ``beside``
    is what the measure watched beside it says.
    """
    page = max(1, page)
    conditions = _conditions(actor, team_id, decided_from, decided_to)
    counts = _counts(conditions)
    if decision is not None:
        conditions.append(Cycle.decision == decision.value)
    author, team = person_names().alias("author"), team_names()
    is_member = exists().where(
        IdeaMember.idea_id == Idea.id, IdeaMember.person_id == actor.person_id
    )
    rows = (
        db.session.execute(
            select(
                Cycle.idea_id,
                Cycle.number,
                Cycle.decision,
                Cycle.decided_at,
                Cycle.is_wide,
                Cycle.expected_count,
                Cycle.expected_of,
                Cycle.seen_count,
                Cycle.seen_of,
                Cycle.learned,
                Cycle.decision_why.label("why"),
                Cycle.adopt_anyway,
                Cycle.started_on,
                Cycle.ended_on,
                Idea.title,
                Idea.team_id,
                Idea.author_id,
                Idea.lead_id,
                Idea.hides_name,
                Idea.stage,
                Idea.outcome,
                Idea.first_reply_kind,
                author.c.name.label("author_name"),
                team.c.slug.label("team_slug"),
                team.c.name.label("team_name"),
                is_member.label("is_member"),
            )
            .join(Idea, Idea.id == Cycle.idea_id)
            .join(author, author.c.id == Idea.author_id)
            .join(team, team.c.id == Idea.team_id)
            .where(*conditions)
            .order_by(Cycle.decided_at.desc(), Cycle.id.desc())
            .limit(FINISHED_SIZE)
            .offset((page - 1) * FINISHED_SIZE)
        )
        .mappings()
        .all()
    )
    windows = {
        (w.idea_id, w.cycle_number, w.place): w
        for w in windows_of_ideas(actor, {row["idea_id"] for row in rows})
    }
    cycles = []
    for row in rows:
        made = Decision(row["decision"])
        window = windows.get((row["idea_id"], row["number"], "main"))
        beside = windows.get((row["idea_id"], row["number"], "beside"))
        cycles.append(
            FinishedCycle(
                idea_id=row["idea_id"],
                cycle_number=row["number"],
                title=row["title"],
                team=page_shaping.team_of(row),
                who=page_shaping.person(
                    row, actor, row["author_id"], row["author_name"]
                ).first_name,
                decision=made,
                decision_words=_DECIDED[made],
                decided_at=row["decided_at"],
                is_small=not row["is_wide"],
                small_test=None if row["is_wide"] else small_test_of(row),
                verdict=_verdict(window, when_decided=False),
                decided_verdict=_verdict(window, when_decided=True),
                beside=_verdict(beside, when_decided=False),
                decided_beside=_verdict(beside, when_decided=True),
                decided_code=window.decided_code if window else None,
                lesson=row["learned"],
                why=row["why"],
                adopt_anyway=row["adopt_anyway"] if made is Decision.ADOPT else "",
                started_on=row["started_on"],
                ended_on=row["ended_on"],
            )
        )
    total = counts.get(decision.value, 0) if decision is not None else sum(counts.values())
    return FinishedPage(
        cycles=tuple(cycles),
        total=total,
        kept=counts.get(Decision.ADOPT.value, 0),
        changed=counts.get(Decision.ADAPT.value, 0),
        stopped=counts.get(Decision.ABANDON.value, 0),
        page=page,
        size=FINISHED_SIZE,
    )


_DECIDED = {
    Decision.ADOPT: OUTCOME_WORDS[Outcome.ADOPTED],
    Decision.ADAPT: "Changed",
    Decision.ABANDON: OUTCOME_WORDS[Outcome.ABANDONED],
}


def _conditions(
    actor: Actor, team_id: int | None, decided_from: date | None, decided_to: date | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Cycle.organisation_id == actor.organisation_id,
        Cycle.decided_at.is_not(None),
        Cycle.decision.is_not(None),
        door.visible(actor),
    ]
    if team_id is not None:
        conditions.append(Idea.team_id == team_id)
    if decided_from is not None:
        conditions.append(Cycle.decided_at >= clock.at_local(decided_from, 0))
    if decided_to is not None:
        following = decided_to + timedelta(days=1)
        conditions.append(Cycle.decided_at < clock.at_local(following, 0))
    return conditions


def _counts(conditions: list[ColumnElement[bool]]) -> dict[str, int]:
    rows = db.session.execute(
        select(Cycle.decision, func.count())
        .join(Idea, Idea.id == Cycle.idea_id)
        .where(*conditions)
        .group_by(Cycle.decision)
        .order_by(Cycle.decision)
    )
    return {row[0] or "": row[1] for row in rows}


def _verdict(window: WindowView | None, *, when_decided: bool) -> CardVerdict | None:
    if window is None:
        return None
    code, facts = window.verdict_code, window.facts
    if when_decided:
        code, facts = window.decided_code, window.facts_when_decided
    if code is None:
        return None
    return card_verdict(
        code,
        facts,
        measure=(window.measure_id, window.measure_name, window.better_when),
        spark={} if when_decided else window.spark,
    )
