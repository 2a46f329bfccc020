"""Languages of the form: on once somebody checked them, off at any time."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from improve.voices.models import VoiceLanguage
from improve.voices.queries.wording import catalogue
from improve.voices.service.setup import locked_setup
from improve.voices.wording import EASY_READ, ENGLISH, LANGUAGES, TEXTS

#: Where these are still in English, a catalogue was only begun.
_TELLING: Final = ("older.must_tell", "all.danger.unread", "all.about.kept")


def turn_on(actor: Actor, *, language: str, checked_by: str, checked_on: date) -> None:
    """Offer a language, since somebody who speaks it checked the words.

    On already: nothing happens. Raises ``NotFound`` for a language that there is not.
    """
    _check(actor, language)
    reasons = []
    if language != EASY_READ and any(catalogue(language)[name] == TEXTS[name] for name in _TELLING):
        reasons.append(Reason("This language is not written to the end yet."))
    if not checked_by:
        reasons.append(Reason("Write who checked it.", "checked_by"))
    if checked_on > clock.today():
        reasons.append(Reason("Write a day up to today.", "checked_on"))
    if reasons:
        raise RuleBroken(reasons)
    locked_setup(actor)
    if _on(actor, language):
        return
    db.session.add(
        VoiceLanguage(
            organisation_id=actor.organisation_id,
            language=language,
            checked_by=checked_by,
            checked_on=checked_on,
            turned_on_by_id=actor.person_id,
            turned_on_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(
        actor, "voices_language_on", "organisation", actor.organisation_id, language=language
    )


def turn_off(actor: Actor, *, language: str) -> None:
    """Stop offering a language. Who checked it stays as history. Twice is harmless."""
    _check(actor, language)
    for row in _on(actor, language):
        row.ended_at = clock.now()
        audit.record(
            actor, "voices_language_off", "organisation", actor.organisation_id, language=language
        )
    db.session.flush()


def _check(actor: Actor, language: str) -> None:
    if not roles.may(actor, Permission.SET_UP_VOICES):
        raise Forbidden("Only an administrator can turn a language on or off.")
    if language not in LANGUAGES or language == ENGLISH:
        raise NotFound


def _on(actor: Actor, language: str) -> list[VoiceLanguage]:
    return list(
        db.session.scalars(
            select(VoiceLanguage)
            .where(
                VoiceLanguage.organisation_id == actor.organisation_id,
                VoiceLanguage.language == language,
                VoiceLanguage.ended_at.is_(None),
            )
            .order_by(VoiceLanguage.id)
            .with_for_update()
        )
    )
