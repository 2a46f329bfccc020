"""One-time links: invitations and password resets. 192 random bits, kept as a hash, used once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.models import OneTimeLink
from improve.accounts.queries import LinkView
from improve.accounts.service.tokens import token_hash
from improve.mail import service as mail
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound

INVITATION = "invitation"
RESET = "reset"
#: To say that a new mailbox is one's own. Its facts: ``email``.
ADDRESS = "address"
LASTS = {
    INVITATION: timedelta(hours=24),
    RESET: timedelta(minutes=30),
    ADDRESS: timedelta(hours=24),
}


@dataclass(frozen=True)
class Post:
    """How links reach people: the address a token makes, whether mail goes out, the site's name."""

    address_of: Callable[[str], str]
    has_mail: bool
    site_name: str


@dataclass(frozen=True)
class MadeLink:
    """A fresh link. Its token is known here and nowhere else."""

    id: int
    token: str


def make_link(
    *,
    organisation_id: int,
    person_id: int,
    kind: str,
    made_by_id: int | None = None,
    facts: Mapping[str, str] | None = None,
) -> MadeLink:
    """Make a link of this kind for a person; earlier ones of the kind stop working."""
    end_links(person_id, kind)
    token = secrets.token_urlsafe(24)
    at = clock.now()
    link = OneTimeLink(
        organisation_id=organisation_id,
        person_id=person_id,
        kind=kind,
        token_hash=token_hash(token),
        made_by_id=made_by_id,
        created_at=at,
        expires_at=at + LASTS[kind],
        facts=dict(facts or {}),
    )
    db.session.add(link)
    db.session.flush()
    return MadeLink(link.id, token)


def send_invitation(
    actor: Actor, person_id: int, *, to: str, subject: str, body: str, post: Post
) -> str | None:
    """Make a link to choose a password by, and mail it; return it where no mail goes out.

    ``body`` names it as ``mail.SEALED_HERE``.
    """
    made = make_link(
        organisation_id=actor.organisation_id,
        person_id=person_id,
        kind=INVITATION,
        made_by_id=actor.person_id,
    )
    address = post.address_of(made.token)
    audit.record(actor, "invitation_sent", "person", person_id, link_id=made.id)
    if not post.has_mail:
        return address
    mail.enqueue(key=f"invitation:{made.id}", to=to, subject=subject, body=body, sealed=address)
    return None


def end_links(person_id: int, kind: str | None = None) -> None:
    """Let no link of a person (of this kind) work any more."""
    conditions = [
        OneTimeLink.person_id == person_id,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.revoked_at.is_(None),
    ]
    if kind is not None:
        conditions.append(OneTimeLink.kind == kind)
    for link in db.session.execute(select(OneTimeLink.id, OneTimeLink.kind).where(*conditions)):
        # A mail that has not left yet would bring a link that no longer works.
        mail.drop_waiting(key=f"{link.kind}:{link.id}")
    db.session.execute(
        update(OneTimeLink)
        .where(*conditions)
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def find_link(token: str, kind: str) -> LinkView:
    """Return the link that this token opens. Raises ``NotFound`` for one that no longer works."""
    found = queries.usable_link(token_hash(token), kind, clock.now())
    if found is None:
        raise NotFound
    return found


def use_link(token: str, kind: str) -> LinkView:
    """Use a link up and return it. Of two who use it at once, one gets ``NotFound``."""
    link = find_link(token, kind)
    changed = db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.id == link.id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.revoked_at.is_(None),
        )
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    return link
