"""Sending what somebody reported: one sealed row, its week and its group of teams."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from improve.incidents import contents, journey
from improve.incidents.journey import Answers, Step
from improve.incidents.kinds import Kind, Safe, State, WayIn, When
from improve.incidents.models import Incident, IncidentContact
from improve.incidents.queries.draft import (
    opened,
    receipts_of,
    reports_of_week,
    row_of,
    sent_with,
)
from improve.incidents.queries.reviewers import offered_for, parts_in_group
from improve.incidents.queries.setup import PublicSetup
from improve.incidents.schedule import monday_of
from improve.incidents.sealing import RECEIPTS, ReportKey, sealer
from improve.incidents.service.draft import Gone, TooMany
from improve.shared import clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import Reason, RuleBroken

#: Reports of one council in a week: above it only networks are heard that sent few.
CAME_MOST: Final = 300
#: The same from any network: two reviewers read no more, and no staff write more.
CAME_AT_ALL: Final = 3_000
#: The same with those of staff who are signed in: what fills the link never closes their door.
CAME_INSIDE: Final = 6_000
#: Nobody answers four questions sooner; asked only of those who are not signed in.
SOONEST: Final = timedelta(seconds=3)


class NobodyReads(RuleBroken):
    """Nobody is left to read this report, so it is not taken."""

    def __init__(self) -> None:
        super().__init__("No reviewer is left to read this.")


def send(
    *,
    token: str,
    door: str,
    way_in: WayIn,
    setup: PublicSetup,
    is_trapped: bool = False,
    is_trusted: bool = False,
) -> None:
    """Send the answers so far: one sealed report is left, and the draft is gone.

    Sent twice it is one report: its receipt follows from the token. Refuses what a machine filled
    in, a needed answer that is missing, a group that can't be picked any more (each with the name
    of a text and its question), ``NobodyReads``, and a week with too many (``TooMany``): fewer by
    the link than from inside, and fewest unless the client ``is_trusted``; ``Gone`` where there is
    no draft. Nothing is audited, and no notice leaves: its time would be the time it came.
    """
    row = row_of(token, for_change=True)
    draft = opened(row, token, door)
    if row is None or draft is None:
        if sent_with(token, setup.organisation_id):
            return
        raise Gone
    answers = draft.answers
    missing = journey.first_missing(answers)
    if missing is not None:
        raise RuleBroken([Reason(f"error.{missing.value}", missing.value)])
    group_id = answers.group_id
    if group_id is None or group_id not in {known for known, _ in setup.groups}:
        raise RuleBroken([Reason("error.group_gone", Step.GROUP.value)])
    is_fast = way_in is WayIn.LINK and clock.now() - draft.began_at < SOONEST
    if is_trapped or is_fast:
        raise RuleBroken([Reason("error.fast", Step.CHECK.value)])
    if not offered_for(group_id, answers.not_readers):
        raise NobodyReads
    today = clock.today()
    most = CAME_AT_ALL if is_trusted else CAME_MOST
    if way_in is WayIn.INSIDE:
        most = CAME_INSIDE
    if reports_of_week(setup.organisation_id, monday_of(today)) >= most:
        raise TooMany
    _add(answers, group_id, setup, receipt=receipts_of(token)[0], way_in=way_in)
    db.session.delete(row)
    db.session.flush()
    forget_deleted_words()


def _add(
    answers: Answers, group_id: int, setup: PublicSetup, *, receipt: str, way_in: WayIn
) -> None:
    add_report(
        organisation_id=setup.organisation_id,
        group_id=group_id,
        kind=Kind(answers.kind),
        happened=answers.happened,
        receipt=receipt,
        factors=answers.factors,
        helped=answers.helped,
        safe=Safe(answers.safe),
        when=When(answers.when) if answers.when else None,
        would_try=answers.would_try,
        contact=answers.contact if answers.call_back == journey.YES else "",
        not_readers=answers.not_readers,
        way_in=way_in,
    )


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
    kept in a row of its own that only the sealed head leads to. Which reviewers have a part in the
    group now is sealed with it: they are never offered it, also where they give that part up.
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
        had_part=parts_in_group(organisation_id, group_id),
        contact=token,
    )
    words = contents.Words(
        happened=happened, factors=list(factors), helped=helped, would_try=would_try
    )
    db.session.add(
        Incident(
            key=key,
            organisation_id=organisation_id,
            week=monday_of(came),
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
