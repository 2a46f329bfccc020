"""Calling back: only whoever opened the way says what came of it, and nobody takes a doubt away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from improve.incidents.checklist import Line
from improve.incidents.kinds import StepKind
from improve.incidents.models import Incident, IncidentStep
from improve.incidents.queries.call_back import call_back_of
from improve.incidents.service.call_back import (
    NO_WAY,
    OPEN_FIRST,
    keep_call_back,
    open_contact,
)
from improve.incidents.service.danger import say_no_danger
from improve.incidents.service.join import join, part
from improve.incidents.service.one import report_for_review
from improve.incidents.service.open import open_report
from improve.incidents.service.words import check_words, tell_strictly, write_words
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import Cast, actor
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened, make_reviewer
from tests.incidents.test_settle_words import SHARED, coded, council
from tests.pages import Visitor

Visit = Callable[..., Visitor]
WAY = "Ring 01632 960155 after six"


def version(key: str) -> int:
    return db.session.get_one(Incident, key).version


def outcome(person_id: int, key: str, said: str, guess: str = "") -> str:
    """Keep what came of calling back, and return whether someone could guess now."""
    who = actor(person_id)
    keep_call_back(who, key=key, outcome=said, guess=guess, seen_version=version(key))
    return report_for_review(who, key).work.guess


def check(person_id: int, key: str, guess: str) -> None:
    check_words(
        actor(person_id),
        key=key,
        rules=["times", "names"],
        ticks=[line.value for line in Line],
        guess=guess,
        theme="",
        is_agreeing=False,
        seen_version=version(key),
    )


def written(app: Flask, cast: Cast, visit: Visit, contact: str) -> tuple[Opened, str]:
    """Return a report of which words for others are written."""
    found = council(app, cast)
    here, _first, _second = coded(app, found, visit, contact=contact)
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        write_words(actor(found.reviewers[0]), key=key, words=SHARED, seen_version=version(key))
        db.session.commit()
    return found, key


def test_nothing_comes_of_it_where_no_way_was_left(app: Flask, cast: Cast, visit: Visit) -> None:
    found, key = written(app, cast, visit, "")
    with app.app_context():
        for said in ("done", "not_reached", "not_asked"):
            with pytest.raises(RuleBroken, match=NO_WAY):
                outcome(found.reviewers[0], key, said, "no")


def test_only_whoever_opened_the_way_says_what_came_of_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, key = written(app, cast, visit, WAY)
    first, second = found.reviewers
    with app.app_context():
        open_contact(actor(first), key=key)
        for said in ("done", "not_reached"):
            with pytest.raises(RuleBroken, match=OPEN_FIRST):
                outcome(second, key, said, "no")
        assert outcome(second, key, "not_asked") == ""
        assert outcome(first, key, "done", "no") == "no"


def test_a_no_on_the_telephone_takes_no_doubt_of_the_other_away(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, key = written(app, cast, visit, WAY)
    first, second = found.reviewers
    with app.app_context():
        check(first, key, "yes")
        open_contact(actor(second), key=key)
        assert outcome(second, key, "done", "no") == "yes"
        # Other words are asked about anew.
        words = f"{SHARED} It was found."
        write_words(actor(first), key=key, words=words, seen_version=version(key))
        assert outcome(second, key, "done", "no") == "no"


def test_a_yes_on_the_telephone_stands_as_well(app: Flask, cast: Cast, visit: Visit) -> None:
    found, key = written(app, cast, visit, WAY)
    first, second = found.reviewers
    with app.app_context():
        for one in (first, second):
            open_contact(actor(one), key=key)
        assert outcome(first, key, "done", "yes") == "yes"
        assert outcome(second, key, "done", "no") == "yes"


def test_the_way_of_a_report_joined_later_is_opened_by_itself(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, key = written(app, cast, visit, WAY)
    with app.app_context():
        first, second = (actor(one) for one in found.reviewers)
        other = make_report(found.organisation, found.group, contact="Ring 01632 960999 at noon")
        open_contact(second, key=key)
        open_report(first, key=other)
        say_no_danger(first, key=other, seen_version=version(other))
        join(first, key=key, other_key=other, seen_version=version(key))
        db.session.commit()
        may_read = select(IncidentStep.person_id).where(
            IncidentStep.incident_key == other, IncidentStep.kind == StepKind.READS_WITH.value
        )
        assert list(db.session.scalars(may_read)) == [second.person_id]
        found_now = call_back_of(second, report_for_review(second, key))
        assert (found_now.has_way, found_now.is_open, found_now.ways) == (True, False, (WAY,))
    reader = visit(second.person_id)
    page = reader.get(f"/reports/desk/{key}/call-back")
    assert WAY in page.main
    assert "960999" not in page.main
    assert "Another of this event left one, too." in page.main
    assert reader.send(page.form(f"/reports/desk/{key}/contact"), {}).status == 200
    assert "960999" in reader.get(f"/reports/desk/{key}/call-back").main
    with app.app_context():
        opened = select(IncidentStep.incident_key).where(
            IncidentStep.person_id == second.person_id,
            IncidentStep.kind == StepKind.CONTACT_OPENED.value,
        )
        assert sorted(db.session.scalars(opened)) == sorted([key, other])


def test_calling_one_is_not_calling_another_or_about_other_words(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, key = written(app, cast, visit, WAY)
    with app.app_context():
        first = actor(found.reviewers[0])
        silent, other = (
            make_report(found.organisation, found.group, contact=contact)
            for contact in ("", "Ring 01632 960999 at noon")
        )

        def came() -> str:
            return report_for_review(first, key).work.call_back

        def call() -> None:
            open_contact(first, key=key)
            outcome(first.person_id, key, "done", "no")
            assert came() == "done"

        call()
        for one, stays in ((silent, "done"), (other, "")):
            open_report(first, key=one)
            say_no_danger(first, key=one, seen_version=version(one))
            join(first, key=key, other_key=one, seen_version=version(key))
            assert came() == stays
        call()
        words = f"{SHARED} It was found."
        write_words(first, key=key, words=words, seen_version=version(key))
        assert came() == ""
        call()
        tell_strictly(first, key=key, is_strict=True, seen_version=version(key))
        assert came() == "", "the theme was not read out"


def test_a_yes_stands_whatever_was_told_meanwhile(app: Flask, cast: Cast, visit: Visit) -> None:
    found, key = written(app, cast, visit, "")
    first, second = found.reviewers
    with app.app_context():
        check(first, key, "yes")
        who = actor(second)

        def guess() -> str:
            return report_for_review(who, key).work.guess

        tell_strictly(who, key=key, is_strict=True, seen_version=version(key))
        assert guess() == "", "of the theme nobody said so"
        check(second, key, "no")
        tell_strictly(who, key=key, is_strict=False, seen_version=version(key))
        assert guess() == "yes"
        for words, said in ((f"{SHARED} It was found.", ""), (SHARED, "yes")):
            write_words(who, key=key, words=words, seen_version=version(key))
            assert guess() == said
        other = make_report(found.organisation, found.group)
        open_report(who, key=other)
        say_no_danger(who, key=other, seen_version=version(other))
        join(who, key=key, other_key=other, seen_version=version(key))
        assert guess() == "yes"
        part(who, key=key, other_key=other, seen_version=version(key))
        assert guess() == "yes"
        check(second, key, "no")
        assert guess() == "yes"


def test_whoever_opens_one_of_an_event_opened_all_of_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    with app.app_context():
        third = make_reviewer(found.organisation)
        key, other = (make_report(found.organisation, found.group) for _ in range(2))
        db.session.get_one(Incident, other).joined_into = key
        db.session.commit()
        open_report(actor(third), key=key)
        steps = select(IncidentStep.incident_key).where(
            IncidentStep.kind == StepKind.OPENED.value, IncidentStep.person_id == third
        )
        assert sorted(db.session.scalars(steps)) == sorted([key, other])
