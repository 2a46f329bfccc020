"""What came of reports that were signed off: for the reviewers who use and answer them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas.kinds import OUTCOME_WORDS, STAGE_WORDS, Outcome, Stage
from improve.ideas.queries import idea_heads
from improve.incidents.answer_words import words_in
from improve.incidents.factors import FACTORS
from improve.incidents.kinds import ENDED
from improve.incidents.models import Incident, IncidentAnswer, IncidentGroup, IncidentLearning
from improve.incidents.queries.one import Ended, check_may_follow
from improve.incidents.queries.reading import ReportPage, ended_head, log_of
from improve.incidents.reading import is_used
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.sealing import CannotOpen

_FACTOR_NAMES = {factor.code: factor.name for factor in FACTORS}


@dataclass(frozen=True, slots=True)
class Proposal:
    """An idea in fresh words that waits for its batch. ``on``: that Monday; None: its team closed.

    ``team``: “” where a page does not name it.
    """

    text: str
    benefit: str
    team_id: int
    team: str
    on: date | None


@dataclass(frozen=True, slots=True)
class LearnedView:
    """What is kept of a report, and what came of it. ``idea_words``: where the idea stands."""

    shareable: str
    theme: str
    note: str
    factors: tuple[str, ...]
    agreement: float | None
    shown_month: date | None
    proposal: Proposal | None
    idea_id: int | None
    idea: str
    idea_words: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer to a report; ``week``: of its giving, None for a draft. ``is_end``: of an idea."""

    key: str
    words: str
    week: date | None
    is_end: bool


@dataclass(frozen=True, slots=True)
class AfterPage:
    """A report that was destroyed: its head, what is kept of it, and its answers.

    ``learned``: None where nothing is kept, such as of one that was passed on.
    """

    report: ReportPage
    learned: LearnedView | None
    answers: tuple[AnswerLine, ...]

    @property
    def drafts(self) -> tuple[AnswerLine, ...]:
        """Drafts that wait for a reviewer."""
        return tuple(line for line in self.answers if line.week is None)

    @property
    def given(self) -> tuple[AnswerLine, ...]:
        """What was answered, the newest first."""
        return tuple(line for line in self.answers if line.week is not None)


def after_page(actor: Actor, key: str, *, names_team: bool = False) -> AfterPage:
    """Return what a page of a destroyed report shows to those who may follow it.

    Raises ``NotFound`` like ``queries.one.ended_report``, and for one that was joined to another:
    it is followed there alone. Six statements; one more where ``names_team`` and an idea waits.
    """
    ideas = idea_heads()
    row = db.session.execute(
        select(
            Incident,
            IncidentGroup.name.label("group_name"),
            IncidentLearning,
            ideas.c.title,
            ideas.c.stage,
            ideas.c.outcome,
        )
        .join(IncidentGroup, IncidentGroup.id == Incident.group_id)
        .outerjoin(IncidentLearning, IncidentLearning.key == Incident.learning_key)
        .outerjoin(ideas, ideas.c.id == IncidentLearning.idea_id)
        .where(
            Incident.key == key,
            Incident.organisation_id == actor.organisation_id,
            Incident.state.in_(sorted(ENDED)),
            Incident.joined_into.is_(None),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    incident: Incident = row[0]
    kept: IncidentLearning | None = row[2]
    log = log_of(actor, key)
    check_may_follow(actor, incident, [(line.person_id, line.kind) for line in log])
    answers = answers_of(actor, key)
    report = ended_head(
        actor,
        Ended(incident, row.group_name),
        log,
        used=kept is not None
        and is_used(kept.note, kept.propose_after, kept.idea_id, kept.shown_month),
        kind=kept.kind if kept is not None else "",
        answered=any(line.week is not None for line in answers),
    )
    learned = None if kept is None else _learned(kept, row, names_team=names_team)
    return AfterPage(report, learned, answers)


def _learned(kept: IncidentLearning, row: Any, *, names_team: bool) -> LearnedView:
    outcome = Outcome(row.outcome) if row.outcome else None
    stage = STAGE_WORDS[Stage(row.stage)] if row.stage else ""
    return LearnedView(
        shareable=kept.shareable,
        theme=kept.theme,
        note=kept.note,
        factors=tuple(_FACTOR_NAMES[code] for code in kept.factors if code in _FACTOR_NAMES),
        agreement=kept.agreement,
        shown_month=kept.shown_month,
        proposal=_proposal(kept, names_team=names_team),
        idea_id=kept.idea_id,
        idea=row.title or "",
        idea_words=OUTCOME_WORDS[outcome] if outcome else stage,
    )


def _proposal(kept: IncidentLearning, *, names_team: bool) -> Proposal | None:
    words = kept.proposal
    if words is None or kept.idea_id is not None:
        return None
    team = ""
    if names_team:
        names = team_names()
        team = db.session.scalar(select(names.c.name).where(names.c.id == words["team_id"])) or ""
    return Proposal(words["text"], words["benefit"], words["team_id"], team, kept.propose_after)


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


def learning_behind(incidents: Iterable[Incident]) -> IncidentLearning | None:
    """Return what is kept already of any of these reports, of one council; None where nothing."""
    known = [(one.learning_key, one.organisation_id) for one in incidents if one.learning_key]
    if not known:
        return None
    key, organisation_id = known[0]
    return db.session.scalars(
        select(IncidentLearning).where(
            IncidentLearning.key == key, IncidentLearning.organisation_id == organisation_id
        )
    ).one_or_none()


def has_ended(actor: Actor, learning_key: str | None) -> bool:
    """Return whether a report led to an idea, and it has ended. One statement."""
    ideas = idea_heads()
    outcome = db.session.scalar(
        select(ideas.c.outcome)
        .join(IncidentLearning, IncidentLearning.idea_id == ideas.c.id)
        .where(
            IncidentLearning.key == learning_key,
            IncidentLearning.organisation_id == actor.organisation_id,
        )
    )
    return outcome is not None


def answers_of(actor: Actor, key: str) -> tuple[AnswerLine, ...]:
    """Return the answers to a report, drafts among them, the newest first. One statement.

    One that no key opens is shown without words.
    """
    lines = [
        AnswerLine(row.key, _opened(row), row.given_week, row.moment == "end")
        for row in db.session.scalars(_answers(actor, key))
    ]
    return tuple(sorted(lines, key=lambda line: (line.week or date.max, line.is_end), reverse=True))


def draft_for_change(actor: Actor, key: str, draft: str) -> IncidentAnswer | None:
    """Return a draft of an answer, held; None where it was given, or is gone."""
    return db.session.scalars(
        _answers(actor, key)
        .where(IncidentAnswer.key == draft, IncidentAnswer.given_week.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _answers(actor: Actor, key: str) -> Select[IncidentAnswer]:
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


def has_ideas_from_reports(organisation_id: int) -> bool:
    """Return whether any report of a council led to an idea. One statement."""
    found = select(IncidentLearning.key).where(
        IncidentLearning.organisation_id == organisation_id,
        IncidentLearning.idea_id.is_not(None),
    )
    return db.session.execute(found.limit(1)).first() is not None
