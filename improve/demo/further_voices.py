"""Further voices of the demo: about sixty a month, so that its charts have points.

Nine hundred of them through form, desk and answer would take the time of the whole demo, so these
rows go straight to their tables. No receipt leads to one, and none has steps or an audit of its
own; those that are told one by one, see ``demo.voices``, have all of it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import insert, select, update

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import Sealer
from improve.shared.whole_tables import all_tables
from improve.shared.working_days import is_working_day
from improve.voices.kinds import SCALES, AgeBand, Speaker, State, WayIn, Wording
from improve.voices.queries.codes import Place, place_of
from improve.voices.sealed import sealer, words_hash
from improve.voices.service.measures import count_ended_months
from improve.voices.service.retention import delete_what_was_written
from improve.voices.service.said_months import write_said_months
from improve.voices.service.survey_results import count_closed_surveys
from improve.voices.service.surveys import make_survey

_SEED: Final = "what families say"
#: Words as they were written are kept so many days, as the demo's council chose.
_KEPT_DAYS: Final = 90
#: Whom each wording is asked of, with how often of ten.
_WHO: Final[Mapping[str, tuple[tuple[Speaker, tuple[AgeBand, ...], int], ...]]] = {
    "younger": ((Speaker.CHILD, (AgeBand.TO_7, AgeBand.TO_11), 10),),
    "older": ((Speaker.YOUNG_PERSON, (AgeBand.TO_15, AgeBand.FROM_16), 10),),
    "adult": ((Speaker.PARENT_OR_CARER, (), 8), (Speaker.CARE_LEAVER, (), 2)),
}
#: How often each wording is chosen, and each address by its place in the content: one team hears
#: enough for a measure of its own, the others hear too little.
_WORDINGS: Final = {"younger": 7, "older": 6, "adult": 7}
_PLACES: Final = (10, 0, 0, 10)
#: Everybody is answered in so many days; who told later than that may still wait.
_ANSWERED_BY: Final = 27
_THEMES: Final = {
    "social_worker": "Being told why",
    "visits": "Knowing who comes and when",
    "family_time": "Knowing who comes and when",
    "first_contact": "Getting hold of us",
    "meetings": "Meetings at a good time",
    "school": "Meetings at a good time",
    "plan": "My plan in my words",
    "being_listened_to": "Being listened to",
    "home": "Kind people",
}


@dataclass(frozen=True)
class _Written:
    """What somebody wrote, and about what, with their rating from 1, the best."""

    wording: str
    topic: str
    rating: int
    happened: str
    better: str


def further_steps(
    council: Council, voices: Mapping[str, Any], themes: Mapping[str, int], timetable: Timetable
) -> Iterator[Step]:
    """Yield the further voices, and the night after them: months counted, old words deleted."""
    ids: dict[str, int] = {}
    for survey in voices["surveys"]:
        at = timetable.early(survey["opens"], 209)
        yield Step(at, partial(_make_survey, council, survey, ids))
    yield Step(timetable.early(0, 210), lambda: _tell(council, voices, themes))
    yield Step(timetable.early(0, 210), lambda: _answer_surveys(council, voices, themes, ids))
    yield Step(timetable.early(0, 211), _pass_the_night)


def _make_survey(council: Council, survey: Mapping[str, Any], ids: dict[str, int]) -> None:
    opens_on = clock.today()
    name = survey["name"].format(month=f"{opens_on:%B}")
    make_survey(
        council.actor(survey["by"]),
        name=name,
        team_id=council.teams[survey["team"]] if survey["team"] else None,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=survey["days"]),
        count=survey["printed"],
    )
    surveys = all_tables()["voice_surveys"]
    newest = select(surveys.c.id).where(surveys.c.name == name).order_by(surveys.c.id.desc())
    ids[survey["name"]] = db.session.scalars(newest).first() or 0


def _answer_surveys(
    council: Council,
    voices: Mapping[str, Any],
    themes: Mapping[str, int],
    ids: Mapping[str, int],
) -> None:
    """Answer with some of the printed codes; no row says which code brought which words."""
    chance, seal, codes = Random(f"{_SEED}, asked"), sealer(), all_tables()["voice_survey_codes"]
    general = place_of(voices["codes"][0]["code"], clock.today())
    rows, answers = [], []
    for survey in voices["surveys"]:
        survey_id = ids[survey["name"]]
        for number in range(survey["used"]):
            ago = survey["opens"] + 1 + number % min(survey["days"], -survey["opens"] - 3)
            came_on = clock.today() + timedelta(days=ago)
            written = _written(chance, voices["further"], survey["asked"], getting_better=1)
            reader_id = council.people[chance.choice(voices["readers"])]
            row = _row(chance, seal, general, written, (came_on, reader_id))
            row |= {"survey_id": survey_id, "way_in": WayIn.SURVEY.value, "code_id": None}
            row["theme_id"] = themes[_THEMES[written.topic]] if row["opened_on"] else None
            rows.append(row)
            if row["answered_on"]:
                words, ending = voices["further"]["answers"][written.topic]
                answers.append(_answer(row, words, ending))
        one_of = select(codes.c.code_hash).where(codes.c.survey_id == survey_id)
        used = one_of.order_by(codes.c.code_hash).limit(survey["used"])
        db.session.execute(update(codes).where(codes.c.code_hash.in_(used)).values(is_used=True))
    db.session.execute(insert(all_tables()["voices"]), rows)
    db.session.execute(insert(all_tables()["voice_answers"]), answers)


def _pass_the_night() -> None:
    count_ended_months()
    write_said_months()
    count_closed_surveys()
    delete_what_was_written()


def _tell(council: Council, voices: Mapping[str, Any], themes: Mapping[str, int]) -> None:
    chance, seal = Random(_SEED), sealer()
    places = [place_of(one["code"], clock.today()) for one in voices["codes"]]
    rows, answers = [], []
    for ago in range(voices["further"]["months"], -1, -1):
        for _ in range(voices["further"]["a_month"] + chance.randrange(-2, 4)):
            came_on = _day(chance, ago)
            if came_on is None:
                continue
            written = _written(
                chance, voices["further"], tuple(_WORDINGS), getting_better=1 - ago / 16
            )
            reader_id = council.people[chance.choice(voices["readers"])]
            place = chance.choices(places, _PLACES)[0]
            row = _row(chance, seal, place, written, (came_on, reader_id))
            row["theme_id"] = themes[_THEMES[written.topic]] if row["opened_on"] else None
            rows.append(row)
            if row["answered_on"]:
                words, ending = voices["further"]["answers"][written.topic]
                answers.append(_answer(row, words, ending))
                if chance.random() < 0.6:
                    row["put_right"] = chance.choices(("yes", "partly", "no"), (11, 6, 3))[0]
    db.session.flush()
    db.session.execute(insert(all_tables()["voices"]), rows)
    db.session.execute(insert(all_tables()["voice_answers"]), answers)
    db.session.execute(insert(all_tables()["voice_replies"]), _replies(chance, rows))


def _replies(chance: Random, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what was said of the answers: without words, and read by whoever gave them."""
    answers = all_tables()["voice_answers"]
    found = db.session.execute(select(answers.c.voice_key, answers.c.id)).all()
    ids = {one.voice_key: one.id for one in found}
    now, today = clock.now(), clock.today()
    return [
        {
            "key": _key(chance),
            "organisation_id": row["organisation_id"],
            "voice_key": row["key"],
            "answer_id": ids[row["key"]],
            "came_on": min(row["answered_on"] + timedelta(days=chance.randrange(1, 9)), today),
            "said": row["put_right"],
            "sealed": None,
            "may_be_danger": False,
            "read_at": now,
            "read_by_id": row["reader_id"],
        }
        for row in rows
        if row["put_right"]
    ]


