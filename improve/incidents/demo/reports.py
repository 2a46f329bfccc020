"""Reports of the demo’s council: how it opened, what was told, read, destroyed and learned.

Told by ``content.json`` of the demo, which knows nothing of this package: it is given steps.
Each is made through the one function that makes reports, and ends by the one that destroys them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from improve.accounts.actor import Actor
from improve.incidents.contents import (
    Coding,
    Message,
    Words,
    Work,
    coding_of,
    message_of,
    words_of,
    work_of,
)
from improve.incidents.demo.further import settle_further
from improve.incidents.factors import agreement
from improve.incidents.kinds import Kind, Route, Safe, State, StepKind, WayIn, When
from improve.incidents.learning_days import shown_month_of, week_of
from improve.incidents.models import (
    Incident,
    IncidentCover,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentLearning,
    IncidentMessage,
    IncidentNote,
    IncidentReading,
    IncidentReviewer,
    IncidentSetup,
)
from improve.incidents.queries.setup import public_setup
from improve.incidents.reading import Position
from improve.incidents.sealing import ReportKey
from improve.incidents.service.answers import add_answer
from improve.incidents.service.destroy import destroy
from improve.incidents.service.months import write_received_months
from improve.incidents.service.one import record
from improve.incidents.service.send import add_report
from improve.incidents.service.settle import learn_from
from improve.shared import clock, receipt_words
from improve.shared.db import db

_ADMINISTRATOR, _LEADER = "robin", "gideon"
#: Each reads by turns, so many days each, until well after the day of loading.
_COVER_DAYS: Final = 160
_BY: Final = "Merrowdale Safeguarding Partnership"


class Council(Protocol):
    """What is asked of the loaded council: ids by the keys of the content."""

    organisation_id: int
    teams: dict[str, int]
    people: dict[str, int]
    ideas: dict[str, int]

    def actor(self, key: str) -> Actor:
        """Return the actor that a person is."""


class Hours(Protocol):
    """Moments of one story, each later than the one before."""

    def on(self, day: int) -> datetime:
        """Return the next moment, on ``day``."""


class Timetable(Protocol):
    """The moments of one loading."""

    def early(self, day: int, number: int) -> datetime:
        """Return a moment before the day’s work."""

    def hours(self, name: str) -> Hours:
        """Return the working hours of a story."""


Moment = tuple[datetime, Callable[[], object]]


@dataclass
class _Told:
    """Keys of the reports so far by their name, and the group they come from."""

    keys: dict[str, str] = field(default_factory=dict)
    group_id: int = 0


def demo_reports(
    council: Council, content: Mapping[str, Any], timetable: Timetable
) -> Iterator[Moment]:
    """Yield when each thing happened and what does it; nothing for a council without reports."""
    reports = content.get("reports")
    if reports is None:
        return
    told, opened = _Told(), reports["opened"]
    yield timetable.early(opened, 220), partial(_open, council, reports, told)
    yield timetable.early(opened + 1, 220), partial(_further, council, reports, told)
    for story in reports["told"]:
        yield from _story(council, story, told, timetable)
    yield timetable.early(-2, 221), partial(_ring_again, council)
    yield timetable.early(-1, 219), write_received_months
    for number, note in enumerate(reports["notes"]):
        yield timetable.early(-1, 220 + number), partial(_note, council, note, reports)


def _open(council: Council, reports: Mapping[str, Any], told: _Told) -> None:
    today, here = clock.today(), {"organisation_id": council.organisation_id}
    group = IncidentGroup(**here, name=reports["group"]["name"])
    promise = {"promise": reports["promise"], "promised_by_id": council.people[_LEADER]}
    signed = {
        "dpia_by": "Stellan Greycroft, data protection lead",
        "dpia_on": today - timedelta(days=12),
        "legal_by": "Legal services, A. Thornbury",
        "legal_on": today - timedelta(days=8),
        "numbers_tried_by": "Tamsin, by day and at 23:10",
        "numbers_tried_on": today - timedelta(days=2),
        "numbers_tried": _duty_numbers(council),
    }
    moments = {"promised_at": clock.now(), "opened_at": clock.now()}
    opened_by = {"opened_by_id": council.people[_ADMINISTRATOR]}
    db.session.add_all([group, IncidentSetup(**here, **signed, **promise, **moments, **opened_by)])
    db.session.flush()
    told.group_id = group.id
    for team in reports["group"]["teams"]:
        team_id = council.teams[team]
        db.session.add(IncidentGroupTeam(**here, team_id=team_id, group_id=group.id))
    readers = [council.people[key] for key in reports["reviewers"]]
    for person_id in readers:
        trained_on = today - timedelta(days=20)
        db.session.add(
            IncidentReviewer(
                **here,
                person_id=person_id,
                trained_on=trained_on,
                trained_by=_BY,
                entered_on=today,
            )
        )
    for number in range(4):
        begins = today + timedelta(days=_COVER_DAYS * number)
        until = begins + timedelta(days=_COVER_DAYS - 1)
        who = readers[number % len(readers)]
        db.session.add(IncidentCover(**here, person_id=who, from_on=begins, to_on=until))
    db.session.flush()


def _ring_again(council: Council) -> None:
    """Ring the numbers that the council gave since: other ones hold now than on opening."""
    setup = db.session.get_one(IncidentSetup, council.organisation_id)
    setup.numbers_tried_on, setup.numbers_tried = clock.today(), _duty_numbers(council)
    db.session.flush()


def _duty_numbers(council: Council) -> dict[str, str]:
    return dict(public_setup(council.organisation_id, clock.today()).duty_numbers)


def _story(
    council: Council, story: Mapping[str, Any], told: _Told, timetable: Timetable
) -> Iterator[Moment]:
    hours = timetable.hours(f"report {story['name']}")
    yield hours.on(story["day"]), partial(_tell, council, story, told)
    if "opened" in story:
        yield hours.on(story["opened"]), partial(_read, council, story, told)
    if "coded" in story:
        yield hours.on(story["coded"]), partial(_code, council, story, told)
    if "settled" in story:
        yield hours.on(story["settled"]), partial(_settle, council, story, told)
    if "answer" in story:
        yield hours.on(story["answer"]["day"]), partial(_answer, council, story, told)
    if "idea" in story:
        # The idea was proposed by now: what leads from the report to it stands on this side only.
        yield timetable.early(0, 230), partial(_point_to_idea, council, story, told)


def _tell(council: Council, story: Mapping[str, Any], told: _Told) -> None:
    told.keys[story["name"]] = add_report(
        organisation_id=council.organisation_id,
        group_id=told.group_id,
        kind=Kind(story["kind"]),
        happened=story["happened"],
        receipt=story.get("receipt") or receipt_words.new_long(),
        factors=story["factors"],
        helped=story["helped"],
        safe=Safe(story["safe"]),
        when=When(story["when"]),
        would_try=story["would_try"],
        contact=story["call_back"],
        way_in=WayIn.INSIDE,
    )


def _read(council: Council, story: Mapping[str, Any], told: _Told) -> None:
    """Open it as the first reader, and look for danger and other routes first."""
    incident, first = _incident(told, story["name"]), council.actor(story["first"])
    incident.state = State.READING.value
    _place(incident, first, Position.FIRST)
    record(incident, first, StepKind.OPENED)
    if "passed" in story:
        incident.route = Route(story["passed"]["route"]).value
        record(incident, first, StepKind.PASSED_ON)
        destroy([incident], state=State.PASSED_ON)
        return
    record(incident, first, StepKind.NO_DANGER)
    if "joins" in story:
        incident.joined_into = told.keys[story["joins"]]
        record(incident, first, StepKind.JOINED)
    if "asked" in story:
        _say(incident, story["asked"], 1, by="reviewer")
        record(incident, first, StepKind.ASKED)
        _say(incident, story["replied"], 2, by="reporter")


def _code(council: Council, story: Mapping[str, Any], told: _Told) -> None:
    """Code it, each reader apart; the second one has opened it by now."""
    incident, first = _incident(told, story["name"]), council.actor(story["first"])
    _coded(incident, first, story["kind"], story["factors"])
    record(incident, first, StepKind.CODED)
    if "second" not in story:
        return
    second = council.actor(story["second"])
    _place(incident, second, Position.SECOND)
    record(incident, second, StepKind.OPENED)
    _coded(incident, second, story["kind"], story.get("second_codes", story["factors"]))
    record(incident, second, StepKind.CODED)
    record(incident, first, StepKind.AGREED)


def _settle(council: Council, story: Mapping[str, Any], told: _Told) -> None:
    """Read the words out, agree on them, and sign off: what was written is destroyed."""
    incident = _incident(told, story["name"])
    first, second = council.actor(story["first"]), council.actor(story["second"])
    if story["call_back"]:
        record(incident, first, StepKind.CONTACT_OPENED)
        record(incident, first, StepKind.CALLED_BACK)
    incident.is_strict = story.get("is_strict", False)
    work = Work(
        shareable=story.get("share", ""),
        theme=story.get("theme", ""),
        guess="no",
        kind=story["kind"],
        factors=story["factors"],
        approved_by=[first.person_id, second.person_id],
    )
    own = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
    incident.sealed_work = own.seal(work.facts(), about=work_of(incident.key))
    words = Words.of(own.open(incident.sealed_words, about=words_of(incident.key)))
    record(incident, first, StepKind.WROTE)
    for each in (first, second):
        record(incident, each, StepKind.APPROVED)
    record(incident, second, StepKind.SIGNED_OFF)
    both = frozenset(words.factors), frozenset(story.get("second_codes", words.factors))
    joined = [key for name, key in told.keys.items() if _joins(told, name, incident.key)]
    whole = [incident, *(db.session.get_one(Incident, key) for key in joined)]
    learning = learn_from(whole, work=work, agreement=agreement(*both))
    learning.note = story.get("note", "")
    learning.shown_month = shown_month_of(clock.today())
    destroy([incident], state=State.SIGNED_OFF)


def _joins(told: _Told, name: str, key: str) -> bool:
    return _incident(told, name).joined_into == key


def _answer(council: Council, story: Mapping[str, Any], told: _Told) -> None:
    incident, first = _incident(told, story["name"]), council.actor(story["first"])
    add_answer(incident, words=story["answer"]["words"], given_week=week_of(clock.today()))
    record(incident, first, StepKind.ANSWERED)


def _point_to_idea(council: Council, story: Mapping[str, Any], told: _Told) -> None:
    learning = db.session.get_one(IncidentLearning, _incident(told, story["name"]).learning_key)
    learning.idea_id = council.ideas[story["idea"]]
    learning.proposed_week = learning.propose_after = learning.settled_week + timedelta(weeks=3)


def _note(council: Council, note: Mapping[str, Any], reports: Mapping[str, Any]) -> None:
    """Publish the note of a month that is over."""
    month = clock.today().replace(day=1)
    for _ in range(note["months_ago"]):
        month = (month - timedelta(days=1)).replace(day=1)
    db.session.add(
        IncidentNote(
            organisation_id=council.organisation_id,
            month=month,
            heard=note["heard"],
            trying=note["trying"],
            written_by_id=council.people[reports["reviewers"][0]],
            published_at=clock.now(),
        )
    )
    db.session.flush()


def _further(council: Council, reports: Mapping[str, Any], told: _Told) -> None:
    """Leave what is left of many more; the newest weeks are told one by one."""
    until = clock.today() + timedelta(days=-reports["opened"] - 20)
    settle_further(council.organisation_id, told.group_id, reports["further"], until=until)


def _incident(told: _Told, name: str) -> Incident:
    return db.session.get_one(Incident, told.keys[name])


def _place(incident: Incident, actor: Actor, position: Position) -> None:
    db.session.add(
        IncidentReading(
            incident_key=incident.key,
            reviewer_id=actor.person_id,
            organisation_id=incident.organisation_id,
            position=position.value,
        )
    )
    db.session.flush()


def _coded(incident: Incident, actor: Actor, kind: str, factors: list[str]) -> None:
    reading = db.session.get_one(IncidentReading, (incident.key, actor.person_id))
    own = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
    place = coding_of(incident.key, actor.person_id)
    coding = Coding(kind=kind, factors=sorted(factors))
    reading.is_coded, reading.sealed_coding = True, own.seal(coding.facts(), about=place)


def _say(incident: Incident, words: str, n: int, *, by: str) -> None:
    """Add a message of the thread, sealed under the report’s own key."""
    own, key = ReportKey.unwrap(incident.wrapped_key, about=incident.key), secrets.token_urlsafe(16)
    said = Message(words, clock.today().isoformat(), n)
    db.session.add(
        IncidentMessage(
            key=key,
            organisation_id=incident.organisation_id,
            incident_key=incident.key,
            by=by,
            sealed=own.seal(said.facts(), about=message_of(incident.key, key)),
        )
    )
    db.session.flush()
