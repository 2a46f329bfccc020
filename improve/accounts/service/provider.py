"""Coming in by the council's own sign-in: who it is, joining accounts, making one for a group.

Somebody is known by issuer and subject, never by an address alone. A provider opens accounts of
its own council and no other's.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.learning_team import LEARNING_TEAM
from improve.accounts.models import Identity, Person
from improve.accounts.oidc.id_token import Known
from improve.accounts.oidc.provider import GROUPS, Provider
from improve.accounts.queries import Council
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.accounts.service.council_account import NotLetIn, add_identity, council_of
from improve.accounts.service.found import register_person
from improve.accounts.service.group_roles import Settled, settle_groups
from improve.accounts.service.links import INVITATION, end_links, use_link
from improve.accounts.service.sign_in import SignedIn, is_open, open_session_for
from improve.mail import service as mail
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound


def release_database() -> None:
    """Let go of the database before the provider is asked: its answer may take seconds.

    On SQLite a request that may write holds the one place to write in.
    """
    db.session.rollback()


def come_in(*, provider: Provider, known: Known, device: str, site_name: str) -> SignedIn:
    """Open a session for whoever the provider says is there. Raises ``NotLetIn``.

    The first time, an account that was invited by the same address becomes theirs, where the
    provider vouches for the address; with ``OIDC_ADMITS=groups`` somebody of a group that has a
    role here gets a new one. At each sign-in their groups give and take.
    """
    council = council_of(provider)
    is_first = False
    try:
        with db.session.begin_nested():
            came_before = _joined(council, known)
            is_first = came_before is None
            person_id = (
                came_before or _invited(council, known) or _of_a_group(council, provider, known)
            )
    except (NotLetIn, IntegrityError) as error:
        # In two windows at once, the other may have been let in a moment before.
        joined = _joined(council, known)
        if joined is None and isinstance(error, NotLetIn):
            raise
        if joined is None:
            raise NotLetIn("no_part", council=council) from None
        person_id, is_first = joined, False
    settled = settle_known(council, person_id, known, site_name)
    if not settled.spots:
        raise NotLetIn("no_part", council=council, person_id=person_id)
    _check_joined_themself(council, person_id, known, settled)
    return replace(_open(council, person_id, known, device), is_first=is_first)


def _check_joined_themself(
    council: Council, person_id: int, known: Known, settled: Settled
) -> None:
    """Refuse a key that an administrator entered, where it would open what is most private.

    Otherwise an administrator could enter their own key, and give the role afterwards.
    """
    held = queries.identity(known.issuer, known.subject)
    roles = {spot.role for spot in settled.spots}
    if held is not None and held.is_entered and roles & CLOSELY_HELD_ROLES:
        raise NotLetIn("entered", council=council, person_id=person_id)


def take_up_with_council_account(
    *, provider: Provider, known: Known, token: str, device: str, site_name: str
) -> SignedIn:
    """Take up an invitation with a council account instead of a password.

    The link is the proof, so that the address need not be the one that was invited. Raises
    ``NotFound`` for a link that no longer works or is another council's, and ``NotLetIn``.
    """
    council = council_of(provider)
    link = use_link(token, INVITATION)
    if link.organisation_id != council.id:
        raise NotLetIn("settings")
    if queries.has_come(link.person_id):
        raise NotFound
    if queries.identity(known.issuer, known.subject) is not None:
        raise NotLetIn("taken", council=council)
    _join(council, link.person_id, known)
    name = _name(known)
    if name:
        _rename(link.person_id, name)
    end_links(link.person_id)
    audit.record(
        None,
        "invitation_accepted",
        "person",
        link.person_id,
        organisation_id=council.id,
        link_id=link.id,
        by="provider",
    )
    settle_known(council, link.person_id, known, site_name)
    return replace(_open(council, link.person_id, known, device), is_first=True)


def note_not_let_in(refused: NotLetIn, *, known: Known, site_name: str) -> None:
    """Write to the log who was not let in, take what their groups no longer give, and commit.

    A commit outside the route, as for wrong passwords: it must stand although the request is
    refused. What the request did before is rolled back first.
    """
    db.session.rollback()
    if refused.council is None:
        return
    person_id = refused.person_id or None
    if person_id is not None and refused.code == "no_part":
        # An account that the refused request made is gone with it.
        held = queries.identity(known.issuer, known.subject)
        person_id = held.person_id if held is not None else None
        if person_id is not None:
            settle_known(refused.council, person_id, known, site_name)
    audit.record(
        None,
        "sign_in_refused",
        "person",
        person_id,
        organisation_id=refused.council.id,
        by="provider",
        why=refused.code,
    )
    db.session.commit()


def _joined(council: Council, known: Known) -> int | None:
    held = queries.identity(known.issuer, known.subject)
    if held is None:
        return None
    if held.organisation_id != council.id:
        # Two councils share a provider, or the settings gave it to another: its people stay there.
        raise NotLetIn("elsewhere", council=council)
    return held.person_id


def _invited(council: Council, known: Known) -> int | None:
    if not known.is_verified or not known.email:
        return None
    account = queries.account_at(known.email)
    if account is None or account.organisation_id != council.id:
        return None
    if account.has_way_in:
        # They come in already: with a password, or by another key of their own.
        raise NotLetIn("has_password", council=council)
    if not _is_open(account.id):
        raise NotLetIn("closed", council=council, person_id=account.id)
    if queries.is_parted(account.id):
        # Nobody comes in by it until an administrator invites them anew.
        raise NotLetIn("no_part", council=council)
    _join(council, account.id, known)
    end_links(account.id)
    return account.id


def _of_a_group(council: Council, provider: Provider, known: Known) -> int:
    if provider.admits != GROUPS:
        raise NotLetIn("no_part", council=council)
    if known.groups is None:
        raise NotLetIn("too_many_groups", council=council)
    mine = set(known.groups)
    if not any(
        row.group_name in mine and not row.is_of_closed_team
        for row in queries.group_roles(council.id)
    ):
        raise NotLetIn("no_part", council=council)
    if not mail.is_address(known.email) or len(known.email) > limits.length("email"):
        raise NotLetIn("no_address", council=council)
    if not provider.vouches_for(known.email):
        # Mail would go to a stranger, who could ask for a password; and it may be of another
        # council, that could then never invite its own.
        raise NotLetIn("foreign_address", council=council)
    if queries.account_at(known.email) is not None:
        # Whose it is, and where, is nothing to tell: nobody vouched for the address.
        raise NotLetIn("no_part", council=council)
    person_id = register_person(
        organisation_id=council.id,
        name=_name(known) or known.email.partition("@")[0][: limits.length("person_name")],
        email=known.email,
    )
    _join(council, person_id, known)
    return person_id


def _name(known: Known) -> str:
    """Return the name that the provider told; “” for none, or one that is nobody's here."""
    name = known.name[: limits.length("person_name")].strip()
    return "" if name.casefold() == LEARNING_TEAM.casefold() else name


