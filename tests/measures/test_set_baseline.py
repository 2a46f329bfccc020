"""Choose which points count as usual, and take that back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.factories import Cast, make_measure
from tests.measures.decided import STEADY, WORDS, audited, improved, kept, stored, week
from tests.pages import Visitor, words

from improve.shared.db import db  # isort: skip

Visit = Callable[..., Visitor]


def address(measure_id: int, first: int, last: int, idea_id: int = 0) -> str:
    """Where these weeks are looked at as a baseline."""
    return (
        f"/measures/{measure_id}/baseline?idea={idea_id}"
        f"&first={week(first).isoformat()}&last={week(last).isoformat()}"
    )


def test_manager_looks_then_chooses(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, idea_id = improved(app, cast)
    manager = visit(cast.manager)
    page = manager.follow(manager.get(f"/measures/{measure_id}"), "Choose the baseline")
    assert "With these 20 points" in page.text
    assert "Improvement: the last 9 points" in page.main
    page = manager.get(address(measure_id, 8, 19, idea_id))
    assert "With these 12 points, 2 Mar to 18 May" in page.text
    assert kept(app) == []
    page = manager.send(page.form(button="Use these 12 points"), {"reason": WORDS})
    assert page.status == 200
    assert "Those points now count as usual." in page.text
    assert f"2 Mar to 18 May, 12 points. Chosen by Sam Alder, today 09:30: {WORDS}" in page.text
    assert "A person chose which points count as before." in page.text
    code, facts = stored(app)
    assert (code, facts["n_before"], facts["is_baseline_chosen"]) == ("improvement", 12, True)
    assert kept(app) == [("baseline_set", WORDS)]
    (facts,) = audited(app, "measure.baseline_set")
    assert (facts["idea_id"], facts["from"]) == (idea_id, week(8).isoformat())
    history = visit(cast.practitioner).get(f"/measures/{measure_id}/history")
    assert (
        "Sam Alder chose the baseline for the test of “Visits in pairs”: "
        f"2 Mar to 18 May (12 points) {WORDS}"
    ) in history.text


def test_taken_back_the_page_s_own_counts_again(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, idea_id = improved(app, cast)
    manager, coach = visit(cast.manager), visit(cast.coach)
    page = manager.get(address(measure_id, 8, 19, idea_id))
    page = manager.send(page.form(button="Use these 12 points"), {"reason": WORDS})
    back = coach.get(page.link("Take back the baseline"))
    assert WORDS in back.text
    refused = coach.send(back.form(button="Take it back"), {"reason": " "})
    assert refused.status == 422
    assert refused.error_for("reason") == "Error: Say in a few words why."
    page = coach.send(back.form(button="Take it back"), {"reason": "A slip"})
    assert "The baseline is taken back." in page.text
    assert stored(app)[1]["n_before"] == 20
    again = coach.send(back.form(button="Take it back"), {"reason": "A slip"})
    assert again.status == 200
    assert kept(app) == [("baseline_set", WORDS), ("baseline_removed", "A slip")]
    assert len(audited(app, "measure.baseline_removed")) == 1


def test_rules_refuse_in_words(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, idea_id = improved(app, cast)
    manager = visit(cast.manager)
    few = manager.get(address(measure_id, 15, 19, idea_id))
    assert few.status == 200
    assert few.error_for("first") == (
        "Error: Choose at least 8 points that count. These days hold 5 points."
    )
    late = manager.get(address(measure_id, 8, 22, idea_id))
    assert "ends before the test began, on 25 May 2026" in late.error_for("last")
    turned = manager.get(address(measure_id, 19, 8, idea_id))
    assert "comes before the first" in turned.error_for("last")
    form = manager.get(address(measure_id, 8, 19, idea_id)).form(button="Use these 12 points")
    without = manager.send(form)
    assert without.error_for("reason") == "Error: Say in a few words why."
    forged = manager.send(form, {"reason": WORDS, "last": week(22).isoformat()})
    assert forged.status == 422
    assert forged.main.count(WORDS) == 0 or forged.has_form("/baseline")
    strange = manager.send(form, {"reason": WORDS, "first": "never", "idea": "99", "seen": "x"})
    assert strange.status == 422
    assert kept(app) == []


def test_twice_is_harmless_and_a_second_person_is_told(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id, idea_id = improved(app, cast)
    manager, coach = visit(cast.manager), visit(cast.coach)
    mine = manager.get(address(measure_id, 8, 19, idea_id)).form(button="Use these 12 points")
    theirs = coach.get(address(measure_id, 4, 19, idea_id)).form(button="Use these 16 points")
    manager.send(mine, {"reason": WORDS})
    assert manager.send(mine, {"reason": WORDS}).status == 200
    page = coach.send(theirs, {"reason": "Not the first month"})
    assert page.status == 409
    assert "Somebody chose a baseline while you had this open" in page.text
    assert ("reason", "Not the first month") in page.form(button="Use these 16 points").values
    page = coach.send(page.form(button="Use these 16 points"))
    assert page.status == 200
    assert stored(app)[1]["n_before"] == 16
    assert [kind for kind, _ in kept(app)] == ["baseline_set", "baseline_set"]


def test_the_measure_by_itself_has_its_own(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        measure_id = make_measure(cast, numbers=[*STEADY, *[(47, 50)] * 9])
        db.session.commit()
    manager = visit(cast.manager)
    page = manager.get(address(measure_id, 0, 19))
    page = manager.send(page.form(button="Use these 20 points"), {"reason": WORDS})
    assert "20 points. Chosen by Sam Alder" in page.text
    assert "The newest points are in a run above the usual level" in page.text
    assert words(page.soup.select_one(".special-points li")).startswith("25 May to 20 July")


def test_readers_may_not_and_outsiders_find_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, idea_id = improved(app, cast)
    manager = visit(cast.manager)
    page = manager.get(address(measure_id, 8, 19, idea_id))
    page = manager.send(page.form(button="Use these 12 points"), {"reason": WORDS})
    back = page.link("Take back the baseline")
    for person, status in (
        (cast.practitioner, 403),
        (cast.other_manager, 403),
        (cast.leader, 403),
        (cast.outsider, 404),
    ):
        visitor = visit(person)
        for path in (f"/measures/{measure_id}/baseline", back):
            assert visitor.get(path).status == status
            assert visitor.post(path, {"reason": "x"}).status == status
    reader = visit(cast.practitioner).get(f"/measures/{measure_id}")
    assert "Chosen by Sam Alder" in reader.text
    assert not reader.links("Choose the baseline")
    assert not reader.links("Take back the baseline")
    assert manager.get(f"/measures/{measure_id}/baselines/99/take-back").status == 404


def test_words_that_may_point_to_a_person_are_read_again(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    measure_id, idea_id = improved(app, cast)
    manager = visit(cast.manager)
    page = manager.get(address(measure_id, 8, 19, idea_id))
    page = manager.send(
        page.form(button="Use these 12 points"), {"reason": "Call 07700 900123 about it"}
    )
    assert "may identify someone" in page.text.lower()
    assert kept(app) == []
