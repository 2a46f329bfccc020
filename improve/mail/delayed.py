"""How many mails should have left by now, for whoever watches over the installation."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import current_app
from sqlalchemy import func, select

from improve.mail.models import OutboxMessage
from improve.shared import clock
from improve.shared.db import db
from improve.shared.metrics import Reading

#: Mail leaves each minute. What waits longer than this is held up.
HELD_UP_AFTER: Final = timedelta(minutes=15)
#: Counts are rounded up to this: a single mail is not told from a few.
_STEP: Final = 10


def mails_held_up() -> list[Reading]:
    """Return how many mails have waited for a quarter of an hour or more, rounded up to tens.

    Not how many wait: a wish for help is mailed at once, and each such mail would be seen. Nothing
    where no mail host is set: they wait for ever there, and that is no alarm.
    """
    if not current_app.config["MAIL_URL"]:
        return []
    count = db.session.execute(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.created_at < clock.now() - HELD_UP_AFTER,
        )
    ).scalar_one()
    return [
        Reading(
            "improve_mails_held_up",
            "Mails that wait for a quarter of an hour or more, rounded up to tens",
            -(-count // _STEP) * _STEP,
        )
    ]
