"""How long a session stands: by its age, its last use, its device and what its person may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from improve.accounts.actor import Actor
from improve.accounts.queries import DeviceView, HeldPass, LiveSession
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.shared import clock

#: A colleague who leaves a desk; the working day and a late visit; a phone kept in a pocket.
IDLE_CLOSELY_HELD = timedelta(minutes=30)
LONGEST_CLOSELY_HELD = timedelta(hours=12)
IDLE = timedelta(hours=12)
OWN_DEVICE = timedelta(days=30)
#: From the right password to the code, with time to get an app for a phone.
HALF_OPEN = timedelta(minutes=30)


def is_half_open(live: LiveSession, *, is_demo: bool) -> bool:
    """Return whether the password alone was given where a second proof is needed.

    It is needed of whoever has an authenticator app, and of the roles that are closely held. Names
    chosen in the demo prove nothing, and the demo alone takes them for proof.
    """
    is_proved = bool(live.factor) and (is_demo or live.factor != "demo")
    return not is_proved and (live.has_factor or bool(live.actor.roles & CLOSELY_HELD_ROLES))


def stands(live: LiveSession, at: datetime) -> bool:
    """Return whether a session may still be used: not ended, outlived, or of changed rights."""
    is_gone = (
        live.ended_at is not None
        or not live.is_active
        or (live.ends_on is not None and live.ends_on < clock.local(at).date())
        or live.rights_version != live.actor.rights_version
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
    return device_ends_at(live.actor, live)


def device_ends_at(actor: Actor, device: LiveSession | DeviceView) -> datetime:
    """Return when the session on one of the actor's devices ends if it is not used again."""
    if actor.roles & CLOSELY_HELD_ROLES:
        return min(
            device.last_used_at + IDLE_CLOSELY_HELD, device.created_at + LONGEST_CLOSELY_HELD
        )
    if device.is_own_device:
        return device.created_at + OWN_DEVICE
    return device.last_used_at + IDLE
