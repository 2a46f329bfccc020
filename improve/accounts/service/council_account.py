"""Which council account is whose here: joined by its owner, entered by an administrator."""

from __future__ import annotations

from sqlalchemy import delete, update

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.models import Identity, Person
from improve.accounts.oidc.id_token import Known
from improve.accounts.oidc.provider import Provider
from improve.accounts.queries import Council
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.accounts.service.own_password import check_own_password
from improve.accounts.service.people import managed_person
from improve.accounts.service.sign_in import end_all_sessions, end_other_devices, is_open
from improve.mail import service as mail
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import DomainError, Forbidden, Reason, RuleBroken


class NotLetIn(DomainError):
    """The council knows them, and they do not come in. ``code`` says why:

    “no_part” (no account, and no group with a role), “too_many_groups” (their groups could not be
    named), “no_address” (none was told), “foreign_address” (it ends
    otherwise than the council's do), “has_password” (their account here is not joined yet),
    “entered” (an administrator entered their key, and their role is closely held), “closed”,
    “elsewhere” (their account is another council's), “taken” (the council account is
    another's here), “settings” (no such council).
    """

    def __init__(self, code: str, *, council: Council | None = None, person_id: int = 0) -> None:
        self.code = code
        self.council = council
        self.person_id = person_id
        super().__init__(code)


def join_council_account(
    actor: Actor, *, session_id: int, provider: Provider, known: Known, site_name: str
) -> None:
    """Let the actor sign in with their council account from now on. Again is harmless.

    The caller has asked for the password. The actor's other devices are signed out. Raises
    ``NotLetIn`` where it is another's here, and refuses where the session, or the account, ended
    while the provider was asked.
    """
    check_still_here(actor, session_id)
    council = council_of(provider)
    if council.id != actor.organisation_id:
        raise NotLetIn("settings")
    held = queries.identity(known.issuer, known.subject)
    if held is not None and held.person_id != actor.person_id:
        raise NotLetIn("taken", council=council)
    if held is not None and not held.is_entered:
        return
    account = queries.person_for_password(actor.person_id)
    if account is None or account.password_hash is None:
        # Who comes by a key that was entered has not shown that the account here is theirs.
        raise Forbidden("Joining asks for a password of this site, and you have none.")
    _forget(actor, actor.person_id)
    add_identity(council.id, actor.person_id, known.issuer, known.subject)
    audit.record(actor, "council_account_joined", "person", actor.person_id)
    end_other_devices(actor, keep_session_id=session_id)
    _tell_of_join(
        actor.person_id, provider, site_name, joined=known.email or f"key {known.subject}"
    )


def check_still_here(actor: Actor, session_id: int) -> None:
    """Refuse where the session, or the account, ended while the provider was asked."""
    account = queries.person_for_password(actor.person_id)
    is_here = (
        account is not None
        and is_open(account)
        and account.rights_version == actor.rights_version
        and session_id in {device.id for device in queries.devices(actor)}
    )
    if not is_here:
        raise RuleBroken("You were signed out meanwhile. Sign in and begin again.")


def part_council_account(actor: Actor, *, session_id: int, password: str) -> None:
    """Let nobody come in to the actor's own account by the provider any more.

    Asks for the password, and refuses whoever has none: they would shut themselves out. Their other
    devices are signed out.
    """
    account = queries.person_for_password(actor.person_id)
    if account is None or account.password_hash is None:
        raise RuleBroken("It is your only way in. Ask an administrator to part the two.")
    check_own_password(actor, session_id=session_id, password=password)
    if _forget(actor, actor.person_id):
        end_other_devices(actor, keep_session_id=session_id)


