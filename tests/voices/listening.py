"""A council that listens: an open form, and a voice in each state that pages show apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import Sealer
from improve.voices.kinds import State
from improve.voices.models import VoiceReader, VoiceReply, VoiceSetup
from improve.voices.queries.surveys import surveys
from improve.voices.service.codes import make_code
from improve.voices.service.surveys import make_survey
from improve.voices.service.themes import add_theme
from tests.factories import actor, make_person
from tests.voices.make import make_answer, make_shared_voice, make_voice
from tests.voices.open_council import opened

#: What a reader may do with a voice.
READING = ("danger", "staff", "english", "words", "compare", "theme", "idea", "link", "thanks")
ANSWERING = ("team", "answer")


@dataclass(frozen=True)
class Listening:
    """Keys of voices by what happened to them, and what else has an address."""

    code: str
    survey: int
    voices: dict[str, str]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every page about one of these, whoever may see it."""
        found = [f"/voices/surveys/{self.survey}", f"/say/{self.code}"]
        for key in self.voices.values():
            found += [f"/voices/desk/{key}", f"/voices/{key}", f"/voices/drafts/{key}"]
        # What is waiting is opened first; what is settled goes on to its use and the answer.
        for state, tails in (("reading", READING), ("shared", READING + ANSWERING)):
            found += [f"/voices/desk/{self.voices[state]}/{tail}" for tail in tails]
        return tuple(found)


def listen(
    organisation_id: int, *, reader: Actor, raw: str, words: str, receipt: str = ""
) -> Listening:
    """Open the form where it is closed, and make a voice in each state; the caller commits.

    ``raw`` stands in what only readers may read, ``words`` in what staff or everybody may.
    ``receipt``: the words to come back with to the answered one.
    """
    if db.session.get(VoiceSetup, organisation_id) is None:
        db.session.add_all(opened(organisation_id, reader.person_id, promise=words))
    code = f"otter-{db.session.query(VoiceReader).count()}-{len(surveys(reader))}"
    make_code(reader, label=f"First visits {words}".strip(), code=code)
    theme = add_theme(reader, name=f"Waiting {words}".strip())
    today = clock.today()
    make_survey(
        reader,
        name=f"Everybody reviewed {len(surveys(reader))} {words}".strip(),
        opens_on=today,
        closes_on=today + timedelta(days=5),
        count=6,
    )
    told = {"happened": f"Nobody came. {raw}".strip(), "better": f"Ring first. {raw}".strip()}
    read = {"reader_id": reader.person_id, "opened_on": today, "is_danger": False}
    shared = {**told, "reader_id": reader.person_id, "theme_id": theme, "by_id": reader.person_id}

    def settled(said: str, **facts: object) -> str:
        return make_shared_voice(organisation_id, words=said, **{**shared, **facts})  # type: ignore[arg-type]

    away, mine = clock.now(), f"I waited. {words}".strip()
    sealer = Sealer(current_app.config["SEALING_KEYS"], "voices")
    voices = {
        "danger": make_voice(organisation_id, **told, may_be_danger=True, hints=["danger"]),
        "polish": make_voice(organisation_id, **told, language="pl"),
        "reading": make_voice(organisation_id, **told, **read, state=State.READING.value),
        "locked": settled(f"Locked. {raw}", state=State.SAFEGUARDING.value, locked_at=away),
        "hidden": settled(f"Hidden. {raw}", hidden_at=away, hidden_by_id=reader.person_id),
        "aside": make_voice(organisation_id, **told, state=State.SET_ASIDE.value),
        "shared": settled(mine),
        "helped": settled(mine, by_helper=True, may_show="no"),
        "answered": settled(
            mine,
            state=State.ANSWERED.value,
            answered_on=today,
            **({"receipt_hash": sealer.hash(receipt)} if receipt else {}),
        ),
        "again": settled(mine, state=State.AGAIN.value, answered_on=today, put_right="no"),
    }
    make_answer(voices["shared"], by_id=reader.person_id, given_on=None, words=f"A draft. {words}")
    for state in ("answered", "again"):
        answer = make_answer(
            voices[state],
            by_id=reader.person_id,
            words=f"We ring first now. {words}".strip(),
            said=mine,
            tried="We rang before each visit.",
            happened="People were in.",
            ending="kept",
            is_public=state == "answered",
        )
    key = "r" * 21 + str(organisation_id % 10)
    if db.session.get(VoiceReply, key) is None:
        db.session.add(
            VoiceReply(
                key=key,
                organisation_id=organisation_id,
                voice_key=voices["again"],
                answer_id=answer,
                came_on=today,
                said="no",
                sealed=sealer.seal(f'{{"words": "Not yet. {raw}"}}', about=key),
            )
        )
    db.session.flush()
    return Listening(code, surveys(reader)[0].id, voices)


def listen_elsewhere(organisation_id: int, *, words: str) -> Listening:
    """Have another council listen, with a reader of its own."""
    reader = actor(make_person(organisation_id, role=Role.VOICES_READER))
    return listen(organisation_id, reader=reader, raw=words, words=words)
