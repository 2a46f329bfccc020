"""What people do with accounts: one module a verb, all named here."""

from __future__ import annotations

from improve.accounts.service.boards import raise_board_version, raise_board_versions
from improve.accounts.service.capture import MadePass, end_capture_pass, make_capture_pass
from improve.accounts.service.found import (
    add_service,
    add_team,
    find_organisation,
    found_organisation,
    grant_role,
    register_person,
)
from improve.accounts.service.huddles import huddle_goes_on, set_huddle_days
from improve.accounts.service.invite import (
    Invited,
    InviteRow,
    accept_invitation,
    check_invitation,
    invite_people,
    name_administrator,
    preview_invitations,
    resend_invitation,
    revoke_invitation,
)
from improve.accounts.service.links import INVITATION, RESET, Post, find_link
from improve.accounts.service.own import (
    ask_for_reset,
    change_details,
    change_password,
    choose_theme,
    reset_password,
)
from improve.accounts.service.people import (
    change_roles,
    disable_person,
    enable_person,
    end_sessions_of,
    make_reset_link,
)
from improve.accounts.service.purge import purge_access
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
    stay_signed_in,
    touch_session,
    wait_seconds,
)
from improve.accounts.service.teams import (
    change_team,
    may_set_up_teams,
    rename_service,
    set_up_service,
    set_up_team,
)

__all__ = [
    "INVITATION",
    "RESET",
    "InviteRow",
    "Invited",
    "MadePass",
    "Post",
    "SignedIn",
    "accept_invitation",
    "add_service",
    "add_team",
    "ask_for_reset",
    "change_details",
    "change_password",
    "change_roles",
    "change_team",
    "check_invitation",
    "choose_theme",
    "confirm_password",
    "disable_person",
    "enable_person",
    "end_capture_pass",
    "end_device",
    "end_other_devices",
    "end_sessions_of",
    "find_link",
    "find_organisation",
    "found_organisation",
    "grant_role",
    "huddle_goes_on",
    "invite_people",
    "leave_message",
    "make_capture_pass",
    "make_reset_link",
    "may_set_up_teams",
    "name_administrator",
    "note_attempt",
    "preview_invitations",
    "purge_access",
    "raise_board_version",
    "raise_board_versions",
    "register_person",
    "rename_service",
    "resend_invitation",
    "reset_password",
    "revoke_invitation",
    "set_huddle_days",
    "set_up_service",
    "set_up_team",
    "sign_in",
    "sign_in_demo_person",
    "sign_out",
    "stay_signed_in",
    "touch_session",
    "wait_seconds",
]
