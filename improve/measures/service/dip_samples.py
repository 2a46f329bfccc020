"""Dip samples: two people read the same records apart, then settle where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from improve.accounts.actor import Actor
from improve.accounts.queries import team_by_id
from improve.accounts.roles import Permission, may
from improve.measures.dip_counts import (
    AGREED,
    ANSWER_WORDS,
    FIRST,
    QUESTIONS_MOST,
    RECORDS_MOST,
    SECOND,
    Result,
)
from improve.measures.models import DipAnswer, DipSample
from improve.measures.queries import dip_samples as sample_queries
from improve.measures.queries.dip_samples import SampleView
from improve.measures.service.define import WHO_DEFINES, MeasureDetails, define_measure
from improve.measures.service.points import add_point
from improve.measures.tally_counts import week_of
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

WHO_READS = "The two readers answer this. A manager of the team or a coach chooses them."
WHO_SETTLES = "The two readers, a manager of the team or a coach settle this."
STILL_READING = "The two readers have not both finished. Until then nobody compares."
IS_OVER = "Reading is over: both have finished, or it was stopped. Nothing was changed."


@dataclass(frozen=True, kw_only=True)
class SampleDetails:
    """What a manager says of a dip sample.

    ``measure_id`` None makes no point; 0 makes a monthly measure of the team for it.
    """

    title: str
    questions: Sequence[str]
    record_count: int
    practice_week_on: date
    first_reader_id: int
    second_reader_id: int
    measured_question: int = 1
    measure_id: int | None = None
    better_when: str = "higher"


def make_sample(actor: Actor, *, team_id: int, details: SampleDetails) -> int:
    """Have two people read *n* records in a practice week, and return the sample's id.

    Refuses with ``Forbidden`` whoever may not define the team's measures, with ``RuleBroken`` what
    does not fit together (fields title, questions, record_count, second_reader, measure_id,
    measured_question).
    """
    team_by_id(actor, team_id)
    _check_manages(actor, team_id)
    _check_details(actor, team_id, details)
    measure_id = details.measure_id
    if measure_id == 0:
        measure_id = define_measure(actor, team_id=team_id, details=_measure_for(details))
    made = DipSample(
        organisation_id=actor.organisation_id,
        team_id=team_id,
        measure_id=measure_id,
        title=details.title,
        questions=list(details.questions),
        measured_question=details.measured_question,
        record_count=details.record_count,
        practice_week_on=week_of(details.practice_week_on),
        first_reader_id=details.first_reader_id,
        second_reader_id=details.second_reader_id,
        created_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "dip_sample.made", "dip_sample", made.id, team_id=team_id)
    return made.id


def _check_details(actor: Actor, team_id: int, details: SampleDetails) -> None:
    reasons: list[Reason] = []
    if not details.title:
        reasons.append(Reason("Give it a title.", "title"))
    if not 1 <= len(details.questions) <= QUESTIONS_MOST:
        reasons.append(Reason(f"Write 1 to {QUESTIONS_MOST} questions.", "questions"))
    if any(not q or len(q) > limits.length("question") for q in details.questions):
        words = f"Use {limits.length('question')} characters or fewer for each question."
        reasons.append(Reason(words, "questions"))
    if not 1 <= details.record_count <= RECORDS_MOST:
        reasons.append(Reason(f"Read 1 to {RECORDS_MOST} records.", "record_count"))
    if details.first_reader_id == details.second_reader_id:
        reasons.append(Reason("Choose two different people.", "second_reader"))
    readers = {p.id for p in sample_queries.possible_readers(actor, team_id)}
    if not {details.first_reader_id, details.second_reader_id} <= readers:
        reasons.append(Reason("Choose people of the team or coaches.", "second_reader"))
    if details.measure_id is not None:
        if not 1 <= details.measured_question <= len(details.questions):
            reasons.append(Reason("There is no such question.", "measured_question"))
        choices = {m.id for m in sample_queries.sample_measures(actor, team_id)}
        if details.measure_id and details.measure_id not in choices:
            reasons.append(Reason("Choose a share that this team counts.", "measure_id"))
    if reasons:
        raise RuleBroken(reasons)


def _measure_for(details: SampleDetails) -> MeasureDetails:
    asked = details.questions[details.measured_question - 1]
    return MeasureDetails(
        name=details.title[: limits.length("measure_name")],
        recorded="proportion",
        better_when=details.better_when,
        frequency="month",
        numerator=f"Records of the practice week with “yes” to: {asked}",
        denominator="Records read by two people with “yes” or “no” to it",
        left_out="Records where it is not known",
        top_name="Yes",
        bottom_name="Records",
        source="A dip sample: two people read the same records apart",
    )


# ---- reading and settling


def answer_record(actor: Actor, *, sample_id: int, record: int, answers: Mapping[int, str]) -> None:
    """Keep what a reader found in one record. Again changes it, until both have finished.

    Refuses with ``Forbidden`` whoever is not one of the two, with ``RuleBroken`` once reading is
    over, and a question without an answer (fields q1 to q6).
    """
    sample_queries.lock_sample(actor, sample_id)
    page = sample_queries.sample_page(actor, sample_id)
    view = page.sample
    reader = check_reads(actor, view)
    if page.compared.is_open:
        raise RuleBroken(IS_OVER)
    if not 1 <= record <= view.record_count:
        raise RuleBroken("There is no such record.")
    missing = [
        Reason("Choose yes, no or not known.", f"q{question}")
        for question in range(1, len(view.questions) + 1)
        if answers.get(question) not in ANSWER_WORDS
    ]
    if missing:
        raise RuleBroken(missing)
    _write(view, reader, {(record, q): answers[q] for q in range(1, len(view.questions) + 1)})
    before = page.compared.records_read(reader)
    if record not in before and len(before) + 1 == view.record_count:
        # Once a reading, not once a record: how fast somebody reads is nobody's business.
        audit.record(actor, "dip_sample.read", "dip_sample", view.id)


def settle_differences(
    actor: Actor, *, sample_id: int, agreed: Mapping[tuple[int, int], str]
) -> int:
    """Keep what the two readers agreed where they differed; return how many differences are left.

    Refuses with ``RuleBroken`` while one of them still reads.
    """
    sample_queries.lock_sample(actor, sample_id)
    page = sample_queries.sample_page(actor, sample_id)
    view = page.sample
    if not may_settle(actor, view):
        raise Forbidden(WHO_SETTLES)
    if not page.compared.is_open:
        raise RuleBroken(STILL_READING)
    differ = {(d.record, d.question) for d in page.compared.differences}
    settled = {at: said for at, said in agreed.items() if at in differ and said in ANSWER_WORDS}
    if settled:
        _write(view, AGREED, settled)
        audit.record(actor, "dip_sample.settled", "dip_sample", view.id, answers=len(settled))
    return len(sample_queries.sample_page(actor, sample_id).compared.unsettled)


def _write(view: SampleView, reader: int, answers: Mapping[tuple[int, int], str]) -> None:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    rows: list[dict[str, Any]] = [
        {
            "dip_sample_id": view.id,
            "reader": reader,
            "record_number": record,
            "question_number": question,
            "answer": answer,
        }
        for (record, question), answer in sorted(answers.items())
    ]
    fresh = insert(DipAnswer).values(rows)
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=["dip_sample_id", "reader", "record_number", "question_number"],
            set_={"answer": fresh.excluded.answer},
        )
    )


def make_dip_point(actor: Actor, *, sample_id: int) -> Result:
    """Make the agreed answers to the chosen question a point of the measure.

    Again counts again; a number that stood there is replaced and the change logged. Refuses with
    ``RuleBroken`` while somebody reads, while a difference is not settled, before the practice
    week has begun, and where no record has a yes or a no.
    """
    page = sample_queries.sample_page(actor, sample_id)
    view = page.sample
    _check_manages(actor, view.team_id)
    if view.measure_id is None:
        raise RuleBroken("This dip sample has no measure.")
    if not page.compared.is_open:
        raise RuleBroken(STILL_READING)
    result = page.compared.result(view.measured_question)
    if result.unsettled:
        raise RuleBroken("Settle the differences first.")
    if not result.of:
        raise RuleBroken("No record has a yes or a no, so there is nothing to make a point of.")
    if view.practice_week_on > clock.today():
        raise RuleBroken("The practice week has not come yet.")
    add_point(
        actor,
        measure_id=view.measure_id,
        period_start=view.practice_week_on,
        numerator=float(result.yes),
        denominator=float(result.of),
        replace=True,
        reason="Counted from a dip sample",
    )
    audit.record(actor, "dip_sample.point_made", "dip_sample", view.id, measure_id=view.measure_id)
    return result


# ---- stopped, opened again, read by somebody else


def stop_sample(actor: Actor, *, sample_id: int, seen_version: int) -> None:
    """Read no more. What both have read so far is compared; what one has read is kept."""
    _set(actor, sample_id, seen_version, "dip_sample.stopped", closed_at=clock.now())


def reopen_sample(actor: Actor, *, sample_id: int, seen_version: int) -> None:
    """Let the readers go on where they were. What was settled is kept."""
    _set(actor, sample_id, seen_version, "dip_sample.reopened", closed_at=None)


def change_reader(
    actor: Actor, *, sample_id: int, seen_version: int, reader: int, person_id: int
) -> None:
    """Have somebody else read in a reader's place, from record 1: what that one read is cleared.

    Refuses with ``RuleBroken`` (field person_id) once reading is over, and whoever reads already.
    """
    sample_queries.lock_sample(actor, sample_id)
    page = sample_queries.sample_page(actor, sample_id)
    view = page.sample
    _check_manages(actor, view.team_id)
    if page.compared.is_open:
        raise RuleBroken(IS_OVER)
    possible = {p.id for p in sample_queries.possible_readers(actor, view.team_id)}
    if person_id not in possible or person_id in {view.first_reader_id, view.second_reader_id}:
        raise RuleBroken([Reason("Choose somebody else of the team, or a coach.", "person_id")])
    if reader not in {FIRST, SECOND}:
        raise RuleBroken([Reason("Choose whose place it is.", "reader")])
    name = "first_reader_id" if reader == FIRST else "second_reader_id"
    _set(actor, sample_id, seen_version, "dip_sample.reader_changed", **{name: person_id})
    db.session.execute(
        delete(DipAnswer)
        .where(DipAnswer.dip_sample_id == view.id, DipAnswer.reader.in_((reader, AGREED)))
        .execution_options(synchronize_session=False)
    )


def _set(actor: Actor, sample_id: int, seen_version: int, action: str, **values: object) -> None:
    view = sample_queries.sample(actor, sample_id)
    _check_manages(actor, view.team_id)
    changed = db.session.execute(
        update(DipSample)
        .where(
            DipSample.id == sample_id,
            DipSample.organisation_id == actor.organisation_id,
            DipSample.version == seen_version,
        )
        .values(version=seen_version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(sample=view)
    audit.record(actor, action, "dip_sample", sample_id)


# ---- who may


def check_reads(actor: Actor, view: SampleView) -> int:
    """Return which of the two readers the actor is; ``Forbidden`` for anybody else."""
    reader = view.reader_of(actor.person_id)
    if reader is None or not may(actor, Permission.ENTER_DATA, team_id=view.team_id):
        raise Forbidden(WHO_READS)
    return reader


def may_settle(actor: Actor, view: SampleView) -> bool:
    """Return whether the actor may settle what the readers answered differently."""
    if view.reader_of(actor.person_id) and may(actor, Permission.ENTER_DATA, team_id=view.team_id):
        return True
    return may(actor, Permission.DEFINE_MEASURE, team_id=view.team_id)


def _check_manages(actor: Actor, team_id: int) -> None:
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team_id):
        raise Forbidden(WHO_DEFINES)
