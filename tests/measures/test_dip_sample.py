"""Plan a dip sample, read apart, compare, settle, make a point; stopped, left, opened again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import queries
from improve.measures.dip_counts import Comparison
from improve.measures.models import DipAnswer, ObservationChange
from improve.measures.queries.dip_samples import sample_page
from improve.measures.service import dip_samples as service
from improve.measures.service.dip_samples import SampleDetails
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, actor, make_measure
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
QUESTIONS = ("Is the plan in the child’s own words?", "Does it say who does what by when?")


def make(app: Flask, cast: Cast, **details: Any) -> int:
    """Return the id of a dip sample of three records, read by the practitioner and a colleague."""
    given: dict[str, Any] = {
        "title": "Plans in the child’s own words",
        "questions": QUESTIONS,
        "record_count": 3,
        "practice_week_on": date(2026, 11, 26),
        "first_reader_id": cast.practitioner,
        "second_reader_id": cast.colleague,
        "measure_id": 0,
        **details,
    }
    with app.app_context():
        made = service.make_sample(
            cast.actor("manager"), team_id=cast.team, details=SampleDetails(**given)
        )
        db.session.commit()
    return made


@pytest.fixture
def sample_id(app: Flask, cast: Cast) -> int:
    """A dip sample that nobody has begun."""
    return make(app, cast)


def answer(
    app: Flask, person_id: int, sample_id: int, *records: Sequence[str], first: int = 1
) -> None:
    """Have a reader answer records, each a list of answers."""
    with app.app_context():
        for at, answers in enumerate(records, start=first):
            service.answer_record(
                actor(person_id),
                sample_id=sample_id,
                record=at,
                answers=dict(enumerate(answers, start=1)),
            )
        db.session.commit()


def read_apart(app: Flask, cast: Cast, sample_id: int) -> None:
    """Have both finish: alike but for one answer to the first question."""
    answer(app, cast.practitioner, sample_id, ("yes", "yes"), ("no", "no"), ("yes", "not_known"))
    answer(app, cast.colleague, sample_id, ("yes", "yes"), ("yes", "no"), ("yes", "not_known"))


def points(app: Flask, cast: Cast, sample_id: int) -> list[tuple[date, Any, Any]]:
    """Return the numbers of the sample's measure."""
    with app.app_context():
        coach = cast.actor("coach")
        measure_id = sample_page(coach, sample_id).sample.measure_id
        assert measure_id is not None
        found = queries.observations_of(coach, [measure_id])[measure_id]
        db.session.rollback()
        return [(o.period_start, o.numerator, o.denominator) for o in found]


def fill(visitor: Visitor, page: Page, **answers: str) -> Page:
    """Answer the record on a page."""
    return visitor.send(page.form("/read"), answers)


# ---- planning


def test_manager_plans_one(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get("/teams/riverside/dip-samples")
    assert "No dip sample yet." in page.main
    page = manager.follow(page, "Plan a dip sample")
    page = manager.send(
        page.form("/dip-samples/new"),
        {
            "title": "Plans",
            "questions": "\n".join(QUESTIONS),
            "record_count": "20",
            "first_reader": str(cast.practitioner),
            "second_reader": str(cast.coach),
        },
    )
    assert page.heading == "Plans"
    assert "Amina 0 of 20 read" in page.main
    assert "Priya 0 of 20 read" in page.main
    with app.app_context():
        measure = queries.measure(cast.actor("manager"), 1)
        assert (measure.recorded, measure.frequency, measure.team_id) == (
            "proportion",
            "month",
            cast.team,
        )
        assert db.session.execute(
            select(AuditEntry.id).where(AuditEntry.action == "dip_sample.made")
        ).all()
    assert "being read" in manager.get("/teams/riverside/dip-samples").main


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"title": ""}, "title", "Give it a title."),
        ({"title": "x" * 121}, "title", "Use 120 characters or fewer."),
        ({"questions": ""}, "questions", "Write a question."),
        ({"questions": "\n".join("abcdefg")}, "questions", "Write 6 questions at most."),
        ({"questions": "x" * 161}, "questions", "Use 160 characters or fewer for each."),
        ({"record_count": "0"}, "record_count", "from 1 to 50"),
        ({"record_count": "51"}, "record_count", "from 1 to 50"),
        ({"record_count": "ten"}, "record_count", "from 1 to 50"),
        ({"practice_week": "31/02/2026"}, "practice_week", "There is no 31 February"),
        ({"measured_question": "2"}, "measured_question", "There is no such question."),
        ({"second_reader": "same"}, "second_reader", "Choose two different people."),
    ],
)
def test_what_does_not_fit_is_refused(
    cast: Cast, visit: Visit, fields: dict[str, str], name: str, words: str
) -> None:
    manager = visit(cast.manager)
    form = manager.get("/teams/riverside/dip-samples/new").form("/dip-samples/new")
    typed = {"title": "Plans", "questions": "Whose words?", "record_count": "5", **fields}
    if fields.get("second_reader") == "same":
        typed["second_reader"] = dict(form.values)["first_reader"]
    page = manager.send(form, typed)
    assert page.status == 422
    assert words in page.error_for(name)
    assert typed["questions"] in dict(page.form("/dip-samples/new").values)["questions"]


