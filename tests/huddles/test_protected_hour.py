"""A team states the hour it protects, and says whether it happened. Leaders read it as a debt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from flask import Flask

from improve.huddles import fortnights, service
from improve.huddles.kinds import Kept
from improve.huddles.queries import hours as queries
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.conftest import NOW
from tests.factories import Cast, make_cast
from tests.huddles.scene import audited, fields_refused, refused
from tests.pages import Visitor

Visit = Callable[..., Visitor]
HOUR = "/teams/riverside/huddles/hour"
MONDAY = date(2026, 11, 16)


def promise(cast: Cast, who: str = "practitioner", **facts: Any) -> None:
    given = {"minutes": 60, "when_words": "Thursday at two", "seen_version": 0, **facts}
    service.promise_hour(cast.actor(who), **{"slug": "riverside", **given})


def say(cast: Cast, kept: Kept, who: str = "practitioner", **facts: Any) -> None:
    given = {"from_on": MONDAY, "in_the_way": "", "seen_version": 1, **facts}
    service.say_hour_kept(cast.actor(who), slug="riverside", kept=kept, **given)


def stated(cast: Cast) -> list[queries.HourView]:
    return queries.hours_of_team(cast.actor("practitioner"), cast.team)


def test_fortnights_are_the_same_for_everyone() -> None:
    assert fortnights.fortnight_of(date(2026, 11, 24)) == MONDAY
    assert fortnights.fortnight_of(date(2026, 11, 29)) == MONDAY
    assert fortnights.fortnight_of(date(2026, 11, 30)) == date(2026, 11, 30)
    assert fortnights.shown(date(2026, 11, 24))[:2] == [MONDAY, date(2026, 11, 2)]
    assert fortnights.words(MONDAY).replace("\u00a0", " ") == "16 to 27 Nov"
    assert fortnights.words(date(2026, 11, 30)).replace("\u00a0", " ") == "30 Nov to 11 Dec"
    said = [fortnights.minutes_words(m).replace("\u00a0", " ") for m in (30, 60, 90, 120)]
    assert said == ["30 minutes", "1 hour", "1 hour 30", "2 hours"]


def test_anyone_of_the_team_states_it_and_says_how_it_went(context: Flask, cast: Cast) -> None:
    promise(cast)
    promise(cast)
    say(cast, Kept.NO, in_the_way="Both Thursdays went to court.")
    say(cast, Kept.NO, in_the_way="Both Thursdays went to court.")
    (hour,) = stated(cast)
    assert (hour.from_on, hour.minutes, hour.kept, hour.version) == (MONDAY, 60, Kept.NO, 2)
    assert hour.in_the_way == "Both Thursdays went to court."
    assert len(audited("hour_promised")) == len(audited("hour_answered")) == 1
    assert "words" not in str(audited("hour_answered")[0].facts)
    # Where it happened nothing was in the way.
    say(cast, Kept.YES, in_the_way="Nothing", seen_version=2)
    assert stated(cast)[0].in_the_way == ""


def test_what_cannot_be_is_refused(context: Flask, cast: Cast) -> None:
    assert fields_refused(lambda: promise(cast, minutes=5, when_words="x" * 121)) == {
        "minutes",
        "when_words",
    }
    assert fields_refused(lambda: promise(cast, minutes=None)) == {"minutes"}
    refused(NotFound, lambda: say(cast, Kept.YES))
    promise(cast)
    refused(Stale, lambda: promise(cast, minutes=90))
    refused(Stale, lambda: say(cast, Kept.YES, seen_version=7))
    assert fields_refused(lambda: say(cast, Kept.NO, in_the_way="x" * 301)) == {"in_the_way"}
    say(cast, Kept.YES)
    assert "this fortnight went" in refused(
        RuleBroken, lambda: promise(cast, minutes=90, seen_version=2)
    )
    assert "Only the team" in refused(Forbidden, lambda: promise(cast, "leader", minutes=30))
    refused(NotFound, lambda: promise(cast, "outsider", slug="hillside"))


def test_two_who_state_it_at_one_moment(app: Flask) -> None:
    """The second reads what the first stated, as if they had come one after the other."""
    with app.app_context():
        made = make_cast()
        actors = [made.actor("practitioner"), made.actor("colleague")]
        db.session.commit()
    gate = threading.Barrier(2)

    def state(number: int) -> bool:
        with app.app_context(), clock.moved(NOW):
            gate.wait()
            try:
                service.promise_hour(
                    actors[number],
                    slug="riverside",
                    minutes=60 + number,
                    when_words="",
                    seen_version=0,
                )
            except Stale:
                return False
            time.sleep(0.2)
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(state, range(2))) == [False, True]


def test_last_fortnight_can_still_be_answered(context: Flask, cast: Cast) -> None:
    promise(cast)
    with clock.moved(NOW + timedelta(days=10)):
        say(cast, Kept.PARTLY)
        assert stated(cast)[0].kept is Kept.PARTLY
    with clock.moved(NOW + timedelta(days=14 * 7)):
        refused(NotFound, lambda: say(cast, Kept.YES, seen_version=2))


def test_the_page_asks_once_and_says_what_was_said(cast: Cast, visit: Visit) -> None:
    member = visit(cast.practitioner)
    page = member.get(HOUR)
    assert "This fortnight, 16 to 27 Nov" in page.main
    page = member.send(page.form("/hour"), {"minutes": "90", "when_words": "Friday at one"})
    assert "Kept." in page.text
    assert "1 hour 30" in page.main
    page = member.send(page.form("/hour/kept"), {"kept": "no", "in_the_way": "Four people away."})
    assert "In the way: Four people away." in page.main
    assert page.status == 200


def test_a_colleague_was_quicker(cast: Cast, visit: Visit) -> None:
    member, colleague = visit(cast.practitioner), visit(cast.colleague)
    form = colleague.get(HOUR).form("/hour")
    member.send(member.get(HOUR).form("/hour"), {"when_words": "Friday"})
    page = colleague.send(form, {"when_words": "Monday"})
    assert page.status == 409
    assert "Now: 1 hour, Friday" in page.main
    assert dict(page.form("/hour").values)["when_words"] == "Monday"


def test_no_answer_is_kept_where_none_was_given(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        promise(cast)
        db.session.commit()
    member = visit(cast.practitioner)
    page = member.get(HOUR)
    page = member.send(page.form("/hour/kept"), {"in_the_way": "Words alone"})
    assert page.status == 422
    assert "Choose yes, partly or no." in page.errors
    assert dict(page.form("/hour/kept").values)["in_the_way"] == "Words alone"
    token = member.csrf_token()
    answer = member.client.post(f"{HOUR}/kept", data={"csrf_token": token, "from_on": "soon"})
    assert answer.status_code == 404


def test_who_may_open_it(cast: Cast, visit: Visit) -> None:
    assert visit(cast.coach).get(HOUR).status == 200
    assert visit(cast.leader).get(HOUR).status == 403
    assert visit(cast.other_manager).get(HOUR).status == 403
