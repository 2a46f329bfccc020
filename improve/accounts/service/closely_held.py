"""Giving a role that opens what is most private: by one's own password, and never unseen."""

from __future__ import annotations

from collections.abc import Sequence, Set

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.roles import CLOSELY_HELD_ROLES, ROLE_WORDS, Role
from improve.accounts.service.own_password import check_own_password
from improve.mail import service as mail
from improve.shared import clock
from improve.shared.errors import Reason, RuleBroken


def check_may_give(actor: Actor, given: Set[Role], *, session_id: int, password: str) -> None:
    """Refuse to give a closely held role without the actor's own password, given just now.

    ``given``: the roles that are new to whoever gets them. Without a closely held one among them
    nothing is asked. An unlocked desk makes nobody an administrator.
    """
    closely_held = CLOSELY_HELD_ROLES.intersection(given)
    if not closely_held:
        return
    account = queries.person_for_password(actor.person_id)
    if not password and account is not None and account.password_hash:
        words = f"Give your own password: {_words(closely_held)} opens what is most private."
        raise RuleBroken([Reason(words, "password")])
    check_own_password(actor, session_id=session_id, password=password)


def tell_of_given(
    actor: Actor, given: Set[Role], *, names: Sequence[str], to_ids: Set[int], site_name: str
) -> None:
    """Mail the other administrators and data protection leads who got a closely held role.

    ``names``: of those who got it; ``to_ids``: their ids, who are not told of themselves.
    """
    closely_held = CLOSELY_HELD_ROLES.intersection(given)
    if not closely_held:
        return
    told = queries.administrators(actor.organisation_id)
    told |= {lead.id for lead in queries.data_protection_leads(actor)}
    told -= {actor.person_id, *to_ids}
    at = clock.now().isoformat()
    for known in queries.mail_people(sorted(told)).values():
        if not known.gets_mail:
            continue
        mail.enqueue(
            key=f"role-given:{known.id}:{at}",
            to=known.email,
            subject=f"Somebody was given a role on {site_name} that opens what is most private",
            body=(
                f"Hello {known.name},\n\n"
                f"{actor.name} gave {_words(closely_held)} on {site_name} to:\n"
                f"{chr(10).join(names)}\n\n"
                "If this is not as it should be, tell another administrator or your data "
                "protection lead today.\n"
            ),
        )


def _words(given: Set[Role]) -> str:
    return " and ".join(f"“{ROLE_WORDS[role]}”" for role in ROLE_WORDS if role in given)
