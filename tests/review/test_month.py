"""The month as leaders read it: seven lines at most, each from facts, in eight statements."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from improve.ideas import service as idea_service
from improve.ideas.kinds import Unblocker
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
PAGE = "/review/month"


def block(cast: Cast, level: Unblocker = Unblocker.DIRECTOR, reason: str = "One signature.") -> int:
    idea_id = idea_in(cast, "do")
    idea_service.mark_blocked(
        cast.actor("manager"), idea_id=idea_id, reason=reason, who="The director", level=level
    )
    db.session.commit()
    return idea_id


def test_an_empty_month_says_so_and_asks_nothing(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get(PAGE)
    assert page.heading == "This month, from you"
    assert "No idea waits for a head of service or a director." in page.main
    assert "Nothing waits for you." in page.main
    assert not page.soup.select(".month-ways")
    assert len(page.soup.select(".month-line")) == 7


def test_lines_are_asked_in_the_teams_own_words(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        block(cast)
        block(cast, Unblocker.TEAM, "Our own manager sees to it.")
    page = visit(cast.leader).get(PAGE)
    assert "Riverside: " in page.main
    assert "“One signature.”" in page.main
    assert "Our own manager sees to it." not in page.main
    assert "0 answered, 1 waiting" in page.main.replace("\u00a0", " ")
    assert [a.get_text().split(":")[0] for a in page.soup.select(".month-ways a")] == [
        "Decide",
        "Give money or a name",
        "Say no, because",
        "Come and see",
    ]
    coach = visit(cast.coach).get(PAGE)
    assert "Waits for a leader." in coach.main
    assert not coach.soup.select(".month-ways")


def test_others_do_not_read_the_month(cast: Cast, visit: Visit) -> None:
    for who in (cast.practitioner, cast.manager, cast.administrator, cast.guest):
        for path in (PAGE, f"{PAGE}.pdf", f"{PAGE}/three-answers", f"{PAGE}/three-answers.txt"):
            assert visit(who).get(path).status == 403
    assert visit(cast.manager).get("/leaders-did").status == 200
    assert visit(cast.guest).get("/leaders-did").status == 403


def test_nothing_of_another_council_stands_here(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        block(cast, reason="Ours alone.")
    page = visit(cast.outsider).get("/leaders-did")
    assert page.status == 200
    assert "Ours alone." not in page.main


def test_a_month_takes_eight_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        for _ in range(3):
            block(cast)
    leader = visit(cast.leader)
    leader.get(PAGE)
    for path in (PAGE, f"{PAGE}?month=2026-10", f"{PAGE}/three-answers", "/leaders-did"):
        with statements() as seen:
            leader.get(path)
        assert len(seen) <= 8, f"{path}: {len(seen)}\n" + "\n".join(s[:90] for s in seen)


def test_a_past_month_asks_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        block(cast)
    leader = visit(cast.leader)
    page = leader.get(f"{PAGE}?month=2026-10")
    assert page.heading == "October 2026, from you"
    assert "It asks nothing now." in page.main
    assert not page.soup.select(".month-ways")
    assert "One signature." not in page.main
    assert page.link("November 2026").endswith("month=2026-11")
    for odd in ("2031-01", "x", "2026-13", "1999-01"):
        assert leader.get(f"{PAGE}?month={odd}").heading == "This month, from you"


def test_review_leads_leaders_to_the_month(cast: Cast, visit: Visit) -> None:
    assert visit(cast.leader).get("/me").link("Review").endswith(PAGE)
    assert visit(cast.coach).get("/me").link("Review").endswith(PAGE)
    assert visit(cast.manager).get("/me").link("Review").endswith("/review")


def test_what_finished_leads_to_all_of_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back by a time we name")
        finish_cycle(cast, "abandon", title="A longer form")
        db.session.commit()
    leader = visit(cast.leader)
    sheet = leader.get("/review/month")
    all_of_it = leader.follow(sheet, "2 finished: 1 kept, 1 stopped")
    assert all_of_it.heading == "All finished work"
    assert "2 cycles finished" in all_of_it.main
