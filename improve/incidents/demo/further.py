"""Further reports of the demo’s council: settled, and all but the latest answered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import insert

from improve.incidents.factors import FACTORS
from improve.incidents.kinds import Kind, State
from improve.incidents.learning_days import shown_month_of, week_of
from improve.incidents.models import Incident, IncidentAnswer, IncidentLearning
from improve.incidents.sealing import RECEIPTS, sealer
from improve.incidents.service.answers import sealed_answer
from improve.shared import clock, receipt_words
from improve.shared.db import db

_SEED: Final = "what staff told"
#: Besides the reports that are told one by one: the next comes so many days later.
_EVERY: Final = (1, 3)
#: How often of twenty a kind is reported, and which conditions come with it more than others.
_KINDS: Final[Mapping[Kind, int]] = {
    Kind.NEAR_MISS: 12,
    Kind.NO_HARM: 3,
    Kind.WENT_WELL: 4,
    Kind.SOME_HARM: 1,
}
_OFTEN: Final = ("F08", "F07", "F06", "F05", "F14", "F12", "F09")
_TOGETHER: Final = (("F08", "F07"), ("F08", "F14"), ("F06", "F05"))
#: Days from the report until it was signed off.
_SETTLED_AFTER: Final = (6, 12)
#: So many of the latest further reports still wait for their answer.
_TO_BE_ANSWERED: Final = 2


def settle_further(
    organisation_id: int, group_id: int, content: Mapping[str, Any], *, until: date
) -> None:
    """Leave what is left of many further reports until a day, so that patterns have points.

    Through form and desk they would take the time of the whole demo, and all that stays of a
    settled report is this.
    """
    chance = Random(_SEED)  # noqa: S311 - invented reports
    here = {"organisation_id": organisation_id}
    themes, stubs, learnings = content["themes"], [], []
    day = clock.today() + timedelta(days=10)
    while day < until:
        settled = day + timedelta(days=chance.randint(*_SETTLED_AFTER))
        factors = set(chance.choice(_TOGETHER)) | set(chance.sample(_OFTEN, chance.randint(1, 2)))
        if chance.random() < 0.4:
            factors = set(chance.sample(_OFTEN, chance.randint(1, 2)))
        if chance.random() < 0.1:
            factors = {chance.choice(FACTORS).code}
        key, learning_key = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        learnings.append(
            here
            | {
                "key": learning_key,
                "week": week_of(day),
                "settled_week": week_of(settled),
                "theme": chance.choice(themes) if chance.random() < 0.1 else "",
                "kind": chance.choices([*_KINDS], [*_KINDS.values()])[0].value,
                "factors": sorted(factors),
                "agreement": chance.choice([1.0, 1.0, 0.67, 0.75, 0.5]),
                "shown_month": shown_month_of(settled),
            }
        )
        stubs.append(
            here
            | {
                "key": key,
                "week": week_of(day),
                "group_id": group_id,
                "receipt_hash": sealer(RECEIPTS).hash(receipt_words.new_long()),
                "state": State.SIGNED_OFF.value,
                "ended_week": week_of(settled),
                "learning_key": learning_key,
            }
        )
        day += timedelta(days=chance.randint(*_EVERY))
    db.session.execute(insert(IncidentLearning), learnings)
    db.session.execute(insert(Incident), stubs)
    answers = [
        _answered(stub, content["answers"][n % len(content["answers"])])
        for n, stub in enumerate(stubs[:-_TO_BE_ANSWERED])
    ]
    db.session.execute(insert(IncidentAnswer), answers)


def _answered(stub: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Return the answer to a further report, given in the week it was signed off."""
    key = secrets.token_urlsafe(16)
    return {
        "key": key,
        "organisation_id": stub["organisation_id"],
        "incident_key": stub["key"],
        "sealed": sealed_answer(words, key=key),
        "given_week": stub["ended_week"],
    }
