"""What came of reports that were signed off: for the reviewers who use and answer them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas.kinds import OUTCOME_WORDS, STAGE_WORDS, Outcome, Stage
from improve.ideas.queries import idea_heads
from improve.incidents.answer_words import words_in
from improve.incidents.factors import FACTORS
from improve.incidents.kinds import KIND_WORDS, Kind
from improve.incidents.models import Incident, IncidentAnswer, IncidentLearning
from improve.shared.db import db
from improve.shared.sealing import CannotOpen

_FACTOR_NAMES = {factor.code: factor.name for factor in FACTORS}


@dataclass(frozen=True, slots=True)
class Proposal:
    """An idea in fresh words that waits for its batch. ``on``: that Monday; None: its team closed.

    ``team``: “” where it is no more.
    """

    text: str
    benefit: str
    team_id: int
    team: str
    on: date | None


@dataclass(frozen=True, slots=True)
class LearnedView:
    """What is kept of a report, and what came of it. ``idea_words``: where the idea stands."""

    key: str
    version: int
    shareable: str
    theme: str
    note: str
    kind: str
    factors: tuple[str, ...]
    agreement: float | None
    shown_month: date | None
    proposal: Proposal | None
    idea_id: int | None
    idea: str
    idea_words: str
    is_idea_ended: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer to a report; ``week``: of its giving, None for a draft. ``is_end``: of an idea."""

    key: str
    version: int
    words: str
    week: date | None
    is_end: bool


def learned_of(actor: Actor, incident: Incident) -> LearnedView | None:
    """Return what is kept of a report; None where nothing is. Two statements."""
    ideas = idea_heads()
    row = db.session.execute(
        select(
            IncidentLearning,
            ideas.c.title,
            ideas.c.stage,
            ideas.c.outcome,
        )
        .outerjoin(ideas, ideas.c.id == IncidentLearning.idea_id)
        .where(
            IncidentLearning.key == incident.learning_key,
            IncidentLearning.organisation_id == actor.organisation_id,
        )
    ).one_or_none()
    if row is None:
        return None
    learned: IncidentLearning = row[0]
    outcome = Outcome(row.outcome) if row.outcome else None
    stage = STAGE_WORDS[Stage(row.stage)] if row.stage else ""
    return LearnedView(
        key=learned.key,
        version=learned.version,
        shareable=learned.shareable,
        theme=learned.theme,
        note=learned.note,
        kind=KIND_WORDS[Kind(learned.kind)] if learned.kind else "",
        factors=tuple(_FACTOR_NAMES[code] for code in learned.factors if code in _FACTOR_NAMES),
        agreement=learned.agreement,
        shown_month=learned.shown_month,
        proposal=_proposal(learned),
        idea_id=learned.idea_id,
        idea=row.title or "",
        idea_words=OUTCOME_WORDS[outcome] if outcome else stage,
        is_idea_ended=outcome is not None,
    )


def _proposal(learned: IncidentLearning) -> Proposal | None:
    kept = learned.proposal
    if kept is None or learned.idea_id is not None:
        return None
    names = team_names()
    team = db.session.execute(
        select(names.c.name).where(names.c.id == kept["team_id"])
    ).scalar_one_or_none()
    return Proposal(
        kept["text"], kept["benefit"], kept["team_id"], team or "", learned.propose_after
    )


def learning_for_change(actor: Actor, key: str | None) -> IncidentLearning | None:
    """Return what is kept of a report, held until the end; None where nothing is."""
    return db.session.scalars(
        select(IncidentLearning)
        .where(
            IncidentLearning.key == key,
            IncidentLearning.organisation_id == actor.organisation_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def answers_of(actor: Actor, key: str) -> tuple[AnswerLine, ...]:
    """Return the answers to a report: drafts first, then the newest. One statement.

    One that no key opens is shown without words.
    """
    rows = db.session.scalars(_answers(actor, key))
    lines = [
        AnswerLine(row.key, row.version, _opened(row), row.given_week, row.moment == "end")
        for row in rows
    ]
    drafts = [line for line in lines if line.week is None]
    given = [line for line in lines if line.week is not None]
    return (*drafts, *sorted(given, key=lambda line: (line.week, line.is_end), reverse=True))


def draft_for_change(actor: Actor, key: str, draft: str) -> IncidentAnswer | None:
    """Return a draft of an answer, held; None where it was given, or is gone."""
    return db.session.scalars(
        _answers(actor, key)
        .where(IncidentAnswer.key == draft, IncidentAnswer.given_week.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _answers(actor: Actor, key: str) -> Any:
    return (
        select(IncidentAnswer)
        .where(
            IncidentAnswer.incident_key == key,
            IncidentAnswer.organisation_id == actor.organisation_id,
        )
        .order_by(IncidentAnswer.key)
    )


def _opened(row: IncidentAnswer) -> str:
    try:
        return words_in(row.sealed, key=row.key)
    except CannotOpen:
        return ""


def reports_behind(organisation_id: int, idea_ids: Iterable[int]) -> list[Incident]:
    """Return the reports that led to these ideas, of one event the one that stands for it.

    For services alone: no page of anybody says so. One statement.
    """
    rows = db.session.scalars(
        select(Incident)
        .join(IncidentLearning, IncidentLearning.key == Incident.learning_key)
        .where(
            Incident.organisation_id == organisation_id,
            Incident.joined_into.is_(None),
            IncidentLearning.idea_id.in_(sorted(set(idea_ids))),
        )
        .order_by(Incident.key)
    )
    return list(rows)
