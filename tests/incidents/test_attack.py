"""Fifty known people report at fifty known hours, and nobody can tell who sent which.

Somebody who holds every right but a reviewer’s looks at every page, file, archive, mail and log
before and after each one. From whatever differs they guess the sender among the fifty. Of fifty
guesses one is right by chance; six or more come by chance less than once in a thousand times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.accounts.access import current_actor
from improve.accounts.queries import actor_of_person
from improve.incidents.models import Incident
from improve.incidents.service.send import send
from improve.shared import audit, clock, contributions
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast
from tests.incidents.attacking import (
    Attacker,
    Suspect,
    differences,
    every_log,
    guess,
    right_by_chance,
)
from tests.incidents.open_council import Opened, opened
from tests.incidents.telling import tell, tell_at_once
from tests.pages import Visitor

#: Of the people of the test, by the number of its hour.
PEOPLE = 50
#: How long filling the form in takes.
TAKES = timedelta(minutes=4)
#: Of the pages near to reports and people, one of so many is looked at after each.
NEAR_SHARES = 4
#: The same of all others.
SHARES = 24


def suspects_of(app: Flask, people: tuple[int, ...]) -> list[Suspect]:
    """Return what points to each: their number, name and address."""
    with app.app_context():
        found = []
        for person_id in people:
            actor = actor_of_person(person_id)
            marks = (f'"{name}":{person_id}' for name in ("actor_id", "person_id", "author_id"))
            pages = (f"/people/{person_id}", f'"object_id":"{person_id}"')
            found.append(Suspect(person_id, (actor.name, *marks, *pages)))
        db.session.rollback()
    return found


@dataclass
class Attack:
    """What differed after each report, and how many senders were guessed from it."""

    evidence: list[list[str]]
    right: int


Lay = Callable[[str, Callable[[], Any]], Any]


def attack(app: Flask, cast: Cast, lay: Lay, *, reports: int, closely: bool) -> Attack:
    """Let so many of the people report, one an hour, and guess the sender of each.

    Several addresses of every kind, and the page of every sender, are looked at before the first
    report and after the last (``closely``): what any report changed for good shows there, and what
    the first changed for a while, at one of each kind right after it. After each, the page of its
    sender, the archive, mail, news, every log, and a share of the kinds of page, each in its turn:
    more often those nearest to reports and people. Looks that are compared are made at one moment,
    so that nothing differs by the time alone. The first and the last fill in the whole form, page
    by page; between them only what must be answered is sent.
    """
    chance = Random("who was it")  # noqa: S311 - the same each time

    def make() -> tuple[Opened, Attacker]:
        made = opened(cast.organisation, cast.incident_reviewer, people=PEOPLE)
        db.session.commit()
        teams = (made.team, made.other_team)
        return made, Attacker(app, cast.organisation, teams, made.people[0])

    # To walk to every address takes long: both tests begin with the same walk.
    made, attacker = lay("an attacker", make)
    suspects = suspects_of(app, made.people)
    assert len(attacker.kinds) > 150, "every page is reached"
    assert len(attacker.nearest) > 12
    senders = chance.sample(made.people, reports)
    end, result = NOW + timedelta(hours=reports), Attack([], 0)
    visitors = [_at_work(app, person_id, hour) for hour, person_id in enumerate(senders)]
    at_once = attacker.signs_in()
    with clock.moved(end):
        at_the_end = attacker.signs_in()
        attacker.is_refused_often(at_the_end)
        own = [f"/admin/people/{person_id}" for person_id in senders]
        everywhere = [*(attacker.paths if closely else attacker.kinds), *own]
        seen = attacker.look(everywhere, at_the_end)
    before = attacker.look(attacker.kinds, at_once) if closely else {}
    for hour, person_id in enumerate(senders):
        is_last = hour == reports - 1
        at = NOW + timedelta(hours=hour)
        with every_log() as log:
            send_one(app, visitors[hour], at, None if hour == 0 or is_last else made.group)
        evidence = [f"log: {line}" for line in log.lines]
        near = attacker.nearest[hour % NEAR_SHARES :: NEAR_SHARES]
        looked = [own[hour], *near, *attacker.kinds[hour % SHARES :: SHARES]]
        if hour == 0 and closely:
            evidence += differences(before, attacker.look(attacker.kinds, at_once))
        if is_last and closely:
            looked += everywhere
        with clock.moved(end):
            now = attacker.look(dict.fromkeys(looked), at_the_end)
        evidence += differences({place: seen.get(place, "") for place in now}, now)
        seen |= now
        result.evidence.append(evidence)
        result.right += guess(evidence, suspects, chance) == person_id
    return result


def _at_work(app: Flask, person_id: int, hour: int) -> Visitor:
    """Return somebody who signed in before their hour."""
    with clock.moved(NOW + timedelta(hours=hour) - TAKES):
        return Visitor(app, person_id)


def send_one(app: Flask, visitor: Visitor, at: datetime, group: int | None) -> None:
    """Report through the form, and let the job of the hour run, which tells reviewers.

    ``group``: from where, answering only what must be; None: page by page, as it is offered.
    """
    with clock.moved(at - TAKES):
        page = visitor.get("/reports/tell")
    with clock.moved(at):
        if group is None:
            tell(visitor, page)
        else:
            tell_at_once(visitor, group)
        with app.app_context():
            for job in contributions.gather("hourly"):
                job()
            db.session.commit()


@pytest.mark.security(61, 62)
@pytest.mark.timeout(900)
def test_fifty_known_senders_are_not_told_apart(app: Flask, cast: Cast, lay: Lay) -> None:
    found = attack(app, cast, lay, reports=PEOPLE, closely=True)
    with app.app_context():
        sent = db.session.scalar(select(func.count()).select_from(Incident))
        db.session.rollback()
    assert sent == PEOPLE
    assert found.right < right_by_chance(PEOPLE, PEOPLE) == 6
    # And more than that: no report changes anything that they can see, so there is nothing to
    # match by, however well somebody matches.
    assert not [line for evidence in found.evidence for line in evidence]


@pytest.mark.timeout(600)
def test_the_attack_finds_senders_that_are_noted(
    app: Flask, cast: Cast, lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a report left a trace of its sender, this attack would find all of them.

    Also with less than it looks at above: only what it looks at after each report.
    """

    def noted(**facts: Any) -> None:
        send(**facts)
        audit.record(current_actor(), "report_sent", "organisation", 1)

    monkeypatch.setattr("improve.incidents.routes.flow.send", noted)
    assert attack(app, cast, lay, reports=3, closely=False).right == 3
    assert right_by_chance(3, PEOPLE) == 3