def test_others_may_not_plan(cast: Cast, sample_id: int, visit: Visit) -> None:
    for who in ("practitioner", "other_manager", "leader"):
        person = visit(getattr(cast, who))
        assert person.get("/teams/riverside/dip-samples/new").status == 403
        for act in ("stop", "reopen", "point", "reader"):
            assert person.post(f"/dip-samples/{sample_id}/{act}").status == 403


def test_another_council_finds_nothing(cast: Cast, sample_id: int, visit: Visit) -> None:
    outsider = visit(cast.outsider)
    for path in ("", "/read", "/settle"):
        assert outsider.get(f"/dip-samples/{sample_id}{path}").status == 404
    for act in ("read", "settle", "stop", "reopen", "point", "reader"):
        assert outsider.post(f"/dip-samples/{sample_id}/{act}").status == 404


# ---- reading apart


def test_a_reader_goes_from_record_to_record(
    app: Flask, cast: Cast, sample_id: int, visit: Visit
) -> None:
    reader = visit(cast.practitioner)
    page = reader.follow(reader.get(f"/dip-samples/{sample_id}"), "Begin with record 1")
    assert page.heading == "Record 1 of 3"
    assert "Never write which record this is" in page.main
    assert not page.soup.select("main textarea, main input[type=text]")
    page = fill(reader, page, q1="yes", q2="not_known")
    assert page.heading == "Record 2 of 3"
    page = fill(reader, page, q1="no")
    assert page.status == 422
    assert "Choose yes, no or not known." in page.error_for("q2")
    assert ("q1", "no") in page.form("/read").values
    page = fill(reader, page, q2="no")
    assert page.heading == "Record 3 of 3"
    back = reader.get(f"/dip-samples/{sample_id}/read?record=1")
    assert ("q2", "not_known") in back.form("/read").values
    fill(reader, back, q2="yes")
    page = fill(reader, page, q1="yes", q2="yes")
    assert "You have read all of them." in page.main
    assert "When the other reader has finished, you compare." in page.main
    assert "Amina Finished" in page.main
    with app.app_context():
        found = db.session.execute(
            select(DipAnswer.record_number, DipAnswer.question_number, DipAnswer.answer).order_by(
                DipAnswer.record_number, DipAnswer.question_number
            )
        ).all()
        assert [row[2] for row in found] == ["yes", "yes", "no", "no", "yes", "yes"]
        actions = db.session.execute(
            select(AuditEntry.action).where(AuditEntry.object_kind == "dip_sample")
        ).scalars()
        assert list(actions).count("dip_sample.read") == 1


def test_nobody_sees_the_others_answers_before_both_have_finished(
    app: Flask, cast: Cast, sample_id: int, visit: Visit
) -> None:
    answer(app, cast.practitioner, sample_id, ("yes", "yes"), ("no", "no"), ("yes", "yes"))
    answer(app, cast.colleague, sample_id, ("no", "no"))
    for who in ("colleague", "manager", "coach", "practitioner"):
        person = visit(getattr(cast, who))
        page = person.get(f"/dip-samples/{sample_id}")
        assert "the same" not in page.main
        assert "Agreed" not in page.main
        page = person.get(f"/dip-samples/{sample_id}/settle")
        assert "Neither sees the other’s answers until both have finished." in page.main
        assert "Record 1:" not in page.main
    page = visit(cast.colleague).get(f"/dip-samples/{sample_id}/read?record=2")
    assert not [name for name, _ in page.form("/read").values if name.startswith("q")]
    with app.app_context(), pytest.raises(RuleBroken):
        service.settle_differences(
            cast.actor("manager"), sample_id=sample_id, agreed={(1, 1): "yes"}
        )


