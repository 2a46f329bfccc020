"""Sending what somebody reported: one sealed row, its week and its group of teams."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from improve.incidents import contents
from improve.incidents.kinds import Kind, Safe, State, WayIn, When
from improve.incidents.models import Incident, IncidentContact
from improve.incidents.sealing import RECEIPTS, ReportKey, sealer
from improve.shared import clock
from improve.shared.db import db


def add_report(
    *,
    organisation_id: int,
    group_id: int,
    kind: Kind,
    happened: str,
    receipt: str,
    factors: Iterable[str] = (),
    helped: str = "",
    safe: Safe = Safe.YES,
    when: When | None = None,
    would_try: str = "",
    contact: str = "",
    not_readers: Iterable[int] = (),
    way_in: WayIn = WayIn.INSIDE,
    day: date | None = None,
) -> str:
    """Make a report, as of today or of ``day``, and return its key. All but week and group sealed.

    ``receipt``: the eight words as ``receipt_words`` writes them. ``contact``: how to call back,
    kept in a row of its own that only the sealed head leads to.
    """
    came = day or clock.today()
    key, token = secrets.token_urlsafe(16), secrets.token_urlsafe(16) if contact else ""
    own = ReportKey.new()
    head = contents.Head(
        day=came.isoformat(),
        kind=kind.value,
        safe=safe.value,
        way_in=way_in.value,
        when=when.value if when else "",
        not_readers=sorted(set(not_readers)),
        contact=token,
    )
    words = contents.Words(
        happened=happened, factors=list(factors), helped=helped, would_try=would_try
    )
    db.session.add(
        Incident(
            key=key,
            organisation_id=organisation_id,
            week=came - timedelta(days=came.weekday()),
            group_id=group_id,
            wrapped_key=own.wrapped(about=key),
            sealed_head=own.seal(head.facts(), about=contents.head_of(key)),
            sealed_words=own.seal(words.facts(), about=contents.words_of(key)),
            sealed_work=own.seal(contents.Work().facts(), about=contents.work_of(key)),
            receipt_hash=sealer(RECEIPTS).hash(receipt),
            state=State.WAITING.value,
        )
    )
    if contact:
        sealed = own.seal(contents.Contact(contact).facts(), about=contents.contact_of(key, token))
        db.session.add(IncidentContact(token=token, organisation_id=organisation_id, sealed=sealed))
    db.session.flush()
    return key
