"""Moving an idea through its form: every way, with script and without, and when someone was first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import queries
from improve.ideas.kinds import Outcome, ReplyKind, Stage, Way
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea, take
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]

HAPPENED = "We met six families with both workers in the room."


@pytest.fixture
def in_do(app: Flask, cast: Cast) -> int:
    """An idea that is being tried."""
    with app.app_context():
        idea_id = idea_in(cast, Stage.DO, text="Hand over with the family in the room")
        db.session.commit()
    return idea_id


def stands(app: Flask, cast: Cast, idea_id: int) -> tuple[Stage, int]:
    """Return where the idea stands, and its version."""
    with app.app_context():
        page = queries.idea_page(actor(cast.manager), idea_id)
        return page.stage, page.version


def actions(app: Flask) -> list[str]:
    """Return what the audit says was done, in order."""
    with app.app_context():
        return list(
            db.session.execute(text("SELECT action FROM audit_entries ORDER BY id")).scalars()
        )


def study(visitor: Visitor, idea_id: int, *, htmx: bool = False, **changed: object) -> Page:
    """Fill in the way from Do to Study and send it."""
    page = visitor.get(f"/ideas/{idea_id}/stage?to=study", htmx=htmx)
    values = {
        "what_happened": HAPPENED,
        "as_planned": "mostly",
        "has_no_number": "y",
        "note": "No more handovers this term",
        **changed,
    }
    return visitor.send(page.form("/stage"), values, button="Move to Study", htmx=htmx)


def test_move_goes_back_to_where_the_person_came_from(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    sam = visit(cast.manager)
    board = sam.get("/teams/riverside/board")
    form = sam.get(
        board.link("Move Hand over with the family in the room"),
        headers={"Referer": "http://localhost/teams/riverside/board?show=mine"},
    )
    assert form.heading == "Move “Hand over with the family in the room”"
    assert "end date" in form.main
    moved = sam.send(
        form.form("/stage"),
        {"what_happened": HAPPENED, "as_planned": "yes", "has_no_number": "y", "note": "Soon"},
        button="Move to Study",
    )
    assert moved.path == "/teams/riverside/board"
    assert "Moved to Study." in moved.main
    assert moved.has_form(f"/ideas/{in_do}/undo")
    assert stands(app, cast, in_do)[0] is Stage.STUDY
    assert "idea_moved" in actions(app)


def test_move_with_htmx_answers_the_card_alone(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    sam = visit(cast.manager)
    part = sam.get(
        f"/ideas/{in_do}/stage",
        htmx=True,
        headers={"HX-Current-URL": "http://localhost/teams/riverside/board"},
    )
    assert part.soup.find("h1") is None
    answer = sam.send(
        part.form("/stage"),
        {"what_happened": HAPPENED, "as_planned": "yes", "has_no_number": "y", "note": "Soon"},
        button="Move to Study",
        htmx=True,
    )
    assert answer.status == 200
    assert answer.response.headers["HX-Trigger"] == "improve:close-dialog"
    body = answer.response.get_data(as_text=True)
    assert len(body.encode()) < 4096
    assert f'hx-swap-oob="delete:#card-{in_do}"' in body
    assert 'hx-swap-oob="beforeend:#cards-study"' in body
    for name in ("count-do", "count-study", "jump-do", "jump-study"):
        assert f'id="{name}" hx-swap-oob="true"' in body
    assert "count-plan" not in body
    assert "moved from Do to Study, position 1 of 1" in body
    assert stands(app, cast, in_do)[0] is Stage.STUDY


def test_move_with_htmx_from_the_idea_opens_its_page_again(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    answer = study(visit(cast.manager), in_do, htmx=True)
    assert answer.status == 204
    assert re.match(rf"/ideas/{in_do}\?said=", answer.response.headers["HX-Redirect"])


def test_move_refuses_without_what_is_missing_and_keeps_the_words(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    page = study(visit(cast.manager), in_do, as_planned=None, has_no_number=None, note="")
    assert page.status == 422
    assert page.errors == [
        "Fill in what is missing, or say in a few words why you go on without it."
    ]
    panel = page.soup.find(id="soft-needs")
    assert panel is not None
    assert "whether you tried it as planned" in panel.get_text()
    assert "end date" in panel.get_text()
    assert HAPPENED in page.main
    assert stands(app, cast, in_do)[0] is Stage.DO


@pytest.mark.parametrize("htmx", [False, True])
def test_hard_needs_stand_beside_their_fields(
    app: Flask, cast: Cast, visit: Visit, htmx: bool
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.STUDY)
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/stage", htmx=htmx).form("/stage")
    page = sam.send(form, {"note": "Nobody was free"} if "note" in form.values else {}, htmx=htmx)
    assert page.status == 422
    assert "learned" in page.error_for("learned")
    assert page.error_for("prediction_held")


def test_another_way_is_shown_with_the_words_kept(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{in_do}/stage?to=study")
    other = sam.send(page.form("/stage"), {"to": "stop", "what_happened": HAPPENED})
    assert other.status == 200
    assert "Your other words are saved with this" in other.main
    done = sam.send(
        other.form("/stage"),
        {"learned": "Families like to hear it from both", "decision_why": "No room for it"},
        button="Stop it",
    )
    assert done.path == f"/ideas/{in_do}/learned"
    assert "Stopped" in done.main
    assert "Families like to hear it from both" in done.main
    assert HAPPENED in done.main


def test_save_without_moving(app: Flask, cast: Cast, visit: Visit, in_do: int) -> None:
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{in_do}/stage")
    saved = sam.send(page.form("/stage"), {"what_happened": HAPPENED}, button="Save without moving")
    assert "Saved. It is still in Do." in saved.main
    assert HAPPENED in saved.main
    assert stands(app, cast, in_do)[0] is Stage.DO


def test_back_asks_for_one_line(app: Flask, cast: Cast, visit: Visit, in_do: int) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{in_do}/stage?to=plan").form("/stage")
    refused = sam.send(form)
    assert refused.status == 422
    assert refused.error_for("note")
    moved = sam.send(refused.form("/stage"), {"note": "We planned for too many"})
    assert "Moved to Plan." in moved.main
    assert "We planned for too many" in sam.get(f"/ideas/{in_do}/history").main


def test_not_now_needs_a_reason_and_a_day(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/stage?to=not_now").form("/stage")
    refused = sam.send(form, {"look_again_on": "31/02/2027"})
    assert refused.status == 422
    assert "no 31 February" in refused.error_for("look_again_on")
    refused = sam.send(refused.form("/stage"), {"look_again_on": ""})
    assert refused.error_for("note")
    assert refused.error_for("look_again_on")
    done = sam.send(
        refused.form("/stage"), {"note": "No money before April", "look_again_on": "1/4/2027"}
    )
    assert "We look again on" in done.main
    priya = visit(cast.coach)
    back = priya.get(f"/ideas/{idea_id}/stage")
    brought = priya.send(back.form("/stage"), button="Bring it back")
    assert "Brought back to Ideas." in brought.main


def test_quick_fix_and_withdraw(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        fix, mine = make_idea(cast), make_idea(cast)
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{fix}/stage?to=quick_fix").form("/stage")
    done = sam.send(
        form,
        {"what_happened": "Moved the printer", "learned": "Nobody walks"},
        button="Mark as a quick fix",
    )
    assert "Quick fix" in done.main
    assert "Moved the printer" in done.main
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{mine}/stage?to=withdraw").form("/stage")
    assert "Withdrawn" in amina.send(form, button="Withdraw it").main
    with app.app_context():
        assert queries.idea_page(actor(cast.manager), fix).outcome is Outcome.QUICK_FIX


def test_over_the_limit_asks_why_and_goes_on(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for _ in range(4):
            idea_in(cast, Stage.PLAN)
        idea_id = make_idea(cast, reply=ReplyKind.WILL_TRY)
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{idea_id}/stage?to=plan")
    assert "Why start another now?" in page.main
    assert "limit is 4" in page.main
    moved = sam.send(
        page.form("/stage"),
        {"lead_id": str(cast.practitioner), "improves": "First visits"},
        button="Move to Plan",
    )
    assert "Moved to Plan." in moved.main


def test_people_who_may_not_move_are_told_who_can(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    page = visit(cast.leader).get(f"/ideas/{in_do}/stage")
    assert page.status == 200
    assert "manager of the team" in page.main
    assert not page.has_form("/stage")
    leader = visit(cast.leader)
    forged = leader.post(
        f"/ideas/{in_do}/stage",
        {"to": "plan", "asked_for": "plan", "note": "x", "version": "5", "from_stage": "do"},
    )
    assert forged.status in {403, 409}
    assert stands(app, cast, in_do)[0] is Stage.DO


def test_strangers_and_wrong_methods(app: Flask, cast: Cast, visit: Visit, in_do: int) -> None:
    outsider = visit(cast.outsider)
    assert outsider.get(f"/ideas/{in_do}/stage").status == 404
    assert outsider.post(f"/ideas/{in_do}/stage", {"to": "study"}).status == 404
    assert visit(cast.manager).client.delete(f"/ideas/{in_do}/stage").status_code == 405


def test_the_same_move_twice_is_harmless(app: Flask, cast: Cast, visit: Visit, in_do: int) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{in_do}/stage").form("/stage")
    values = {"what_happened": HAPPENED, "as_planned": "yes", "has_no_number": "y", "note": "Soon"}
    first = sam.send(form, values, button="Move to Study")
    again = sam.send(form, values, button="Move to Study")
    assert "Moved to Study." in first.main
    assert "Moved to Study." in again.main
    assert actions(app).count("idea_moved") == 3  # to Plan, to Do, to Study


def test_words_that_may_identify_someone_are_shown_once(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    sam = visit(cast.manager)
    hint = study(sam, in_do, what_happened="The child called Oliver liked it")
    assert hint.status == 200
    assert hint.heading == "This may identify someone"
    assert "a name" in hint.main
    assert stands(app, cast, in_do)[0] is Stage.DO
    changed = sam.send(hint.form("/stage"), button="Change it")
    assert "The child called Oliver liked it" in changed.main
    moved = sam.send(hint.form("/stage"), button="It’s fine, continue")
    assert "Moved to Study." in moved.main
    assert "identifier_hint_shown" in actions(app)


# ---- someone was first


def meet_a_change(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, *, htmx: bool = False
) -> tuple[Visitor, Page]:
    """Have the manager move an idea while the author has the same form open, then send hers."""
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea_id}/stage?to=study", htmx=htmx).form("/stage")
    with app.app_context():
        take(cast, idea_id, Way.STUDY)
        db.session.commit()
    page = amina.send(
        form,
        {"what_happened": HAPPENED, "as_planned": "mostly", "note": "They all moved"},
        button="Move to Study",
        htmx=htmx,
    )
    return amina, page


@pytest.mark.parametrize("htmx", [False, True])
def test_conflict_shows_both_texts(
    app: Flask, cast: Cast, visit: Visit, in_do: int, htmx: bool
) -> None:
    _, page = meet_a_change(app, cast, visit, in_do, htmx=htmx)
    assert page.status == 409
    told = page.soup.find(class_="title-line", role="alert")
    assert told is not None
    assert "Sam moved this to Study at 09:30" in told.get_text(" ", strip=True)
    assert page.soup.find(attrs={"data-focus": True}) is not None
    for words in (HAPPENED, "Five photos sent.", "Mostly", "They all moved"):
        assert words in page.text
    for button in (
        "Add my words, leave it in Study",
        "Move it back to Do",
        "Leave my words out",
    ):
        assert page.form("/conflict", button=button)


def test_conflict_add_words(app: Flask, cast: Cast, visit: Visit, in_do: int) -> None:
    amina, page = meet_a_change(app, cast, visit, in_do)
    added = amina.send(page.form(button="Add my words, leave it in Study"))
    assert "Your words are added." in added.main
    assert HAPPENED in added.main
    assert "Five photos sent." in added.main
    assert "They all moved" in added.main
    assert stands(app, cast, in_do)[0] is Stage.STUDY


def test_conflict_leave_words_out(app: Flask, cast: Cast, visit: Visit, in_do: int) -> None:
    amina, page = meet_a_change(app, cast, visit, in_do)
    left = amina.send(page.form(button="Leave my words out"))
    assert HAPPENED not in left.main
    assert HAPPENED in amina.get(f"/ideas/{in_do}/history").main
    assert HAPPENED not in visit(cast.manager).get(f"/ideas/{in_do}/history").main


def test_conflict_move_back_with_the_words(
    app: Flask, cast: Cast, visit: Visit, in_do: int
) -> None:
    amina, page = meet_a_change(app, cast, visit, in_do)
    form = amina.send(page.form(button="Move it back to Do"))
    assert form.status == 200
    assert HAPPENED in form.main
    moved = amina.send(form.form("/stage"), {"note": "We had not finished"})
    assert "Moved to Do." in moved.main
    assert HAPPENED in moved.main
    assert stands(app, cast, in_do)[0] is Stage.DO