def _rename(person_id: int, name: str) -> None:
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(name=name, version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )


def _join(council: Council, person_id: int, known: Known, *, by: Actor | None = None) -> None:
    add_identity(council.id, person_id, known.issuer, known.subject)
    audit.record(by, "council_account_joined", "person", person_id, organisation_id=council.id)


def settle_known(council: Council, person_id: int, known: Known, site_name: str) -> Settled:
    """Have their groups give and take; what cannot be given is told to the administrators once."""
    mine = (Identity.issuer == known.issuer, Identity.subject == known.subject)
    before = db.session.execute(select(Identity.refused).where(*mine)).scalar() or []
    held = queries.held_spots([person_id])[person_id]
    is_kept = known.is_silent_of_groups and any(h.is_by_group for h in held)
    told = {} if is_kept else {"groups": None if known.groups is None else list(known.groups)}
    if is_kept:
        settled = Settled(frozenset(h.spot for h in held), tuple(before))
    else:
        settled = settle_groups(
            organisation_id=council.id, person_id=person_id, groups=known.groups
        )
    db.session.execute(
        update(Identity)
        .where(*mine)
        .values(**told, refused=list(settled.refused), last_used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    is_refused_more = bool(set(settled.refused) - set(before))
    name = queries.actor_of_person(person_id).name if is_refused_more or is_kept else ""
    if is_refused_more:
        _tell_administrators(
            council,
            key=f"group-roles:{person_id}",
            subject=f"A group gives {name} a role that clashes, on {site_name}",
            words=(
                f"by their groups in the council’s directory {name} would get a role that cannot "
                "be held beside another that they have. It was not given; they could sign in "
                "without it. “Administration, Council groups” shows which."
            ),
        )
    if is_kept:
        _tell_administrators(
            council,
            key=f"no-groups:{council.id}",
            subject=f"The council’s sign-in names no groups any more, on {site_name}",
            words=(
                f"{name} signed in just now, and the council’s sign-in did not say which groups "
                "they are in. They keep the roles that groups gave them, and so does everybody "
                "of whom it says nothing.\n\n"
                "Ask whoever runs the council’s sign-in whether it still sends the groups, also "
                "to people who are in none. If somebody has left their groups, close their "
                "account or change their roles by hand."
            ),
        )
    return settled


def _tell_administrators(council: Council, *, key: str, subject: str, words: str) -> None:
    """Write to each administrator, once a day about the same."""
    on = clock.today().isoformat()
    for administrator_id in sorted(queries.administrators(council.id)):
        account = queries.person_for_password(administrator_id)
        if account is None:
            continue
        mail.enqueue(
            key=f"{key}:{on}:{administrator_id}",
            to=account.email,
            subject=subject,
            body=f"Hello {account.name},\n\n{words}\n",
        )


def _is_open(person_id: int) -> bool:
    account = queries.person_for_password(person_id)
    return account is not None and is_open(account)


def _open(council: Council, person_id: int, known: Known, device: str) -> SignedIn:
    if not _is_open(person_id):
        raise NotLetIn("closed", council=council, person_id=person_id)
    return open_session_for(person_id, device=device, factor="provider", proved_at=known.proved_at)
