"""A council whose form is open: a trained reader from today on, and nothing else of readiness."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceCover, VoiceReader, VoiceSetup
from tests.factories import Cast


def open_council(app: Flask, cast: Cast, **setup: Any) -> None:
    """Open the form of the first council; ``setup`` are columns of ``VoiceSetup``. Commits."""
    with app.app_context():
        organisation_id = cast.actor("voices_reader").organisation_id
        today = clock.today()
        db.session.add_all(
            [
                VoiceSetup(organisation_id=organisation_id, opened_at=clock.now(), **setup),
                VoiceReader(
                    person_id=cast.voices_reader,
                    organisation_id=organisation_id,
                    trained_on=today,
                    trained_by="The academy",
                ),
                VoiceCover(
                    organisation_id=organisation_id,
                    person_id=cast.voices_reader,
                    from_on=today,
                    to_on=today + timedelta(days=60),
                ),
            ]
        )
        db.session.commit()
