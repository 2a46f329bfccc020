"""Two people, or one form twice, at the same moment: nothing is lost, nothing doubled, nothing breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.accounts.roles import Role
from improve.shared.db import db
from tests.factories import Cast, idea_in, make_idea, make_measure, make_person
from tests.pages import Visitor
from tests.reliability.at_once import at_once, number_of, sent

Visit = Callable[..., Visitor]
ROUNDS = 5
#: Unlike each other, so that nothing is said to exist already.
TEXTS = (
    "Ring before every visit",
    "Bring crayons and paper along",
    "Share one calendar for court dates",
    "Write letters at half length",
    "Meet schools on Thursdays",
)


@pytest.mark.security(19)
def test_one_field_of_one_idea(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        db.session.commit()
    one, two = visit(cast.colleague), visit(cast.manager)
    for number in range(ROUNDS):
        path = f"/ideas/{idea_id}/edit/benefit"
        forms = [v.get(path).form("/benefit") for v in (one, two)]
        words = [f"{who} in round {number}" for who in ("one", "two")]
        pages = at_once(
            [sent(v, f, {"value": w}) for v, f, w in zip((one, two), forms, words, strict=True)]
        )
        assert sorted(p.status for p in pages) == [303, 409]
        lost = next(n for n, p in enumerate(pages) if p.status == 409)
        assert words[lost] in pages[lost].main
        assert words[1 - lost] in pages[lost].main


def test_one_number_of_one_measure(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        measure_id = make_measure(cast, recorded="count", numerator="Visits")
        db.session.commit()
    people = [visit(cast.colleague), visit(cast.manager), visit(cast.coach)]
    for number in range(ROUNDS):
        forms = [v.get(f"/measures/{measure_id}").form("/points") for v in people]
        day = f"{5 + 7 * number % 28 or 1:02}/01/20{10 + number}"
        values = [{"value": str(100 + n), "on": day} for n in range(3)]
        pages = at_once([sent(v, f, x) for v, f, x in zip(people, forms, values, strict=True)])
        assert sorted(p.status for p in pages) == [303, 422, 422]
        refused = next(n for n, p in enumerate(pages) if p.status == 422)
        assert "There is already" in pages[refused].main
    assert number_of(app, "SELECT count(*) FROM observations") == ROUNDS


def test_two_administrators_and_one_person(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        second = make_person(cast.organisation, role=Role.ADMINISTRATOR)
        db.session.commit()
    admins = [visit(cast.administrator), visit(second)]
    path = f"/admin/people/{cast.leader}"
    for _ in range(ROUNDS):
        forms = [v.get(path).form("/roles") for v in admins]
        values = [{"across": ["leader", "coach"]}, {"across": ["coach"]}]
        pages = at_once([sent(v, f, x) for v, f, x in zip(admins, forms, values, strict=True)])
        assert sorted(p.status for p in pages) == [303, 409]
        back = admins[0].get(path).form("/roles")
        assert admins[0].send(back, {"across": ["leader"]}, follow=False).status == 303


def test_two_last_administrators_cannot_both_go(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        second = make_person(cast.organisation, role=Role.ADMINISTRATOR)
        db.session.commit()
    pair = [(visit(cast.administrator), second), (visit(second), cast.administrator)]
    forms = [v.get(f"/admin/people/{other}/close").form("/close") for v, other in pair]
    pages = at_once([sent(v, f, {}) for (v, _), f in zip(pair, forms, strict=True)])
    assert all(p.status < 500 for p in pages)
    left = number_of(
        app,
        "SELECT count(*) FROM people p JOIN memberships m ON m.person_id = p.id"
        " WHERE m.role = 'administrator' AND p.is_active AND p.organisation_id = :o",
        o=cast.organisation,
    )
    assert left >= 1


def test_one_form_twice(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, "do")
        db.session.commit()
    person = visit(cast.practitioner)
    twins = [person, Visitor(app)]
    cookie = person.client.get_cookie("improve")
    assert cookie is not None
    twins[1].client.set_cookie("improve", cookie.value)
    for number in range(ROUNDS):
        form = person.get("/log").form("/log")
        pages = at_once([sent(v, form, {"text": TEXTS[number]}) for v in twins])
        assert [p.status for p in pages] == [303, 303]
        assert len({p.response.headers["Location"] for p in pages}) == 1
        form = person.get(f"/ideas/{idea_id}").form("/comments")
        pages = at_once([sent(v, form, {"words": f"Said once, {number}"}) for v in twins])
        assert [p.status for p in pages] == [303, 303]
    assert number_of(app, "SELECT count(*) FROM ideas") == ROUNDS + 1
    assert number_of(app, "SELECT count(*) FROM comments") == ROUNDS
    form = person.get(f"/ideas/{idea_id}/stage?to=plan").form("/stage")
    pages = at_once([sent(v, form, {"note": "Too early"}) for v in twins])
    assert [p.status for p in pages] == [303, 303]
    assert (
        number_of(app, "SELECT count(*) FROM stage_moves WHERE way = 'plan' AND from_stage = 'do'")
        == 1
    )