def enter_subject(
    actor: Actor,
    *,
    person_id: int,
    provider: Provider,
    subject: str,
    session_id: int,
    password: str,
    site_name: str,
) -> None:
    """Write down by which key the provider knows somebody: an administrator has looked it up.

    Whoever holds the key comes in as that person from then on, so the administrator gives their own
    password, and the person is signed out everywhere and told by mail. Refuses a key that is
    another's here, one's own account, and those of closely held roles, who join it themselves:
    nobody opens reports or what children wrote by writing down a key. Again is harmless.
    """
    managed_person(actor, person_id)
    if person_id == actor.person_id:
        raise RuleBroken("Join your own under “My page, Settings”, with your password.")
    if CLOSELY_HELD_ROLES.intersection(queries.person_view(actor, person_id).roles):
        raise RuleBroken(
            "Their role opens what is most private, so they join it themselves: by the link of "
            "their invitation, or under “My page, Settings” with their password."
        )
    check_own_password(actor, session_id=session_id, password=password)
    if council_of(provider).id != actor.organisation_id:
        raise RuleBroken("This council has no sign-in of its own here.")
    held = queries.identity(provider.issuer, subject)
    if held is not None and held.person_id == person_id:
        return
    if held is not None:
        raise RuleBroken([Reason("This key is somebody else’s account already.", "subject")])
    _forget(actor, person_id)
    add_identity(actor.organisation_id, person_id, provider.issuer, subject, is_entered=True)
    audit.record(actor, "council_account_entered", "person", person_id)
    _raise_rights(person_id)
    end_all_sessions(person_id)
    _tell_of_join(person_id, provider, site_name, joined=f"key {subject}")


def forget_council_account(actor: Actor, *, person_id: int, session_id: int, password: str) -> None:
    """Let nobody come in to this account by the provider any more; their sessions end.

    Asks for the administrator's own password. Refuses one's own, where it is the only way in, and
    those of closely held roles: a fresh link, in the hands of whoever parted the two, would open
    what is most private. Again is harmless.
    """
    why = why_not_parted(actor, person_id)
    if why:
        raise RuleBroken(why)
    check_own_password(actor, session_id=session_id, password=password)
    if _forget(actor, person_id):
        _raise_rights(person_id)


def why_not_parted(actor: Actor, person_id: int) -> str:
    """Return in words why an administrator does not part somebody's accounts; empty if they may."""
    managed_person(actor, person_id)
    if person_id == actor.person_id:
        is_only = queries.comes_by_council_account(person_id)
        return "It is your only way in. Another administrator can part the two." if is_only else ""
    if CLOSELY_HELD_ROLES.intersection(queries.person_view(actor, person_id).roles):
        return (
            "Their role opens what is most private. Take the role away first, and give it anew "
            "when they have come in again. Their training for it ends with it."
        )
    return ""


def _raise_rights(person_id: int) -> None:
    """End every session of a person at its next request."""
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(rights_version=Person.rights_version + 1)
        .execution_options(synchronize_session=False)
    )


def add_identity(
    organisation_id: int, person_id: int, issuer: str, subject: str, *, is_entered: bool = False
) -> None:
    """Let a person come in by this key of the council's own sign-in."""
    db.session.add(
        Identity(
            organisation_id=organisation_id,
            person_id=person_id,
            issuer=issuer,
            subject=subject,
            refused=[],
            is_entered=is_entered,
            created_at=clock.now(),
        )
    )
    db.session.flush()


def council_of(provider: Provider) -> Council:
    """Return the council whose people a provider signs in. Raises ``NotLetIn`` where none is."""
    council = queries.council_signed_in_to(provider.council)
    if council is None:
        raise NotLetIn("settings")
    return council


def _forget(actor: Actor, person_id: int) -> bool:
    gone = db.session.execute(
        delete(Identity)
        .where(Identity.organisation_id == actor.organisation_id, Identity.person_id == person_id)
        .execution_options(synchronize_session=False)
    )
    if not gone.rowcount:  # type: ignore[attr-defined]
        return False
    audit.record(actor, "council_account_forgotten", "person", person_id)
    return True


def _tell_of_join(person_id: int, provider: Provider, site_name: str, *, joined: str) -> None:
    account = queries.person_for_password(person_id)
    if account is None:
        return
    mail.enqueue(
        key=f"council-account:{person_id}:{clock.now().isoformat()}",
        to=account.email,
        subject=f"You can sign in to {site_name} with {provider.name}",
        body=(
            f"Hello {account.name},\n\n"
            f"your account on {site_name} is joined to {provider.name}: whoever signs in with it "
            f"comes in as you from now on.\n\nIt is {joined} at {provider.issuer}\n\n"
            "Is that not yours, or do you know nothing of this? Tell your council’s data "
            "protection lead and an administrator today.\n"
        ),
    )