def test_only_the_two_readers_answer(app: Flask, cast: Cast, sample_id: int, visit: Visit) -> None:
    for who in ("manager", "coach", "leader", "other_manager"):
        person = visit(getattr(cast, who))
        assert person.get(f"/dip-samples/{sample_id}/read").status == 403
        sent = {"record": "1", "q1": "yes", "q2": "yes"}
        assert person.post(f"/dip-samples/{sample_id}/read", sent).status == 403
    reader = visit(cast.practitioner)
    assert reader.get(f"/dip-samples/{sample_id}/read?record=4").status == 404
    for wrong in ({"q1": "maybe"}, {"record": "9"}):
        sent = {"record": "1", "q1": "yes", "q2": "yes", **wrong}
        assert reader.post(f"/dip-samples/{sample_id}/read", sent).status in {404, 422}
    with app.app_context():
        assert not db.session.execute(select(DipAnswer.answer)).all()


# ---- comparing and settling


def test_agreement_is_shown_and_differences_are_settled(
    app: Flask, cast: Cast, sample_id: int, visit: Visit
) -> None:
    read_apart(app, cast, sample_id)
    reader = visit(cast.colleague)
    page = reader.get(f"/dip-samples/{sample_id}")
    assert "2 of 3 the same. 1 difference to settle." in page.main
    assert "3 of 3 the same. Agreed: 1 yes of 2. 1 not known." in page.main
    page = reader.follow(page, "Settle the differences together")
    assert "Amina: no. Jo: yes." in page.main
    done = reader.send(page.form("/settle"))
    assert "Some are still to be settled." in done.main
    done = reader.send(page.form("/settle"), {"agreed-2-1": "no"})
    assert "All differences are settled." in done.main
    assert "Agreed: 2 yes of 3." in done.main
    # What both answered alike cannot be settled otherwise, nor can reading go on.
    reader.post(f"/dip-samples/{sample_id}/settle", {"agreed-1-1": "no", "agreed-2-1": "what"})
    sent = {"record": "1", "q1": "no", "q2": "no"}
    assert reader.post(f"/dip-samples/{sample_id}/read", sent).status == 422
    assert "Agreed: 2 yes of 3." in reader.get(f"/dip-samples/{sample_id}").main
    assert visit(cast.leader).post(f"/dip-samples/{sample_id}/settle").status == 403


