"""The answer to whoever reported: now, and when the idea that came of it has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.ideas import service as ideas
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.incidents.ending_words import Came, draft_said
from improve.incidents.models import Incident, IncidentAnswer
from improve.incidents.queries.receipt import told
from improve.incidents.queries.use import answers_of
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea, take
from tests.incidents.open_council import Opened, open_council
from tests.incidents.signed_off import learning_of, make_signed_off
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
WORDS = "Thank you. Plans are rung through from now on."


@pytest.fixture
def council(app: Flask, cast: Cast) -> Opened:
    return open_council(app, cast)


def behind(cast: Cast, council: Opened, idea_id: int) -> str:
    """Return the key of a report that led to an idea."""
    key = make_signed_off(council)
    learning_of(key).idea_id = idea_id
    db.session.flush()
    return key


def drafts(key: str) -> list[IncidentAnswer]:
    found = select(IncidentAnswer).where(
        IncidentAnswer.incident_key == key, IncidentAnswer.given_week.is_(None)
    )
    return list(db.session.scalars(found))


def said(cast: Cast, key: str) -> list[str]:
    return [line.words for line in answers_of(actor(cast.incident_reviewer), key)]


def decide(cast: Cast, idea_id: int, way: Way) -> Any:
    return take(cast, idea_id, way, answers={"decision_why": "It worked for all five"}, note="")


def test_an_answer_is_given_in_a_week_and_read_by_receipt(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        key = make_signed_off(council)
        db.session.commit()
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/answer"
    form = reviewer.get(path).form(path)
    assert reviewer.send(form, {"words": ""}, follow=False).status == 422
    assert reviewer.send(form, {"words": WORDS}, follow=False).status == 303
    assert reviewer.send(form, {"words": WORDS}, follow=False).status == 303
    stale = reviewer.send(form, {"words": "And one more."}, follow=False)
    assert stale.status == 409
    assert WORDS in stale.text
    assert "And one more." in stale.text
    with app.app_context():
        (given,) = told(key).answers
        assert (given.words, given.week, given.is_end) == (WORDS, date(2026, 11, 23), False)
        sealed = db.session.scalars(select(IncidentAnswer.sealed)).one()
        assert WORDS.encode() not in bytes(sealed or b"")
        acts = select(AuditEntry.action).where(AuditEntry.actor_id == cast.incident_reviewer)
        assert set(db.session.scalars(acts)) <= {"signed_in"}


def test_an_end_drafts_an_answer_and_tells_nobody_who_moved_it(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        other = idea_in(cast, Stage.ACT)
        key = behind(cast, council, idea)
        for one in (idea, other):
            decide(cast, one, Way.KEEP)
        db.session.commit()
        (draft,) = drafts(key)
        assert draft.moment == "end"
        acts = [
            list(
                db.session.execute(
                    select(AuditEntry.action, AuditEntry.actor_id)
                    .where(AuditEntry.object_kind == "idea", AuditEntry.object_id == str(one))
                    .order_by(AuditEntry.id)
                )
            )
            for one in (idea, other)
        ]
        assert acts[0] == acts[1]
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/answer"
    page = reviewer.get(path)
    assert "A team tried it and keeps doing it." in page.text
    assert reviewer.send(page.form(path), {"words": WORDS}, follow=False).status == 303
    with app.app_context():
        assert not drafts(key)
        assert [(one.words, one.is_end) for one in told(key).answers] == [(WORDS, True)]


def test_the_end_of_any_idea_reads_as_much(
    app: Flask, cast: Cast, council: Opened, statements: Watch
) -> None:
    with app.app_context():
        both = [idea_in(cast, Stage.ACT) for _ in range(2)]
        behind(cast, council, both[0])
        db.session.commit()
        reads = []
        for idea in both:
            with statements() as seen:
                decide(cast, idea, Way.KEEP)
            reads.append([one for one in seen if one.lstrip().upper().startswith("SELECT")])
        assert len(reads[0]) == len(reads[1])


def test_another_reviewer_who_was_quicker_loses_nobody_words(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        key = behind(cast, council, idea)
        decide(cast, idea, Way.STOP)
        db.session.commit()
    path = f"/reports/desk/{key}/answer"
    one, two = (visit(person) for person in council.reviewers)
    slow = two.get(path).form(path)
    assert one.send(one.get(path).form(path), {"words": WORDS}, follow=False).status == 303
    answer = two.send(slow, {"words": "Mine, written longer."}, follow=False)
    assert answer.status == 409
    assert "Mine, written longer." in answer.text
    again = two.send(answer.form(path), follow=False)
    assert again.status == 303


def test_undoing_takes_the_draft_away_and_a_change_drafts_that_it_goes_on(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        key = behind(cast, council, idea)
        moved = decide(cast, idea, Way.CHANGE)
        assert "is trying it again" in said(cast, key)[0]
        ideas.undo_move(cast.actor("manager"), idea_id=idea, move_id=moved.move_id)
        assert not drafts(key)
        moved = decide(cast, idea, Way.KEEP)
        assert "keeps doing it" in said(cast, key)[0]
        ideas.undo_move(cast.actor("manager"), idea_id=idea, move_id=moved.move_id)
        assert not drafts(key)


def test_not_now_a_quick_fix_and_a_joined_idea_are_said_honestly(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        fixed, waiting, second = make_idea(cast), make_idea(cast), make_idea(cast)
        keys = [behind(cast, council, idea) for idea in (fixed, waiting, second)]
        take(cast, fixed, Way.QUICK_FIX, answers={"what_happened": "A sign"}, note="Done")
        ideas.reply_first(
            cast.actor("manager"),
            idea_id=waiting,
            kind=ReplyKind.NOT_NOW,
            words="In spring.",
            look_again_on=clock.today() + timedelta(days=90),
            seen_version=1,
        )
        into = idea_in(cast, Stage.ACT)
        both = {"idea_id": second, "into_id": into, "words": "One like yours.", "seen_version": 1}
        ideas.join_ideas(cast.actor("manager"), **both)
        found = [said(cast, key)[0] for key in keys]
        assert "it is done" in found[0]
        assert "can’t be done now" in found[1]
        assert "The two go on as one" in found[2]
        decide(cast, into, Way.KEEP)
        assert "keeps doing it" in said(cast, keys[2])[0]


def test_a_joined_report_reads_the_answer_of_the_one_it_was_joined_to(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        key = behind(cast, council, idea)
        joined = make_signed_off(council)
        row = db.session.get_one(Incident, joined)
        row.joined_into, row.learning_key = key, learning_of(key).key
        db.session.flush()
        decide(cast, idea, Way.KEEP)
        assert len(drafts(key)) == 1
        assert not drafts(joined)


@pytest.mark.parametrize("came", list(Came))
def test_a_draft_says_what_came_and_never_why(came: Came) -> None:
    words = draft_said(came, verdict="Improvement: 8 points above", learned="Ring first.")
    assert words.startswith("What you reported led to an idea.")
    assert ("Improvement" in words) == (came in {Came.KEPT, Came.STOPPED})
    assert "because" not in words
    assert words.endswith("Thank you for telling us.")


def test_without_a_chart_a_draft_says_what_the_team_expected() -> None:
    assert "did not go as the team expected" in draft_said(Came.STOPPED, held="no")
    assert "can’t be told yet" in draft_said(Came.KEPT)
    assert "March 2027" in draft_said(Came.NOT_NOW, look_again="March 2027")
