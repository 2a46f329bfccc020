"""Proving once more, at the council's own sign-in, that somebody signed in is still who they are.

For people without a password of this site, before an act that would ask for one. To go there and
come back proves nothing by itself: whoever found a desk unlocked is signed in there, too.
"""

from __future__ import annotations

from datetime import datetime

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.oidc.id_token import Known
from improve.accounts.oidc.provider import BY_RETURN, Provider
from improve.accounts.service.council_account import check_still_here, council_of
from improve.accounts.service.provider import settle_known
from improve.accounts.service.sign_in import renew_session
from improve.accounts.sessions.session_times import proof_ends_at
from improve.shared import audit, clock
from improve.shared.errors import DomainError


class NotProved(DomainError):
    """Coming back proved nothing. ``code`` says why:

    “other” (another council account than the one that is joined), “silent” (the provider does not
    say when they proved themselves), “old” (it was longer ago than counts, at ``at``).
    """

    def __init__(self, code: str, *, at: datetime | None = None) -> None:
        self.code = code
        self.at = at
        super().__init__(code)


def prove_again(
    actor: Actor, *, session_id: int, provider: Provider, known: Known, site_name: str
) -> str:
    """Note when the actor proved themselves at the provider; return the session's new id.

    Raises ``NotProved``. What their groups give and take is settled as at a sign-in; where that
    changes something, the session ends. Refuses where it ended while the provider was asked.
    """
    check_still_here(actor, session_id)
    held = queries.identity(known.issuer, known.subject)
    if held is None or held.person_id != actor.person_id:
        raise NotProved("other")
    at = known.proved_at
    if at is None and provider.proof == BY_RETURN:
        at = clock.now()
    if at is None:
        raise NotProved("silent")
    if proof_ends_at(at) <= clock.now():
        raise NotProved("old", at=at)
    settle_known(council_of(provider), actor.person_id, known, site_name)
    audit.record(actor, "proved_again", "person", actor.person_id)
    return renew_session(actor.person_id, session_id, proved_at=at)
