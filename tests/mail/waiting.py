"""The mails that wait, as whoever has the sealing key reads them."""

from __future__ import annotations

import re

from flask import Flask, current_app
from sqlalchemy import select

from improve.mail.models import OutboxMessage
from improve.mail.service import SEALED_HERE
from improve.shared.db import db
from improve.shared.sealing import Sealer

#: The end of an address that opens something once: 24 random bytes or more.
_SECRET = re.compile(r"/[\w-]{32,}")


def whole_letters(app: Flask) -> list[str]:
    """Return the words of each mail that has not left, oldest first, the sealed part in its place.

    No address that opens something once stands in a row in clear.
    """
    with app.app_context():
        sealer = Sealer(current_app.config["SEALING_KEYS"], "mail")
        letters = []
        for mail in db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.body.is_not(None)).order_by(OutboxMessage.id)
        ):
            body = mail.body or ""
            assert not _SECRET.search(body), "a link in clear"
            if mail.sealed:
                body = body.replace(SEALED_HERE, sealer.open(mail.sealed, about=mail.key))
            letters.append(body)
        db.session.rollback()
    return letters
