"""What an administrator does for somebody who cannot get in: a password link, a lost phone.

Where no mail goes out, the way in would be in the administrator's hands and its owner would hear
nothing. So nobody's account is opened so while they hold a role that opens what is most private.
Once it is taken from them, the training that hung on it is over as well: it has to be entered
anew, in the open, and old training opens nothing.
"""

from __future__ import annotations

from typing import Final

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.queries import PersonView
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.accounts.service.factor_mails import mail_person
from improve.accounts.service.links import RESET, Post, make_link
from improve.accounts.service.own import send_reset_mail
from improve.accounts.service.own_password import check_own_password
from improve.accounts.service.people import managed_person
from improve.accounts.service.second_factor import remove_second_factor
from improve.accounts.service.sign_in import end_all_sessions
from improve.shared import audit
from improve.shared.errors import RuleBroken

_IN_YOUR_HANDS: Final = (
    "No mail goes out here, so the link would be in your hands, and their role opens what is most "
    "private. Take the role away first, and give it anew when they are in. Their training for it "
    "ends with it."
)
_UNHEARD: Final = (
    "No mail goes out here, so they would not hear of it, and their role opens what is most "
    "private. Whoever runs this site can take the phone away: “A lost phone” in its manual."
)
_CLOSED: Final = "This account is closed. Open it again first."
_HAS_NONE: Final = (
    "They sign in with their council account and have no password here. Part the two first, if "
    "they are to choose one."
)
_OWN_PHONE: Final = "Another administrator has to do this for you. Or use a recovery code."


def why_no_reset_link(actor: Actor, person: PersonView, *, has_mail: bool) -> str:
    """Return in words why no password link is made for somebody; empty where one may be."""
    if not person.is_active:
        return _CLOSED
    if queries.comes_by_council_account(person.id):
        return _HAS_NONE
    return _IN_YOUR_HANDS if _opens_unheard(actor, person, has_mail=has_mail) else ""


def why_no_factor_reset(actor: Actor, person: PersonView, *, has_mail: bool) -> str:
    """Return in words why nobody takes somebody's phone away here; empty where one may."""
    if person.id == actor.person_id:
        return _OWN_PHONE
    return _UNHEARD if _opens_unheard(actor, person, has_mail=has_mail) else ""


def _opens_unheard(actor: Actor, person: PersonView, *, has_mail: bool) -> bool:
    is_closely_held = bool(CLOSELY_HELD_ROLES.intersection(person.roles))
    return is_closely_held and not has_mail and person.id != actor.person_id


def make_reset_link(
    actor: Actor, *, person_id: int, post: Post, session_id: int, password: str
) -> str | None:
    """Send a person a reset link, or return it, once, to hand over when no mail goes out.

    Asks for the administrator's own password. Refuses a closed account, one without a password, and
    without mail those of closely held roles.
    """
    person = managed_person(actor, person_id)
    why = why_no_reset_link(actor, person, has_mail=post.has_mail)
    if why:
        raise RuleBroken(why)
    check_own_password(actor, session_id=session_id, password=password)
    made = make_link(
        organisation_id=actor.organisation_id,
        person_id=person_id,
        kind=RESET,
        made_by_id=actor.person_id,
    )
    audit.record(actor, "reset_link_made", "person", person_id, link_id=made.id)
    address = post.address_of(made.token)
    if not post.has_mail:
        return address
    send_reset_mail(
        link_id=made.id,
        name=person.name,
        email=person.email,
        address=address,
        site_name=post.site_name,
    )
    return None


def reset_second_factor(
    actor: Actor,
    *,
    person_id: int,
    session_id: int,
    password: str,
    site_name: str,
    has_mail: bool,
) -> None:
    """Take a lost phone's app away, for an administrator, who gives their own password.

    The person is signed out everywhere and told by mail. Refuses one's own: whoever found a desk
    unlocked would put their phone in its place; and without mail those of closely held roles.
    Nothing happens where there is none.
    """
    person = managed_person(actor, person_id)
    why = why_no_factor_reset(actor, person, has_mail=has_mail)
    if why:
        raise RuleBroken(why)
    check_own_password(actor, session_id=session_id, password=password)
    if not remove_second_factor(person_id):
        return
    end_all_sessions(person_id)
    audit.record(actor, "second_factor_reset", "person", person_id)
    mail_person("second_factor_reset", person_id=person_id, site_name=site_name)
