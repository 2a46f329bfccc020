"""A council whose form is open: a trained reader from today on, and nothing else of readiness."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceCover, VoiceReader, VoiceSetup
from tests.factories import Cast


def opened(organisation_id: int, reader_id: int, **setup: Any) -> list[Any]:
    """Return the rows of a council's open form, to be added, with one who reads."""
    reader, today = {"person_id": reader_id}, clock.today()
    council = {"organisation_id": organisation_id}
    return [
        VoiceSetup(**council, opened_at=clock.now(), **setup),
        VoiceReader(**reader, **council, trained_on=today, trained_by="The academy"),
        VoiceCover(**reader, **council, from_on=today, to_on=today + timedelta(days=60)),
    ]


def open_council(app: Flask, cast: Cast, **setup: Any) -> None:
    """Open the form of the first council; ``setup`` are columns of ``VoiceSetup``. Commits."""
    with app.app_context():
        db.session.add_all(opened(cast.organisation, cast.voices_reader, **setup))
        db.session.commit()
