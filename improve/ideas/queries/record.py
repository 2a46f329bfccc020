"""Cycles and ideas that somebody took part in, for their own record of learning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, union

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas.kinds import DECISION_WORDS, OUTCOME_WORDS, STAGE_WORDS, Decision, Outcome, Stage
from improve.ideas.models import Cycle, Idea, IdeaMember
from improve.ideas.queries import door
from improve.ideas.record_views import RecordCycle, SupervisionIdea
from improve.ideas.shaping import card_verdict, small_test_of
from improve.measures.queries import WindowView, windows_of_ideas
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import day_year

#: Ideas on a page for supervision: what is open, then what ended last.
SUPERVISION_MOST = 30


def cycles_for_record(
    actor: Actor, from_on: date, to_on: date, *, only: Iterable[int] | None = None
) -> list[RecordCycle]:
    """Return cycles of ideas that the actor had, leads or helps with, the earliest first.

    Those that were decided or have something learned written down, on a day within ``from_on``
    to ``to_on``: the day of the decision, else of the end, else of the beginning. ``only`` keeps
    these ids. Two statements.
    """
    team = team_names()
    kept = [
        Cycle.organisation_id == actor.organisation_id,
        or_(Cycle.decided_at.is_not(None), Cycle.learned != ""),
        Idea.id.in_(_mine(actor)),
        door.visible(actor),
    ]
    if only is not None:
        kept.append(Cycle.id.in_(sorted(set(only))))
    rows = (
        db.session.execute(
            select(
                Cycle.id,
                Cycle.idea_id,
                Cycle.number,
                Cycle.change_to_try,
                Cycle.what_happened,
                Cycle.learned,
                Cycle.decision,
                Cycle.decision_why,
                Cycle.next_step,
                Cycle.decided_at,
                Cycle.started_on,
                Cycle.ended_on,
                Cycle.created_at,
                Cycle.is_wide,
                Cycle.expected_count,
                Cycle.expected_of,
                Cycle.seen_count,
                Cycle.seen_of,
                Idea.title,
                Idea.problem,
                Idea.improves,
                Idea.author_id,
                Idea.lead_id,
                team.c.name.label("team_name"),
            )
            .join(Idea, Idea.id == Cycle.idea_id)
            .join(team, team.c.id == Idea.team_id)
            .where(*kept)
            .order_by(Cycle.id)
        )
        .mappings()
        .all()
    )
    found = [(day, row) for row in rows if from_on <= (day := _day_of(row)) <= to_on]
    windows: dict[tuple[int, int], list[WindowView]] = defaultdict(list)
    for window in windows_of_ideas(actor, {row["idea_id"] for _, row in found}):
        windows[window.idea_id, window.cycle_number].append(window)
    found.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    return [
        RecordCycle(
            cycle_id=row["id"],
            idea_id=row["idea_id"],
            number=row["number"],
            title=row["title"],
            team_name=row["team_name"],
            on=day,
            part=_part(actor, row),
            is_finished=row["decided_at"] is not None,
            problem=row["problem"],
            improves=row["improves"],
            change_to_try=row["change_to_try"],
            what_happened=row["what_happened"],
            learned=row["learned"],
            decision=DECISION_WORDS[Decision(row["decision"])] if row["decision"] else "",
            decision_why=row["decision_why"],
            next_step=row["next_step"],
            evidence=_evidence(row, windows[row["idea_id"], row["number"]]),
        )
        for day, row in found
    ]


def ideas_for_supervision(actor: Actor) -> list[SupervisionIdea]:
    """Return the actor's own ideas that are open, and those that ended lately, newest first.

    One statement. What stands in the way comes with each.
    """
    team = team_names()
    rows = (
        db.session.execute(
            select(
                Idea.id,
                Idea.title,
                Idea.stage,
                Idea.outcome,
                Idea.cycle_number,
                Idea.finished_at,
                Idea.lesson,
                Idea.blocked_at,
                Idea.blocked_reason,
                Idea.blocked_who,
                Idea.waiting_since,
                team.c.name.label("team_name"),
            )
            .join(team, team.c.id == Idea.team_id)
            .where(
                Idea.organisation_id == actor.organisation_id,
                Idea.id.in_(_mine(actor)),
                door.visible(actor),
                or_(
                    Idea.outcome.is_(None),
                    Idea.outcome.not_in((Outcome.JOINED.value, Outcome.WITHDRAWN.value)),
                ),
            )
            .order_by(Idea.finished_at.is_not(None), Idea.stage_entered_at.desc(), Idea.id.desc())
            .limit(SUPERVISION_MOST)
        )
        .mappings()
        .all()
    )
    return [
        SupervisionIdea(
            idea_id=row["id"],
            title=row["title"],
            team_name=row["team_name"],
            is_open=row["outcome"] is None,
            where=_where(row),
            lesson=row["lesson"],
            blocked_reason=row["blocked_reason"] if _is_blocked(row) else "",
            blocked_who=row["blocked_who"] if _is_blocked(row) else "",
            waits_for_reply=row["waiting_since"] is not None and row["outcome"] is None,
            waiting_words=_waiting(row["waiting_since"]),
        )
        for row in rows
    ]


def people_of_idea(actor: Actor, idea_id: int) -> set[int]:
    """Return who had, leads or helps with an idea of the organisation, whoever may see it."""
    rows = db.session.execute(
        select(Idea.author_id, Idea.lead_id, IdeaMember.person_id)
        .outerjoin(IdeaMember, IdeaMember.idea_id == Idea.id)
        .where(Idea.id == idea_id, Idea.organisation_id == actor.organisation_id)
        .order_by(IdeaMember.person_id)
    )
    return {person for row in rows for person in row if person is not None}


def _mine(actor: Actor) -> Any:
    mine = union(
        select(Idea.id).where(Idea.author_id == actor.person_id),
        select(Idea.id).where(Idea.lead_id == actor.person_id),
        select(IdeaMember.idea_id).where(IdeaMember.person_id == actor.person_id),
    ).subquery("mine")
    return select(mine.c[0])


def _day_of(row: Any) -> date:
    if row["decided_at"] is not None:
        return clock.local(row["decided_at"]).date()
    day: date | None = row["ended_on"] or row["started_on"]
    return day or clock.local(row["created_at"]).date()


def _part(actor: Actor, row: Any) -> str:
    if row["author_id"] == actor.person_id:
        return "My idea"
    return "I led it" if row["lead_id"] == actor.person_id else "I took part"


def _evidence(row: Any, windows: Iterable[WindowView]) -> str:
    """Return what was counted and what the charts say now, in sentences."""
    said = []
    small = small_test_of(row)
    if small is not None:
        said.append(f"{small.words[:1].upper()}{small.words[1:]}.")
    for window in windows:
        if window.verdict_code is None or window.verdict_code == "small_test":
            continue
        verdict = card_verdict(
            window.verdict_code,
            window.facts,
            measure=(window.measure_id, window.measure_name, window.better_when),
            spark={},
        )
        said.append(f"{window.measure_name}: {verdict.sentence}")
    return "\n".join(said)


def _waiting(since: datetime | None) -> str:
    return f"Waiting since {day_year(since)}" if since else ""


def _is_blocked(row: Any) -> bool:
    return row["blocked_at"] is not None and row["outcome"] is None


def _where(row: Any) -> str:
    if row["outcome"]:
        return f"{OUTCOME_WORDS[Outcome(row['outcome'])]}, {day_year(row['finished_at'])}"
    stage = Stage(row["stage"])
    words = STAGE_WORDS[stage]
    return f"{words}, cycle {row['cycle_number']}" if row["cycle_number"] else words
