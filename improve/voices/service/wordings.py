"""The words of the form in a council's own words: changed, and put back."""

from __future__ import annotations

from sqlalchemy import func, select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale
from improve.shared.own_words import places_reason
from improve.voices.models import VoiceWording
from improve.voices.queries.wording import catalogue
from improve.voices.service.setup import locked_setup
from improve.voices.wording import LANGUAGES, TEXTS


def change_words(actor: Actor, *, language: str, name: str, words: str, seen_version: int) -> None:
    """Say a text of the form in the council's own words, as a new version; no words: the house's.

    ``seen_version``: the newest version that was on the page, 0 before any; raises ``Stale``
    where there is another by now. Refuses words that lose or add a filled-in place such as
    ``{day}``. The same words again are harmless. Raises ``NotFound`` for an unknown text.
    """
    if not roles.may(actor, Permission.SET_UP_VOICES):
        raise Forbidden("Only an administrator can change the words of the form.")
    if language not in LANGUAGES or name not in TEXTS:
        raise NotFound
    house = catalogue(language)[name]
    if words == house:
        words = ""
    if len(words) > limits.length("voice_wording"):
        raise RuleBroken(
            [Reason(f"Use {limits.length('voice_wording'):,} characters or fewer.", "words")]
        )
    wrong = places_reason(house, words)
    if wrong:
        raise RuleBroken([Reason(wrong, "words")])
    # Two who save at once wait for each other here, so that no version is there twice.
    locked_setup(actor)
    of_text = (
        VoiceWording.organisation_id == actor.organisation_id,
        VoiceWording.language == language,
        VoiceWording.name == name,
    )
    newest = db.session.scalar(select(func.max(VoiceWording.version)).where(*of_text)) or 0
    said_now = db.session.scalar(
        select(VoiceWording.words).where(*of_text, VoiceWording.version == newest)
    )
    if words == (said_now or ""):
        return
    if newest != seen_version:
        raise Stale(what="voices_words", version=newest)
    db.session.add(
        VoiceWording(
            organisation_id=actor.organisation_id,
            language=language,
            name=name,
            version=newest + 1,
            words=words,
            changed_by_id=actor.person_id,
            changed_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(
        actor,
        "voices_words_changed",
        "organisation",
        actor.organisation_id,
        language=language,
        text=name,
        version=newest + 1,
    )
