"""What stands on every page of one report: what it is, its steps, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import exists, select

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.queries import person_names
from improve.incidents.contents import Work
from improve.incidents.kinds import (
    KIND_WORDS,
    STEP_WORDS,
    WHEN_WORDS,
    Kind,
    State,
    StepKind,
    WayIn,
    When,
)
from improve.incidents.models import (
    Incident,
    IncidentAnswer,
    IncidentLearning,
    IncidentMessage,
    IncidentStep,
)
from improve.incidents.queries.one import Ended, Loaded
from improve.incidents.queries.together import may_call
from improve.incidents.reading import STEP_NAMES, Read, Step, is_used, waited_words
from improve.shared import clock
from improve.shared.db import db


@dataclass(frozen=True)
class StepLink:
    """A step as the pages of a report list it. ``path``: what follows the report's own address.

    ``may_go``: it can be opened now; the others come after what is next.
    """

    step: Step
    name: str
    path: str
    is_done: bool
    is_next: bool
    may_go: bool


@dataclass(frozen=True)
class LogLine:
    """Who did what with a report, and on which day."""

    by: str
    person_id: int
    kind: StepKind
    words: str
    at: datetime


@dataclass(frozen=True)
class ReportPage:
    """The head of every page of one report. ``days``: working days since it came; None: destroyed.

    ``with_whom``: names of those who read it, this reviewer’s as “you”.
    """

    key: str
    title: str
    group: str
    week: date
    days: int | None
    facts: tuple[str, ...]
    version: int
    is_mine: bool
    may_be_unsafe: bool
    is_safe: bool
    #: It is being sent to another route, and stands still.
    is_going: bool
    is_held: bool
    is_strict: bool
    is_frozen: bool
    is_ended: bool
    state: State
    #: Nobody but this reviewer opened it so far, of those who may go on with it.
    is_alone: bool
    #: The reporter wrote, and no reviewer has said that it was read.
    has_message: bool
    with_whom: tuple[str, ...]
    steps: tuple[StepLink, ...]
    log: tuple[LogLine, ...]
    #: Who chose its kind and factors so far: this reviewer, and the other.
    has_coded: bool = False
    other_has_coded: bool = False

    @property
    def waited(self) -> str:
        """How long it is here, in words; “” for what was destroyed."""
        return "" if self.days is None else waited_words(self.days)

    @property
    def next(self) -> StepLink | None:
        """What comes next; None where nothing is left."""
        return next((one for one in self.steps if one.is_next), None)


def report_page(actor: Actor, loaded: Loaded) -> ReportPage:
    """Return the head of a page of a report that is being read. Two statements."""
    incident, head = loaded.incident, loaded.head
    log, wrote = _log(
        actor, incident.key, threads=[incident.key, *(one.key for one in loaded.joined)]
    )
    done = {line.kind for line in log}
    work, can_call = loaded.work, may_call(loaded)
    read = Read(
        is_safe=StepKind.NO_DANGER in done and not incident.route,
        is_agreed=StepKind.AGREED in done,
        may_call=can_call,
        is_called=bool(work.call_back),
        is_approved=is_approved(loaded, work),
    )
    calendar = WorkingCalendar(closing_days=actor.closing_days)
    by_link = head.way_in == WayIn.LINK
    facts = (
        "By the link without sign-in" if by_link else "By somebody who was signed in",
        WHEN_WORDS[When(head.when)] if head.when else "",
        "May be called back" if can_call else "",
    )
    return ReportPage(
        key=incident.key,
        title=KIND_WORDS[head.reported_kind],
        group=loaded.group,
        week=incident.week,
        days=calendar.working_days_between(head.came_on, clock.today()),
        facts=tuple(fact for fact in facts if fact),
        version=incident.version,
        is_mine=loaded.is_reader,
        may_be_unsafe=head.may_be_unsafe,
        is_safe=read.is_safe,
        is_going=bool(incident.route),
        is_held=incident.is_held,
        is_strict=incident.is_strict,
        is_frozen=loaded.is_frozen,
        is_ended=False,
        state=State(incident.state),
        is_alone=loaded.is_reader and loaded.other is None,
        has_message=loaded.is_reader and wrote,
        with_whom=_with_whom(actor, log),
        steps=_steps(read, is_mine=loaded.is_reader),
        log=log,
        has_coded=loaded.reading is not None and loaded.reading.is_coded,
        other_has_coded=loaded.other is not None and loaded.other.is_coded,
    )


def ended_page(actor: Actor, ended: Ended) -> ReportPage:
    """Return the head of a page of a report that was destroyed. Two statements."""
    log = log_of(actor, ended.incident.key)
    used, kind, answered = _followed(ended.incident)
    return ended_head(actor, ended, log, used=used, kind=kind, answered=answered)


def ended_head(
    actor: Actor,
    ended: Ended,
    log: tuple[LogLine, ...],
    *,
    used: bool,
    kind: str,
    answered: bool,
) -> ReportPage:
    """Return the same for a page that has read what came of it. No statement."""
    incident = ended.incident
    # What was joined to another is followed there alone.
    has_steps = incident.state == State.SIGNED_OFF and incident.joined_into is None
    read = Read(is_ended=True, is_used=used, is_answered=answered)
    return ReportPage(
        key=incident.key,
        title=KIND_WORDS[Kind(kind)] if kind else "A report that was destroyed",
        group=ended.group,
        week=incident.week,
        days=None,
        facts=(),
        version=incident.version,
        is_mine=True,
        may_be_unsafe=False,
        is_safe=True,
        is_going=False,
        is_held=False,
        is_strict=incident.is_strict,
        is_frozen=False,
        is_ended=True,
        state=State(incident.state),
        is_alone=False,
        has_message=False,
        with_whom=_with_whom(actor, log),
        steps=_steps(read, is_mine=True) if has_steps else (),
        log=log,
    )


def is_approved(loaded: Loaded, work: Work) -> bool:
    """Return whether the two who read a report agreed to the same words for others."""
    if loaded.reading is None or loaded.other is None:
        return False
    return {loaded.reading.reviewer_id, loaded.other.reviewer_id} <= set(work.approved_by)


def log_of(actor: Actor, key: str) -> tuple[LogLine, ...]:
    """Return what reviewers did with a report, first to last. One statement."""
    return _log(actor, key, threads=())[0]


def _log(actor: Actor, key: str, *, threads: Sequence[str]) -> tuple[tuple[LogLine, ...], bool]:
    """Return what reviewers did, and whether a message waits in the threads of these reports."""
    names = person_names()
    wrote = (
        exists()
        .where(
            IncidentMessage.organisation_id == actor.organisation_id,
            IncidentMessage.incident_key.in_(threads),
            IncidentMessage.by == "reporter",
            IncidentMessage.is_read.is_(False),
        )
        .label("wrote")
    )
    rows = db.session.execute(
        select(IncidentStep.kind, IncidentStep.person_id, IncidentStep.at, names.c.name, wrote)
        .join(names, names.c.id == IncidentStep.person_id)
        .where(
            IncidentStep.incident_key == key,
            IncidentStep.organisation_id == actor.organisation_id,
        )
        .order_by(IncidentStep.id)
    ).all()
    lines = tuple(
        LogLine(row.name, row.person_id, StepKind(row.kind), STEP_WORDS[StepKind(row.kind)], row.at)
        for row in rows
    )
    return lines, any(row.wrote for row in rows)


def _followed(incident: Incident) -> tuple[bool, str, bool]:
    """Return whether a report was put to use, its kind if it is known, and whether answered."""
    row = db.session.execute(
        select(
            IncidentLearning.kind,
            IncidentLearning.note,
            IncidentLearning.propose_after,
            IncidentLearning.idea_id,
            IncidentLearning.shown_month,
            select(IncidentAnswer.key)
            .where(
                IncidentAnswer.incident_key == incident.key,
                IncidentAnswer.given_week.is_not(None),
            )
            .exists()
            .label("is_answered"),
        )
        .select_from(Incident)
        .outerjoin(IncidentLearning, IncidentLearning.key == Incident.learning_key)
        .where(Incident.key == incident.key)
    ).one()
    used = is_used(row.note, row.propose_after, row.idea_id, row.shown_month)
    return used, row.kind or "", row.is_answered


def _steps(read: Read, *, is_mine: bool) -> tuple[StepLink, ...]:
    done, at = read.done, read.next
    order = list(Step)
    return tuple(
        StepLink(
            step,
            STEP_NAMES[step],
            PATHS[step],
            step in done,
            step is at,
            # Words are written before they can be read out to whoever is called back. What was
            # destroyed has no page of its words any more.
            is_mine
            and (at is None or order.index(step) <= order.index(at) or (at, step) == _READ_OUT)
            and (not read.is_ended or order.index(step) > order.index(Step.SIGN_OFF)),
        )
        for step in order
    )


_READ_OUT: Final = (Step.CALL_BACK, Step.WORDS)
#: What follows the address of a report, for each step.
PATHS = {
    Step.DANGER: "",
    Step.CODING: "/coding",
    Step.CALL_BACK: "/call-back",
    Step.WORDS: "/words",
    Step.SIGN_OFF: "/sign-off",
    Step.USE: "/use",
    Step.ANSWER: "/answer",
}


def _with_whom(actor: Actor, log: Sequence[LogLine]) -> tuple[str, ...]:
    """Return who reads it, by first opening; whoever said that they may know it does not."""
    knowing = {line.person_id for line in log if line.kind is StepKind.MAY_KNOW}
    readers = {
        line.person_id: "you" if line.person_id == actor.person_id else line.by
        for line in log
        if line.kind is StepKind.OPENED and line.person_id not in knowing
    }
    return tuple(readers.values())
