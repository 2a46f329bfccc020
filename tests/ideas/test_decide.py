"""Deciding a cycle: keep, change or stop, each with its why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from improve.ideas import queries
from improve.ideas import service as ideas
from improve.ideas.kinds import Outcome, Stage, Way
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle, idea_in, make_measure, take
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def in_act(app: Flask, cast: Cast) -> int:
    with app.app_context():
        idea_id = idea_in(cast, Stage.ACT, text="Fewer prompts on the visit record")
        db.session.commit()
    return idea_id


def outcome(app: Flask, cast: Cast, idea_id: int) -> tuple[Stage, Outcome | None, int]:
    with app.app_context():
        page = queries.idea_page(actor(cast.manager), idea_id)
        return page.stage, page.outcome, page.cycle_number


def test_keep_with_why(app: Flask, cast: Cast, visit: Visit, in_act: int) -> None:
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{in_act}/stage")
    assert page.heading == "Decide on “Fewer prompts on the visit record”"
    # The three stand as equals: none is chosen, and none is nearer at hand.
    assert "to" not in dict(page.form("/stage").values)
    assert "What we learned A photo is enough." in page.main, "read before it is decided"
    unsaid = sam.send(page.form("/stage"), button="Go on")
    assert (unsaid.status, unsaid.error_for("to")) == (422, "Error: Choose one.")
    form = sam.send(unsaid.form("/stage"), {"to": "keep"}, button="Go on")
    refused = sam.send(form.form("/stage"), button="Keep it")
    assert refused.status == 422
    assert refused.error_for("decision_why")
    kept = sam.send(refused.form("/stage"), {"decision_why": "It costs nothing"})
    assert "Kept. We learned" in kept.main
    assert "A photo is enough." in kept.main
    assert "It costs nothing" in kept.main
    assert "Amina Birch’s" in kept.main  # the author is named on what was kept
    assert outcome(app, cast, in_act) == (Stage.DONE, Outcome.ADOPTED, 1)


def test_change_opens_the_next_cycle(app: Flask, cast: Cast, visit: Visit, in_act: int) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{in_act}/stage?to=change").form("/stage")
    changed = sam.send(
        form, {"decision_why": "Try it with the whole team"}, button="Change it and plan again"
    )
    assert "Cycle 2 begins in Plan." in changed.main
    assert "Try it with the whole team" in changed.main
    assert "Send each child a photo two days before" in changed.main  # carried over
    assert outcome(app, cast, in_act) == (Stage.PLAN, None, 2)


def test_stop_stands_beside_keep(app: Flask, cast: Cast, visit: Visit, in_act: int) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{in_act}/stage?to=stop").form("/stage")
    stopped = sam.send(form, {"decision_why": "It halved our visits"}, button="Stop it")
    assert "Stopped, and this is what we learned" in stopped.main
    assert outcome(app, cast, in_act)[1] is Outcome.ABANDONED


@pytest.mark.parametrize("stage", [Stage.PLAN, Stage.DO, Stage.STUDY])
def test_stop_early_asks_lesson_and_why_in_one_form(
    app: Flask, cast: Cast, visit: Visit, stage: Stage
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, stage)
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/stage?to=stop").form("/stage")
    refused = sam.send(form, button="Stop it")
    assert refused.error_for("learned")
    assert refused.error_for("decision_why")
    done = sam.send(
        refused.form("/stage"),
        {"learned": "Talk first, then the form", "decision_why": "It slowed us down"},
    )
    assert "Talk first, then the form" in done.main
    assert outcome(app, cast, idea_id)[1] is Outcome.ABANDONED


def test_keep_against_unclear_numbers_asks_why_anyway(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        measure = make_measure(
            cast,
            numbers=[(8, 10), (7, 10)] * 8,
            first_on=clock.today() - timedelta(days=112),
        )
        ideas.choose_measures(actor(cast.manager), idea_id=idea_id, main_id=measure, beside_id=None)
        take(
            cast,
            idea_id,
            Way.DO,
            answers={
                "is_wide": True,
                "prediction": "Up to nine of ten",
                "study_by_on": clock.today() + timedelta(days=30),
                "how_known": "write",
            },
        )
        take(cast, idea_id, Way.STUDY)
        take(cast, idea_id, Way.ACT)
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{idea_id}/stage?to=keep")
    assert "Why keep it anyway?" in page.main
    refused = sam.send(page.form("/stage"), {"decision_why": "Children like it"})
    assert refused.error_for("adopt_anyway")
    kept = sam.send(refused.form("/stage"), {"adopt_anyway": "It is cheap and kind"})
    assert "Why we keep it anyway" in kept.main
    assert kept.main.count("It is cheap and kind") == 2  # in the banner and with the cycle


def test_only_a_manager_decides(app: Flask, cast: Cast, visit: Visit, in_act: int) -> None:
    for person in (cast.practitioner, cast.coach, cast.other_manager):
        page = visit(person).get(f"/ideas/{in_act}/stage?to=keep")
        assert "What do we do with it?" not in page.main
        assert not page.soup.select("input[value=keep]")
        forged = visit(person)
        answer = forged.post(
            f"/ideas/{in_act}/stage",
            {
                "to": "keep",
                "asked_for": "keep",
                "shown": "decision_why",
                "decision_why": "I say so",
                "version": _version(app, cast, in_act),
                "from_stage": "act",
            },
        )
        assert answer.status == 403
    assert outcome(app, cast, in_act)[0] is Stage.ACT


def _version(app: Flask, cast: Cast, idea_id: int) -> int:
    with app.app_context():
        return queries.idea_page(actor(cast.manager), idea_id).version


def test_a_finished_idea_begins_again_as_a_new_cycle(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = finish_cycle(cast, "abandon", title="A longer form")
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/stage").form("/stage")
    again = sam.send(form, button="Begin a new cycle")
    assert "It begins again in Plan, as cycle 2." in again.main
