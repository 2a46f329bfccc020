"""How long a session stands: by its age, its last use, its device and what its person may do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from improve.accounts.queries import DeviceView, HeldPass, LiveSession
from improve.accounts.roles import CLOSELY_HELD_ROLES, Role
from improve.shared import clock

#: A colleague who leaves a desk; the working day and a late visit; a phone kept in a pocket.
IDLE_CLOSELY_HELD = timedelta(minutes=30)
LONGEST_CLOSELY_HELD = timedelta(hours=12)
IDLE = timedelta(hours=12)
#: However often it is used: a tab that is never closed must not outlast somebody's post. The
#: council's own sign-in is asked again once a day, which is a click for whoever is still there.
LONGEST = timedelta(days=7)
LONGEST_BY_PROVIDER = timedelta(hours=24)
OWN_DEVICE = timedelta(days=30)
#: From the right password to the code, with time to get an app for a phone.
HALF_OPEN = timedelta(minutes=30)
#: How long a proof given at the council's own sign-in counts for acts that ask for a password.
PROVED_FOR = timedelta(minutes=10)
_NEVER = datetime.min.replace(tzinfo=UTC)


def proof_ends_at(proved_at: datetime | None) -> datetime:
    """Return until when a proof counts that was given then; None: never given, so long over."""
    return proved_at + PROVED_FOR if proved_at is not None else _NEVER


def is_half_open(live: LiveSession, *, is_demo: bool) -> bool:
    """Return whether the password alone was given where a second proof is needed.

    It is needed of whoever has an authenticator app, and of the roles that are closely held. Names
    chosen in the demo prove nothing, and the demo alone takes them for proof.
    """
    return lacks_proof(
        live.factor, roles=live.actor.roles, has_factor=live.has_factor, is_demo=is_demo
    )


def lacks_proof(
    factor: str, *, roles: Collection[Role], has_factor: bool, is_demo: bool = False
) -> bool:
    """Return whether a session proved by ``factor`` lets somebody with these roles in only half."""
    is_proved = bool(factor) and (is_demo or factor != "demo")
    return not is_proved and (has_factor or bool(CLOSELY_HELD_ROLES.intersection(roles)))


def stands(live: LiveSession, at: datetime) -> bool:
    """Return whether a session may still be used: not ended, outlived, or of changed rights."""
    is_gone = (
        live.ended_at is not None
        or not live.is_active
        or (live.ends_on is not None and live.ends_on < clock.local(at).date())
        or live.rights_version != live.owner_rights
    )
    return not is_gone and at < ends_at(live)


def pass_stands(held: HeldPass, at: datetime) -> bool:
    """Return whether a capture pass may still be used: not ended, outlived, or of a closed account.

    Roles and teams are read afresh at each use, so a change of them needs no new pass.
    """
    is_gone = (
        held.ended_at is not None
        or not held.is_active
        or (held.ends_on is not None and held.ends_on < clock.local(at).date())
    )
    return not is_gone and at < held.expires_at


def ends_at(live: LiveSession) -> datetime:
    """Return when the session ends if it is not used again."""
    return _ends_at(live, is_closely_held=live.is_closely_held)


def device_ends_at(roles: Collection[Role], device: DeviceView) -> datetime:
    """Return when the session on a device of somebody with these roles ends if it is not used."""
    return _ends_at(device, is_closely_held=bool(CLOSELY_HELD_ROLES.intersection(roles)))


def _ends_at(device: LiveSession | DeviceView, *, is_closely_held: bool) -> datetime:
    if is_closely_held:
        return min(
            device.last_used_at + IDLE_CLOSELY_HELD, device.created_at + LONGEST_CLOSELY_HELD
        )
    if device.is_own_device:
        return device.created_at + OWN_DEVICE
    longest = LONGEST_BY_PROVIDER if device.factor == "provider" else LONGEST
    return min(device.last_used_at + IDLE, device.created_at + longest)
