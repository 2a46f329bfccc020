"""Help wanted: from who asks to the duty team, by a link in a mail that says nothing of them.

It is kept apart from any voice: neither row knows the other, and what they are named and sealed
under has nothing in common.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import IntegrityError

from improve.mail import service as mail
from improve.shared import audit, clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.voices.models import HelpRequest
from improve.voices.queries.help_wanted import (
    PURPOSE,
    Contact,
    asked_on,
    inbox_of,
    is_kept,
    opened,
    past_their_days,
    row_of,
    seal,
    to_tell_again,
)
from improve.voices.queries.setup import public_setup
from improve.voices.sealed import sealer

#: Wishes for help to one council in a day: above it only networks are heard that sent few.
ASKED_MOST: Final = 200
#: The same whoever comes: more are machines, and bury those of children.
ASKED_AT_ALL: Final = 1_000
#: Returns the address of a link by its secret.
LinkOf = Callable[[str], str]


def ask_for_help(
    *,
    organisation_id: int,
    once: str,
    contact: Contact,
    link_of: LinkOf,
    is_quiet: bool = False,
) -> bool:
    """Keep who wants help, sealed, and mail the duty team a link to it; return whether that was so.

    ``once`` names one sending of the form: sent twice it is one wish. False, with nothing taken,
    where nobody sits at the inbox now, mail cannot go to its address, or a day brought too many
    and the client is not ``is_quiet``, its network having asked little: the page shows the numbers.
    Refuses a form without a name, or without a way to reach them.
    """
    reasons = []
    if not contact.name:
        reasons.append(Reason("all.help.error_name", "name"))
    if not contact.reach:
        reasons.append(Reason("all.help.error_reach", "reach"))
    if reasons:
        raise RuleBroken(reasons)
    key = sealer(PURPOSE).hash(f"once {once}")[-22:]
    if is_kept(key):
        return True
    inbox = inbox_of(organisation_id)
    setup = public_setup(organisation_id, clock.today())
    if not setup.has_staffed_inbox_now(clock.now()) or not _takes_mail(inbox):
        return False
    most = ASKED_AT_ALL if is_quiet else ASKED_MOST
    if asked_on(organisation_id, clock.today()) >= most:
        return False
    token = secrets.token_urlsafe(32)
    row = HelpRequest(
        key=key,
        organisation_id=organisation_id,
        came_on=clock.today(),
        token_hash=sealer(PURPOSE).hash(token),
    )
    row.sealed = seal(row, contact, token)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same form, sent twice at once: the other one has it.
        return True
    _tell(row, inbox, link_of(token))
    return True


def open_help(*, token: str, name: str) -> Contact:
    """Return how somebody can be reached, to who opens it under their ``name``; it is noted.

    Opened again it is the newest name that stands. Refuses no name, and a link that has ended
    or was dealt with (``NotFound``).
    """
    name = _named(name)
    row = row_of(token, for_change=True)
    held = opened(row) if row is not None else None
    if row is None or held is None:
        raise NotFound
    row.opened_at, row.picked_up_by = clock.now(), name
    audit.record(None, "help_opened", "help", row.key, organisation_id=row.organisation_id)
    db.session.flush()
    return held[0]


def pick_up_help(*, token: str, name: str) -> None:
    """Note who has it, and delete how they can be reached. Twice is harmless.

    Refuses what nobody opened, and no name; ``NotFound`` for a link that has ended.
    """
    row = row_of(token, for_change=True)
    if row is None:
        raise NotFound
    if row.picked_up_at is not None:
        return
    if row.opened_at is None:
        raise RuleBroken("Open it first.")
    row.picked_up_at, row.picked_up_by = clock.now(), _named(name)
    row.sealed = None
    audit.record(None, "help_picked_up", "help", row.key, organisation_id=row.organisation_id)
    db.session.flush()
    forget_deleted_words()


def tell_again(link_of: LinkOf) -> int:
    """Mail the duty team again of what nobody has since an hour, while they sit there.

    For the hourly run; returns how many were mailed. A council whose inbox is no address is left
    out: it must not end the run for the others.
    """
    told = 0
    for row, inbox in to_tell_again():
        held = opened(row)
        setup = public_setup(row.organisation_id, clock.today())
        is_read = mail.is_address(inbox) and setup.has_staffed_inbox_now(clock.now())
        if held is None or not is_read:
            continue
        _tell(row, inbox, link_of(held[1]), is_again=True)
        told += 1
    return told


def delete_help() -> int:
    """Delete every wish for help whose link has ended, for the nightly run; return how many."""
    rows = past_their_days()
    for row in rows:
        how = "help_deleted" if row.picked_up_at else "help_never_picked_up"
        audit.record(None, how, "help", row.key, organisation_id=row.organisation_id)
        db.session.delete(row)
    if rows:
        db.session.flush()
        forget_deleted_words()
    return len(rows)


def _takes_mail(inbox: str) -> bool:
    return mail.is_address(inbox) and not mail.refused_addresses([inbox])


def _tell(row: HelpRequest, inbox: str, link: str, *, is_again: bool = False) -> None:
    """Queue a mail that says somebody waits, and nothing of who or why."""
    now = clock.now()
    first = (
        "Somebody asked for help, and nobody has said yet that they have it."
        if is_again
        else "Somebody has just asked for help."
    )
    mail.enqueue(
        key=f"help:{row.key}:{now:%Y%m%dT%H%M}",
        to=inbox,
        subject="Again: somebody asks for help" if is_again else "Somebody asks for help",
        body=f"{first}\n\nOpen it now, and say that you have it:\n{mail.SEALED_HERE}\n\n"
        "The link shows how they can be reached. Give it to nobody outside the duty team. "
        "We mail again each hour until somebody has it.\n",
        # The link opens what they said: in the outbox, and in copies of it, it is under the key.
        sealed=link,
    )
    row.told_at = now
    db.session.flush()


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise RuleBroken([Reason("Write your name, so that others see who has it.", "name")])
    return name
