"""The demo council as browsers are shown it, and the numbers that its pages have in their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from improve.accounts import queries as teams
from improve.demo import load_demo
from improve.demo.people import Council
from improve.huddles.queries import actions_to_do
from improve.huddles.queries.past import past_huddles
from improve.incidents.models import Incident, IncidentLearning
from improve.measures import queries
from improve.migrations import upgrade_database
from improve.notifications.kinds import Group
from improve.notifications.stop_links import Stop, write_stop
from improve.shared import clock
from improve.shared.db import db
from improve.voices.queries.answers import voices_to_draft
from improve.voices.queries.codes import codes
from improve.voices.queries.desk import Show, desk
from improve.voices.queries.help_wanted import Contact
from improve.voices.queries.shared import SharedFilter, shared_voices
from improve.voices.queries.surveys import surveys
from improve.voices.service.help_wanted import ask_for_help
from improve.voices.service.surveys import make_survey
from tests.conftest import NOW, test_settings
from tests.factories import PASSWORD

SECRET_KEY = test_settings("")["SECRET_KEY"]


@dataclass
class DemoSite:
    """A running demo, and the numbers of its ideas, measures, tallies and samples by their names.

    ``states`` holds who has signed in already, as the browser keeps it.
    """

    url: str
    ideas: dict[str, int]
    measures: dict[str, int]
    counted: dict[str, Any]
    states: dict[str, Any] = field(default_factory=dict)


def make_demo(app: Flask) -> tuple[dict[str, int], dict[str, int], dict[str, Any]]:
    """Load the demo as of the Tuesday of the tests; the numbers of its ideas, measures and of all else."""
    upgrade_database(app)
    with clock.moved(NOW):
        made = load_demo(app, password=PASSWORD)
    with clock.moved(NOW), app.app_context():
        counted = {**_counted(made.council), **_handed_out(made.council)}
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return made.council.ideas, made.council.measures, counted


def _counted(council: Council) -> dict[str, Any]:
    """Return the numbers of what people counted, decided and drew, by a name for each."""
    ids, actor = council.measures, council.actor("tess")
    newest = queries.observations_of(actor, [ids["cp_visits_on_time"]])[ids["cp_visits_on_time"]]
    rates = queries.observations_of(actor, [ids["re_referral"]])[ids["re_referral"]]
    lines = queries.lines_of([ids["missing_nights"], ids["voice_in_plan"]])
    team = teams.team_by_slug(actor, "safeguarding-and-court")
    return {
        "a_huddle": past_huddles(actor, team.id).huddles[0].id,
        "an_action": actions_to_do(council.actor("marlon"))[0].id,
        # Signed as this application signs: every run of the tests has the same secret.
        "a_stop": write_stop(SECRET_KEY, Stop(actor.person_id, groups=(Group.FOLLOWED,))),
        **council.tallies,
        **council.samples,
        "a_number": newest[-1].id or 0,
        "left_out": next(o.id for o in rates if o.is_excluded) or 0,
        "a_baseline": lines[ids["missing_nights"]].baselines[0].id,
        "a_line": lines[ids["voice_in_plan"]].middle_lines[0].id,
        **_told(council),
        **_reported(council),
    }


def _told(council: Council) -> dict[str, Any]:
    """Return keys of voices that wait, are locked and are read by staff, and one of each address."""
    reader, today = council.actor("tamsin"), clock.today()
    return {
        "a_waiting": next(row.key for row in desk(reader, 1).rows if not row.is_opened),
        "a_locked": desk(reader, 1, Show.LOCKED).rows[0].key,
        "a_shared": shared_voices(reader, SharedFilter()).voices[0].key,
        "a_draft": voices_to_draft(council.actor("tess"), 1).rows[0].key,
        "a_code": codes(reader, today)[0].id,
        "a_survey": next(one.id for one in surveys(reader) if one.closes_on < today),
    }


def _reported(council: Council) -> dict[str, Any]:
    """Return keys of reports: one that waits, one that is read, and one that was signed off."""
    found = db.session.execute(
        select(Incident.key, Incident.state, IncidentLearning.idea_id)
        .outerjoin(IncidentLearning, IncidentLearning.key == Incident.learning_key)
        .where(Incident.organisation_id == council.organisation_id)
    ).all()
    return {
        "r_waiting": next(row.key for row in found if row.state == "waiting"),
        "r_read": next(row.key for row in found if row.state == "reading"),
        "r_ended": next(row.key for row in found if row.idea_id is not None),
    }


def _handed_out(council: Council) -> dict[str, Any]:
    """Return a code of a survey and a link of a wish for help: both are told once, to whom they are for."""
    reader, today = council.actor("tamsin"), clock.today()
    codes = make_survey(
        reader, name="Everybody seen this week", opens_on=today, closes_on=today, count=5
    )
    tokens: list[str] = []

    def link_of(token: str) -> str:
        tokens.append(token)
        return f"https://improve.example/{token}"

    ask_for_help(
        organisation_id=reader.organisation_id,
        once="somebody",
        contact=Contact(name="Kit", reach="01632 960 111", when="After school"),
        link_of=link_of,
    )
    return {"a_once": codes[0], "a_token": tokens[0]}
