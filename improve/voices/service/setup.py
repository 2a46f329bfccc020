"""Making a council ready to listen: signatures, readers, its own facts, and opening the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.in_confidence.readiness import (
    OWN_TRAINING,
    signed_values,
    unsigned_reasons,
)
from improve.accounts.roles import Permission
from improve.mail.service import is_address
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from improve.shared.kept_choices import change_choices, check_seen, locked_choices
from improve.shared.leaving_page import is_https
from improve.voices.models import VoiceReader, VoiceSetup
from improve.voices.queries.readiness import readiness
from improve.voices.queries.setup import readers

FACTS: Final = (
    *("duty_inbox", "duty_hours", "complaints", "advocates"),
    *("leave_url", "keep_days", "tried_with"),
)
#: What mail is not sent to is refused here: a wish for help would come to nobody.
ONE_ADDRESS: Final = "Write one address, such as duty@example.gov.uk."
_ADMINISTRATOR: Final = "Only an administrator can change this."


def sign_off(
    actor: Actor,
    *,
    signed: Mapping[str, tuple[str, date | None]],
    rung: Mapping[str, str],
    seen_version: int,
) -> None:
    """Keep who signed the assessment and the legal check, and who rang the numbers, and when.

    ``signed``: by the names of ``SIGNED``; no name and no day: nobody yet. ``rung``: the numbers
    (“day”, “night”) that were on the page; once others hold, ringing is due again. Refuses a name
    without a day, a day without a name and a day to come. Raises ``Stale``. The same again is
    harmless.
    """
    _check_may(actor, Permission.SET_UP_VOICES, _ADMINISTRATOR)
    reasons = unsigned_reasons(signed, today=clock.today())
    if reasons:
        raise RuleBroken(reasons)
    values = signed_values(signed, rung=rung)
    _keep(actor, values, seen_version, "voices_signed_off")


def change_facts(actor: Actor, *, facts: Mapping[str, Any], seen_version: int) -> None:
    """Keep what the form says of the council and where a wish for help goes (``FACTS``).

    Refuses an address to leave to that is not https, hours that do not end after they begin, hours
    without an inbox, an inbox that mail cannot go to, and days to keep outside 1 to 365. Raises
    ``Stale``.
    """
    _check_may(actor, Permission.SET_UP_VOICES, _ADMINISTRATOR)
    values = {name: facts[name] for name in FACTS}
    reasons = [
        Reason(f"Use {limits.length('voice_setup'):,} characters or fewer.", name)
        for name in ("complaints", "advocates", "tried_with")
        if len(values[name]) > limits.length("voice_setup")
    ]
    if values["leave_url"] and not is_https(values["leave_url"]):
        reasons.append(Reason("Write an address that begins with https://.", "leave_url"))
    if not 1 <= values["keep_days"] <= 365:
        reasons.append(Reason("Write a number of days from 1 to 365.", "keep_days"))
    for day, (begin, end) in values["duty_hours"].items():
        if not begin < end:
            reasons.append(Reason("The end must be after the beginning.", f"day_{day}_to"))
    if values["duty_inbox"] and not is_address(values["duty_inbox"]):
        reasons.append(Reason(ONE_ADDRESS, "duty_inbox"))
    if values["duty_hours"] and not values["duty_inbox"]:
        reasons.append(Reason("Write the address that is staffed in these hours.", "duty_inbox"))
    if values["duty_inbox"] and not values["duty_hours"]:
        reasons.append(
            Reason("Say when somebody sits there. Without hours nobody is sent to it.", "day_0")
        )
    if reasons:
        raise RuleBroken(reasons)
    _keep(actor, values, seen_version, "voices_facts_changed")


def train_reader(actor: Actor, *, person_id: int, trained_on: date, trained_by: str) -> None:
    """Keep that somebody who holds the role of voices reader was trained, when and by whom.

    The readers there are get to know of it: whoever reads what children wrote is made so in the
    open. Nobody enters their own.
    """
    _check_may(actor, Permission.SET_UP_VOICES, _ADMINISTRATOR)
    if person_id == actor.person_id:
        raise RuleBroken([Reason(OWN_TRAINING, "person_id")])
    known = {reader.person_id: reader for reader in readers(actor.organisation_id)}
    if person_id not in known:
        raise NotFound
    if trained_on > clock.today():
        raise RuleBroken([Reason("Write a day up to today.", "trained_on")])
    if not trained_by:
        raise RuleBroken([Reason("Write who trained them.", "trained_by")])
    locked_setup(actor)
    row = db.session.scalars(
        select(VoiceReader).where(
            VoiceReader.organisation_id == actor.organisation_id, VoiceReader.person_id == person_id
        )
    ).first()
    if row is None:
        row = VoiceReader(person_id=person_id, organisation_id=actor.organisation_id)
        db.session.add(row)
    elif (row.trained_on, row.trained_by) == (trained_on, trained_by):
        return
    row.trained_on, row.trained_by = trained_on, trained_by
    db.session.flush()
    audit.record(actor, "voices_reader_trained", "person", person_id)
    present = [one.person_id for one in known.values() if one.trained_on is not None]
    tell(
        actor,
        [one for one in present if one != person_id],
        NoticeKind.VOICES_TRAINED,
        subject_id=actor.organisation_id,
        facts={"title": "Reading desk", "by": actor.name, "who": known[person_id].name},
    )


def sign_promise(actor: Actor, *, words: str, seen_version: int) -> None:
    """Sign the promise to those who tell us, as a leader. Raises ``Stale``.

    The same words signed again by the same leader are harmless.
    """
    _check_may(actor, Permission.PROMISE_TO_VOICES, "Only a leader can sign this.")
    if not words:
        raise RuleBroken([Reason("Write what you promise.", "words")])
    if len(words) > limits.length("voice_setup"):
        raise RuleBroken([Reason("Use fewer words.", "words")])
    row = locked_setup(actor)
    if (row.promise, row.promised_by_id) == (words, actor.person_id):
        return
    check_seen(row, seen_version, "voices_setup")
    row.promise, row.promised_by_id, row.promised_at = words, actor.person_id, clock.now()
    row.version += 1
    db.session.flush()
    audit.record(actor, "voices_promise_signed", "organisation", actor.organisation_id)


def open_form(actor: Actor) -> None:
    """Open the form to families. Refuses with everything that is missing. Twice is harmless."""
    _check_may(actor, Permission.SET_UP_VOICES, "Only an administrator can open the form.")
    row = locked_setup(actor)
    if row.opened_at is not None:
        return
    missing = readiness(actor, clock.today()).missing
    if missing:
        raise RuleBroken([Reason(f"{need.title}: {need.words}.") for need in missing])
    row.opened_at, row.opened_by_id = clock.now(), actor.person_id
    row.version += 1
    db.session.flush()
    audit.record(actor, "voices_opened", "organisation", actor.organisation_id)


def close_form(actor: Actor) -> None:
    """Close the form: it shows the numbers and the paper route. Twice is harmless."""
    _check_may(actor, Permission.SET_UP_VOICES, "Only an administrator can close the form.")
    row = locked_setup(actor)
    if row.opened_at is None:
        return
    row.opened_at = row.opened_by_id = None
    row.version += 1
    db.session.flush()
    audit.record(actor, "voices_closed", "organisation", actor.organisation_id)


def _keep(actor: Actor, values: Mapping[str, Any], seen_version: int, act: str) -> None:
    row = locked_setup(actor)
    changed = change_choices(row, values, seen_version=seen_version, what="voices_setup")
    if changed:
        audit.record(actor, act, "organisation", actor.organisation_id, changed=changed)


def locked_setup(actor: Actor) -> VoiceSetup:
    """Return the council's row, locked: everything that is set up is changed under this lock."""
    return locked_choices(VoiceSetup, actor.organisation_id)


def _check_may(actor: Actor, permission: Permission, words: str) -> None:
    if not roles.may(actor, permission):
        raise Forbidden(words)
