"""Accounts of guests: people from outside who come for single ideas, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person
from improve.accounts.roles import Role
from improve.accounts.service.found import register_person
from improve.accounts.service.links import Post, end_links, send_invitation
from improve.accounts.service.sign_in import end_all_sessions
from improve.mail import service as mail
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.turns import Turn, take_turn

#: Said of an address of another council and of a closed account alike.
NOT_HERE = "This address cannot be invited here."


@dataclass(frozen=True)
class InvitedGuest:
    """A guest's account. ``link``, once, where no mail goes out and they have to choose a password.

    ``may_sign_in``: they have a password already.
    """

    person_id: int
    name: str
    may_sign_in: bool
    link: str | None = None


def invite_guest(
    actor: Actor, *, name: str, email: str, place: str, ends_on: date, post: Post
) -> InvitedGuest:
    """Make a guest's account, or lengthen the one there is; who has no password gets a link.

    Whether the actor may invite is for the caller to know. Refuses what is no address, an address
    of somebody of this council (mention them instead), and one that cannot be used here.
    """
    email = email.strip().lower()
    _check_words(name=name, email=email, place=place)
    # Somebody invited to two ideas at one moment gets one account.
    take_turn(Turn.GUESTS, actor.organisation_id)
    holder = queries.address_holders([email]).get(email)
    if holder is None:
        person_id = register_person(
            organisation_id=actor.organisation_id,
            name=name,
            email=email,
            job_title=place,
            actor=actor,
        )
        db.session.add(
            Membership(
                organisation_id=actor.organisation_id, person_id=person_id, role=Role.GUEST.value
            )
        )
        db.session.flush()
        may_sign_in = False
    elif holder.organisation_id != actor.organisation_id or not holder.is_active:
        raise RuleBroken([Reason(NOT_HERE, "email")])
    elif not _is_guest(holder.id):
        words = (
            f"{holder.name} has an account here already. Mention them in a comment instead: "
            "write @ and their name."
        )
        raise RuleBroken([Reason(words, "email")])
    else:
        person_id, name, may_sign_in = holder.id, holder.name, holder.has_way_in
    _lengthen(person_id, ends_on)
    if may_sign_in:
        return InvitedGuest(person_id, name, may_sign_in=True)
    return InvitedGuest(
        person_id, name, may_sign_in=False, link=send_guest_link(actor, person_id, post=post)
    )


def send_guest_link(actor: Actor, person_id: int, *, post: Post) -> str | None:
    """Send a guest who has not come yet a fresh link, or return it where no mail goes out.

    Raises ``NotFound`` for anybody else: an invitation sets a password.
    """
    if not _is_guest(person_id) or queries.has_come(person_id):
        raise NotFound
    name, email = db.session.execute(
        select(Person.name, Person.email).where(
            Person.id == person_id, Person.organisation_id == actor.organisation_id
        )
    ).one()
    return send_invitation(
        actor,
        person_id,
        to=email,
        subject=f"{actor.name} asks you to read an idea",
        body=(
            f"Hello {name},\n\n"
            f"{actor.name} at {queries.organisation_name(actor)} invites you to read one idea that "
            "a team is trying, and to say what you think.\n\n"
            f"Choose your password here within 24 hours:\n{mail.SEALED_HERE}\n\n"
            "You will see that idea and nothing else of the council. The link works once. If it "
            "has run out, ask for another.\n"
        ),
        post=post,
    )


def settle_guest(person_id: int, ends_on: date | None) -> None:
    """Let a guest's account end with the last of their invitations; None: there is none left.

    Then their sessions end at once, and links that were never used. The account of somebody who has
    become a colleague is left as it is.
    """
    if not _is_guest(person_id):
        return
    if ends_on is None:
        ends_on = clock.today() - timedelta(days=1)
        end_links(person_id)
        end_all_sessions(person_id)
    _set_end(person_id, ends_on)


def _is_guest(person_id: int) -> bool:
    held = db.session.execute(
        select(Membership.role).where(Membership.person_id == person_id)
    ).scalars()
    return set(held) == {Role.GUEST.value}


def _lengthen(person_id: int, ends_on: date) -> None:
    now = db.session.execute(select(Person.ends_on).where(Person.id == person_id)).scalar()
    _set_end(person_id, max(now, ends_on) if now else ends_on)


def _set_end(person_id: int, ends_on: date) -> None:
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(ends_on=ends_on, version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )


def _check_words(*, name: str, email: str, place: str) -> None:
    faults = []
    for words, field, ask, most in (
        (name, "name", "Write their name.", "person_name"),
        (email, "email", "Write their e-mail address.", "email"),
        (place, "place", "Say where they come from, such as the name of a school.", "job_title"),
    ):
        if not words.strip():
            faults.append(Reason(ask, field))
        elif len(words) > limits.length(most):
            faults.append(Reason(f"Use {limits.length(most)} characters or fewer.", field))
    if not any(fault.field == "email" for fault in faults) and not mail.is_address(email):
        faults.append(Reason("This is not an e-mail address.", "email"))
    if faults:
        raise RuleBroken(faults)
