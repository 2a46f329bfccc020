"""Colleagues who join, follow and sort ideas at the same moment: each gets an answer, none a fault."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from improve.accounts.queries import team_by_id
from improve.accounts.roles import Role
from improve.shared.db import db
from tests.factories import Cast, actor, make_idea, make_person, make_team
from tests.pages import Page, Visitor
from tests.reliability.at_once import at_once, number_of, sent

Visit = Callable[..., Visitor]
ROUNDS = 4
#: Of what takes long to set up.
FEW_ROUNDS = 2
PEOPLE = 8


def statuses(pages: list[Page]) -> list[int]:
    return sorted(page.status for page in pages)


def test_two_ideas_joined_in_both_directions(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        one = make_idea(cast, text="Text families a photo before the visit")
        two = make_idea(cast, text="Send a photo card", by=cast.colleague)
        db.session.commit()
    pairs = [(visit(cast.manager), one, two), (visit(cast.coach), two, one)]
    for number in range(ROUNDS):
        words = [f"Round {number}, joined by {who}" for who in ("Sam", "the coach")]
        forms = [
            v.get(f"/ideas/{idea}/same-as/{into}").form(f"/same-as/{into}")
            for v, idea, into in pairs
        ]
        pages = at_once(
            [sent(p[0], f, {"words": w}) for p, f, w in zip(pairs, forms, words, strict=True)]
        )
        assert [page.status for page in pages].count(303) == 1, "one join holds, the other not"
        lost = next(n for n, page in enumerate(pages) if page.status != 303)
        assert pages[lost].status in {409, 422}
        assert words[lost] in pages[lost].main, "the sentence of whoever came second is kept"
        assert number_of(app, "SELECT count(*) FROM ideas WHERE joined_to_id IS NOT NULL") == 1
        assert number_of(app, "SELECT count(*) FROM idea_joins WHERE split_at IS NULL") == 1
        # Both take them apart at once: the second finds it done.
        joined = pairs[1 - lost][1]
        forms = [v.get(f"/ideas/{joined}/split").form("/split") for v, _, _ in pairs]
        pages = at_once([sent(p[0], f, {}) for p, f in zip(pairs, forms, strict=True)])
        assert statuses(pages) == [303, 303]
        assert number_of(app, "SELECT count(*) FROM ideas WHERE stage = 'suggested'") == 2
    assert number_of(app, "SELECT count(*) FROM idea_edits WHERE kind = 'split'") == 2 * ROUNDS


def test_eight_who_follow_comment_and_stop(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        people = [
            make_person(cast.organisation, role=Role.PRACTITIONER, team_id=cast.team)
            for _ in range(PEOPLE)
        ]
        db.session.commit()
    path, twins = f"/ideas/{idea_id}", [(visit(person), visit(person)) for person in people]
    for number in range(2):
        # Each from two devices: a comment lets them follow while the other hand says so too.
        acts = []
        for n, (one, two) in enumerate(twins):
            said = {"words": f"Round {number}, person {n}"}
            acts.append(sent(one, one.get(path).form("/comments"), said))
            follow = "/follow" if number == 0 else "/follow/stop"
            acts.append(sent(two, two.get(path).form(follow), {}))
        assert statuses(at_once(acts)) == [303] * (2 * PEOPLE)
    mine = f"idea_id = {idea_id} AND person_id >= {min(people)}"
    assert number_of(app, f"SELECT count(*) FROM comments WHERE idea_id = {idea_id}") == 2 * PEOPLE
    assert number_of(app, f"SELECT count(*) FROM idea_followers WHERE {mine}") == PEOPLE
    assert (
        number_of(app, f"SELECT count(*) FROM idea_followers WHERE {mine} AND is_following") == 0
    ), "whoever stopped stays stopped, whatever else they did at that moment"


def test_one_view_and_one_aim_sent_twice(app: Flask, cast: Cast, visit: Visit) -> None:
    coaches = [visit(cast.coach), visit(cast.coach)]
    for number in range(ROUNDS):
        board = "/teams/riverside/board/filter?show=mine"
        forms = [v.get(board).form("/views") for v in coaches]
        name = {"name": f"Mine {number}"}
        pages = at_once([sent(v, f, name) for v, f in zip(coaches, forms, strict=True)])
        assert statuses(pages) == [303, 303]
        forms = [v.get("/aims/new").form("/aims/new") for v in coaches]
        aim = {"statement": f"Every child is heard, {number}"}
        pages = at_once([sent(v, f, aim) for v, f in zip(coaches, forms, strict=True)])
        assert statuses(pages) == [303, 303]
    assert number_of(app, "SELECT count(*) FROM saved_views") == ROUNDS
    assert number_of(app, "SELECT count(*) FROM aims") == ROUNDS


def test_a_team_joined_to_another_beside_acts_on_its_ideas(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    admin, coaches = visit(cast.administrator), [visit(cast.coach) for _ in range(PEOPLE)]
    for number in range(FEW_ROUNDS):
        with app.app_context():
            team = make_team(cast.organisation, f"Team {number}")
            ideas = [make_idea(cast, team_id=team) for _ in coaches]
            slug = team_by_id(actor(cast.coach), team).slug
            db.session.commit()
        path = f"/admin/teams/{slug}/join"
        acts = [sent(admin, admin.get(path).form(path), {"into": str(cast.other_team)})]
        acts += [
            sent(v, v.get(f"/ideas/{idea}").form("/pin"), {})
            for v, idea in zip(coaches, ideas, strict=True)
        ]
        assert statuses(at_once(acts)) == [303] * (PEOPLE + 1)
        assert number_of(app, f"SELECT count(*) FROM ideas WHERE team_id = {team}") == 0


def test_one_guest_invited_to_two_ideas(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        ideas = [make_idea(cast) for _ in range(4)]
        db.session.commit()
    coaches = [visit(cast.coach) for _ in ideas]
    for number in range(FEW_ROUNDS):
        guest = {"name": "Pat School", "email": f"pat{number}@school.example", "place": "School"}
        forms = [
            v.get(f"/ideas/{idea}/guests").form("/guests")
            for v, idea in zip(coaches, ideas, strict=True)
        ]
        pages = at_once([sent(v, f, guest) for v, f in zip(coaches, forms, strict=True)])
        assert statuses(pages) == [200] * len(ideas), "without mail each page shows a link"
    found = number_of(app, "SELECT count(*) FROM people WHERE email LIKE 'pat%'")
    assert found == FEW_ROUNDS
    assert number_of(app, "SELECT count(*) FROM idea_guests") == FEW_ROUNDS * len(ideas)