def test_the_agreed_answers_become_a_point(
    app: Flask, cast: Cast, sample_id: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    read_apart(app, cast, sample_id)
    page = manager.post(f"/dip-samples/{sample_id}/point", follow=True)
    assert "Settle the differences first." in page.main
    settle = manager.get(f"/dip-samples/{sample_id}/settle").form("/settle")
    page = manager.send(settle, {"agreed-2-1": "no"})
    page = manager.send(page.form("/point"))
    assert "67% is on the chart." in page.main
    assert points(app, cast, sample_id) == [(date(2026, 11, 1), 2.0, 3.0)]
    page = manager.send(page.form("/point"))
    assert points(app, cast, sample_id) == [(date(2026, 11, 1), 2.0, 3.0)]
    manager.send(settle, {"agreed-2-1": "yes"})
    manager.send(page.form("/point"))
    assert points(app, cast, sample_id) == [(date(2026, 11, 1), 3.0, 3.0)]
    with app.app_context():
        assert len(db.session.execute(select(ObservationChange)).scalars().all()) == 1


def test_a_measure_that_is_there_or_none(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        weekly = make_measure(cast, name="Own words", numbers=[(1, 2)])
        db.session.commit()
    made = make(app, cast, measure_id=weekly, record_count=1, measured_question=2)
    answer(app, cast.practitioner, made, ("yes", "no"))
    answer(app, cast.colleague, made, ("yes", "no"))
    manager = visit(cast.manager)
    manager.send(manager.get(f"/dip-samples/{made}").form("/point"))
    assert points(app, cast, made)[-1] == (date(2026, 11, 23), 0.0, 1.0)
    without = make(app, cast, measure_id=None)
    read_apart(app, cast, without)
    page = manager.get(f"/dip-samples/{without}")
    assert "only to learn from" in page.main
    assert not page.has_form("/point")
    with app.app_context(), pytest.raises(RuleBroken):
        service.make_dip_point(cast.actor("manager"), sample_id=without)


def test_a_week_to_come_makes_no_point_yet(app: Flask, cast: Cast, visit: Visit) -> None:
    made = make(app, cast, practice_week_on=date(2026, 12, 7), record_count=1)
    answer(app, cast.practitioner, made, ("yes", "no"))
    answer(app, cast.colleague, made, ("yes", "no"))
    page = visit(cast.manager).post(f"/dip-samples/{made}/point", follow=True)
    assert "The practice week has not come yet." in page.main


# ---- unfinished, left, opened again


def test_stopped_and_opened_again(app: Flask, cast: Cast, sample_id: int, visit: Visit) -> None:
    answer(app, cast.practitioner, sample_id, ("yes", "yes"), ("no", "no"))
    answer(app, cast.colleague, sample_id, ("yes", "no"))
    manager = visit(cast.manager)
    stop = manager.get(f"/dip-samples/{sample_id}").form("/stop")
    page = manager.send(stop)
    assert "1 of 3 records count." in page.main
    assert "1 of 1 the same." in page.main
    assert "Few records" in page.main
    assert manager.send(stop).status == 409
    sent = {"record": "3", "q1": "yes", "q2": "yes"}
    assert visit(cast.practitioner).post(f"/dip-samples/{sample_id}/read", sent).status == 422
    page = manager.send(page.form("/reopen"))
    assert "The readers can go on." in page.main
    answer(app, cast.practitioner, sample_id, ("no", "no"), first=3)
    answer(app, cast.colleague, sample_id, ("no", "no"), ("no", "no"), first=2)
    page = manager.get(f"/dip-samples/{sample_id}")
    assert "3 of 3 the same." in page.main
    with app.app_context():
        actions = set(db.session.execute(select(AuditEntry.action)).scalars())
        assert {"dip_sample.stopped", "dip_sample.reopened"} <= actions


def test_one_reader_alone(app: Flask, cast: Cast, sample_id: int, visit: Visit) -> None:
    answer(app, cast.colleague, sample_id, ("yes", "yes"), ("no", "no"))
    manager = visit(cast.manager)
    page = manager.send(manager.get(f"/dip-samples/{sample_id}").form("/stop"))
    assert "2 of 3 records count, read by Jo alone." in page.main
    assert "Read by one person only, so there is nothing to compare." in page.main
    manager.send(page.form("/point"))
    assert points(app, cast, sample_id) == [(date(2026, 11, 1), 1.0, 2.0)]


def test_stopped_before_anybody_read(app: Flask, cast: Cast, sample_id: int, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.send(manager.get(f"/dip-samples/{sample_id}").form("/stop"))
    assert "nothing to compare" in page.main
    assert not page.has_form("/point")


def test_somebody_else_reads_instead(app: Flask, cast: Cast, sample_id: int, visit: Visit) -> None:
    answer(app, cast.practitioner, sample_id, ("yes", "yes"))
    answer(app, cast.colleague, sample_id, ("yes", "yes"))
    manager = visit(cast.manager)
    form = manager.get(f"/dip-samples/{sample_id}").form("/reader")
    for wrong in ({"person_id": str(cast.coach)}, {"reader": "2", "person_id": None}):
        assert manager.send(form, wrong).status == 422
    page = manager.send(form, {"reader": "2", "person_id": str(cast.coach)})
    assert "Amina 1 of 3 read" in page.main
    assert "Priya 0 of 3 read" in page.main
    assert manager.send(form, {"reader": "1", "person_id": str(cast.manager)}).status == 409
    assert visit(cast.colleague).get(f"/dip-samples/{sample_id}/read").status == 403
    assert visit(cast.coach).get(f"/dip-samples/{sample_id}/read").heading == "Record 1 of 3"
    with app.app_context():
        with pytest.raises(Forbidden):
            service.change_reader(
                cast.actor("practitioner"), sample_id=1, seen_version=2, reader=1, person_id=1
            )
        with pytest.raises(NotFound):
            service.stop_sample(actor(cast.outsider), sample_id=sample_id, seen_version=2)


def test_both_finish_at_the_same_moment(
    app: Flask, cast: Cast, sample_id: int, visit: Visit
) -> None:
    """Each keeps their own answers, and the comparison holds them all."""
    readers = [visit(cast.practitioner), visit(cast.colleague)]
    tokens = [r.csrf_token() for r in readers]
    gate, seen = threading.Barrier(2), []

    def read(number: int) -> None:
        gate.wait()
        for record in (1, 2, 3):
            data = {"csrf_token": tokens[number], "record": record, "q1": "yes", "q2": "no"}
            got = readers[number].client.post(f"/dip-samples/{sample_id}/read", data=data)
            seen.append(got.status_code)
            got.close()

    threads = [threading.Thread(target=copy_context().run, args=(read, n)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == [303] * 6
    page = visit(cast.manager).get(f"/dip-samples/{sample_id}")
    assert page.main.count("3 of 3 the same.") == 2


def test_comparison_counts_only_what_both_have_read() -> None:
    one = Comparison(
        questions=1,
        records=3,
        first={(1, 1): "yes", (2, 1): "no", (3, 1): "not_known"},
        second={(1, 1): "yes", (2, 1): "yes"},
        agreed={(2, 1): "not_known"},
        is_stopped=True,
    )
    assert one.compared == [1, 2]
    assert one.agreement_words(1) == "1 of 2 the same"
    assert not one.unsettled
    result = one.result(1)
    assert (result.yes, result.no, result.not_known, result.of) == (1, 0, 1, 1)
