"""A huddle on the wall of its room: read from three metres, drawn anew where something was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from improve.accounts import service as accounts
from improve.huddles import service
from improve.huddles.kinds import Part
from improve.ideas import service as ideas
from improve.shared.db import db
from tests.factories import Cast
from tests.huddles.scene import Scene, make_scene
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    """A huddle that the manager drives."""
    with app.app_context():
        made = make_scene(cast)
        db.session.commit()
    return made


def wall(scene: Scene) -> str:
    """Return the address of the wall for those who are signed in."""
    return f"/teams/riverside/huddles/{scene.huddle_id}/wall"


def poll(page: Page) -> str:
    """Return the address that a wall asks again."""
    return str(page.soup.find("body")["data-wall-poll"])  # type: ignore[index]


def go(app: Flask, scene: Scene, part: Part, item_id: int | None = None) -> None:
    """Have the driver go to a part."""
    with app.app_context():
        service.go_to(
            scene.cast.actor("manager"), huddle_id=scene.huddle_id, part=part, item_id=item_id
        )
        db.session.commit()


def test_it_shows_where_the_driver_stands(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    visitor = visit(cast.practitioner)
    page = visitor.get(wall(scene))
    assert page.heading == "Riverside"
    assert "Tuesday huddle · 1 here" in page.text
    assert page.soup.find(class_="hw-title").h2.get_text() == "Ask parents once"  # type: ignore[union-attr]
    assert "00:00 of 15:00" in page.text
    go(app, scene, Part.BLOCKED)
    page = visitor.get(wall(scene))
    marked = page.soup.find(attrs={"aria-current": "step"})
    assert marked is not None
    assert "Blocked" in marked.get_text()
    assert "Blocked. No phone." in page.text
    assert "Who can help" in page.text


@pytest.mark.parametrize("part", list(Part)[:8])
def test_every_part_has_its_wall(
    app: Flask, cast: Cast, scene: Scene, visit: Visit, part: Part
) -> None:
    if part is Part.HARD:
        return  # not a part of this team's
    go(app, scene, part)
    page = visit(cast.practitioner).get(wall(scene))
    assert page.status == 200
    assert page.soup.find("main") is not None
    # Whatever it shows, a phone finds the way in.
    assert len(page.soup.select(".hw-qr svg[aria-label]")) == 1


def test_it_is_only_to_read(app: Flask, cast: Cast, scene: Scene, visit: Visit) -> None:
    with app.app_context():
        ideas.comment(
            cast.actor("colleague"), idea_id=scene.new, words="A private comment", form_token="c"
        )
        db.session.commit()
    page = visit(cast.manager).get(wall(scene))
    assert not page.soup.find_all("form")
    assert "A private comment" not in page.text
    assert "waiting" not in page.text
    assert [a["href"] for a in page.links() if "/ideas/" in str(a["href"])] == []


def test_it_asks_again_and_hears_nothing_where_nothing_changed(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    visitor = visit(cast.practitioner)
    page = visitor.get(wall(scene))
    again = visitor.get(poll(page), headers={"X-Poll": "1"})
    assert again.status == 204
    with app.app_context():
        service.decide(
            cast.actor("colleague"),
            huddle_id=scene.huddle_id,
            words="Try it with two families",
            item_id=scene.item_id(scene.new),
            form_token="d",
        )
        db.session.commit()
    drawn = visitor.get(poll(page), headers={"X-Poll": "1"})
    assert drawn.status == 200
    assert "Try it with two families" in drawn.text


def test_three_lines_stand_beside_an_idea_and_the_rest_is_a_number(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    with app.app_context():
        item_id = scene.item_id(scene.new)
        for number in range(4):
            service.decide(
                cast.actor("colleague"),
                huddle_id=scene.huddle_id,
                words=f"Decision {number}",
                item_id=item_id,
                form_token=f"d{number}",
            )
            service.add_action(
                cast.actor("colleague"),
                huddle_id=scene.huddle_id,
                what=f"Action {number}",
                owner_id=cast.colleague,
                due_on=date(2026, 11, 27),
                item_id=item_id,
                form_token=f"a{number}",
            )
        db.session.commit()
        service.go_to(
            cast.actor("manager"), huddle_id=scene.huddle_id, part=Part.NEW, item_id=item_id
        )
        db.session.commit()
    page = visit(cast.practitioner).get(wall(scene))
    side = page.soup.select_one(".hw-side .hw-panel")
    assert side is not None
    said = side.get_text(" ", strip=True)
    assert [f"Decision {n}" in said for n in range(4)] == [False, False, True, True]
    assert [f"Action {n}" in said for n in range(4)] == [False, False, False, True]
    assert "and 5 before" in said


def test_a_short_huddle_shows_what_was_said(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_scene(cast, is_short=True)
        facts = {"huddle_id": made.huddle_id, "form_token": "s"}
        service.decide(cast.actor("colleague"), words="Two cars for six visits", **facts)
        service.add_action(
            cast.actor("colleague"),
            what="Ask the pool for a car",
            owner_id=cast.manager,
            due_on=date(2026, 11, 27),
            **facts,
        )
        db.session.commit()
    visitor = visit(cast.practitioner)
    page = visitor.get(wall(made))
    assert "Two cars for six visits" in page.text
    assert "Ask the pool" not in page.text
    go(app, made, Part.HELP)
    page = visitor.get(wall(made))
    assert "Ask the pool for a car Sam · by Fri 27 Nov" in page.text.replace("\u00a0", " ")


def test_without_script_it_refreshes_itself(cast: Cast, scene: Scene, visit: Visit) -> None:
    page = visit(cast.practitioner).get(wall(scene))
    assert page.soup.select_one('noscript meta[http-equiv="refresh"]')


def test_it_can_be_dark(cast: Cast, scene: Scene, visit: Visit) -> None:
    visitor = visit(cast.practitioner)
    page = visitor.get(wall(scene))
    assert page.soup.html["data-theme"] == "light"  # type: ignore[index]
    dark = visitor.get(page.link("Dark colours"))
    assert dark.soup.html["data-theme"] == "dark"  # type: ignore[index]
    assert "dark=1" in poll(dark)


def test_a_long_title_and_words_do_not_break_it(app: Flask, cast: Cast, visit: Visit) -> None:
    from tests.factories import make_idea

    with app.app_context():
        make_idea(cast, text="w" * 200, benefit="b" * 400)
        scene = make_scene(cast)
        db.session.commit()
    page = visit(cast.practitioner).get(wall(scene))
    assert page.status == 200


def test_the_screen_of_the_room_shows_the_huddle_while_it_goes_on(
    app: Flask, cast: Cast, scene: Scene, visit: Visit
) -> None:
    with app.app_context():
        made = accounts.make_wall(
            cast.actor("manager"), secret=app.config["SECRET_KEY"], team_id=cast.team, name="Room"
        )
        db.session.commit()
    screen = visit()
    page = screen.send(screen.get(f"/wall/{made.code}").form("/wall"))
    assert "Tuesday huddle" in page.text
    assert poll(page).startswith("/wall?since=h")
    assert screen.get(poll(page)).status == 204
    with app.app_context():
        scene.end()
        accounts.huddle_is_over(cast.team, None)
        db.session.commit()
    board = screen.get(poll(page))
    assert board.status == 200
    assert board.heading == "Riverside"
    assert screen.get(wall(scene)).path.startswith("/sign-in")


def test_whose_it_is(cast: Cast, scene: Scene, visit: Visit) -> None:
    assert visit(cast.other_manager).get(wall(scene)).status == 403
    assert visit(cast.outsider).get(wall(scene)).status == 404


def test_a_poll_takes_few_statements(
    cast: Cast, scene: Scene, visit: Visit, statements: Watch
) -> None:
    visitor = visit(cast.practitioner)
    page = visitor.get(wall(scene))
    with statements() as seen:
        visitor.get(poll(page), headers={"X-Poll": "1"})
    assert len(seen) <= 3
    with statements() as seen:
        visitor.get(wall(scene))
    assert len(seen) <= 10
