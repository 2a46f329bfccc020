"""What may be named to be hidden, by whom, and the far places that hidden words leave as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.huddles import service as huddles
from improve.huddles.conditions import CONDITIONS
from improve.huddles.forms.closing import Closing
from improve.ideas import queries, service
from improve.ideas.kinds import Answerer
from improve.ideas.log_words import Role as Column
from improve.ideas.service.bring_in_log import look_through, set_columns, start_log
from improve.ideas.service.confirm_log import confirm_log
from improve.mail import service as mail
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, make_idea
from tests.ideas.test_invite_guest import invite
from tests.pages import Visitor
from tests.redaction.test_huddle_and_measure_texts import last_hidden
from tests.redaction.test_take_words_out import all_words

Visit = Callable[..., Visitor]
SECRET = "Rosalind Quickthorn"
#: A title that is shorter than what is looked for inside other texts.
SHORT = "Ring Jo Q"


def one(sql: str, **values: object) -> int:
    return int(db.session.execute(text(sql), values).scalar_one())


def bodies() -> list[str]:
    rows = db.session.execute(text("SELECT body FROM outbox_messages ORDER BY id")).scalars()
    return [body or "" for body in rows]


def test_thanks_between_two_people_are_nobody_elses_to_read(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        thanks = service.say_thanks(
            actor(cast.manager),
            to_id=cast.colleague,
            words=f"You were kind to {SECRET}",
            team_id=cast.team,
            form_token="t",
        )
        db.session.commit()
    for person in (cast.practitioner, cast.coach, cast.leader, cast.other_manager, cast.guest):
        visitor = visit(person)
        for path in (f"/may-identify/thanks/{thanks}/words", f"/may-identify/thanks/{thanks}"):
            assert visitor.get(path).status == 404, person
        assert visitor.post(f"/may-identify/thanks/{thanks}/words").status == 404
    assert SECRET in visit(cast.manager).get(f"/may-identify/thanks/{thanks}").main


def test_thanks_said_in_a_huddle_are_its_readers_to_name(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        huddle = huddles.start_huddle(sam, team_id=cast.team, form_token="h").huddle_id
        thanks = huddles.thank_in_huddle(
            sam, huddle_id=huddle, to_id=cast.colleague, words=f"For {SECRET}", form_token="t"
        )
        db.session.commit()
    path = f"/may-identify/thanks/{thanks}/words"
    assert SECRET in visit(cast.practitioner).get(path).main
    assert SECRET in visit(cast.leader).get(f"/may-identify/huddle/{huddle}").main
    assert visit(cast.other_manager).get(path).status == 404
    assert visit(cast.practitioner).post(path).status == 303
    assert SECRET not in visit(cast.colleague).get("/me").text
    with app.app_context():
        redaction.take_words_out(
            actor(cast.coach), hidden_id=last_hidden(), phrases=[SECRET], breach="no"
        )
        db.session.commit()
    assert "quickthorn" not in all_words(app).lower()


def test_what_made_it_hard_is_for_those_who_act_on_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        huddle = huddles.start_huddle(sam, team_id=cast.team, form_token="h").huddle_id
        huddles.note_hard_thing(
            sam,
            huddle_id=huddle,
            condition=CONDITIONS[0].code,
            words=f"No {SECRET}",
            form_token="x",
        )
        hard = one("SELECT max(id) FROM huddle_hard_things")
        db.session.commit()
    assert SECRET in visit(cast.practitioner).get(f"/may-identify/huddle/{huddle}").main
    leader = visit(cast.leader)
    assert SECRET not in leader.get(f"/may-identify/huddle/{huddle}").main
    assert leader.get(f"/may-identify/hard_thing/{hard}/words").status == 404
    assert leader.post(f"/may-identify/hard_thing/{hard}/words").status == 404


def test_settling_words_opens_no_idea_or_huddle_besides(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        amina = actor(cast.practitioner)
        idea_id = make_idea(cast, text=f"Ask {SECRET}", answerer=Answerer.COACH)
        service.comment(amina, idea_id=idea_id, words="A word", form_token="c")
        comment = one("SELECT max(id) FROM comments")
        redaction.hide_text(amina, name=Name("comment", comment, "words"))
        huddle = huddles.start_huddle(
            actor(cast.manager), team_id=cast.team, form_token="h"
        ).huddle_id
        db.session.commit()
        hidden = last_hidden()
    lead = visit(cast.data_protection_lead)
    assert lead.get(f"/may-identify/idea/{idea_id}").status == 404
    assert lead.get(f"/may-identify/huddle/{huddle}").status == 404
    assert "A word" in lead.get(f"/words/{hidden}").main
    with app.app_context():
        redaction.show_again(actor(cast.data_protection_lead), hidden_id=hidden, why="Nobody")
        db.session.commit()


def test_a_question_taken_back_leaves_no_words(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        asked = service.ask_coach(actor(cast.colleague), idea_id=idea_id, words=f"Ask {SECRET}?")
        service.take_coach_request_back(actor(cast.colleague), idea_id=idea_id, request_id=asked)
        db.session.commit()
        assert SECRET not in all_words(app)
    assert visit(cast.practitioner).get(f"/may-identify/coach_request/{asked}/words").status == 404


def test_a_guest_is_not_told_what_was_said_of_joined_ideas(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        invited, other = make_idea(cast), make_idea(cast, text="Another of the same")
        invite(cast, invited)
        service.join_ideas(
            actor(cast.manager),
            idea_id=other,
            into_id=invited,
            words=f"{SECRET} said the same",
            seen_version=1,
        )
        join = one("SELECT max(id) FROM idea_joins")
        db.session.commit()
    guest = visit(cast.guest)
    assert SECRET not in guest.get(f"/ideas/{invited}").main
    assert SECRET not in guest.get(f"/may-identify/idea/{invited}").main
    assert "Another of the same" not in guest.get(f"/ideas/{invited}/history").main
    assert guest.get(f"/may-identify/join/{join}/words").status == 404
    assert SECRET in visit(cast.practitioner).get(f"/may-identify/idea/{invited}").main


@pytest.mark.parametrize("words", [SHORT, f"Ring {SECRET} first"])
def test_a_title_leaves_every_mail_that_waits(
    app: Flask, cast: Cast, visit: Visit, words: str
) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        idea_id = make_idea(cast, text=words)
        assert queries.idea_page(sam, idea_id).title == words
        huddle = huddles.start_huddle(sam, team_id=cast.team, form_token="h").huddle_id
        item = one("SELECT id FROM huddle_items WHERE idea_id = :i", i=idea_id)
        huddles.decide(sam, huddle_id=huddle, item_id=item, words="Go on", form_token="d")
        action = huddles.add_action(
            sam,
            huddle_id=huddle,
            item_id=item,
            what="Ask the clerk",
            owner_id=cast.colleague,
            due_on=clock.today() + timedelta(days=3),
            form_token="a",
        ).action_id
        thanks = service.say_thanks(
            sam, to_id=cast.practitioner, words="Well seen", idea_id=idea_id, form_token="t"
        )
        huddles.finish_huddle(
            sam,
            slug="riverside",
            huddle_id=huddle,
            form_token="f",
            closing=Closing(),
            address_of=lambda i: f"https://improve.example/teams/riverside/huddles/{i}/notes",
        )
        for key, path in (
            ("i", f"ideas/{idea_id}"),
            ("a", f"actions/{action}"),
            ("t", f"me/thanks/{thanks}"),
        ):
            mail.enqueue(
                key=key,
                to="amina.birch@larchdale.example",
                subject="News for you",
                body=f"Hello,\n\n{words}\n- Sam did it.\nhttps://improve.example/{path}\nYou get\n",
            )
        db.session.commit()
        assert sum(words in body for body in bodies()) > 3
    assert visit(cast.coach).post(f"/may-identify/idea/{idea_id}/title").status == 303
    with app.app_context():
        assert not [body for body in bodies() if words in body]
        rows = db.session.execute(text("SELECT facts FROM notices")).scalars()
        assert not [facts for facts in rows if words in str(facts)]
        redaction.show_again(actor(cast.coach), hidden_id=last_hidden(), why="It is a book")
        db.session.commit()
        assert sum(words in body for body in bodies()) > 3


def test_an_action_that_is_hidden_leaves_the_title_of_its_idea(app: Flask, cast: Cast) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        idea_id = make_idea(cast)
        huddle = huddles.start_huddle(sam, team_id=cast.team, form_token="h").huddle_id
        action = huddles.add_action(
            sam,
            huddle_id=huddle,
            item_id=one("SELECT id FROM huddle_items WHERE idea_id = :i", i=idea_id),
            what=f"Write to {SECRET}",
            owner_id=cast.colleague,
            due_on=clock.today(),
            form_token="a",
        ).action_id
        redaction.hide_text(sam, name=Name("action", action, "what"))
        db.session.commit()
        facts = db.session.execute(
            text("SELECT facts FROM notices WHERE kind = 'action_given'")
        ).scalar_one()
        assert queries.idea_page(sam, idea_id).title in str(facts)


def test_who_the_earlier_log_names_is_taken_out_of_history(app: Flask, cast: Cast) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        made = start_log(
            sam, slug="riverside", source=f"Idea\tWho\nRing before a visit\t{SECRET}\n"
        )
        set_columns(
            sam,
            slug="riverside",
            import_id=made,
            columns={Column.IDEA: 0, Column.WHO: 1},
            has_names=True,
        )
        seen = look_through(sam, slug="riverside", import_id=made).seen
        confirm_log(sam, slug="riverside", import_id=made, seen=seen, leave_bad_out=False)
        idea_id = one("SELECT max(id) FROM ideas")
        redaction.hide_text(sam, name=Name("idea", idea_id, "suggestion"))
        redaction.take_words_out(
            actor(cast.coach), hidden_id=last_hidden(), phrases=[SECRET], breach="no"
        )
        db.session.commit()
    assert "quickthorn" not in all_words(app).lower()


def test_a_message_that_said_a_name_forgets_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        db.session.commit()
    jo = visit(cast.colleague)
    page = jo.get(f"/ideas/{idea_id}")
    said = jo.send(page.form("/comments"), {"words": "Ask @Quickthorn first"}, follow=False)
    assert said.status == 303
    with app.app_context():
        assert "quickthorn" in all_words(app).lower()
        comment = one("SELECT max(id) FROM comments")
        redaction.hide_text(actor(cast.coach), name=Name("comment", comment, "words"))
        redaction.take_words_out(
            actor(cast.coach), hidden_id=last_hidden(), phrases=["Quickthorn"], breach="no"
        )
        db.session.commit()
    assert "quickthorn" not in all_words(app).lower()


def test_what_a_huddle_noted_of_a_join_names_no_title(app: Flask, cast: Cast) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        idea_id, other = make_idea(cast), make_idea(cast, text=f"Ask {SECRET} first")
        huddles.start_huddle(sam, team_id=cast.team, form_token="h")
        service.join_ideas(sam, idea_id=idea_id, into_id=other, words="The same", seen_version=1)
        redaction.hide_text(sam, name=Name("idea", other, "title"))
        noted = db.session.execute(text("SELECT settled_words FROM huddle_items")).scalars()
        assert not [words for words in noted if SECRET in words]
        redaction.take_words_out(
            actor(cast.coach), hidden_id=last_hidden(), phrases=[SECRET], breach="no"
        )
        db.session.commit()
    assert "quickthorn" not in all_words(app).lower()
