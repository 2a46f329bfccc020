"""Pages of accounts: signing in, one's own account, people, teams. One blueprint."""

from __future__ import annotations

from improve.accounts.routes import (  # noqa: F401 - each adds its pages to the blueprint
    audit_log,
    busy,
    council_account,
    covers,
    days,
    duty_numbers,
    groups,
    invitations,
    links,
    own,
    own_factor,
    people,
    people_access,
    policy,
    prove_again,
    provider,
    second_factor,
    signing_in,
    team_life,
    teams,
    walls,
)
from improve.accounts.routes.blueprint import blueprint

__all__ = ["blueprint"]
