"""How accounts say that somebody's roles are others: what hangs on them is kept above. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.roles import Role


@dataclass(frozen=True)
class RolesChanged:
    """Published with ``shared.events``, in the transaction that gives or takes.

    ``roles``: those the person holds nowhere any more, or did not hold anywhere before.
    """

    organisation_id: int
    person_id: int
    roles: frozenset[Role]
