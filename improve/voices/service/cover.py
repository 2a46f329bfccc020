"""Who reads on which days."""

from __future__ import annotations

from datetime import date
from typing import Final

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.in_confidence.reading_days import ReadersDays
from improve.accounts.roles import Permission
from improve.accounts.service.reading_cover import put_days_in, take_days_out
from improve.shared.errors import Forbidden
from improve.voices.models import VoiceCover
from improve.voices.queries.setup import readers
from improve.voices.service.setup import locked_setup

_MAY_NOT: Final = "Only an administrator can change who reads."


def add_cover(actor: Actor, *, person_id: int, from_on: date, to_on: date) -> None:
    """Say that a trained reader reads from one day to another, both with it.

    Refuses who is not trained, and days as ``put_days_in`` does. The same again is harmless.
    """
    _check_may(actor)
    trained = {reader.person_id for reader in readers(actor.organisation_id) if reader.trained_on}
    put_days_in(
        VoiceCover,
        actor,
        days=ReadersDays(person_id, from_on, to_on),
        not_a_reader="" if person_id in trained else "Choose a trained reader.",
        lock=locked_setup,
        act="voices_cover_added",
    )


def remove_cover(actor: Actor, *, cover_id: int) -> ReadersDays:
    """Take somebody's days out of the calendar and return them. Raises ``NotFound``."""
    _check_may(actor)
    return take_days_out(VoiceCover, actor, cover_id=cover_id, act="voices_cover_removed")


def _check_may(actor: Actor) -> None:
    if not roles.may(actor, Permission.SET_UP_VOICES):
        raise Forbidden(_MAY_NOT)
