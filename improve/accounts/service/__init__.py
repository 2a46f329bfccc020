"""What people do with accounts: one module a verb, all named here."""

from __future__ import annotations

from improve.accounts.service.boards import raise_board_version, raise_board_versions
from improve.accounts.service.found import (
    add_team,
    found_organisation,
    grant_role,
    register_person,
)
from improve.accounts.service.sign_in import (
    SignedIn,
    confirm_password,
    end_device,
    end_other_devices,
    leave_message,
    note_attempt,
    sign_in,
    sign_in_demo_person,
    sign_out,
    touch_session,
    wait_seconds,
)

__all__ = [
    "SignedIn",
    "add_team",
    "confirm_password",
    "end_device",
    "end_other_devices",
    "found_organisation",
    "grant_role",
    "leave_message",
    "note_attempt",
    "raise_board_version",
    "raise_board_versions",
    "register_person",
    "sign_in",
    "sign_in_demo_person",
    "sign_out",
    "touch_session",
    "wait_seconds",
]
