"""What people do with their own account: password, name, address."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from improve.accounts import passwords, queries
from improve.accounts.actor import Actor
from improve.accounts.models import OneTimeLink, Person
from improve.accounts.service.found import PRODUCT_NAME
from improve.accounts.service.links import RESET, Post, end_links, make_link, use_link
from improve.accounts.service.own_address import ask_for_address
from improve.accounts.service.own_password import check_own_password
from improve.accounts.service.sign_in import (
    end_all_sessions,
    end_other_devices,
    forget_wrong_tries,
    is_open,
)
from improve.mail import service as mail
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken

#: A second request for a reset within this time sends nothing more: nobody's post is flooded.
ASKED_AGAIN_AFTER = timedelta(minutes=2)
NONE_TO_CHANGE = (
    "You sign in with your council account. There is no password of this site to change."
)


def change_password(actor: Actor, *, session_id: int, current: str, password: str) -> None:
    """Change the actor's own password; their other devices are signed out.

    Every capture pass ends, that of this phone too.

    Refuses a wrong current password and a new one that is easy to guess.
    """
    account = queries.person_for_password(actor.person_id)
    if account is None:
        raise NotFound
    if account.password_hash is None:
        raise RuleBroken(NONE_TO_CHANGE)
    check_own_password(actor, session_id=session_id, password=current, field="current_password")
    passwords.check_acceptable(
        password,
        names=(account.name, account.email, account.organisation_name, PRODUCT_NAME),
    )
    _set_password(actor.person_id, password)
    end_links(actor.person_id)
    end_other_devices(actor, keep_session_id=session_id)
    audit.record(actor, "password_changed", "person", actor.person_id)


def ask_for_reset(*, email: str, post: Post) -> None:
    """Send a link for 30 minutes to the account with this address, if there is an open one.

    Says and shows nothing of whether there is. The caller answers the same words always.
    """
    account = queries.person_for_sign_in(email)
    if account is None or not is_open(account):
        audit.record(None, "reset_asked", "person", None)
        return
    audit.record(None, "reset_asked", "person", account.id, organisation_id=account.organisation_id)
    just_asked = db.session.execute(
        select(OneTimeLink.id).where(
            OneTimeLink.person_id == account.id,
            OneTimeLink.kind == RESET,
            OneTimeLink.created_at > clock.now() - ASKED_AGAIN_AFTER,
        )
    ).first()
    if just_asked or _is_told(account, post.site_name):
        return
    made = make_link(organisation_id=account.organisation_id, person_id=account.id, kind=RESET)
    send_reset_mail(
        link_id=made.id,
        name=account.name,
        email=account.email,
        address=post.address_of(made.token),
        site_name=post.site_name,
    )


def _is_told(account: queries.SignInRow, site_name: str) -> bool:
    """Mail somebody whom the council's own sign-in proves that they need no password.

    A link would let whoever reads their post in, past that sign-in and its second proof.
    """
    if not queries.comes_by_council_account(account.id):
        return False
    now = clock.now()
    mail.enqueue(
        # Asked again within two minutes, it is the same mail.
        key=f"no-password:{account.id}:{int(now.timestamp() // ASKED_AGAIN_AFTER.total_seconds())}",
        to=account.email,
        subject=f"You sign in to {site_name} with your council account",
        body=(
            f"Hello {account.name},\n\n"
            f"somebody asked for a new password for {site_name} at this address. You have none: "
            "you sign in with your council account. If you cannot, ask your council’s IT help or "
            f"an administrator of {site_name}.\n"
        ),
    )
    return True


def send_reset_mail(*, link_id: int, name: str, email: str, address: str, site_name: str) -> None:
    """Queue the mail that carries a reset link, which stands nowhere in clear until it leaves."""
    mail.enqueue(
        key=f"reset:{link_id}",
        to=email,
        subject=f"A new password for {site_name}",
        body=(
            f"Hello {name},\n\n"
            f"choose a new password here within 30 minutes:\n{mail.SEALED_HERE}\n\n"
            "The link works once. If you did not ask for it, you need do nothing: your password "
            "stays as it is.\n"
        ),
        sealed=address,
    )


def reset_password(*, secret: str, token: str, password: str) -> None:
    """Set a new password by a reset link. All sessions and all other links of the person end.

    Wrong tries by whomever are forgotten. ``secret`` is the key under which they are counted.

    Raises ``NotFound`` for a link that no longer works; refuses a password easy to guess.
    """
    link = use_link(token, RESET)
    if queries.comes_by_council_account(link.person_id):
        raise NotFound
    passwords.check_acceptable(
        password, names=(link.name, link.email, link.organisation_name, PRODUCT_NAME)
    )
    _set_password(link.person_id, password)
    end_links(link.person_id)
    end_all_sessions(link.person_id)
    forget_wrong_tries(secret, link.email)
    audit.record(
        None,
        "password_reset",
        "person",
        link.person_id,
        organisation_id=link.organisation_id,
        link_id=link.id,
    )


def change_details(
    actor: Actor,
    *,
    session_id: int,
    name: str,
    job_title: str,
    email: str,
    password: str,
    post: Post,
) -> bool:
    """Change the actor's own name, job and address; return whether the address waits for a link.

    A new address asks for the password. Refuses a wrong password and an address that is in use.
    """
    account = queries.person_for_password(actor.person_id)
    if account is None:
        raise NotFound
    email, waits = email.strip().lower(), False
    if email != account.email:
        if account.password_hash and not password:
            raise RuleBroken(
                [Reason("Give your password to change your e-mail address.", "password")]
            )
        check_own_password(actor, session_id=session_id, password=password)
        waits = ask_for_address(actor, account, email=email, post=post)
    db.session.execute(
        update(Person)
        .where(Person.id == account.id)
        .values(name=name, job_title=job_title, version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "details_changed", "person", account.id)
    return waits


def _set_password(person_id: int, password: str) -> None:
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(password_hash=passwords.hash_password(password), version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )
