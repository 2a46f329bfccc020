"""Saying thanks on an idea's page and to a person, reading it whole, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, make_idea
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]

WORDS = "Your photo idea helped the new family."


def audited(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())


def test_thanks_about_an_idea_reach_the_persons_own_page(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    florence = visit(cast.leader)
    page = florence.get(f"/ideas/{idea_id}")
    assert not page.soup.find(id="thanks")
    form = florence.follow(page, "Say thanks").form("/thanks")
    said = florence.send(form, {"to_id": str(cast.practitioner), "words": WORDS})
    assert f"“{WORDS}”" in said.main
    assert "Florence Ash to Amina Birch" in said.main
    again = florence.send(form, {"to_id": str(cast.practitioner), "words": WORDS})
    assert again.main.count(WORDS) == 1
    assert audited(app).count("thanks_said") == 1

    amina = visit(cast.practitioner)
    mine = amina.get("/me")
    assert "Florence says thank you" in mine.main
    assert f"“{WORDS}”" in mine.main
    whole = amina.get(
        next(a["href"] for a in mine.soup.select(".said a") if "Print this" in a.text)
    )
    assert whole.heading == "Thank you, Amina"
    assert WORDS in whole.main
    assert "Florence Ash" in whole.main
    assert "24 Nov 2026" in whole.main
    assert whole.soup.select_one("button[data-print]") is not None


def test_the_news_leads_to_the_thank_you(cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    form = sam.get("/thanks").form("/thanks")
    sam.send(form, {"to_id": str(cast.colleague), "words": WORDS})
    jo = visit(cast.colleague)
    assert jo.follow(jo.get("/me"), "Thank you").heading == "Thank you, Jo"


def test_thanks_to_a_person_are_read_by_the_two_alone(cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    page = sam.get("/thanks")
    offered = [o.text for o in page.soup.select("select[name=to_id] option")]
    assert offered == ["Choose a colleague", "Amina Birch", "Jo Sedge"]
    said = sam.send(page.form("/thanks"), {"to_id": str(cast.colleague), "words": WORDS})
    assert said.heading == "Thank you, Jo"
    assert "Take it back" in said.main
    address = said.path.split("?", 1)[0]
    assert visit(cast.colleague).get(address).status == 200
    for stranger in (cast.practitioner, cast.coach, cast.outsider):
        assert visit(stranger).get(address).status == 404


def test_somebody_of_another_team_is_two_taps_away(cast: Cast, visit: Visit) -> None:
    sam = visit(cast.manager)
    teams = sam.follow(sam.get("/thanks"), "Somebody in another team")
    page = sam.follow(teams, "Hillside")
    assert "Leah Rowan" in page.main
    sam.send(page.form("/thanks"), {"to_id": str(cast.other_manager), "words": WORDS})
    assert f"“{WORDS}”" in visit(cast.other_manager).get("/me").main


def test_someone_without_a_team_chooses_one_first(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get("/thanks")
    assert "In which team is the person" in page.main
    assert visit(cast.leader).get("/thanks?team=no-such").status == 404


def test_refused_in_words_beside_the_fields_with_nothing_lost(
    cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/thanks").form("/thanks")
    refused = jo.send(form, {"words": WORDS})
    assert refused.status == 422
    assert refused.error_for("to_id") == "Error: Choose who you want to thank."
    assert WORDS in refused.main
    long = jo.send(form, {"to_id": str(cast.practitioner), "words": "y" * 501})
    assert long.status == 422
    assert "y" * 501 in long.main
    for forged in ("abc", str(cast.colleague), str(cast.outsider), "9" * 30, "-4"):
        answer = jo.post(f"/ideas/{idea_id}/thanks", {"to_id": forged, "words": WORDS})
        assert answer.status == 422


def test_a_hidden_author_is_offered_without_a_name(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        hidden = make_idea(cast, hides_name=True)
        db.session.commit()
    jo = visit(cast.colleague)
    page = jo.get(f"/ideas/{hidden}/thanks")
    offered = [o.text for o in page.soup.select("select[name=to_id] option")]
    assert offered == ["Choose a colleague", "The person who had this idea"]
    said = jo.send(page.form("/thanks"), {"to_id": "0", "words": WORDS})
    assert "Jo Sedge to A colleague" in said.main
    assert f"“{WORDS}”" in visit(cast.practitioner).get("/me").main


def test_it_is_taken_back_within_a_day(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/thanks").form("/thanks")
    said = jo.send(form, {"to_id": str(cast.practitioner), "words": WORDS})
    back = jo.send(said.form("/remove"))
    assert "Removed." in back.main
    assert WORDS not in back.main
    assert jo.post(said.form("/remove").action).status == 303  # twice is harmless
    assert WORDS not in visit(cast.practitioner).get("/me").main
    assert "says thank you" not in visit(cast.practitioner).get("/me").main
    assert audited(app).count("thanks_removed") == 1


def test_after_a_day_it_is_theirs_and_they_may_remove_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        with clock.moved(clock.now() - timedelta(hours=25)):
            made = ideas.say_thanks(
                actor(cast.colleague),
                to_id=cast.practitioner,
                words=WORDS,
                team_id=cast.team,
                form_token="x",
            )
        db.session.commit()
    jo = visit(cast.colleague)
    assert "Take it back" not in jo.get(f"/me/thanks/{made}").main
    refused = jo.post(f"/thanks/{made}/remove")
    assert refused.status == 422
    assert "It is theirs now" in refused.main
    amina = visit(cast.practitioner)
    assert (
        amina.send(amina.get(f"/me/thanks/{made}").form("/remove")).heading == "Good morning, Amina"
    )
    assert amina.get(f"/me/thanks/{made}").status == 404


def test_who_may_not(cast: Cast, visit: Visit, idea_id: int) -> None:
    sent = {"to_id": str(cast.practitioner), "words": WORDS}
    for person, status in ((cast.guest, 404), (cast.administrator, 403), (cast.outsider, 404)):
        visitor = visit(person)
        assert visitor.get(f"/ideas/{idea_id}/thanks").status == status
        assert visitor.post(f"/ideas/{idea_id}/thanks", sent).status in {status, 403}
    assert visit(cast.guest).get("/thanks").status == 403


def test_somebody_who_left_is_not_offered(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        db.session.execute(
            text("UPDATE people SET is_active = false WHERE id = :id"), {"id": cast.practitioner}
        )
        db.session.commit()
    page = visit(cast.colleague).get(f"/ideas/{idea_id}/thanks")
    assert "Amina Birch" not in [o.text for o in page.soup.select("select[name=to_id] option")]


def test_a_hidden_author_who_left_is_thanked_like_any_other(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    # A refusal would tell that whoever had this idea is among those who left.
    with app.app_context():
        hidden = make_idea(cast, hides_name=True)
        db.session.execute(
            text("UPDATE people SET is_active = false WHERE id = :id"), {"id": cast.practitioner}
        )
        db.session.commit()
    jo = visit(cast.colleague)
    said = jo.send(
        jo.get(f"/ideas/{hidden}/thanks").form("/thanks"), {"to_id": "0", "words": WORDS}
    )
    assert "Jo Sedge to A colleague" in said.main


def test_words_that_may_identify_someone_are_read_again(
    cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/thanks").form("/thanks")
    hint = jo.send(form, {"to_id": str(cast.practitioner), "words": "Mrs Green was so glad."})
    assert hint.heading == "This may identify someone"
    changed = jo.send(hint.form("/thanks"), button="Change it")
    assert changed.heading == "Say thanks"
    assert "Mrs Green was so glad." in changed.main
    page = jo.send(hint.form("/thanks"), button="It’s fine, continue")
    assert "Mrs Green was so glad." in page.main
    assert page.main.count("Jo Sedge to Amina Birch") == 1


def test_thanks_are_never_counted_and_cost_no_statements(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, statements: Watch
) -> None:
    with app.app_context():
        for number in range(60):
            ideas.say_thanks(
                actor(cast.manager),
                to_id=cast.practitioner,
                words=f"{WORDS} {number} {'w' * 200}",
                idea_id=idea_id,
                form_token=f"many-{number}",
            )
        db.session.commit()
    amina = visit(cast.practitioner)
    for address in ("/me", f"/ideas/{idea_id}", f"/ideas/{idea_id}/thanks", "/thanks"):
        with statements() as seen:
            page = amina.get(address)
        assert page.status == 200
        assert len(seen) <= 8, address
    mine = amina.get("/me")
    heads = [head.text for head in mine.soup.select("main h2, main summary")]
    assert "Said to you" in heads
    assert "Earlier thanks" in heads
