"""From what was written to words that two agree to, and a report that is destroyed with the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.incidents.checklist import Line
from improve.incidents.kinds import State, StepKind
from improve.incidents.models import (
    Incident,
    IncidentContact,
    IncidentLearning,
    IncidentMessage,
    IncidentStep,
)
from improve.incidents.service.answer_back import answer_back
from improve.incidents.service.coding import agree, code
from improve.incidents.service.danger import say_no_danger
from improve.incidents.service.open import open_report
from improve.shared.db import db
from tests.factories import Cast, actor
from tests.incidents.desk import DESK, council, made, read
from tests.incidents.open_council import Opened, make_reviewer
from tests.pages import Page, Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
WRITTEN = "On Tuesday Aoibheann wrote the plan, and Alder School never got it."
SHARED = "A worker wrote the plan, and the school never got it."
EVERY = [line.value for line in Line]
RULES = ["times", "names"]


def two(app: Flask, cast: Cast, visit: Visit, **facts: object) -> tuple[str, Visitor, Visitor]:
    """Return the address of a report that two read and coded, and both of them."""
    found = council(app, cast)
    return coded(app, found, visit, **facts)


def coded(app: Flask, found: Opened, visit: Visit, **facts: object) -> tuple[str, Visitor, Visitor]:
    facts = {"happened": WRITTEN, "helped": "", **facts}
    here = made(app, found, **facts)
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        first, second = (actor(one) for one in found.reviewers)
        for one in (first, second):
            open_report(one, key=key)
        incident = db.session.get_one(Incident, key)
        say_no_danger(first, key=key, seen_version=incident.version)
        coding: dict[str, Any] = {"key": key, "kind": "near_miss", "factors": ["F08"]}
        for one in (first, second):
            code(one, **coding)
        agree(first, seen_version=incident.version, **coding)
        db.session.commit()
    return here, visit(found.reviewers[0]), visit(found.reviewers[1])


def row(app: Flask, here: str) -> Incident:
    with app.app_context():
        return db.session.get_one(Incident, here.rsplit("/", 1)[1])


def write(reader: Visitor, here: str, words: str = SHARED) -> Page:
    form = reader.get(f"{here}/words").form(f"{here}/words")
    return reader.send(form, {"words": words})


def agreed(reader: Visitor, here: str, **changed: object) -> Page:
    """Send the whole checklist, with “I agree”."""
    page = reader.get(f"{here}/check")
    chosen = {"rule": RULES, "ticks": EVERY, "guess": "no", **changed}
    form = page.form(f"{here}/check")
    return reader.send(form, chosen, button="I agree to these words")


def both_agree(first: Visitor, second: Visitor, here: str) -> None:
    write(first, here)
    assert "You agreed" in agreed(first, here).main
    assert "Both of you agreed" in agreed(second, here).main


def not_reached(reader: Visitor, here: str) -> None:
    """Say that whoever asked to be called back could not be reached."""
    way = reader.get(f"{here}/call-back").form(f"{here}/contact")
    assert reader.send(way, {}, follow=False).status == 303
    form = reader.get(f"{here}/call-back").form(f"{here}/call-back")
    assert reader.send(form, {"outcome": "not_reached"}, follow=False).status == 303


@pytest.mark.security(63)
def test_two_settle_words_and_sign_off_destroys_all_the_rest(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    here, first, second = two(app, cast, visit, contact="Ring 01632 960155 after six")
    page = first.get(f"{here}/words")
    assert page.soup.select("textarea[name=words]")[0].text.strip() == WRITTEN
    assert "Aoibheann" in page.main
    assert "Save what you typed: it is not kept here." in page.text
    write(first, here)
    compared = first.get(f"{here}/check")
    assert compared.soup.select("del.was")
    assert len(compared.soup.select("select[name=rule]")) == len(RULES)
    refused = agreed(first, here, rule=["times", ""], ticks=EVERY[:3])
    assert refused.status == 422
    assert "Choose why, for each change." in refused.main
    assert "Go through each line" in refused.main
    assert "You agreed" in agreed(first, here).main
    waits = first.get(f"{here}/sign-off")
    assert "Both reviewers agree to the same words first." in waits.main
    assert not waits.soup.select("input[name=sure]")
    assert "The other reviewer agreed to exactly this." in second.get(f"{here}/check").main
    assert "Both of you agreed" in agreed(second, here).main
    page = second.get(f"{here}/sign-off")
    assert "what came of calling back" in page.main
    not_reached(second, here)
    page = second.get(f"{here}/sign-off")
    assert "This is destroyed" in page.main
    assert "a backup made before" in page.main, "no more is promised than is true"
    assert "How to call them back" in page.main
    form = page.form(f"{here}/sign-off")
    assert second.send(form, {}).status == 422
    done = second.send(page.form(f"{here}/sign-off"), {"sure": "y"})
    assert "It is destroyed" in done.main
    assert "Aoibheann" not in done.main
    twice = second.send(form, {"sure": "y"}, follow=False)
    assert twice.status == 303
    with app.app_context():
        incident = row(app, here)
        assert incident.state == State.SIGNED_OFF
        sealed = (incident.wrapped_key, incident.sealed_words, incident.sealed_work)
        assert sealed == (None, None, None)
        learning = db.session.scalars(select(IncidentLearning)).one()
        assert learning.key == incident.learning_key
        assert (learning.shareable, learning.kind, learning.factors) == (
            SHARED,
            "near_miss",
            ["F08"],
        )
        assert learning.changes == [{"n": 1, "rule": "times"}, {"n": 2, "rule": "names"}]
        assert learning.agreement == 1
        assert not db.session.scalars(select(IncidentContact)).all()
        kinds = list(db.session.scalars(select(IncidentStep.kind).order_by(IncidentStep.id)))
        kinds.remove("contact_opened")
        assert kinds[-4:] == ["wrote", "approved", "approved", "signed_off"]
        audit = (
            "SELECT count(*) FROM audit_entries WHERE object_id = :key OR action LIKE '%report%'"
        )
        assert db.session.execute(text(audit), {"key": incident.key}).scalar_one() == 0


def test_a_text_written_anew_has_one_reason_for_all_the_rest(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    here, first, second = two(app, cast, visit)
    write(first, here, "Recently a worker made the arrangement, and one school never heard it.")
    changes = len(first.get(f"{here}/check").soup.select("select[name=rule]"))
    assert changes > 2
    own = ["names", *([""] * (changes - 1))]
    assert "Choose why, for each change." in agreed(first, here, rule=own).main
    assert "You agreed" in agreed(first, here, rule=own, rest="tone").main
    page = second.get(f"{here}/check")
    kept = [one["value"] for one in page.soup.select("select[name=rule] option[selected]")]
    assert kept == ["names", *(["tone"] * (changes - 1))], "each stands with its own"


def test_agreeing_twice_is_agreeing_once(app: Flask, cast: Cast, visit: Visit) -> None:
    here, first, _ = two(app, cast, visit)
    write(first, here)
    form = first.get(f"{here}/check").form(f"{here}/check")
    chosen = {"rule": RULES, "ticks": EVERY, "guess": "no"}
    for _ in range(2):
        sent = first.send(form, chosen, button="I agree to these words", follow=False)
        assert sent.status == 303
    assert "You agreed" in agreed(first, here).main
    with app.app_context():
        kinds = list(db.session.scalars(select(IncidentStep.kind)))
        assert kinds.count(StepKind.APPROVED.value) == 1


def test_any_change_of_the_words_asks_both_again(app: Flask, cast: Cast, visit: Visit) -> None:
    here, first, second = two(app, cast, visit)
    both_agree(first, second, here)
    write(second, here, SHARED.replace("the school", "a school"))
    page = first.get(f"{here}/sign-off")
    assert "Go through each line of the checklist, and tick it." in page.main
    assert "Both reviewers agree to the same words first." in page.main
    kept = [one["value"] for one in first.get(f"{here}/check").soup.select("option[selected]")]
    assert kept == ["times"], "a change that stands keeps its rule; the other is chosen anew"


def test_what_another_did_meanwhile_is_shown_and_nothing_is_lost(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    here, first, second = two(app, cast, visit)
    form = first.get(f"{here}/words").form(f"{here}/words")
    write(second, here, "Somebody wrote it.")
    page = first.send(form, {"words": SHARED})
    assert page.status == 409
    assert "Somebody wrote it." in page.main
    assert SHARED in page.main
    saved = first.send(page.form(f"{here}/words"), {}, follow=False)
    assert saved.status == 303
    old = second.get(f"{here}/check").form(f"{here}/check")
    write(first, here, SHARED + " It was found by chance.")
    stale = second.send(old, {"guess": "no", "theme": "Plans", "rule": ["times", "names"]})
    assert stale.status == 409
    assert stale.soup.select_one("input[name=guess][value=no][checked]")
    assert stale.soup.select("input[name=theme]")[0]["value"] == "Plans"


def test_a_rare_event_is_told_by_its_theme_alone(app: Flask, cast: Cast, visit: Visit) -> None:
    here, first, second = two(app, cast, visit)
    write(first, here)
    page = first.get(f"{here}/together")
    strict = page.form(f"{here}/strict")
    for _ in range(2):
        assert first.send(strict, {}, follow=False).status == 303
    assert "Only the theme is told" in first.get(f"{here}/words").main
    page = first.get(f"{here}/check")
    ticks = [one["value"] for one in page.soup.select("input[name=ticks]")]
    assert len(ticks) < len(EVERY)
    for reader in (first, second):
        form = reader.get(f"{here}/check").form(f"{here}/check")
        chosen = {"ticks": ticks, "guess": "no", "theme": "Plans that stay behind"}
        reader.send(form, chosen, button="I agree to this theme")
    done = first.send(first.get(f"{here}/sign-off").form(f"{here}/sign-off"), {"sure": "y"})
    assert "It is destroyed" in done.main
    with app.app_context():
        learning = db.session.scalars(select(IncidentLearning)).one()
        assert (learning.shareable, learning.theme) == ("", "Plans that stay behind")
        assert learning.changes == []


def test_a_held_report_waits_until_it_is_joined(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here, first, second = coded(app, found, visit)
    form = first.get(f"{here}/together").form(f"{here}/hold")
    for _ in range(2):
        assert first.send(form, {}, follow=False).status == 303
    both_agree(first, second, here)
    assert "It is held until it is joined with another." in first.get(f"{here}/sign-off").main
    other, *_ = coded(app, found, visit, happened="Nobody at the school had the plan.")
    other_key = other.rsplit("/", 1)[1]
    page = first.get(f"{here}/together")
    assert "of the same kind" in page.main
    join = page.form(f"{here}/join")
    assert first.send(join, {}, follow=False).status == 303
    assert first.send(join, {}, follow=False).status == 303, "twice is harmless"
    incident = row(app, here)
    assert not incident.is_held
    assert row(app, other).joined_into == incident.key
    assert first.get(f"{other}/words", follow=False).response.location.endswith(f"{here}/together")
    words = first.get(f"{here}/words").main
    assert "Nobody at the school had the plan." in words
    assert "Joined to it" in words
    assert "Both reviewers agree" in first.get(f"{here}/sign-off").main, "to both texts"
    part = first.get(f"{here}/together").form(f"{here}/part")
    assert first.send(part, {}, follow=False).status == 303
    assert row(app, other).joined_into is None
    first.send(first.get(f"{here}/together").form(f"{here}/join"), {})
    changes = len(first.get(f"{here}/check").soup.select("select[name=rule]"))
    for reader in (first, second):
        agreed(reader, here, rule=["joined"] * changes)
    first.send(first.get(f"{here}/sign-off").form(f"{here}/sign-off"), {"sure": "y"})
    with app.app_context():
        both = [row(app, here), db.session.get_one(Incident, other_key)]
        assert {one.state for one in both} == {State.SIGNED_OFF.value}
        assert len({one.learning_key for one in both}) == 1
        assert {one.wrapped_key for one in both} == {None}


def test_what_one_reader_must_not_read_is_not_joined(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here, first, second = coded(app, found, visit)
    other = made(app, found, not_readers=[found.reviewers[1]])
    read(first, other)
    page = first.get(f"{here}/together")
    refused = first.send(page.form(f"{here}/join"), {})
    assert refused.status == 422
    assert "may not read that" in refused.main
    assert row(app, other).joined_into is None
    assert "You read no other report" in second.get(f"{here}/together").main


def test_calling_back_is_recorded_and_shows_the_words_to_read_out(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    here, first, second = two(app, cast, visit, contact="Ring 01632 960155 after six")
    page = first.get(f"{here}/call-back")
    assert "01632" not in page.main
    button = page.form(f"{here}/contact")
    for _ in range(2):
        assert first.send(button, {}, follow=False).status == 303
    assert "Ring 01632 960155 after six" in first.get(f"{here}/call-back").main
    assert "01632" not in second.get(f"{here}/call-back").main
    assert second.get(f"{here}/call-back").main.count("Opened how to call back") == 1
    form = first.get(f"{here}/call-back").form(f"{here}/call-back")
    refused = first.send(form, {"outcome": "done", "guess": "no"})
    assert refused.status == 422
    assert "Write what others may read first." in refused.main
    write(first, here)
    assert SHARED in first.get(f"{here}/call-back").main
    form = first.get(f"{here}/call-back").form(f"{here}/call-back")
    assert first.send(form, {"outcome": "done"}).status == 422
    form = first.get(f"{here}/call-back").form(f"{here}/call-back")
    for _ in range(2):
        sent = first.send(form, {"outcome": "done", "guess": "yes"}, follow=False)
        assert sent.status == 303
    # Whoever says “No” after that reads whose “Yes” it is, and what ends it.
    for guess in ("yes", "no"):
        page = agreed(first, here, guess=guess)
        assert "The reporter, when called back, or a reviewer said" in page.main
        assert "Somebody said yes" in page.main
    with app.app_context():
        steps = list(db.session.scalars(select(IncidentStep.kind)))
        assert steps.count(StepKind.CONTACT_OPENED.value) == 1
        assert steps.count(StepKind.CALLED_BACK.value) == 1


def test_a_question_waits_for_the_receipt_and_is_sealed(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    here, first, _ = two(app, cast, visit)
    form = first.get(f"{here}/ask").form(f"{here}/ask")
    assert first.send(form, {"words": " "}).status == 422
    for _ in range(2):
        sent = first.send(form, {"words": "Did anybody expect the plan?"}, follow=False)
        assert sent.status == 303
    assert "Did anybody expect the plan?" in first.get(f"{here}/ask").main
    again = first.send(form, {"words": "Was it Mr Alder who rang?"})
    assert "a name" in again.main, "one page between sending and keeping"
    with app.app_context():
        message = db.session.scalars(select(IncidentMessage)).one()
        assert (message.by, message.is_read) == ("reviewer", False)
        assert b"expect" not in bytes(message.sealed)
        assert not db.session.execute(
            text("SELECT count(*) FROM audit_entries WHERE action = 'identifier_hint_shown'")
        ).scalar_one()


def test_a_message_of_the_reporter_is_read_before_anything_is_destroyed(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here, first, second = coded(app, found, visit)
    other, *_ = coded(app, found, visit)
    first.send(first.get(f"{here}/together").form(f"{here}/join"), {})
    with app.app_context():
        answer_back(key=other.rsplit("/", 1)[1], message="m" * 22, words="The school has it now.")
        db.session.commit()
    assert "A message came" in first.get(here).main, "also of the one that was joined"
    assert "message" in first.get(DESK).main
    assert "read the message first" in first.get(f"{here}/sign-off").main
    page = second.get(f"{here}/ask")
    assert "The school has it now." in page.main
    read_it = page.form(f"{here}/messages-read")
    for _ in range(2):
        assert second.send(read_it, {}, follow=False).status == 303
    assert "read the message first" not in first.get(f"{here}/sign-off").main
    assert "A message came" not in first.get(here).main
    # One that came after the page was shown is not read with it.
    with app.app_context():
        late = {"message": "n" * 22, "words": "He is alone with a child now."}
        answer_back(key=other.rsplit("/", 1)[1], **late)
        db.session.commit()
    assert second.send(read_it, {}, follow=False).status == 303
    assert "read the message first" in first.get(f"{here}/sign-off").main
    assert second.send(second.get(f"{here}/ask").form(f"{here}/messages-read"), {}).status == 200
    assert "read the message first" not in first.get(f"{here}/sign-off").main


def test_a_lawful_order_keeps_one_report_until_two_end_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    here, first, second = two(app, cast, visit)
    both_agree(first, second, here)
    order = f"{here}/order"
    form = first.get(order).form(order)
    for _ in range(2):
        assert first.send(form, {}, follow=False).status == 303
    assert "One of two said that an order came" in second.get(order).main
    assert "lawful order" in first.get(f"{here}/sign-off").main
    assert not first.get(f"{here}/sign-off").soup.select("input[name=sure]")
    words = first.get(f"{here}/words").form(f"{here}/words")
    second.send(second.get(order).form(order, button="I saw the order, too"), {})
    assert "Two people keep it as it is" in first.get(order).main
    assert "Kept as it is" in first.get(f"{here}/words").main
    refused = first.send(words, {"words": "Other words."})
    assert refused.status == 422
    first.send(first.get(order).form(order), {})
    assert "You asked to end it" in first.get(order).main
    assert row(app, here).frozen_also_by_id
    second.send(second.get(order).form(order), {})
    incident = row(app, here)
    ends = (incident.frozen_by_id, incident.frozen_also_by_id, incident.thawed_by_id)
    assert ends == (None, None, None)
    assert first.get(f"{here}/sign-off").soup.select("input[name=sure]")


def test_nobody_but_its_reviewers_reaches_these_pages(app: Flask, cast: Cast, visit: Visit) -> None:
    here, *_ = two(app, cast, visit)
    for role in ("administrator", "manager", "leader", "outsider"):
        visitor = visit(getattr(cast, role))
        for tail in ("words", "check", "together", "call-back", "ask", "sign-off", "order"):
            assert visitor.get(f"{here}/{tail}").status == 403, (role, tail)
    with app.app_context():
        third = make_reviewer(cast.organisation)
        other = make_reviewer(cast.other_organisation)
        db.session.commit()
    for person in (third, other):
        assert visit(person).get(f"{here}/words").status == 404


def test_no_page_asks_more_of_the_database_than_any_other(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    found = council(app, cast)
    here, first, second = coded(app, found, visit, contact="Ring after six")
    coded(app, found, visit)
    both_agree(first, second, here)
    first.send(first.get(f"{here}/together").form(f"{here}/join"), {})
    first.send(first.get(f"{here}/call-back").form(f"{here}/contact"), {})
    for tail in ("words", "check", "together", "call-back", "ask", "sign-off", "order"):
        with statements() as seen:
            assert first.get(f"{here}/{tail}").status == 200
        assert len(seen) <= 8, (tail, seen)
