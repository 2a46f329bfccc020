"""A leader answers what a month asks: kept once, told at once, changed for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.roles import Role
from improve.huddles import service as huddles
from improve.ideas import queries as ideas
from improve.ideas.queries.month import waiting_for_leaders
from improve.notifications.queries import notices
from improve.review import queries, service
from improve.review.month import Asked, Line, Way
from improve.review.month_lines import asked_of_blocked
from improve.review.queries.month import month_sheet
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale
from tests.conftest import NOW
from tests.factories import Cast, actor, finish_cycle, make_person
from tests.pages import Visitor
from tests.review.test_month import PAGE, block

Visit = Callable[..., Visitor]
WORDS = "I will sign it on Thursday and ring the team."


def blocked(cast: Cast) -> Asked:
    block(cast)
    return asked_of_blocked(waiting_for_leaders(cast.actor("leader"))[0])


def audited(action: str) -> int:
    count = text("SELECT count(*) FROM audit_entries WHERE action = :action")
    return int(db.session.execute(count, {"action": action}).scalar_one())


def test_an_answer_is_kept_told_and_stands_on_the_idea(app: Flask, cast: Cast) -> None:
    with app.app_context():
        asked, leader = blocked(cast), cast.actor("leader")
        made = service.answer_line(leader, asked=asked, way=Way.DECIDE, words=f" {WORDS} ")
        assert service.answer_line(leader, asked=asked, way=Way.DECIDE, words=WORDS) == made
        db.session.commit()
        kept = queries.one_answer(leader, made)
        assert (kept.sentence, kept.by_id, kept.version) == (WORDS, leader.person_id, 1)
        assert WORDS in str(ideas.idea_page(cast.actor("manager"), asked.idea_id))
        for name in ("practitioner", "manager"):
            told = [n.kind.value for n in notices(cast.actor(name))]
            assert told.count("leader_answered") == 1
            assert "commented" not in told, "the same words are told once"
        assert audited("leader_answered") == 1


def test_who_is_second_reads_both_texts(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        asked = blocked(cast)
        gideon = make_person(
            organisation_id=cast.organisation, role=Role.LEADER, name="Gideon Marsh"
        )
        db.session.commit()
    address = f"{PAGE}/answer/blocked/{asked.idea_id}/decide"
    first, second = visit(cast.leader), visit(gideon)
    form = second.get(address).form(address)
    assert first.post(address, {"words": WORDS}).status == 303
    page = second.send(form, {"words": "Buy it this week."}, follow=False)
    assert page.status == 409
    assert WORDS in page.main
    assert "Buy it this week." in page.main
    with app.app_context():
        with pytest.raises(Stale):
            service.answer_line(actor(gideon), asked=asked, way=Way.DECIDE, words="Other words")
        assert audited("leader_answered") == 1


def test_without_script_the_page_comes_back_with_the_leaders_sentence(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        blocked(cast)
    leader = visit(cast.leader)
    page = leader.get(leader.get(PAGE).soup.select(".month-ways a")[0]["href"])
    refused = leader.send(page.form(page.path), {"words": " "})
    assert refused.status == 422
    assert refused.error_for("words").endswith("Write your answer. The team reads these words.")
    done = leader.send(page.form(page.path), {"words": WORDS})
    assert "You answered today" in done.main
    assert "1 answered, 0 waiting" in done.main.replace("\u00a0", " ")
    assert "Answered. The team has it." in done.text
    coach = visit(cast.coach).get(PAGE)
    assert f"“{WORDS}”" in coach.main
    assert "answered today" in coach.main
    assert WORDS in visit(cast.practitioner).get("/leaders-did").main


def test_with_htmx_the_line_answers_in_its_place(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        asked = blocked(cast)
    leader = visit(cast.leader)
    address = f"{PAGE}/answer/blocked/{asked.idea_id}/no"
    form = leader.get(address, htmx=True)
    assert form.soup.select_one("#form-blocked")
    done = leader.post(address, {"words": "No money before April."}, htmx=True)
    assert done.status == 200
    assert done.response.headers["HX-Retarget"] == "#line-blocked"
    assert "No, because: No money before April." in done.text
    assert "1 answered" in done.text.replace("\u00a0", " ")


def test_words_that_may_identify_are_read_again(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        asked = blocked(cast)
    leader = visit(cast.leader)
    address = f"{PAGE}/answer/blocked/{asked.idea_id}/decide"
    page = leader.post(address, {"words": "Ring 07700 900123 about Liam Carter, 12/03/2014."})
    assert page.heading == "This may identify someone"
    with app.app_context():
        assert audited("leader_answered") == 0


def test_ways_ask_for_what_they_need(app: Flask, cast: Cast) -> None:
    with app.app_context():
        asked, leader, today = blocked(cast), cast.actor("leader"), clock.today()
        for way, words, on, field in (
            (Way.DECIDE, "", None, "words"),
            (Way.WRITE, "x", None, "way"),
            (Way.VISIT, "", None, "visit_on"),
            (Way.VISIT, "", today - timedelta(days=1), "visit_on"),
            (Way.VISIT, "", today + timedelta(days=400), "visit_on"),
            (Way.GIVE, "x" * 501, None, "words"),
        ):
            with pytest.raises(RuleBroken) as refused:
                service.answer_line(leader, asked=asked, way=way, words=words, visit_on=on)
            assert refused.value.reasons[0].field == field
        made = service.answer_line(leader, asked=asked, way=Way.VISIT, words="", visit_on=today)
        sentence = queries.one_answer(leader, made).sentence.replace("\u00a0", " ")
        assert sentence == "I will come and see on Tue 24 Nov."
        for name in ("coach", "manager", "practitioner"):
            with pytest.raises(Forbidden):
                service.answer_line(
                    cast.actor(name), asked=asked, way=Way.DECIDE, words="I am no leader"
                )


def test_an_own_answer_changes_for_a_day(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        asked, leader = blocked(cast), cast.actor("leader")
        made = service.answer_line(leader, asked=asked, way=Way.DECIDE, words=WORDS)
        db.session.commit()
    address = f"/leaders-did/{made}/change"
    leader_ = visit(cast.leader)
    form = leader_.get(address).form(address)
    assert leader_.send(form, {"words": "I sign it today."}, follow=False).status == 303
    stale = leader_.send(form, {"words": "Something else."}, follow=False)
    assert stale.status == 409
    assert "I sign it today." in stale.main
    assert "Something else." in str(stale.soup)
    with app.app_context():
        page = str(ideas.idea_page(cast.actor("manager"), asked.idea_id))
        assert "I sign it today." in page, "the comment on the idea says the same"
        assert WORDS not in page
        with clock.moved(NOW + timedelta(hours=25)), pytest.raises(Forbidden):
            service.change_answer(
                cast.actor("leader"), answer_id=made, way=Way.NO, words="x", seen_version=2
            )
    assert visit(cast.coach).get(address).status == 403
    assert visit(cast.outsider).get(f"/leaders-did/{made}").status == 404


def test_what_came_of_it_is_read_by_all_staff(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = service.answer_line(
            cast.actor("leader"), asked=blocked(cast), way=Way.DECIDE, words=WORDS
        )
        db.session.commit()
    leader, address = visit(cast.leader), f"/leaders-did/{made}/outcome"
    page = leader.get(address)
    assert leader.send(page.form(address), {"words": ""}).status == 422
    assert (
        leader.send(page.form(address), {"words": "Signed on Thursday."}, follow=False).status
        == 303
    )
    assert (
        leader.send(page.form(address), {"words": "Signed on Thursday."}, follow=False).status
        == 303
    )
    assert leader.send(page.form(address), {"words": "Other."}, follow=False).status == 409
    did = visit(cast.practitioner).get("/leaders-did")
    assert "Signed on Thursday." in did.main
    with app.app_context():
        told = [n.kind.value for n in notices(cast.actor("manager"))]
        assert told.count("leader_told") == 1
        assert audited("leader_outcome_said") == 1
    told_at = visit(cast.manager).get(f"/leaders-did/{made}")
    assert "Signed on Thursday." in told_at.main
    assert visit(cast.manager).get(address).status == 403


def test_writing_to_them_thanks_by_name_and_shows_no_words(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        finish_cycle(cast, "abandon", title="One more form")
        finish_cycle(cast, "adopt", title="Time that is promised")
        db.session.commit()
    leader = visit(cast.leader)
    page = leader.get(PAGE)
    assert "One honest stop, one finished change" in page.main
    address = f"{PAGE}/answer/thanks/0/write"
    form = leader.get(address).form(address)
    assert leader.send(form, {}).status == 422
    done = leader.send(form, {"stopped": "Thank you for stopping it.", "kept": "And for this."})
    assert "You answered today" in done.main
    assert "Thank you for stopping it." not in done.main
    assert leader.send(form, {"stopped": "Thank you for stopping it."}).status == 200
    with app.app_context():
        thanked = [n.kind.value for n in notices(cast.actor("practitioner"))]
        assert thanked.count("thanked") == 2
        assert audited("thanks_said") == 2
    assert "wrote to them" not in visit(cast.colleague).get("/leaders-did").main
    assert "I wrote to them." in visit(cast.coach).get(PAGE).main


def test_a_busy_team_has_the_answer_its_busy_time_waits_for(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        accounts.set_busy_time(
            cast.actor("manager"),
            team_id=cast.team,
            why="Two are away.",
            asks="A second screener until Christmas.",
            form_token="t",
        )
        db.session.commit()
        line = month_sheet(cast.actor("leader"), clock.today().replace(day=1)).line(Line.DEMAND)
        assert line.quote == "A second screener until Christmas."
        assert line.asked is not None
        made = service.answer_line(
            cast.actor("leader"), asked=line.asked, way=Way.GIVE, words="Sam from Monday."
        )
        db.session.commit()
        told = [n.kind.value for n in notices(cast.actor("practitioner"))]
        assert told.count("busy_answered") == 1
        assert "leader_answered" not in told
    assert "Sam from Monday." in visit(cast.leader).get("/busy-teams").main
    assert "Sam from Monday." in visit(cast.colleague).get(f"/leaders-did/{made}").main


def test_hours_are_squares_and_answers_go_to_managers(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        huddles.promise_hour(
            cast.actor("practitioner"), slug="riverside", minutes=90, when_words="", seen_version=0
        )
        db.session.commit()
    page = visit(cast.leader).get(PAGE)
    assert "1 hour 30 promised, none kept" in page.main.replace("\u00a0", " ")
    assert len(page.soup.select(".month-square.is-open")) == 2
    address = f"{PAGE}/answer/hours/0/decide"
    assert visit(cast.leader).post(address, {"words": "Duty cover is booked."}).status == 303
    with app.app_context():
        for name in ("manager", "other_manager"):
            told = [n.kind.value for n in notices(cast.actor(name))]
            assert told.count("leader_answered") == 1


def test_odd_addresses_and_lines_that_ask_nothing(cast: Cast, visit: Visit) -> None:
    leader = visit(cast.leader)
    for odd in ("nothing/0/decide", "blocked/0/dance", "blocked/0/write"):
        assert leader.get(f"{PAGE}/answer/{odd}").status == 404
    gone = leader.post(f"{PAGE}/answer/blocked/7/decide", {"words": "Too late for this."})
    assert gone.status == 409
    assert "Too late for this." in str(gone.soup)
    assert leader.get(f"{PAGE}/answer/blocked/7/decide").heading == "This month, from you"
    for who in (cast.coach, cast.manager, cast.guest):
        address = f"{PAGE}/answer/blocked/7/decide"
        assert visit(who).post(address, {"words": "x"}).status == 403
