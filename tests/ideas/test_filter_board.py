"""Narrowing a board, the way back to it, and views that are kept by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import text, update

from improve.ideas.board_address import as_query, from_query, is_whole_board, kept_in
from improve.ideas.kinds import Source, Stage
from improve.ideas.models import Aim, Driver, Idea
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, idea_in, make_idea, make_team
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]
BOARD = "/teams/riverside/board"
VIEWS = "/teams/riverside/views"


@pytest.fixture
def made(app: Flask, cast: Cast) -> dict[str, int]:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=50)):
            stuck = idea_in(cast, Stage.DO, text="Book the interpreter")
        found = {
            "stuck": stuck,
            "new": make_idea(cast, text="Tell children who is coming", source=Source.CHILD),
            "fresh": idea_in(cast, Stage.DO, text="Hand over together"),
        }
        db.session.commit()
    return found


@pytest.fixture
def driver(app: Flask, cast: Cast, made: dict[str, int]) -> tuple[int, int]:
    """An aim and its driver, on which one idea hangs."""
    with app.app_context():
        common = {"organisation_id": cast.organisation, "created_at": NOW}
        aim = Aim(position=1, statement="Every child is seen", created_by_id=cast.leader, **common)
        db.session.add(aim)
        db.session.flush()
        hung = Driver(aim_id=aim.id, position=1, name="Time together", **common)
        db.session.add(hung)
        db.session.flush()
        db.session.execute(update(Idea).where(Idea.id == made["fresh"]).values(driver_id=hung.id))
        db.session.commit()
        return aim.id, hung.id


def test_an_address_keeps_only_what_a_board_knows() -> None:
    args = {"show": "stuck", "source": "child", "aim": "7", "driver": "x", "text": " a\x00b ",
            "view": "board", "sort": "age", "page": "3", "said": "1"}  # fmt: skip
    assert kept_in(args) == {"show": "stuck", "source": "child", "aim": "7", "text": "ab"}
    assert kept_in(args, "list")["view"] == "board"
    assert kept_in({"view": "list", "sort": "age", "order": "down"}, "list") == {
        "sort": "age",
        "order": "down",
    }
    assert kept_in({"aim": "9" * 10, "show": "nonsense", "source": "?"}) == {}
    kept = from_query("text=a%26b&show=mine&evil=//x&text=second")
    assert as_query(kept) == "show=mine&text=second"


def test_a_whole_board_is_one_that_shows_everything() -> None:
    here = "/teams/a/board"
    assert is_whole_board(here, here)
    assert is_whole_board(f"{here}?view=board", here, "list")
    assert not is_whole_board(here, here, "list")
    assert not is_whole_board(f"{here}?show=mine", here)
    assert not is_whole_board(f"{here}?more=plan&page=2", here)
    assert not is_whole_board("/teams/b/board", here)


def test_what_stays_long_is_found(cast: Cast, visit: Visit, made: dict[str, int]) -> None:
    sam = visit(cast.manager)
    form = sam.get(BOARD).form("/board")
    page = sam.send(form, {"show": "stuck"})
    assert "Showing 1 of 3. Clear filters" in page.main
    assert page.soup.find(id=f"card-{made['stuck']}")
    assert "50 days , usual 45" in page.main
    assert "None here with these filters." in page.main
    listed = sam.follow(page, "List view")
    assert "1 idea" in listed.main
    assert "Showing 1 of 3" in sam.follow(listed, "Board view").main
    assert "Showing" not in sam.follow(page, "Clear filters").main


def test_aims_and_drivers_narrow_a_board(
    cast: Cast, visit: Visit, made: dict[str, int], driver: tuple[int, int]
) -> None:
    sam = visit(cast.manager)
    panel = sam.get(f"{BOARD}/filter?show=mine")
    for name, value in (("aim", driver[0]), ("driver", driver[1])):
        page = sam.send(panel.form("/board"), {"show": "", name: str(value)})
        assert "Showing 1 of 3" in page.main
        assert page.soup.find(id=f"card-{made['fresh']}")
        # The panel on the board has not asked for the aims yet, and keeps the choice all the same.
        again = sam.send(page.form("/board"), {"text": "together"})
        assert "Showing 1 of 3" in again.main
    part = sam.get(f"{BOARD}/filter?aim={driver[0]}", htmx=True)
    assert part.soup.find(id="filter-more")
    assert part.soup.find(id="filter-views")
    assert not visit(cast.outsider).get("/teams/outsiders/board/filter").soup.find(id="filter-aim")


def test_the_way_back_leads_to_the_narrowed_board(
    cast: Cast, visit: Visit, made: dict[str, int]
) -> None:
    sam = visit(cast.manager)
    page = sam.get(f"{BOARD}?show=stuck")
    title = page.soup.find(id=f"card-{made['stuck']}").find("h3").find("a")  # type: ignore[union-attr]
    idea = sam.get(str(title["href"]))
    assert idea.link("Riverside board") == f"{BOARD}?show=stuck"
    # A comment answers with the page again; the way back has gone along.
    sent = sam.client.post(
        f"/ideas/{made['stuck']}/comments",
        data={"csrf_token": sam.csrf_token(), "words": "Ask Florence"},
        headers={"Referer": f"http://localhost{title['href']}"},
    )
    assert sent.status_code == 303
    assert "back=" in sent.headers["Location"]
    elsewhere = sam.get(f"/ideas/{made['stuck']}?back=//evil.example/teams/riverside/board")
    assert elsewhere.link("Riverside board") == BOARD
    other = sam.get(f"/ideas/{made['stuck']}?back=/me")
    assert other.link("Riverside board") == BOARD


# ---------------------------------------------------------------- saved views


def test_a_view_is_saved_opened_renamed_and_removed(
    app: Flask, cast: Cast, visit: Visit, made: dict[str, int]
) -> None:
    sam = visit(cast.manager)
    panel = sam.get(f"{BOARD}/filter?show=stuck&view=list")
    saved = sam.send(panel.form("/views"), {"name": "What waits"})
    assert "Saved as “What waits”." in saved.main
    assert "Showing 1 of 3" in saved.main
    assert sam.send(panel.form("/views"), {"name": "What waits"}).status == 200  # twice is harmless
    panel = sam.get(f"{BOARD}/filter")
    assert panel.link("What waits") == f"{BOARD}?show=stuck&view=list"
    assert "Showing 1 of 3" in sam.follow(panel, "What waits").main
    rename = sam.follow(panel, "Rename What waits")
    renamed = sam.send(rename.form("/views/1"), {"name": "Monday"})
    assert renamed.links("Monday")
    assert not renamed.links("What waits")
    gone = sam.send(renamed.form("/views/1/remove"))
    assert "“Monday” is removed." in gone.main
    assert sam.post(f"{VIEWS}/1/remove").status == 404
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert [acts.count(f"view_{act}") for act in ("saved", "renamed", "removed")] == [1, 1, 1]


def test_a_view_is_refused_in_words(cast: Cast, visit: Visit, made: dict[str, int]) -> None:
    sam = visit(cast.manager)
    panel = sam.get(f"{BOARD}/filter?show=mine")
    sam.send(panel.form("/views"), {"name": "Mine"})
    other = sam.get(f"{BOARD}/filter?show=blocked")
    refused = sam.send(other.form("/views"), {"name": " mine "})
    assert refused.status == 422
    assert refused.errors == ["You have a view with this name. Choose another name."]
    assert refused.form("/views").values[1:] == [("query", "show=blocked"), ("name", "mine")]
    assert sam.send(other.form("/views"), {"name": " "}).errors == ["Give this view a name."]
    assert not sam.get(f"{BOARD}/filter").has_form("/views")  # nothing is narrowed: nothing to save
    assert sam.post(VIEWS, {"name": "All", "query": ""}).status == 422
    for number in range(19):
        sam.post(VIEWS, {"name": f"View {number}", "query": "show=mine"})
    full = sam.send(other.form("/views"), {"name": "One more"})
    assert full.errors == ["You have 20 views of this board. Remove one first."]
    names = sam.send(other.form("/views"), {"name": "ring 07700 900123 about it"})
    assert "This may identify someone" in names.text or names.status == 200


def test_a_view_is_its_owners_alone(cast: Cast, visit: Visit, made: dict[str, int]) -> None:
    sam, jo = visit(cast.manager), visit(cast.colleague)
    sam.post(VIEWS, {"name": "Mine", "query": "show=mine"})
    assert not jo.get(f"{BOARD}/filter").links("Mine")
    assert jo.get(f"{VIEWS}/1").status == 404
    assert jo.post(f"{VIEWS}/1", {"name": "Theirs"}).status == 404
    assert jo.post(f"{VIEWS}/1/remove").status == 404
    # Another council has a board of this name, and views of its own.
    assert visit(cast.outsider).post(f"{VIEWS}/1/remove").status == 404
    assert visit(cast.outsider).get(f"{VIEWS}/1").status == 404
    assert sam.get(f"{BOARD}/filter").links("Mine")


def test_boards_open_as_people_chose(
    app: Flask, cast: Cast, visit: Visit, made: dict[str, int]
) -> None:
    with app.app_context():
        db.session.execute(
            text("UPDATE people SET board_view = 'list' WHERE id = :id"), {"id": cast.manager}
        )
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(BOARD)
    assert page.soup.find("table")
    board = sam.follow(page, "Board view")
    assert board.soup.find(class_="board")
    assert sam.follow(board, "List view").path.endswith("/board")


def test_the_panel_takes_few_statements(
    cast: Cast, visit: Visit, statements: Watch, made: dict[str, int]
) -> None:
    sam = visit(cast.manager)
    sam.get(BOARD)
    with statements() as seen:
        sam.get(f"{BOARD}/filter")
    assert len(seen) <= 4, seen


# ---------------------------------------------------------------- all teams


def test_all_teams_stand_a_to_z_and_one_is_open(
    cast: Cast, visit: Visit, statements: Watch, made: dict[str, int]
) -> None:
    sam = visit(cast.manager)
    with statements() as seen:
        page = sam.get("/board")
    assert len(seen) <= 8, seen
    lanes = page.soup.find_all("details", class_="lane")
    heads = [words(lane.find("h2")) for lane in lanes]
    assert "Riverside" in heads
    assert heads == sorted(heads)
    opened = [lane for lane in lanes if lane.has_attr("open")]
    assert [words(lane.find("h2")) for lane in opened] == ["Riverside"]
    assert [words(h3) for h3 in opened[0].find_all("h3")] == [
        "Ideas", "Plan", "Do", "Study", "Act", "Done",
    ]  # fmt: skip
    assert words(opened[0].find(class_="lane-counts")) == "Ideas 1 Plan 0 Do 2 Study 0 Act 0 Done 0"
    closed = next(lane for lane in lanes if not lane.has_attr("open"))
    assert not closed.find(class_="card")
    link = closed.find("a", class_="column-more")
    assert isinstance(link, Tag)
    assert sam.get(str(link["href"])).status == 200
    part = sam.get("/board?lane=riverside&show=stuck", htmx=True)
    assert part.soup.find(id=f"card-{made['stuck']}")
    assert not part.soup.find(id=f"card-{made['new']}")
    narrowed = sam.get("/board?show=stuck")
    assert "Showing 1 of 3. Clear filters" in narrowed.main
    assert sam.get("/board?lane=nowhere").status == 404
    assert sam.get("/teams").link("All on one page") == "/board"


def test_sixty_teams_take_no_more_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch, made: dict[str, int]
) -> None:
    with app.app_context():
        for number in range(60):
            make_team(cast.organisation, f"Team {number:02}")
        db.session.commit()
    sam = visit(cast.manager)
    for path in ("/board", "/board?show=stuck&text=a"):
        with statements() as seen:
            page = sam.get(path)
        assert len(seen) <= 6, seen
    assert len(page.soup.find_all("details", class_="lane")) >= 61


def test_who_sees_no_ideas_sees_no_board_of_all_teams(app: Flask, cast: Cast, visit: Visit) -> None:
    assert visit(cast.administrator).get("/board").status == 403
    with app.app_context():
        make_idea(cast, text="Nobody else’s business")
        db.session.commit()
    assert "business" in visit(cast.manager).get("/board").main
    assert "business" not in visit(cast.outsider).get("/board").main
