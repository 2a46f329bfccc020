"""What whoever reported writes to the reviewers: sealed under the report's own key, like the rest.

No row or log tells who wrote, where or when; the day stands inside the sealed words.
"""

from __future__ import annotations

from typing import Final

from improve.incidents.contents import Message, message_of
from improve.incidents.models import IncidentMessage
from improve.incidents.queries import receipt
from improve.incidents.queries.keeping import keeping_of
from improve.incidents.sealing import ReportKey
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken
from improve.shared.sealing import CannotOpen

#: Messages of one reporter that wait to be read, at most: nobody may fill a desk.
UNREAD_MOST: Final = 20
GONE: Final = "It was destroyed meanwhile, so nothing can be added to it. What you wrote is below."
KEPT: Final = "It is kept as it is by a lawful order, so nothing can be added to it."
WAIT: Final = f"{UNREAD_MOST} of your messages wait to be read. An answer comes first."


def answer_back(*, key: str, message: str, words: str) -> None:
    """Add a message to the thread of a report. The same ``message`` again is harmless.

    ``message``: the key that the page was given for it. Refuses in words where the report was
    destroyed or is kept by a lawful order, or where many messages wait. Raises ``NotFound``.
    """
    incident = receipt.incident_for_message(key)
    if receipt.is_there(message):
        return
    if keeping_of(incident).is_kept:
        raise RuleBroken([Reason(KEPT)])
    every, unread = receipt.count_messages(incident)
    if unread >= UNREAD_MOST:
        raise RuleBroken([Reason(WAIT, "message")])
    try:
        own = ReportKey.unwrap(incident.wrapped_key, about=key)
    except CannotOpen:
        raise RuleBroken([Reason(GONE)]) from None
    said = Message(words=words, day=clock.today().isoformat(), n=every + 1)
    sealed = own.seal(said.facts(), about=message_of(key, message))
    db.session.add(
        IncidentMessage(
            key=message,
            organisation_id=incident.organisation_id,
            incident_key=key,
            by="reporter",
            sealed=sealed,
        )
    )
    db.session.flush()
