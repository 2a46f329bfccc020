"""A huddle as people meet it: started, walked through, driven, paused, looked at by others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from improve.huddles import service
from improve.huddles.kinds import Part
from improve.ideas import service as ideas
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, make_idea
from tests.huddles.scene import Scene, make_scene
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """A huddle that the manager drives: one new idea, one blocked, one pinned."""
    with app.app_context():
        made = make_scene(cast)
        db.session.commit()
    return made


def at(scene: Scene, part: str = "") -> str:
    """Return the address of a page of this huddle."""
    return f"/teams/riverside/huddles/{scene.huddle_id}{'/' + part if part else ''}"


def current(page: Page) -> str:
    """Return the words of the part that is marked as the current step."""
    marked = page.soup.find(attrs={"aria-current": "step"})
    return marked.find(class_="part-words").get_text() if marked else ""  # type: ignore[union-attr]


def end(app: Flask, scene: Scene) -> None:
    with app.app_context():
        scene.end()
        db.session.commit()


def test_a_finished_huddle_leads_to_its_notes(
    app: Flask, scene: Scene, cast: Cast, visit: Visit
) -> None:
    end(app, scene)
    colleague = visit(cast.colleague)
    assert colleague.get(at(scene, "blocked")).heading.endswith("These are the notes.")
    page = colleague.get(at(scene, "add"))
    assert "This huddle is finished." in page.main
    assert not page.soup.find("textarea")


def test_words_that_come_when_it_is_over_are_kept(
    app: Flask, scene: Scene, cast: Cast, visit: Visit
) -> None:
    """Whoever wrote while the driver finished reads their words again, whichever form it was."""
    manager = visit(cast.manager)
    page = manager.get(at(scene, "blocked"))
    going_on, decision = page.form("/keep-going"), page.form("/decisions")
    end(app, scene)
    kept = manager.send(going_on, {"study_on": "08/12/2026", "keep_words": "Two more weeks"})
    assert kept.status == 422
    assert kept.heading == "This huddle is finished"
    assert "Two more weeks" in kept.main
    kept = manager.send(decision, {"decision": "Ask IT again"})
    assert kept.status == 422
    assert "Ask IT again" in str(kept.soup.find("textarea"))


# ---- starting


def test_a_manager_starts_a_huddle(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get("/teams/riverside/huddles/start")
    assert page.heading == "Riverside huddle"
    assert "Your first huddle, in five lines" in page.main
    assert page.soup.select_one(".teach-steps").find_all("li").__len__() == 5  # type: ignore[union-attr]
    went = manager.send(
        page.form(button="Start the huddle"), {"here": [str(cast.colleague), str(cast.manager)]}
    )
    assert went.heading == "Riverside, Tuesday huddle"
    assert "2 here" in went.main
    assert "You are driving" in went.main
    assert current(went) == "Thanks and close"


def test_the_short_huddle_asks_two_questions(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get("/teams/riverside/huddles/start")
    page = manager.send(page.form(button="Start the huddle"), {"is_short": "y"})
    assert "What is in the way today?" in page.main
    steps = [words.get_text() for words in page.soup.select(".part-words")]
    assert len(steps) == 3
    page = manager.send(page.form("/decisions"), {"decision": "Court bundles: two of us tonight."})
    assert "Court bundles: two of us tonight." in page.main


def test_a_start_sent_twice_is_one_huddle(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get("/teams/riverside/huddles/start").form(button="Start the huddle")
    first, second = manager.send(form), manager.send(form)
    assert first.path.split("?")[0] == second.path.split("?")[0]


def test_who_comes_second_is_led_to_the_huddle_that_goes_on(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    page = visit(cast.colleague).get("/teams/riverside/huddles/start")
    assert "A huddle is going on" in page.main
    assert page.link("Go on with it") == at(scene)
    assert not page.has_form("/start")


def test_starting_by_htmx_opens_the_whole_page(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get("/teams/riverside/huddles/start").form(button="Start the huddle")
    answer = manager.send(form, htmx=True)
    assert answer.status == 204
    assert "/huddles/" in answer.response.headers["HX-Redirect"]


# ---- the parts


def test_the_huddle_leads_to_where_the_driver_stands(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    page = visit(cast.practitioner).get(at(scene))
    assert page.path.startswith(at(scene, "new"))
    assert current(page) == "New ideas"


def test_each_part_has_its_address_and_an_empty_one_says_so(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    for part, words in (
        ("due", "Last actions"), ("new", "New ideas"), ("stuck", "Stuck or pinned"),
        ("study", "Due to study"), ("signals", "Numbers"), ("blocked", "Blocked"),
        ("close", "Thanks and close"),
    ):  # fmt: skip
        page = manager.get(at(scene, part))
        assert page.status == 200
        assert current(page).startswith(words)
        heading = page.soup.find(id="part-title")
        assert heading is not None
        assert heading.has_attr("data-focus")
    empty = manager.get(at(scene, "study")).soup.select_one(".none-here p")
    assert empty is not None
    assert "study" in empty.get_text()
    assert manager.get(at(scene, "nonsense")).status == 404
    assert manager.get(at(scene, "hard")).status == 404
    assert manager.get(at(scene, "new") + "?item=987654").status == 404


def test_the_driver_moves_the_wall_by_buttons(cast: Cast, scene: Scene, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "new"))
    assert page.soup.select("nav.huddle-parts button")
    assert not page.soup.select("nav.huddle-parts a")
    went = manager.send(page.form(button="Next: stuck or pinned"), button="Next: stuck or pinned")
    assert current(went) == "Stuck or pinned"
    again = visit(cast.practitioner).get(at(scene))
    assert current(again) == "Stuck or pinned"


def test_nobody_takes_on_a_reply_that_is_not_theirs_to_give(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    """It would stand to the name of whoever presses, and they could not do it."""
    page = visit(cast.practitioner).get(at(scene, "new"))
    assert "A manager, a coach or a leader gives the first reply." in page.main
    assert not page.soup.select('[aria-label="Do it after the huddle: A first reply"]')


def test_what_is_left_in_a_part_is_offered_before_the_next(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        make_idea(cast, text="Put the start times on the sheet")
        made = make_scene(cast)
        db.session.commit()
    manager = visit(cast.manager)
    page = manager.get(at(made, "new"))
    opened = page.soup.select_one("#item-title")
    went = manager.send(page.form(button="Next here: Ask parents once"))
    assert opened is not None
    assert opened.get_text() == "Put the start times on the sheet"
    assert "Next here: Put the start times on the sheet" in went.main
    assert "The wall shows" not in went.main
    assert "Next here" not in manager.get(at(made, "blocked")).main


def test_next_skips_what_is_empty(cast: Cast, scene: Scene, visit: Visit) -> None:
    page = visit(cast.manager).get(at(scene, "stuck"))
    assert page.form(button="Next: blocked")
    assert page.form(button="New ideas")


def test_others_follow_links_and_read_what_the_wall_shows(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    page = visit(cast.practitioner).get(at(scene, "blocked"))
    assert page.soup.select("nav.huddle-parts a")
    assert not page.has_form("/go")
    assert "The wall shows Ask parents once" in page.main
    assert "Sam is driving" in page.main
    assert visit(cast.practitioner).get(at(scene)).main.count("The wall shows this.") == 1


def test_anybody_of_the_team_takes_over_driving(cast: Cast, scene: Scene, visit: Visit) -> None:
    colleague, manager = visit(cast.colleague), visit(cast.manager)
    page = colleague.get(at(scene, "new"))
    went = colleague.send(page.form("/drive"))
    assert "You are driving" in went.main
    was = manager.get(at(scene, "new"))
    assert "Jo is driving" in was.main
    refused = manager.post(at(scene, "go"), {"part": "close"}, follow=True)
    assert refused.status == 200
    assert "Jo" in refused.main


def test_who_takes_over_brings_the_wall_to_where_they_stand(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    colleague = visit(cast.colleague)
    went = colleague.send(colleague.get(at(scene, "blocked")).form("/drive"))
    assert current(went) == "Blocked"
    assert "You are driving. The wall shows what you open." in went.main
    assert "Show this on the wall" not in went.main
    assert current(visit(cast.practitioner).get(at(scene))) == "Blocked"


def test_every_page_of_a_huddle_leads_to_its_wall(cast: Cast, scene: Scene, visit: Visit) -> None:
    page = visit(cast.practitioner).get(at(scene, "new"))
    wall = visit(cast.practitioner).get(page.link("Wall view"))
    assert (wall.status, wall.heading) == (200, "Riverside")


def test_what_is_put_off_says_who_does_it_and_goes_along_with_the_move(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "stuck"))
    soft = page.form("/after", button="Do it after the huddle")
    went = manager.send(soft)
    assert "To do after the huddle: " in went.main
    needs = went.soup.select(".needs li")
    assert any("in hand" in need.get_text() and not need.find("form") for need in needs)


def test_the_driver_who_looks_elsewhere_may_bring_the_wall_along(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "blocked"))
    assert "The wall shows Ask parents once" in page.main
    went = manager.send(page.form(button="Show this on the wall"))
    assert current(went) == "Blocked"
    assert "The wall shows" not in went.main


# ---- the clock


def test_the_clock_is_drawn_by_the_server_and_can_be_paused(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    with clock.moved(NOW + timedelta(minutes=8, seconds=20)):
        page = manager.get(at(scene, "new"))
        assert "08:20 of 15:00" in page.main
        page = manager.send(page.form("/pause"))
        assert page.form(button="Go on")
    with clock.moved(NOW + timedelta(minutes=12)):
        page = manager.get(at(scene, "new"))
        assert "08:20 of 15:00" in page.main
        manager.send(page.form("/go-on"))
    with clock.moved(NOW + timedelta(minutes=20)):
        page = manager.get(at(scene, "new"))
        shown = page.soup.select_one("[data-over]")
        assert shown is not None
        assert not shown.has_attr("hidden")


def test_a_poll_says_how_much_changed_and_swaps_nothing(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    visitor = visit(cast.practitioner)
    page = visitor.get(at(scene, "new"))
    asked = str(page.soup.find(id="huddle-news")["hx-get"])  # type: ignore[index]
    assert visitor.get(asked, htmx=True, headers={"X-Poll": "1"}).status == 204
    with app.app_context():
        service.decide(
            cast.actor("colleague"), huddle_id=scene.huddle_id, words="One", form_token="a"
        )
        db.session.commit()
    news = visitor.get(asked, htmx=True, headers={"X-Poll": "1"})
    assert "1 change. Show it" in news.text
    assert visitor.get(at(scene, "new") + "?since=nonsense", htmx=True).status == 204


# ---- what is done with one thing


def test_a_first_reply_is_written_in_the_huddle(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "new"))
    form = page.form("/reply")
    page = manager.send(form, {"words": "Yes. Try it with two families.", "kind": "will_try"})
    assert "The reply is sent" in page.main
    assert "Replied: We will try it" in page.main
    idea = manager.get(f"/ideas/{scene.new}/reply")
    assert "Yes. Try it with two families." in idea.main
    # The same form again changes nothing and is no error.
    again = manager.send(form, {"words": "Yes. Try it with two families.", "kind": "will_try"})
    assert again.status == 200
    assert again.main.count("Replied: We will try it") == page.main.count("Replied: We will try it")


def test_a_reply_without_words_comes_back_with_what_was_typed(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    form = manager.get(at(scene, "new")).form("/reply")
    page = manager.send(form, {"words": "Only words"})
    assert page.status == 422
    assert page.errors == ["Choose one of the three"]
    box = page.soup.find("textarea", id="reply-words")
    assert box is not None
    assert "Only words" in box.get_text()
    part = manager.send(form, {"words": "Only words"}, htmx=True)
    assert part.status == 422
    assert part.response.headers["HX-Retarget"] == "#main"
    assert "Only words" in part.response.get_data(as_text=True)


def test_not_now_asks_for_a_day(cast: Cast, scene: Scene, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get(at(scene, "new")).form("/reply")
    page = manager.send(form, {"words": "After the move.", "kind": "not_now"})
    assert page.status == 422
    assert page.error_for("look_again_on")
    page = manager.send(
        form, {"words": "After the move.", "kind": "not_now", "look_again_on": "1/2/2027"}
    )
    assert "The reply is sent" in page.main


def test_two_replies_at_once_lose_neither(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager, coach = visit(cast.manager), visit(cast.coach)
    form = manager.get(at(scene, "new")).form("/reply")
    coach.send(
        coach.get(f"/ideas/{scene.new}/reply").form("/reply"),
        {"words": "I will help you try it.", "kind": "will_try"},
    )
    page = manager.send(form, {"words": "Yes, with my family.", "kind": "will_try"})
    assert page.status == 409
    assert page.heading.startswith("Priya replied")
    assert "I will help you try it." in page.main
    assert "Yes, with my family." in page.main
    page = manager.send(page.form(button="Add mine as a comment"), button="Add mine as a comment")
    assert "added as a comment" in page.main
    assert "Yes, with my family." in manager.get(f"/ideas/{scene.new}").main


def test_a_change_meanwhile_keeps_the_reply_and_says_so(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    form = manager.get(at(scene, "new")).form("/reply")
    with app.app_context():
        ideas.edit_field(
            cast.actor("practitioner"),
            idea_id=scene.new,
            field="benefit",
            value="Other",
            seen_version=1,
        )
        db.session.commit()
    page = manager.send(form, {"words": "Yes, do.", "kind": "will_try"})
    assert page.status == 409
    assert "Someone changed this idea meanwhile" in page.main
    page = manager.send(page.form("/reply"))
    assert "The reply is sent" in page.main


def test_who_may_not_reply_is_told_who_does(cast: Cast, scene: Scene, visit: Visit) -> None:
    visitor = visit(cast.practitioner)
    page = visitor.get(at(scene, "new"))
    assert not page.has_form("/reply")
    assert "A manager, a coach or a leader gives the first reply" in page.main


def test_come_back_to_this_one_opens_the_next(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_idea(cast, text="A first one")
        scene = make_scene(cast)
        db.session.commit()
    manager = visit(cast.manager)
    page = manager.get(at(scene))
    assert "A first one" in page.soup.find(id="item-title").get_text()  # type: ignore[union-attr]
    page = manager.send(page.form("/reply"), button="Come back to this one")
    assert "Ask parents once" in page.soup.find(id="item-title").get_text()  # type: ignore[union-attr]
    assert "come back to it" in page.main
    assert "The wall shows" not in page.main


def test_looked_at_is_noted(cast: Cast, scene: Scene, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.send(manager.get(at(scene, "stuck")).form("/looked-at"), button="Looked at")
    page = manager.get(at(scene, "stuck"))
    assert "Looked at" in page.main
    assert not page.has_form("/looked-at")


def test_moves_lead_back_to_the_huddle(app: Flask, cast: Cast, scene: Scene, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "stuck"))
    with app.app_context():
        item = scene.item_id(scene.pinned)
    where = page.link("Start it: " + page.soup.select_one("#item-title a").get_text())  # type: ignore[union-attr]
    form = manager.get(where).form("/stage")
    assert ("back", f"{at(scene, 'stuck')}?item={item}") in form.values


def test_blocked_unblocked_and_pinned_in_the_huddle(cast: Cast, scene: Scene, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "stuck"))
    refused = manager.send(page.form("/blocked"), {"reason": "No camera"})
    assert refused.status == 422
    assert refused.errors == ["Say who can help. A role is enough."]
    page = manager.send(page.form("/blocked"), {"reason": "No camera", "who": "the office"})
    assert "Marked as blocked" in page.main
    assert "No camera" in page.main
    page = manager.send(page.form("/unblock"))
    assert "No camera. The office can help." not in page.main
    page = manager.send(page.form("/unpin"))
    assert "The pin is off" in page.main
    page = manager.send(page.form("/pin"))
    assert "Pinned. It comes up in the next huddle." in page.main


def test_what_is_missing_becomes_an_action_for_after(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "stuck"))
    form = page.form("/after")
    went = manager.send(form)
    assert "To do after the huddle" in went.main
    again = manager.send(form)
    count = len(went.soup.select(".so-far ul:first-of-type li"))
    assert len(again.soup.select(".so-far ul:first-of-type li")) == count


# ---- who is here


def test_who_is_here_is_ticked_at_once(cast: Cast, scene: Scene, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "here"))
    page = manager.send(page.form("/here"), {"here": [str(cast.manager)], "others_here": "2"})
    assert "3 here" in page.main


# ---- whose it is


@pytest.mark.parametrize("role", ["other_manager", "voices_reader"])
def test_who_is_not_of_the_team_is_refused(
    cast: Cast, scene: Scene, visit: Visit, role: str
) -> None:
    visitor = visit(getattr(cast, role))
    for part in ("", "new", "add", "wall"):
        assert visitor.get(at(scene, part)).status == 403, part
    for path, data in WRITES:
        assert visitor.post(at(scene, path), data).status == 403, path


def test_a_leader_reads_and_does_not_run(cast: Cast, scene: Scene, visit: Visit) -> None:
    leader = visit(cast.leader)
    page = leader.get(at(scene, "stuck"))
    assert page.status == 200
    for path in ("/go", "/drive", "/pause", "/actions", "/decisions"):
        assert not page.has_form(path), path
    assert leader.get(at(scene, "add")).status == 403


def test_another_council_finds_nothing(cast: Cast, scene: Scene, visit: Visit) -> None:
    outsider = visit(cast.outsider)
    for part in ("", "new", "add", "here", "wall"):
        assert outsider.get(at(scene, part)).status == 404, part
    for path, data in WRITES:
        assert outsider.post(at(scene, path), data).status == 404, path
    manager = visit(cast.manager)
    assert manager.get(f"/teams/hillside/huddles/{scene.huddle_id}/new").status == 404


#: Every way of writing in a huddle, with fields that hold.
WRITES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("go", {"part": "new"}), ("pause", {}), ("go-on", {}), ("drive", {}), ("here", {}),
    ("looked-at", {"item": "1", "part": "new"}), ("put-off", {"item": "1", "part": "new"}),
    ("decisions", {"decision": "One", "form_token": "x"}),
    ("thanks", {"thanks_words": "Thank you", "to": "1", "form_token": "x"}),
    ("after", {"item": "1", "need": "lead", "form_token": "x"}),
    ("pin", {"item": "1", "part": "new"}),
)  # fmt: skip


def test_words_that_may_name_someone_are_read_again_first(
    cast: Cast, scene: Scene, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, "stuck"))
    words = "Ring her on 07700 900123 first"
    page = manager.send(page.form("/decisions"), {"decision": words})
    assert page.heading == "This may identify someone"
    changed = manager.send(page.form("/decisions"), button="Change it")
    assert words in str(changed.soup.find("textarea", id="decision-decision"))
    kept = manager.send(page.form("/decisions"), button="It’s fine, continue")
    assert words in kept.main


@pytest.mark.parametrize("part", ["new", "stuck", "blocked", "close", "due"])
def test_a_part_takes_few_statements(
    cast: Cast, scene: Scene, visit: Visit, statements: Watch, part: str
) -> None:
    visitor = visit(cast.manager)
    visitor.get(at(scene, part))
    with statements() as seen:
        visitor.get(at(scene, part))
    assert len(seen) <= 8, seen


def test_the_first_huddle_teaches_and_later_ones_do_not(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    page = visit(cast.manager).get(at(scene, "new"))
    card = page.soup.select_one("details[data-teach]")
    assert card is not None
    said = card.get_text()
    assert "Say:" in said
    assert len(said.split("“", 1)[1].split()) <= 45


def test_long_words_and_many_items_do_not_break_the_page(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for n in range(31):
            make_idea(cast, text=f"{n} " + "w" * 110)
        scene = make_scene(cast)
        db.session.commit()
    page = visit(cast.manager).get(at(scene, Part.NEW.value))
    assert len(page.soup.select(".huddle-item")) == 30


@pytest.mark.parametrize("part", ["new", "stuck", "blocked", "close"])
def test_every_form_that_comes_back_empty_stands_on_a_sound_page(
    cast: Cast, scene: Scene, visit: Visit, part: str
) -> None:
    manager = visit(cast.manager)
    page = manager.get(at(scene, part))
    sent = 0
    for form in page.soup.select("form[hx-boost]"):
        action = str(form["action"]).rsplit("/", 1)[1]
        refused = manager.send(page.form(f"/{action}"))
        assert refused.status == 422, action
        assert refused.errors, action
        sent += 1
    assert sent >= 2
