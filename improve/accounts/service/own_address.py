"""Changing one's own e-mail address: it counts once a link in the new mailbox was pressed."""

from __future__ import annotations

from sqlalchemy import update

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.models import Person
from improve.accounts.queries import LinkView, SignInRow
from improve.accounts.service.links import ADDRESS, Post, end_links, make_link, use_link
from improve.mail import service as mail
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken

IN_USE = "This address cannot be used here."


def ask_for_address(actor: Actor, account: SignInRow, *, email: str, post: Post) -> bool:
    """Have the actor's address changed to ``email``; return whether it waits for a link's press.

    The link goes to the new mailbox and lasts a day: a typing error gives the account to nobody.
    Where no mail goes out it counts at once. Refuses an address that is none, or in use.
    """
    if not mail.is_address(email):
        raise RuleBroken([Reason("Write an address such as name@council.gov.uk.", "email")])
    if queries.address_holders([email]):
        raise RuleBroken([Reason(IN_USE, "email")])
    if not post.has_mail:
        _tell_former(account, account.id, key=clock.now().isoformat(), site_name=post.site_name)
        _change(account.id, account.organisation_id, email, actor=actor)
        return False
    made = make_link(
        organisation_id=account.organisation_id,
        person_id=account.id,
        kind=ADDRESS,
        made_by_id=actor.person_id,
        facts={"email": email},
    )
    mail.enqueue(
        key=f"{ADDRESS}:{made.id}",
        to=email,
        subject=f"Is this your address for {post.site_name}?",
        body=(
            f"Hello {account.name},\n\n"
            f"somebody signed in as you wants mail from {post.site_name} to come here. If that was "
            f"you, say so here within 24 hours:\n{mail.SEALED_HERE}\n\n"
            "If it was not, you need do nothing.\n"
        ),
        sealed=post.address_of(made.token),
    )
    mail.enqueue(
        key=f"address-asked:{made.id}",
        to=account.email,
        subject=f"Another address for your account at {post.site_name}",
        body=(
            f"Hello {account.name},\n\n"
            f"somebody signed in as you wants mail from {post.site_name} to go to another address. "
            "It counts once they press a link there. If this was not you, change your password and "
            "tell your administrator today.\n"
        ),
    )
    audit.record(actor, "address_asked", "person", account.id, link_id=made.id)
    return True


def use_address(*, token: str, post: Post) -> None:
    """Use the new address that a link was sent to. All other links of the person end.

    Raises ``NotFound`` for a link that no longer works; refuses an address that is in use by now.
    """
    link = use_link(token, ADDRESS)
    email = str(link.facts.get("email", ""))
    if not mail.is_address(email):
        raise NotFound
    if queries.address_holders([email]):
        raise RuleBroken(IN_USE)
    _tell_former(link, link.person_id, key=str(link.id), site_name=post.site_name)
    _change(link.person_id, link.organisation_id, email, actor=None)


def _tell_former(whose: SignInRow | LinkView, person_id: int, *, key: str, site_name: str) -> None:
    mail.enqueue(
        key=f"address-changed:{person_id}:{key}",
        to=whose.email,
        subject=f"Your address at {site_name} was changed",
        body=(
            f"Hello {whose.name},\n\n"
            f"from now on mail from {site_name} goes to another address. "
            "If this was not you, tell your administrator today.\n"
        ),
    )


def _change(person_id: int, organisation_id: int, email: str, *, actor: Actor | None) -> None:
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(email=email, version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )
    end_links(person_id)
    audit.record(actor, "address_changed", "person", person_id, organisation_id=organisation_id)
