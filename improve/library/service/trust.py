"""Councils whose signature is known here: a key is compared between two people, never believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.library import signing
from improve.library.models import TrustedCouncil
from improve.library.open_format import FORMAT, FormatRefused, open_key
from improve.library.queries import exchange as queries
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

WHO_EXCHANGES: Final = "A coach or a leader exchanges pages with other councils."


@dataclass(frozen=True, slots=True)
class OwnKey:
    """What this council gives others to check its signature with."""

    public_key: str
    fingerprint: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The fingerprint as it is read out."""
        return signing.groups_of(self.fingerprint)


def own_key(slug: str, secret: str) -> OwnKey | None:
    """Return the key of the council ``slug``; None where this installation signs nothing."""
    signer = signing.signer_of(secret, slug)
    return OwnKey(signer.public_key, signer.fingerprint) if signer else None


def key_file(council: queries.CouncilNamed, key: OwnKey) -> dict[str, object]:
    """Return what ``key.json`` says of a council."""
    return {
        "format": FORMAT,
        "council": {"name": council.name, "slug": council.slug},
        "algorithm": signing.ALGORITHM,
        "public_key": key.public_key,
        "fingerprint": " ".join(key.groups),
    }


def trust_council(
    actor: Actor, *, name: str, key: str, read_out: str, how_compared: str, secret: str = ""
) -> int:
    """Trust a council's key whose fingerprint was read out by somebody there; return its id.

    ``key`` is the key, or the text of its ``key.json``, which may lend the name. ``read_out`` are
    the forty digits as they were heard: they must be those of the key. A key that was trusted
    before is trusted anew; twice is harmless. Refuses with ``RuleBroken`` this council's own key.
    """
    check_exchanges(actor)
    faults: list[Reason] = []
    public_key, fingerprint = "", ""
    try:
        public_key, said_name = open_key(key)
        fingerprint = signing.fingerprint_of(public_key)
        name = name.strip() or said_name
    except FormatRefused as refused:
        faults.append(Reason(f"{refused}.", "key"))
    if not name.strip():
        faults.append(Reason("Write the name of the council.", "name"))
    faults += [
        Reason(f"Use {most:,} characters or fewer. This has {len(words):,}.", field)
        for words, most, field in (
            (name, limits.length("organisation_name"), "name"),
            (how_compared, limits.length("reason"), "how_compared"),
        )
        if len(words) > most
    ]
    if not how_compared.strip():
        faults.append(Reason("Write how you compared the digits, and with whom.", "how_compared"))
    heard = "".join(sign for sign in read_out if sign.isdecimal() and sign.isascii())
    if not heard:
        faults.append(Reason("Type the digits that they read out to you.", "read_out"))
    elif fingerprint and heard != fingerprint:
        faults.append(Reason(_differing(heard, fingerprint), "read_out"))
    own = own_key(queries.own_council(actor).slug, secret)
    if own is not None and fingerprint == own.fingerprint:
        faults.append(Reason("This is the key of your own council.", "key"))
    if faults:
        raise RuleBroken(faults)
    there = queries.trusted_by_fingerprint(actor, fingerprint)
    if there is not None and there.ended_at is None:
        return there.id
    if there is None:
        there = TrustedCouncil(
            organisation_id=actor.organisation_id,
            verify_key=public_key,
            fingerprint=fingerprint,
            feed_address="",
            version=0,
        )
    there.name = name.strip()
    there.how_compared = how_compared.strip()
    there.added_by_id = actor.person_id
    there.added_at = clock.now()
    there.ended_at = None
    there.version += 1
    try:
        with db.session.begin_nested():
            db.session.add(there)
    except IntegrityError:
        # A colleague compared the same key at the same moment, and was first.
        first = queries.trusted_by_fingerprint(actor, fingerprint)
        if first is None:
            raise
        return first.id
    audit.record(actor, "council_trusted", "trusted_council", there.id, fingerprint=fingerprint)
    return there.id


def end_trust(actor: Actor, *, council_id: int, seen_version: int) -> None:
    """Trust a council's key no more: its files are refused, its pages stay. Twice is harmless."""
    check_exchanges(actor)
    there = queries.trusted_for_change(actor, council_id)
    if there.ended_at is not None:
        return
    if there.version != seen_version:
        raise Stale()
    there.ended_at = clock.now()
    there.version += 1
    db.session.flush()
    audit.record(
        actor, "council_trust_ended", "trusted_council", there.id, fingerprint=there.fingerprint
    )


def check_exchanges(actor: Actor) -> None:
    """Raise ``Forbidden`` for whoever may not exchange pages with other councils."""
    if not may(actor, Permission.PUBLISH_LEARNING):
        raise Forbidden(WHO_EXCHANGES)


def _differing(heard: str, fingerprint: str) -> str:
    if len(heard) != len(fingerprint):
        return f"There are {signing.DIGITS} digits in a fingerprint. These are {len(heard)}."
    pairs = zip(signing.groups_of(heard), signing.groups_of(fingerprint), strict=True)
    wrong = [number for number, (one, other) in enumerate(pairs, start=1) if one != other]
    which = f"Group {wrong[0]} is" if len(wrong) == 1 else f"{len(wrong)} groups are"
    return (
        f"These are not the digits of this key: {which} different. Ask them to read it out once "
        "more. If it stays different, this is not their key."
    )
