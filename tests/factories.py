"""Valid things from nothing: a test states only what matters to it.

All are made through the services, so that rules, history and audit hold for them too. Call them
inside an application context; the caller commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from improve.accounts import queries, service
from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.accounts.service.attempts import count_failure, counter_key
from improve.accounts.service.tokens import token_hash
from improve.ideas import service as ideas_service
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.ideas.models import Idea
from improve.ideas.stages import ways_from
from improve.measures import service as measures_service
from improve.measures.service import MeasureDetails, NewPoint
from improve.measures.table_import import Period, next_period
from improve.shared import clock
from improve.shared.db import db

_numbers = count(1)

PASSWORD = "seven quiet otters by the weir"


@dataclass(frozen=True)
class Cast:
    """Ids of two councils and of one person in every role."""

    organisation: int
    team: int
    other_team: int
    practitioner: int
    colleague: int
    manager: int
    other_manager: int
    coach: int
    voices_reader: int
    incident_reviewer: int
    leader: int
    data_protection_lead: int
    administrator: int
    guest: int
    other_organisation: int
    outsider_team: int
    outsider: int
    outsider_administrator: int

    def actor(self, name: str) -> Actor:
        """Return the actor that one of the cast is."""
        return actor(getattr(self, name))


#: The people of the first council, by the name of their part.
ROLES = (
    "practitioner",
    "colleague",
    "manager",
    "other_manager",
    "coach",
    "voices_reader",
    "incident_reviewer",
    "leader",
    "data_protection_lead",
    "administrator",
    "guest",
)


def actor(person_id: int) -> Actor:
    """Return the actor that a person is."""
    return queries.actor_of_person(person_id)


def make_organisation(name: str | None = None) -> int:
    """Return the id of a new organisation."""
    return service.found_organisation(name=name or f"Council {next(_numbers)}")


def make_team(organisation_id: int, name: str | None = None, **facts: object) -> int:
    """Return the id of a new team."""
    return service.add_team(
        organisation_id=organisation_id,
        name=name or f"Team {next(_numbers)}",
        **facts,  # type: ignore[arg-type]
    )


def make_person(
    organisation_id: int,
    *,
    name: str | None = None,
    email: str | None = None,
    role: Role | None = Role.PRACTITIONER,
    team_id: int | None = None,
    job_title: str = "Social worker",
    password: str | None = None,
) -> int:
    """Return the id of a new person with one role; without a team it reaches over all."""
    number = next(_numbers)
    person_id = service.register_person(
        organisation_id=organisation_id,
        name=name or f"Person{number} Example",
        email=email or f"person{number}@council.example",
        job_title=job_title,
        password=password,
    )
    if role is not None:
        service.grant_role(
            organisation_id=organisation_id,
            person_id=person_id,
            role=role,
            team_id=team_id,
            is_home=team_id is not None,
        )
    return person_id


def make_cast(password: str | None = None) -> Cast:
    """Return two councils: one with every role, one with outsiders; all with this password."""
    one = make_organisation("Larchdale Council")
    two = make_organisation("Fenwick Council")
    team = make_team(one, "Riverside", slug="riverside")
    other_team = make_team(one, "Hillside", slug="hillside")
    outsider_team = make_team(two, "Riverside", slug="riverside")

    def person(name: str, role: Role, team_id: int | None = None, org: int = one) -> int:
        council = "larchdale" if org == one else "fenwick"
        email = f"{name.lower().replace(' ', '.')}@{council}.example"
        return make_person(
            org, name=name, email=email, role=role, team_id=team_id, password=password
        )

    made = Cast(
        organisation=one,
        team=team,
        other_team=other_team,
        practitioner=person("Amina Birch", Role.PRACTITIONER, team),
        colleague=person("Jo Sedge", Role.PRACTITIONER, team),
        manager=person("Sam Alder", Role.MANAGER, team),
        other_manager=person("Leah Rowan", Role.MANAGER, other_team),
        coach=person("Priya Hazel", Role.COACH),
        voices_reader=person("Tom Willow", Role.VOICES_READER),
        incident_reviewer=person("Stella Maple", Role.INCIDENT_REVIEWER),
        leader=person("Florence Ash", Role.LEADER),
        data_protection_lead=person("Dev Poplar", Role.DATA_PROTECTION_LEAD),
        administrator=person("Robin Elm", Role.ADMINISTRATOR),
        guest=person("Gwen Visitor", Role.GUEST),
        other_organisation=two,
        outsider_team=outsider_team,
        outsider=person("Olive Fen", Role.MANAGER, outsider_team, two),
        outsider_administrator=person("Oscar Reed", Role.ADMINISTRATOR, None, two),
    )
    db.session.flush()
    return made


def make_idea(
    cast: Cast,
    *,
    text: str | None = None,
    by: int | None = None,
    team_id: int | None = None,
    reply: ReplyKind | None = None,
    look_again_on: date | None = None,
    **facts: Any,
) -> int:
    """Return the id of a new idea, by the practitioner in the first team unless said otherwise.

    ``reply`` has it answered by the team's manager in a few words. ``facts`` go to the service as
    they are: benefit, source, hides_name, answerer, form_token.
    """
    number = next(_numbers)
    facts.setdefault("form_token", f"form-{number}")
    proposed = ideas_service.propose_idea(
        actor(by or cast.practitioner),
        text=text or f"Small change number {number}",
        team_id=team_id or cast.team,
        **facts,
    )
    if reply is not None:
        ideas_service.reply_first(
            actor(cast.manager),
            idea_id=proposed.idea_id,
            kind=reply,
            words="Yes. Try it with your next five families.",
            seen_version=1,
            look_again_on=look_again_on,
        )
    db.session.flush()
    return proposed.idea_id


#: What stands in a small test that these ideas go through.
PLANNED: dict[str, Any] = {
    "change_to_try": "Send each child a photo two days before",
    "families_count": 5,
    "prediction": "The child knows my name when I arrive",
    "expected_count": 4,
    "expected_of": 5,
    "how_known": "write",
}
TRIED: dict[str, Any] = {
    "what_happened": "Five photos sent. All five children knew the name.",
    "as_planned": "yes",
    "seen_count": 5,
    "seen_of": 5,
}
LEARNED: dict[str, Any] = {
    "prediction_held": "yes",
    "learned": "A photo is enough. Send it two days before.",
}
_STEPS = (Stage.PLAN, Stage.DO, Stage.STUDY, Stage.ACT)


def idea_in(cast: Cast, stage: Stage | str, **facts: Any) -> int:
    """Return the id of an idea that the manager moved on to ``stage``, by every step before it.

    ``facts`` go to ``make_idea``. For a finished idea see ``finish_cycle``.
    """
    stage = Stage(stage)
    idea_id = make_idea(cast, reply=ReplyKind.WILL_TRY, **facts)
    if stage is Stage.SUGGESTED:
        return idea_id
    for step in _STEPS[: _STEPS.index(stage) + 1]:
        take(cast, idea_id, Way(step.value))
    return idea_id


def take(cast: Cast, idea_id: int, way: Way, **more: Any) -> ideas_service.Moved:
    """Have the manager take an idea one way, with the answers that this asks for."""
    version, stage = db.session.execute(
        select(Idea.version, Idea.stage).where(Idea.id == idea_id)
    ).one()
    answers: dict[Way, dict[str, Any]] = {
        Way.PLAN: {"improves": "Children know who is coming"},
        Way.DO: {**PLANNED, "study_by_on": clock.today() + timedelta(days=14)},
        Way.STUDY: TRIED,
        Way.ACT: LEARNED,
    }
    target = ways_from(Stage(stage)).get(way)
    is_back = target is not None and target.is_back
    return ideas_service.move_stage(
        actor(cast.manager),
        idea_id=idea_id,
        way=way,
        seen_version=version,
        from_stage=Stage(stage),
        answers=more.pop("answers", {} if is_back else answers.get(way, {})),
        note=more.pop("note", "Soon enough"),
        lead_id=more.pop("lead_id", cast.practitioner if way is Way.PLAN else None),
        **more,
    )


def finish_cycle(
    cast: Cast,
    decision: str,
    *,
    title: str | None = None,
    why: str = "It worked for all five",
    **facts: Any,
) -> int:
    """Return the id of an idea whose first cycle was decided: adopt, adapt or abandon."""
    idea_id = idea_in(cast, Stage.ACT, text=title, **facts)
    ways = {"adopt": Way.KEEP, "adapt": Way.CHANGE, "abandon": Way.STOP}
    take(cast, idea_id, ways[decision], answers={"decision_why": why}, note="")
    return idea_id


def make_measure(
    cast: Cast,
    *,
    team_id: int | None = None,
    numbers: Sequence[float | tuple[float, float]] = (),
    first_on: date = date(2026, 1, 5),
    **details: Any,
) -> int:
    """Return the id of a new weekly measure of the first team, defined by a coach.

    So many out of so many unless ``recorded`` says otherwise. ``numbers`` are entered from
    ``first_on`` on, a period apart: pairs, or single values.
    """
    coach = actor(cast.coach)
    recorded = details.setdefault("recorded", "proportion")
    details.setdefault("name", f"Measure {next(_numbers)}")
    details.setdefault("numerator", "Visits made, child seen, by the due day")
    if recorded == "proportion":
        details.setdefault("denominator", "Visits that fell due that week")
    measure_id = measures_service.define_measure(
        coach, team_id=team_id or cast.team, details=MeasureDetails(**details)
    )
    enter_numbers(
        cast, measure_id, numbers, first_on=first_on, period=details.get("frequency", "week")
    )
    return measure_id


def enter_numbers(
    cast: Cast,
    measure_id: int,
    numbers: Sequence[float | tuple[float, float]],
    *,
    first_on: date,
    period: Period = "week",
) -> None:
    """Enter numbers a period apart, by the coach."""
    points, day = [], first_on
    for number in numbers:
        if isinstance(number, tuple):
            points.append(NewPoint(day, numerator=number[0], denominator=number[1]))
        else:
            points.append(NewPoint(day, value=number))
        day = next_period(day, period)
    if points:
        measures_service.add_points(actor(cast.coach), measure_id=measure_id, points=points)


def give_numbers_to_ring(cast: Cast) -> None:
    """Give the first council numbers to ring by day and by night."""
    numbers = {"day": "01632 960100", "night": "01632 960199"}
    service.set_duty_numbers(
        cast.actor("administrator"), words=numbers, seen={"day": "", "night": ""}
    )


def count_wrong_tries(secret: str, email: str, client: str, times: int = 1) -> None:
    """Have wrong passwords stand counted, as if each had been typed at the door."""
    for _ in range(times):
        for kind, who in (("account", email), ("client", client)):
            count_failure(counter_key(secret, kind, who), clock.now())
    db.session.commit()


def token_for(person_id: int) -> str:
    """Return the cookie value of a fresh session of this person, proved by a code; commits."""
    signed_in = service.open_session_for(person_id, device="Test", factor="code")
    db.session.commit()
    return "s." + signed_in.token


def proved_session(person_id: int) -> int:
    """Return the id of a session of somebody who proved themselves just now without a password."""
    signed_in = service.open_session_for(
        person_id, device="Test", factor="provider", proved_at=clock.now()
    )
    live = queries.session_by_token_hash(token_hash(signed_in.token))
    assert live is not None
    return live.id


def moment() -> str:
    """Return the present moment in words, for texts that must differ."""
    return clock.now().isoformat()
