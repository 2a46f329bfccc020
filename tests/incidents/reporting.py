"""A council that learns from reports: a form that is open, and a report in each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.incidents.contents import Coding, Message, Work, coding_of, message_of, work_of
from improve.incidents.kinds import State, StepKind
from improve.incidents.learning_days import week_of
from improve.incidents.models import (
    Incident,
    IncidentAlert,
    IncidentDisclosure,
    IncidentGroup,
    IncidentMessage,
    IncidentNote,
    IncidentReading,
    IncidentReviewer,
    IncidentSetup,
    IncidentStep,
)
from improve.incidents.sealing import ReportKey
from improve.incidents.service.answers import add_answer
from improve.incidents.service.destroy import destroy
from improve.incidents.service.settle import learn_from
from improve.shared import clock
from improve.shared.db import db
from tests.factories import actor, make_person
from tests.incidents.make import make_report
from tests.incidents.open_council import opened

#: What the desk has of a report that is read, and of one that was signed off.
READING = ("alert", "ask", "call-back", "coding", "check", "order", "route", "sign-off", "together",
           "words")  # fmt: skip
ENDED = ("use", "use/idea", "use/link", "answer")


@dataclass(frozen=True)
class Reporting:
    """Keys of reports by what happened to them."""

    reports: dict[str, str]
    group: int

    @property
    def paths(self) -> tuple[str, ...]:
        """Every page about one of these, whoever may see it."""
        found = [f"/reports/desk/{key}" for key in self.reports.values()]
        for state, tails in (("reading", READING), ("ended", ENDED)):
            found += [f"/reports/desk/{self.reports[state]}/{tail}" for tail in tails]
        return tuple(found)


def report(organisation_id: int, *, reviewer: Actor, raw: str, words: str) -> Reporting:
    """Open the form where it is closed, and make a report in each state; the caller commits.

    ``raw`` stands in what only its readers may read, ``words`` in what staff may.
    """
    group, second = _open(organisation_id, reviewer, words)
    happened = {"happened": f"The plan was lost. {raw}", "helped": f"A call. {raw}"}
    told: dict[str, Any] = {
        **happened,
        "would_try": f"A list. {raw}",
        "contact": f"01632 960 111 {raw}",
    }
    reports = {
        name: make_report(organisation_id, group, **told)
        for name in ("waiting", "reading", "held", "ended", "passed")
    }
    for name in ("reading", "held", "ended"):
        _read(reports[name], reviewer, second, raw)
    db.session.get_one(Incident, reports["held"]).is_held = True
    _settle(reports["ended"], reviewer, raw, words)
    passed = db.session.get_one(Incident, reports["passed"])
    passed.route = "data_breach"
    _step(passed, reviewer, StepKind.OPENED)
    destroy([passed], state=State.PASSED_ON)
    _beside(organisation_id, reviewer, raw, words)
    db.session.flush()
    return Reporting(reports, group)


def report_elsewhere(organisation_id: int, *, words: str) -> Reporting:
    """Have another council take reports, with a reviewer of its own."""
    reviewer = actor(make_person(organisation_id, role=Role.INCIDENT_REVIEWER))
    return report(organisation_id, reviewer=reviewer, raw=words, words=words)


def _open(organisation_id: int, reviewer: Actor, words: str) -> tuple[int, int]:
    """Return the group and the second reviewer of an open form, opened where it was closed."""
    if db.session.get(IncidentSetup, organisation_id) is None:
        made = opened(organisation_id, reviewer.person_id, promise=f"Nobody looks. {words}")
        return made.group, made.reviewers[1]
    group = db.session.scalars(
        db.select(IncidentGroup.id).where(IncidentGroup.organisation_id == organisation_id)
    ).first()
    second = db.session.scalars(
        db.select(IncidentReviewer.person_id)
        .where(IncidentReviewer.organisation_id == organisation_id)
        .where(IncidentReviewer.person_id != reviewer.person_id)
    ).first()
    assert group is not None
    assert second is not None
    return group, second


def _read(key: str, reviewer: Actor, second_id: int, raw: str) -> None:
    """Let two have opened and coded it, with words for others begun and a message that waits."""
    incident = db.session.get_one(Incident, key)
    incident.state = State.READING.value
    place = {"incident_key": key, "organisation_id": incident.organisation_id}
    own = ReportKey.unwrap(incident.wrapped_key, about=key)
    for person_id, position, factors in (
        (reviewer.person_id, "first", ["F07", "F08"]),
        (second_id, "second", ["F07"]),
    ):
        coding = Coding(kind="near_miss", factors=factors)
        sealed = own.seal(coding.facts(), about=coding_of(key, person_id))
        coded = {"is_coded": True, "sealed_coding": sealed}
        db.session.add(IncidentReading(**place, **coded, reviewer_id=person_id, position=position))
    for kind in (StepKind.OPENED, StepKind.NO_DANGER, StepKind.CODED):
        _step(incident, reviewer, kind)
    work = Work(shareable=f"A plan was lost. {raw}", theme=f"Plans get lost. {raw}")
    incident.sealed_work = own.seal(work.facts(), about=work_of(key))
    message = f"m{key[:21]}"
    sealed = own.seal(
        Message(f"One more thing. {raw}", clock.today().isoformat(), 1).facts(),
        about=message_of(key, message),
    )
    db.session.add(IncidentMessage(**place, key=message, by="reporter", sealed=sealed))
    db.session.flush()


def _settle(key: str, reviewer: Actor, raw: str, words: str) -> None:
    """Let it be signed off half a year ago: all staff read what was learned by now."""
    incident = db.session.get_one(Incident, key)
    work = Work(
        shareable=f"A plan did not come. {words}",
        theme=f"Plans are posted to one place. {words}",
        kind="near_miss",
        factors=["F07", "F08"],
    )
    with clock.moved(clock.now() - timedelta(days=180)):
        learning = learn_from([incident], work=work, agreement=0.5)
        learning.note = f"Ring the school. {words}"
        _step(incident, reviewer, StepKind.SIGNED_OFF)
        destroy([incident], state=State.SIGNED_OFF)
        add_answer(incident, words=f"Thank you. {raw}", given_week=week_of(clock.today()))
        add_answer(incident, words=f"A draft. {raw}", moment="end")


def _beside(organisation_id: int, reviewer: Actor, raw: str, words: str) -> None:
    """Add what stands beside reports: a hazard told, a note, a disclosure."""
    here, today = {"organisation_id": organisation_id}, clock.today()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    noted = {"organisation_id": organisation_id, "month": month}
    if db.session.query(IncidentNote).filter_by(**noted).first() is None:
        db.session.add(
            IncidentNote(
                **noted,
                heard=f"Plans get lost. {words}",
                trying=f"A list. {words}",
                written_by_id=reviewer.person_id,
                published_at=clock.now(),
            )
        )
    db.session.add_all(
        [
            IncidentAlert(
                **here,
                told="Owner of the case system",
                email="owner@council.example",
                words=f"Two addresses. {raw}",
                sent_by_id=reviewer.person_id,
                sent_on=today,
            ),
            IncidentDisclosure(
                **here,
                noticed_on=today,
                words=f"We said sorry. {raw}",
                entered_by_id=reviewer.person_id,
            ),
        ]
    )


def _step(incident: Incident, reviewer: Actor, kind: StepKind) -> None:
    db.session.add(
        IncidentStep(
            organisation_id=incident.organisation_id,
            incident_key=incident.key,
            kind=kind.value,
            person_id=reviewer.person_id,
            at=clock.now(),
        )
    )
