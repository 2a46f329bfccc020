"""Inviting people: many addresses at once, looked at before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import update

from improve.accounts import passwords, queries, roles
from improve.accounts.actor import Actor
from improve.accounts.addresses import read_addresses
from improve.accounts.models import Membership, Person
from improve.accounts.roles import TEAM_ROLES, Permission, Role
from improve.accounts.service.closely_held import check_may_give, tell_of_given
from improve.accounts.service.found import (
    PRODUCT_NAME,
    find_organisation,
    found_organisation,
    grant_role,
    register_person,
)
from improve.accounts.service.links import (
    INVITATION,
    Post,
    end_links,
    make_link,
    send_invitation,
    use_link,
)
from improve.accounts.service.sign_in import SignedIn, open_session_for
from improve.mail import service as mail
from improve.shared import audit, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken

#: What may be said of an address in the list; only the first two are invited.
NEW, AGAIN, HERE, CLOSED, TWICE, UNREADABLE, REFUSED = (
    "new",
    "again",
    "here",
    "closed",
    "twice",
    "unreadable",
    "refused",
)
#: How many entries that are no address a refusal names, and how much of each.
_NAMED, _SHOWN = 5, 80


@dataclass(frozen=True)
class InviteRow:
    """One entry of the pasted list, and what will become of it."""

    address: str
    name: str
    state: str

    @property
    def is_invited(self) -> bool:
        """Whether sending invites this one."""
        return self.state in {NEW, AGAIN}


@dataclass(frozen=True)
class Invited:
    """Somebody who was invited; with the link to hand over when no mail goes out."""

    person_id: int
    name: str
    email: str
    link: str | None


def preview_invitations(actor: Actor, *, text: str) -> list[InviteRow]:
    """Return each entry of the pasted text with what would become of it. Writes nothing.

    Refuses an empty list and one of more entries than ``limits.INVITATIONS_MOST``.
    """
    _may_manage_people(actor)
    pasted = read_addresses(text)
    if not pasted:
        raise RuleBroken([Reason("Paste at least one e-mail address.", "addresses")])
    if len(pasted) > limits.INVITATIONS_MOST:
        words = (
            f"Invite up to {limits.INVITATIONS_MOST} people at once. This list has {len(pasted)}."
        )
        raise RuleBroken([Reason(words, "addresses")])
    holders = queries.address_holders(entry.address for entry in pasted)
    rows: list[InviteRow] = []
    seen: set[str] = set()
    for entry in pasted:
        holder = holders.get(entry.address)
        name = entry.name[: limits.length("person_name")]
        if entry.address in seen:
            state = TWICE
        elif not mail.is_address(entry.address):
            state = UNREADABLE
        elif holder is None:
            state = NEW
        elif holder.organisation_id != actor.organisation_id:
            state = REFUSED
        elif not holder.is_active:
            state, name = CLOSED, holder.name
        else:
            state, name = (HERE if holder.has_way_in else AGAIN), holder.name
        seen.add(entry.address)
        rows.append(InviteRow(entry.address, name, state))
    return rows


def invite_people(
    actor: Actor,
    *,
    text: str,
    wanted_roles: Iterable[Role],
    team_id: int | None,
    post: Post,
    session_id: int = 0,
    password: str = "",
) -> list[Invited]:
    """Make an account without password for each new address and send it a link for 24 hours.

    Those invited before get a fresh link and keep the roles they have. Refuses roles that cannot
    be held together, a team's role without a team, and a closely held one without the actor's own
    password. Without mail the links come back, once.
    """
    rows = preview_invitations(actor, text=text)
    chosen = frozenset(wanted_roles)
    check_roles(actor, chosen, team_id)
    invited = [row for row in rows if row.is_invited]
    if not invited:
        raise RuleBroken([Reason("Nobody on this list can be invited.", "addresses")])
    given = chosen if any(row.state == NEW for row in invited) else frozenset()
    check_may_give(actor, given, session_id=session_id, password=password)
    known = queries.address_holders(row.address for row in invited)
    done = [
        _invite(actor, row, known=known.get(row.address), chosen=chosen, team_id=team_id, post=post)
        for row in invited
    ]
    tell_of_given(
        actor,
        given,
        names=[f"{row.name}, {row.address}" for row in invited if row.state == NEW],
        to_ids={one.person_id for one in done},
        site_name=post.site_name,
    )
    return done


def _invite(
    actor: Actor,
    row: InviteRow,
    *,
    known: queries.AddressHolder | None,
    chosen: frozenset[Role],
    team_id: int | None,
    post: Post,
) -> Invited:
    if known is not None:
        return _send(actor, known.id, row.name, row.address, post)
    person_id = register_person(
        organisation_id=actor.organisation_id, name=row.name, email=row.address, actor=actor
    )
    for role in sorted(chosen):
        db.session.add(
            Membership(
                organisation_id=actor.organisation_id,
                person_id=person_id,
                role=role.value,
                team_id=team_id if role in TEAM_ROLES else None,
                is_home=role in TEAM_ROLES,
            )
        )
    return _send(actor, person_id, row.name, row.address, post)


def _send(actor: Actor, person_id: int, name: str, email: str, post: Post) -> Invited:
    link = send_invitation(
        actor,
        person_id,
        to=email,
        subject=f"{actor.name} invites you to {post.site_name}",
        body=(
            f"Hello {name},\n\n"
            f"{actor.name} at {queries.organisation_name(actor)} invites you to {post.site_name}, "
            "where teams try small changes and see honestly whether they helped.\n\n"
            f"Choose your password here within 24 hours:\n{mail.SEALED_HERE}\n\n"
            "The link works once. If it has run out, ask for another.\n"
        ),
        post=post,
    )
    return Invited(person_id, name, email, link)


def resend_invitation(actor: Actor, *, person_id: int, post: Post) -> Invited:
    """Send a fresh link to somebody who has not come yet; the earlier one stops working."""
    person = _invited_person(actor, person_id)
    return _send(actor, person_id, person.name, person.email, post)


def revoke_invitation(actor: Actor, *, person_id: int) -> None:
    """Let no invitation of this person work any more, and close the account they never had."""
    _invited_person(actor, person_id)
    end_links(person_id)
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(is_active=False, version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "invitation_revoked", "person", person_id)


def _invited_person(actor: Actor, person_id: int) -> queries.PersonView:
    _may_manage_people(actor)
    person = queries.person_view(actor, person_id)
    if person.has_way_in or not person.is_active:
        raise NotFound
    return person


def accept_invitation(*, token: str, name: str, password: str, device: str) -> SignedIn:
    """Take the name and password that the invited person chose, and sign them in.

    Raises ``NotFound`` for a link that no longer works; refuses a password that is easy to guess.
    """
    link = use_link(token, INVITATION)
    if queries.has_come(link.person_id):
        raise NotFound
    passwords.check_acceptable(
        password, names=(name, link.email, link.organisation_name, PRODUCT_NAME)
    )
    db.session.execute(
        update(Person)
        .where(Person.id == link.person_id)
        .values(
            name=name,
            password_hash=passwords.hash_password(password),
            version=Person.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    end_links(link.person_id)
    audit.record(
        None,
        "invitation_accepted",
        "person",
        link.person_id,
        organisation_id=link.organisation_id,
        link_id=link.id,
    )
    return open_session_for(link.person_id, device=device)


def name_administrator(*, organisation: str, name: str, email: str, is_another: bool) -> str:
    """Make an administrator from the command line and return the token of their invitation.

    Makes the organisation if there is none of this name. Refuses a second administrator unless
    ``is_another``, and an address that is in use or is none.
    """
    email = email.strip().lower()
    if not mail.is_address(email):
        raise RuleBroken("This is not an e-mail address.")
    organisation_id = find_organisation(name=organisation)
    if organisation_id is None:
        organisation_id = found_organisation(name=organisation)
    elif queries.administrators(organisation_id) and not is_another:
        raise RuleBroken(
            f"{organisation} has an administrator already. Add --another to make one more."
        )
    person_id = register_person(organisation_id=organisation_id, name=name, email=email)
    grant_role(organisation_id=organisation_id, person_id=person_id, role=Role.ADMINISTRATOR)
    made = make_link(organisation_id=organisation_id, person_id=person_id, kind=INVITATION)
    return made.token


def invite_first_administrator(*, organisation_id: int) -> tuple[str, str] | None:
    """Return the name and a fresh link's token of an administrator whom nobody here can invite.

    For a council that was brought in whole: its people are there, and none has a password. None
    where there is no administrator among them.
    """
    known = sorted(queries.administrators(organisation_id))
    if not known:
        return None
    made = make_link(organisation_id=organisation_id, person_id=known[0], kind=INVITATION)
    name = queries.actor_of_person(known[0]).name
    audit.record(
        None,
        "invitation_sent",
        "person",
        known[0],
        organisation_id=organisation_id,
        link_id=made.id,
    )
    return name, made.token


def check_invitation(
    actor: Actor, *, text: str, wanted_roles: Iterable[Role], team_id: int | None
) -> list[InviteRow]:
    """Return the rows of the preview; refuse, before it, what sending would refuse.

    All that is wrong comes in one answer: where the roles, the team or the list are refused, each
    address that is none is named with them.
    """
    try:
        rows = preview_invitations(actor, text=text)
        reasons = []
    except RuleBroken as error:
        rows, reasons = [], error.reasons
    try:
        check_roles(actor, frozenset(wanted_roles), team_id)
    except RuleBroken as error:
        raise RuleBroken([*reasons, *_no_addresses(rows), *error.reasons]) from error
    if reasons:
        raise RuleBroken(reasons)
    return rows


def _no_addresses(rows: list[InviteRow]) -> list[Reason]:
    """Return one reason that names the entries which are no address, none where all are."""
    wrong = [row.address[:_SHOWN] for row in rows if row.state == UNREADABLE]
    if not wrong:
        return []
    if len(wrong) == 1:
        return [Reason(f"This is not an e-mail address: {wrong[0]}", "addresses")]
    more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    words = f"{len(wrong)} addresses look wrong: {', '.join(wrong[:_NAMED])}{more}"
    return [Reason(words, "addresses")]


def check_roles(actor: Actor, chosen: frozenset[Role], team_id: int | None) -> None:
    """Refuse no role, roles that clash, and a team's role without a team of this organisation."""
    reasons = []
    clash = roles.clashes(chosen) if chosen else "Choose what they may act as."
    if clash:
        reasons.append(Reason(clash, "roles"))
    if team_id is not None:
        queries.team_by_id(actor, team_id)
    elif chosen & TEAM_ROLES and not queries.teams(actor):
        reasons.append(Reason("There is no team yet. Add a team first.", "team"))
    elif chosen & TEAM_ROLES:
        words = "Choose the team that they are a practitioner or a manager in."
        reasons.append(Reason(words, "team"))
    if reasons:
        raise RuleBroken(reasons)


def _may_manage_people(actor: Actor) -> None:
    if not roles.may(actor, Permission.MANAGE_PEOPLE):
        raise Forbidden("Only an administrator can invite people.")
