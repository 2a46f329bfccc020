"""The end of a huddle: nothing has to be typed, and everybody of the team gets the notes once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts import queries as people
from improve.huddles import service
from improve.huddles.queries import notes as queries
from improve.huddles.service import Closing
from improve.ideas import queries as ideas
from improve.ideas import service as ideas_service
from improve.ideas.queries import door
from improve.mail.models import OutboxMessage
from improve.notifications.kinds import Group
from improve.notifications.service import stop_mail
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Stale
from tests.conftest import NOW
from tests.factories import Cast, make_cast
from tests.huddles.scene import Scene, audited, fields_refused, make_scene, refused
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """A huddle that the manager drives."""
    with app.app_context():
        made = make_scene(cast)
        db.session.commit()
    return made


def finish(scene: Scene, who: str = "manager", token: str = "end", **said: Any) -> None:  # noqa: S107
    """Finish the huddle twenty minutes after it began, or when the clock says."""
    service.finish_huddle(
        scene.cast.actor(who),
        slug="riverside",
        huddle_id=scene.huddle_id,
        closing=Closing(**said),
        form_token=token,
        address_of=lambda huddle_id: f"http://localhost/notes/{huddle_id}",
    )


def mails() -> list[OutboxMessage]:
    return list(
        db.session.execute(
            select(OutboxMessage)
            .where(OutboxMessage.key.startswith("huddle-"))
            .order_by(OutboxMessage.id)
        ).scalars()
    )


def at(scene: Scene, page: str) -> str:
    return f"/teams/riverside/huddles/{scene.huddle_id}/{page}"


def test_finishing_needs_nothing_and_mails_everyone_of_the_team(
    context: Flask, scene: Scene
) -> None:
    cast = scene.cast
    service.decide(
        cast.actor("colleague"),
        huddle_id=scene.huddle_id,
        words="Ask IT on Monday",
        item_id=scene.item_id(scene.blocked),
        form_token="d",
    )
    with clock.moved(NOW + timedelta(minutes=14)):
        finish(scene)
    notes = queries.notes(cast.actor("practitioner"), "riverside", scene.huddle_id)
    assert notes.minutes == 14
    assert notes.mailed_to == 3
    assert [d.idea.title for d in notes.decisions if d.idea] == ["Texts from the duty phone"]
    assert [d.idea.stage for d in notes.decisions if d.idea] == ["do"]
    sent = mails()
    assert len({mail.to_address for mail in sent}) == len(sent) == 3
    assert "Ask IT on Monday." in (sent[0].body or "")
    assert f"http://localhost/notes/{scene.huddle_id}" in (sent[0].body or "")
    assert people.team_by_id(cast.actor("manager"), cast.team).huddle_id is None
    assert [row.facts for row in audited("huddle_finished")] == [{"mailed_to": 3}]


def test_finishing_twice_is_harmless(context: Flask, scene: Scene) -> None:
    finish(scene, good_news="All seen")
    version = scene.huddle().version
    finish(scene, good_news="All seen")
    finish(scene, "colleague")
    assert scene.huddle().version == version
    assert len(mails()) == 3
    words = refused(Stale, lambda: finish(scene, "colleague", good_news="Something else"))
    assert words == "changed meanwhile"


def test_a_thank_you_and_the_next_huddle_stand_in_the_notes(context: Flask, scene: Scene) -> None:
    cast = scene.cast
    finish(
        scene,
        thanks_to_id=cast.colleague,
        thanks_words="You rang her gran.",
        next_at=NOW + timedelta(days=7),
        next_driver_id=cast.practitioner,
        help_needed="A second car",
    )
    notes = queries.notes(cast.actor("leader"), "riverside", scene.huddle_id)
    assert [(t.by, t.to, t.words) for t in notes.thanks] == [("Sam", "Jo", "You rang her gran.")]
    assert notes.next_when.replace("\u00a0", " ") == "Tue 1 Dec, 09:30"
    assert notes.next_facts.startswith("Amina drives.")
    assert [t.words for t in ideas.thanks_to_me(cast.actor("colleague"))] == ["You rang her gran."]


def test_the_day_that_was_agreed_stands_on_the_board(scene: Scene, visit: Visit) -> None:
    """Notes, mail, board and the page of huddles say one and the same."""
    manager = visit(scene.cast.manager)
    form = manager.get(at(scene, "finish")).form("/finish")
    done = manager.send(form, {"next_on": "03/12/2026", "next_time": "14:00"})
    assert "Thu 3 Dec, 14:00" in done.main.replace("\u00a0", " ")
    for path in ("/teams/riverside/board", "/teams/riverside/huddles"):
        page = manager.get(path)
        assert "Thu 3 Dec, 14:00" in page.main.replace("\u00a0", " ")


def test_a_day_without_a_time_has_none_on_the_wall(app: Flask, scene: Scene, visit: Visit) -> None:
    with app.app_context():
        huddle = scene.huddle()
        huddle.next_at = clock.at_local(NOW.date() + timedelta(days=9), 0)
        huddle.part, huddle.item_id = "close", None
        db.session.commit()
    page = visit(scene.cast.manager).get(at(scene, "wall"))
    assert "Next huddle Thu 3 Dec" in page.text.replace("\u00a0", " ")
    assert "Dec, 00:00" not in page.text


def test_a_day_that_is_past_is_not_proposed(app: Flask, scene: Scene, visit: Visit) -> None:
    """A huddle left open for two weeks was to be followed by one that is past."""
    with app.app_context():
        scene.huddle().next_at = NOW + timedelta(days=3)
        db.session.commit()
    with clock.moved(NOW + timedelta(days=14)):
        form = visit(scene.cast.manager).get(at(scene, "finish")).form("/finish")
    assert not dict(form.values)["next_on"]


def test_thanks_said_as_it_is_finished_stand_once(context: Flask, scene: Scene) -> None:
    thanks = {"thanks_to_id": scene.cast.practitioner, "thanks_words": "You stayed late."}
    finish(scene, **thanks)
    finish(scene, **thanks)
    refused(Stale, lambda: finish(scene, "colleague", token="other", **thanks))
    said = ideas.thanks_to_me(scene.cast.actor("practitioner"))
    assert [line.words for line in said] == ["You stayed late."]


def test_who_was_thanked_already_is_shown_and_not_asked_again(
    app: Flask, scene: Scene, visit: Visit
) -> None:
    manager = visit(scene.cast.manager)
    asked = manager.get(at(scene, "finish"))
    assert "thanks_words" in dict(asked.form("/finish").values)
    with app.app_context():
        service.thank_in_huddle(
            scene.cast.actor("colleague"),
            huddle_id=scene.huddle_id,
            to_id=scene.cast.practitioner,
            words="You rang her gran.",
            form_token="t",
        )
        db.session.commit()
    page = manager.get(at(scene, "finish"))
    assert "“You rang her gran.” Jo to Amina" in " ".join(page.main.split())
    assert "thanks_words" not in dict(page.form("/finish").values)
    # Words typed while somebody else said theirs are asked about again, and sent.
    late = manager.send(
        asked.form("/finish"),
        {
            "thanks_to": str(scene.cast.colleague),
            "thanks_words": "You drove.",
            "next_time": "25:00",
        },
    )
    assert late.status == 422
    assert dict(late.form("/finish").values)["thanks_words"] == "You drove."


def test_what_cannot_be_is_refused_beside_its_field(context: Flask, scene: Scene) -> None:
    cast = scene.cast
    assert fields_refused(lambda: finish(scene, good_news="x" * 501)) == {"good_news"}
    assert fields_refused(lambda: finish(scene, thanks_words="Well done")) == {"thanks_to"}
    assert fields_refused(lambda: finish(scene, thanks_to_id=cast.colleague)) == {"thanks_words"}
    assert fields_refused(lambda: finish(scene, thanks_to_id=cast.manager, thanks_words="Me")) == {
        "thanks_to"
    }
    assert fields_refused(lambda: finish(scene, next_at=NOW - timedelta(days=1))) == {"next_on"}
    assert fields_refused(lambda: finish(scene, next_at=NOW + timedelta(days=400))) == {"next_on"}
    assert fields_refused(lambda: finish(scene, next_at=NOW, next_driver_id=cast.outsider)) == {
        "next_driver"
    }
    assert scene.huddle().finished_at is None


def test_only_the_team_finishes_its_huddle(context: Flask, scene: Scene) -> None:
    assert "Only the team" in refused(Forbidden, lambda: finish(scene, "other_manager"))
    assert "Only the team" in refused(Forbidden, lambda: finish(scene, "leader"))
    refused(NotFound, lambda: finish(scene, "outsider"))


def test_pinned_ideas_that_were_looked_at_lose_their_pin(context: Flask, scene: Scene) -> None:
    cast = scene.cast
    service.settle(
        cast.actor("manager"), huddle_id=scene.huddle_id, item_id=scene.item_id(scene.pinned)
    )
    finish(scene)
    page = ideas.idea_page(cast.actor("manager"), scene.pinned)
    assert not getattr(page, "pinned_by", None)


def test_it_ends_beside_an_act_on_an_idea_that_it_looked_at(app: Flask) -> None:
    """Neither waits for the other in a ring: ideas are locked before their team."""
    with app.app_context(), clock.moved(NOW):
        cast = make_cast()
        scene = make_scene(cast)
        manager, colleague = cast.actor("manager"), cast.actor("colleague")
        service.settle(manager, huddle_id=scene.huddle_id, item_id=scene.item_id(scene.pinned))
        service.settle(manager, huddle_id=scene.huddle_id, item_id=scene.item_id(scene.blocked))
        ideas_service.pin(manager, idea_id=scene.blocked)
        db.session.commit()
    last = max(scene.pinned, scene.blocked)
    is_locked = threading.Event()

    def act() -> None:
        with app.app_context(), clock.moved(NOW):
            door.idea_for_change(colleague, last)
            is_locked.set()
            time.sleep(0.5)
            ideas_service.pin(colleague, idea_id=scene.new)
            db.session.commit()

    def end() -> None:
        is_locked.wait(10)
        with app.app_context(), clock.moved(NOW):
            finish(scene)
            db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(act), pool.submit(end)]:
            running.result(30)
    with app.app_context():
        page = ideas.idea_page(manager, last)
        assert not getattr(page, "pinned_by", None)


def test_time_in_which_nothing_happened_does_not_count(context: Flask, scene: Scene) -> None:
    """A huddle left open over night took as long as something was said in it."""
    with clock.moved(NOW + timedelta(minutes=9)):
        service.decide(
            scene.cast.actor("manager"), huddle_id=scene.huddle_id, words="Go on", form_token="d"
        )
    with clock.moved(NOW + timedelta(days=1)):
        finish(scene)
        notes = queries.notes(scene.cast.actor("manager"), "riverside", scene.huddle_id)
    assert notes.minutes == 9


def test_a_pause_does_not_count(context: Flask, scene: Scene) -> None:
    manager = scene.cast.actor("manager")
    with clock.moved(NOW + timedelta(minutes=5)):
        service.pause(manager, huddle_id=scene.huddle_id)
    with clock.moved(NOW + timedelta(minutes=25)):
        finish(scene)
        assert queries.notes(manager, "riverside", scene.huddle_id).minutes == 5


# ---- the pages


def test_the_driver_goes_out_the_door(scene: Scene, visit: Visit) -> None:
    manager = visit(scene.cast.manager)
    page = manager.get(at(scene, "finish"))
    assert page.heading == "Out the door"
    done = manager.send(page.form("/finish"), {"good_news": "The hook is up"})
    assert done.heading == "Done in 1 minute. These are the notes."
    assert "The hook is up" in done.main
    assert "3 mails wait to leave" in done.main
    assert manager.get(at(scene, "finish")).heading == done.heading


def test_notes_say_why_they_came_and_stop_in_one_click(
    app: Flask, scene: Scene, visit: Visit
) -> None:
    with app.app_context():
        stop_mail(scene.cast.actor("colleague"), groups=[Group.TEAM])
        db.session.commit()
    manager = visit(scene.cast.manager)
    done = manager.send(manager.get(at(scene, "finish")).form("/finish"))
    assert "2 mails wait to leave" in done.main
    with app.app_context():
        sent = [(mail.body or "", mail.stop_url) for mail in mails()]
    for body, stop_url in sent:
        assert "You get this because you are in the team." in body
        assert stop_url in body
    path = sent[0][1].removeprefix(app.config["BASE_URL"])
    assert "notes of huddles" in visit().get(path).main


def test_whoever_drives_from_their_own_phone_also_ends_it_there(app: Flask) -> None:
    """Nobody is asked for a password in the middle of a room."""
    paths = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    asked = {
        name
        for name, view in app.view_functions.items()
        if name.startswith("huddles.")
        and "huddle_id" in paths[name].arguments
        and not getattr(view, "is_open_on_own_phone", False)
    }
    # A file is taken from a desk.
    assert asked == {"huddles.actions_csv"}


def test_who_drives_next_goes_round(scene: Scene, visit: Visit) -> None:
    form = visit(scene.cast.manager).get(at(scene, "finish")).form("/finish")
    # Sam drives; after the last of the alphabet comes the first.
    assert dict(form.values)["next_driver"] == str(scene.cast.practitioner)


def test_words_that_may_identify_somebody_are_read_again(scene: Scene, visit: Visit) -> None:
    manager = visit(scene.cast.manager)
    form = manager.get(at(scene, "finish")).form("/finish")
    page = manager.send(form, {"help_needed": "Ring 07700 900123 before Friday"})
    assert "identify" in page.heading.lower()
    assert "07700 900123" in page.main
    done = manager.send(page.form("/finish"), button="It’s fine, continue")
    assert "Ring 07700 900123" in done.main


def test_a_refused_form_keeps_what_was_typed(scene: Scene, visit: Visit) -> None:
    manager = visit(scene.cast.manager)
    form = manager.get(at(scene, "finish")).form("/finish")
    page = manager.send(form, {"good_news": "Kept", "next_on": "31/02/2027", "next_time": "25:00"})
    assert page.status == 422
    assert "February" in page.error_for("next_on")
    assert "not a time" in page.error_for("next_time")
    assert dict(page.form("/finish").values)["good_news"] == "Kept"


def test_a_second_person_who_finishes_loses_no_words(scene: Scene, visit: Visit) -> None:
    manager, colleague = visit(scene.cast.manager), visit(scene.cast.colleague)
    form = colleague.get(at(scene, "finish")).form("/finish")
    manager.send(manager.get(at(scene, "finish")).form("/finish"), {"good_news": "One"})
    page = colleague.send(form, {"good_news": "Two"})
    assert page.status == 409
    assert "was finished at 09:30" in page.main
    assert dict(page.form("/finish").values)["good_news"] == "Two"


def test_readers_are_refused_and_strangers_find_nothing(scene: Scene, visit: Visit) -> None:
    assert visit(scene.cast.leader).get(at(scene, "finish")).status == 403
    assert visit(scene.cast.other_manager).get(at(scene, "notes")).status == 403
    assert visit(scene.cast.outsider).get(at(scene, "notes")).status == 404
    assert visit(scene.cast.outsider).get(at(scene, "actions.csv")).status == 404


def test_notes_of_a_huddle_that_goes_on_lead_to_it(scene: Scene, visit: Visit) -> None:
    page = visit(scene.cast.practitioner).get(at(scene, "notes"))
    assert "Tuesday huddle" in page.heading


def test_actions_go_into_a_table_without_formulas(app: Flask, scene: Scene, visit: Visit) -> None:
    with app.app_context():
        service.add_action(
            scene.cast.actor("manager"),
            huddle_id=scene.huddle_id,
            what='=HYPERLINK("http://x")',
            owner_id=scene.cast.colleague,
            due_on=NOW.date() + timedelta(days=3),
            form_token="a",
        )
        finish(scene)
        db.session.commit()
    answer = visit(scene.cast.practitioner).client.get(at(scene, "actions.csv"))
    text = answer.data.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert ",Jo,2026-11-27," in text
    assert "actions-riverside-2026-11-24.csv" in answer.headers["Content-Disposition"]
