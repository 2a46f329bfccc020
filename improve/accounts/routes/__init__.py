"""Pages of accounts: signing in, one's own account, people, teams. One blueprint."""

from __future__ import annotations

from improve.accounts.routes import (  # noqa: F401 - each adds its pages to the blueprint
    audit_log,
    busy,
    covers,
    days,
    duty_numbers,
    invitations,
    links,
    own,
    people,
    policy,
    signing_in,
    own_factor,
    team_life,
    people_access,
    teams,
    provider,
    second_factor,
    walls,
)
from improve.accounts.routes.blueprint import blueprint

__all__ = ["blueprint"]