def _key(chance: Random) -> str:
    return urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")


def _day(chance: Random, ago: int) -> date | None:
    """Return a day of the month that was so many months ago, None for one that is to come."""
    today = clock.today()
    months = today.year * 12 + today.month - 1 - ago
    day = date(months // 12, months % 12 + 1, 1) + timedelta(days=chance.randrange(28))
    return day if day < today - timedelta(days=2) else None


def _written(
    chance: Random, content: Mapping[str, Any], asked: Sequence[str], *, getting_better: float
) -> _Written:
    """Return what one of those ``asked`` says: more of it is good as the months go by."""
    wording = chance.choices(asked, [_WORDINGS[one] for one in asked])[0]
    words, scale = content[wording], SCALES[Wording(wording)]
    is_good = chance.random() < 0.38 + 0.3 * getting_better
    best = (1,) if scale == 3 else (1, 2)
    rest = (2, 3) if scale == 3 else (3, 3, 4, 4, 5)
    return _Written(
        wording,
        chance.choice(words["topics"]),
        chance.choice(best if is_good else rest),
        chance.choice(words["good" if is_good else "other"]),
        chance.choice(words["better"]),
    )


def _row(
    chance: Random,
    seal: Sealer,
    place: Place | None,
    written: _Written,
    came: tuple[date, int],
) -> dict[str, Any]:
    assert place is not None  # noqa: S101 - the addresses were made on the day of opening
    today, (came_on, reader_id) = clock.today(), came
    key = _key(chance)
    who, ages, _ = chance.choices(_WHO[written.wording], [w[2] for w in _WHO[written.wording]])[0]
    opened_on = _at_work(came_on + timedelta(days=chance.choice((0, 0, 1, 1, 2))))
    answered_on = _at_work(opened_on + timedelta(days=chance.choice((2, 3, 4, 6, 8, 11, 16))))
    is_read = opened_on < today - timedelta(days=1)
    is_owed = (today - came_on).days > _ANSWERED_BY
    answered_on = min(answered_on, came_on + timedelta(days=_ANSWERED_BY))
    is_answered = is_read and answered_on < today and (is_owed or chance.random() < 0.97)
    words = json.dumps({"happened": written.happened, "better": written.better})
    is_kept = came_on > today - timedelta(days=_KEPT_DAYS)
    share = "\n\n".join(part for part in (written.happened, written.better) if part)
    return {
        "key": key,
        "organisation_id": place.organisation_id,
        "came_on": came_on,
        "code_id": place.code_id,
        "team_id": place.team_id,
        "speaker_kind": who.value,
        "age_band": chance.choice(ages).value if ages else "",
        "wording": written.wording,
        "language": "en",
        "way_in": WayIn.WEB.value,
        "by_helper": written.wording == "younger" and chance.random() < 0.2,
        "topic": written.topic,
        "scale": SCALES[Wording(written.wording)],
        "rating": written.rating if chance.random() < 0.95 else None,
        "may_show": chance.choices(("yes", "no", "unknown"), (7, 1, 2))[0],
        "sealed": seal.seal(words, about=key) if is_kept else None,
        "words_hash": words_hash(written.happened, written.better) if is_kept else "",
        "receipt_hash": f"demo:{key}",
        "hints": [],
        "may_be_danger": False,
        "state": (State.ANSWERED if is_answered else State.TO_ANSWER).value
        if is_read
        else State.WAITING.value,
        "is_danger": False if is_read else None,
        "is_about_staff": False if is_read else None,
        "is_complaint": False if is_read else None,
        "opened_on": opened_on if is_read else None,
        "reader_id": reader_id if is_read else None,
        "shareable": share if is_read else "",
        "changes": [],
        "shared_at": clock.at_local(opened_on, 10) if is_read else None,
        "shared_by_id": reader_id if is_read else None,
        "answered_on": answered_on if is_answered else None,
        "put_right": "",
        "is_theme_only": False,
        "version": 1,
    }


def _at_work(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _answer(row: Mapping[str, Any], words: str, ending: str) -> dict[str, Any]:
    return {
        "organisation_id": row["organisation_id"],
        "voice_key": row["key"],
        "words": f"Thank you for telling us. {words}",
        "said": "",
        "tried": "",
        "happened": "",
        "ending": ending,
        "is_public": False,
        "written_by_id": row["reader_id"],
        "given_by_id": row["reader_id"],
        "given_on": row["answered_on"],
        "created_at": clock.at_local(row["answered_on"], 11),
        "version": 1,
    }
