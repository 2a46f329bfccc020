"""Who may do what: the one policy table. Pure.

Several roles add up. ``OWN`` means an idea's author, lead or member; ``TEAM`` the teams that the
role is held in; ``ALL`` every team of one's own organisation. What is not in the table is refused.
The page "Who may do what" shows this table, and a test walks every route against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from improve.accounts.actor import Actor


class Role(StrEnum):
    """What a person may act as. Several per person."""

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    COACH = "coach"
    VOICES_READER = "voices_reader"
    INCIDENT_REVIEWER = "incident_reviewer"
    LEADER = "leader"
    DATA_PROTECTION_LEAD = "data_protection_lead"
    ADMINISTRATOR = "administrator"
    GUEST = "guest"
    #: No person's: a screen on a wall, see ``accounts.walls``.
    WALL = "wall"


class Scope(IntEnum):
    """How far a permission reaches; a wider one includes the narrower."""

    OWN = 1
    TEAM = 2
    ALL = 3


class Permission(StrEnum):
    """One thing a person may be allowed to do; the value is how the policy page says it."""

    LOG_IDEA = "Log an idea"
    SEE_IDEAS = "See ideas and boards"
    READ_IDEA = "Read an idea"
    EDIT_IDEA = "Edit an idea, fill in its test"
    REPLY_FIRST = "Give the first reply"
    MOVE_IDEA = "Move an idea between stages"
    DECIDE_IDEA = "Decide to keep, change or stop"
    WITHDRAW_IDEA = "Withdraw an idea"
    COMMENT_ON_IDEA = "Comment on an idea"
    INVITE_GUEST = "Invite a guest to one idea"
    BRING_IN_LOG = "Bring in an improvement log"
    SEE_COACHING = "See who asks a coach, and where a team could use one"
    SEE_BLOCKED = "See all that is blocked"
    SEE_AIMS = "See aims and what drives them"
    PLAN_AIMS = "Change aims and what drives them"
    SEARCH = "Search what one may read"
    REMOVE_WORDS = "Take out words that identify someone"
    SEE_MEASURES = "See measures and charts"
    DEFINE_MEASURE = "Define a measure"
    ENTER_DATA = "Enter or import numbers"
    CHANGE_PAST_DATA = "Change numbers entered before"
    SEE_REVIEW = "Read finished cycles"
    SEE_PROMISES = "Read the hours promised to teams"
    TICK_READ = "Tick a finished cycle as read, and write to its team"
    SEE_MONTH = "Read what a month asks of leaders"
    ANSWER_MONTH = "Answer what a month asks of leaders"
    READ_LIBRARY = "Read the learning library"
    WRITE_LEARNING = "Write what an idea taught"
    PUBLISH_LEARNING = "Publish a learning page, exchange pages with councils"
    TELL_SPREAD = "Tell how it went somewhere else"
    CHECK_SUSTAINED = "Say whether a kept change still holds"
    GET_OPEN_DATA = "Get what one may see as tables"
    MAKE_ARCHIVE = "Make an archive of the whole council"
    ANSWER_FOR_PRIVACY = "Answer for privacy: what is held about whom, how long, erasing it"
    READ_VOICES = "Read what children and families wrote, and answer"
    SEE_VOICES = "See what others may read of voices"
    TYPE_VOICE_IN = "Type in what somebody said or wrote on paper"
    DRAFT_ANSWER = "Draft an answer to a voice"
    PLAN_VOICES = "Make addresses, posters and surveys for voices"
    SET_UP_VOICES = "Set up the form for voices, its words and readers"
    PROMISE_TO_VOICES = "Sign the promise to those who tell us"
    TELL_REPORT = "Report an error, a near miss or what went well"
    SEE_REPORT_LEARNING = "Read what was learned from reports"
    SEE_REPORT_PATTERNS = "See patterns of reports, in safe numbers"
    REVIEW_REPORTS = "Read the reports that are offered to one"
    SET_UP_REPORTS = "Set up confidential reports, groups and reviewers"
    PROMISE_TO_REPORTERS = "Sign the promise to those who report"
    SEE_HUDDLES = "Read a team’s huddles"
    RUN_HUDDLE = "Run a huddle, add decisions and actions"
    PLAN_HUDDLES = "Set when a team meets, and its wall screens"
    SEE_WALL = "See the wall of a team"
    SET_BUSY_TIME = "Say that a team has a busy time"
    ANSWER_BUSY_TIME = "Answer what a busy team asks for"
    NAME_DEPUTY = "Name a deputy for a manager"
    MANAGE_PEOPLE = "Invite people, change roles"
    MANAGE_TEAMS = "Set up teams and their boards"
    READ_LOG = "Read the log of acts"
    TRY_EXAMPLE = "Load an example board, look at it and remove it"
    SEE_POLICY = "See who may do what"
    SEE_OWN_PAGE = "See one’s own page, password and devices"


_EVERY_STAFF_ROLE: Final = (
    Role.PRACTITIONER,
    Role.MANAGER,
    Role.COACH,
    Role.VOICES_READER,
    Role.INCIDENT_REVIEWER,
    Role.LEADER,
    Role.DATA_PROTECTION_LEAD,
)
_EVERYONE: Final = (*_EVERY_STAFF_ROLE, Role.ADMINISTRATOR)


def _all_for(*roles: Role) -> dict[Role, Scope]:
    return dict.fromkeys(roles, Scope.ALL)


POLICY: Final[Mapping[Permission, Mapping[Role, Scope]]] = {
    Permission.LOG_IDEA: _all_for(*_EVERYONE),
    Permission.SEE_IDEAS: _all_for(*_EVERY_STAFF_ROLE),
    Permission.READ_IDEA: {**_all_for(*_EVERY_STAFF_ROLE), Role.GUEST: Scope.OWN},
    Permission.EDIT_IDEA: {
        Role.PRACTITIONER: Scope.TEAM,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
    },
    Permission.REPLY_FIRST: {
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
        Role.LEADER: Scope.ALL,
    },
    Permission.MOVE_IDEA: {
        Role.PRACTITIONER: Scope.OWN,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
    },
    Permission.DECIDE_IDEA: {Role.MANAGER: Scope.TEAM},
    Permission.WITHDRAW_IDEA: dict.fromkeys(_EVERYONE, Scope.OWN),
    Permission.COMMENT_ON_IDEA: {**_all_for(*_EVERY_STAFF_ROLE), Role.GUEST: Scope.OWN},
    Permission.INVITE_GUEST: {Role.MANAGER: Scope.TEAM, Role.COACH: Scope.ALL},
    Permission.BRING_IN_LOG: {Role.MANAGER: Scope.TEAM, Role.COACH: Scope.ALL},
    Permission.SEE_COACHING: _all_for(Role.COACH),
    Permission.SEE_BLOCKED: _all_for(Role.MANAGER, Role.COACH, Role.LEADER),
    Permission.SEE_AIMS: _all_for(*_EVERYONE),
    Permission.PLAN_AIMS: _all_for(Role.COACH, Role.LEADER, Role.ADMINISTRATOR),
    Permission.SEARCH: _all_for(*_EVERYONE),
    Permission.REMOVE_WORDS: _all_for(Role.COACH, Role.DATA_PROTECTION_LEAD),
    Permission.SEE_MEASURES: _all_for(*_EVERY_STAFF_ROLE),
    Permission.DEFINE_MEASURE: {Role.MANAGER: Scope.TEAM, Role.COACH: Scope.ALL},
    Permission.ENTER_DATA: {
        Role.PRACTITIONER: Scope.TEAM,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
    },
    Permission.CHANGE_PAST_DATA: {Role.MANAGER: Scope.TEAM, Role.COACH: Scope.ALL},
    Permission.SEE_REVIEW: _all_for(*_EVERY_STAFF_ROLE),
    Permission.SEE_PROMISES: _all_for(Role.COACH, Role.LEADER),
    Permission.TICK_READ: _all_for(Role.LEADER),
    Permission.SEE_MONTH: _all_for(Role.COACH, Role.LEADER),
    Permission.ANSWER_MONTH: _all_for(Role.LEADER),
    Permission.READ_LIBRARY: _all_for(*_EVERY_STAFF_ROLE),
    Permission.WRITE_LEARNING: {
        Role.PRACTITIONER: Scope.OWN,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
    },
    Permission.PUBLISH_LEARNING: _all_for(Role.COACH, Role.LEADER),
    Permission.TELL_SPREAD: _all_for(*_EVERY_STAFF_ROLE),
    Permission.CHECK_SUSTAINED: {
        Role.PRACTITIONER: Scope.OWN,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
    },
    Permission.GET_OPEN_DATA: _all_for(*_EVERYONE),
    Permission.MAKE_ARCHIVE: {Role.ADMINISTRATOR: Scope.ALL},
    Permission.ANSWER_FOR_PRIVACY: _all_for(Role.DATA_PROTECTION_LEAD, Role.ADMINISTRATOR),
    Permission.READ_VOICES: _all_for(Role.VOICES_READER),
    Permission.SEE_VOICES: _all_for(*_EVERY_STAFF_ROLE),
    Permission.TYPE_VOICE_IN: _all_for(*_EVERY_STAFF_ROLE),
    Permission.DRAFT_ANSWER: _all_for(Role.MANAGER, Role.COACH, Role.VOICES_READER),
    Permission.PLAN_VOICES: _all_for(Role.VOICES_READER, Role.ADMINISTRATOR),
    Permission.SET_UP_VOICES: _all_for(Role.ADMINISTRATOR),
    Permission.PROMISE_TO_VOICES: _all_for(Role.LEADER),
    Permission.TELL_REPORT: _all_for(*_EVERYONE),
    Permission.SEE_REPORT_LEARNING: _all_for(*_EVERY_STAFF_ROLE),
    Permission.SEE_REPORT_PATTERNS: _all_for(Role.COACH, Role.LEADER, Role.INCIDENT_REVIEWER),
    Permission.REVIEW_REPORTS: _all_for(Role.INCIDENT_REVIEWER),
    Permission.SET_UP_REPORTS: _all_for(Role.ADMINISTRATOR),
    Permission.PROMISE_TO_REPORTERS: _all_for(Role.LEADER),
    Permission.SEE_HUDDLES: {
        Role.PRACTITIONER: Scope.TEAM,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
        Role.LEADER: Scope.ALL,
    },
    Permission.RUN_HUDDLE: {
        Role.PRACTITIONER: Scope.TEAM,
        Role.MANAGER: Scope.TEAM,
        Role.COACH: Scope.ALL,
    },
    Permission.PLAN_HUDDLES: {Role.MANAGER: Scope.TEAM, Role.COACH: Scope.ALL},
    Permission.SEE_WALL: {**_all_for(*_EVERY_STAFF_ROLE), Role.WALL: Scope.TEAM},
    Permission.SET_BUSY_TIME: {Role.MANAGER: Scope.TEAM, Role.LEADER: Scope.ALL},
    Permission.ANSWER_BUSY_TIME: _all_for(Role.LEADER),
    Permission.NAME_DEPUTY: {Role.MANAGER: Scope.TEAM, Role.ADMINISTRATOR: Scope.ALL},
    Permission.MANAGE_PEOPLE: {Role.ADMINISTRATOR: Scope.ALL},
    Permission.MANAGE_TEAMS: {Role.MANAGER: Scope.TEAM, Role.ADMINISTRATOR: Scope.ALL},
    Permission.READ_LOG: _all_for(Role.DATA_PROTECTION_LEAD, Role.ADMINISTRATOR),
    Permission.TRY_EXAMPLE: _all_for(Role.MANAGER, Role.COACH, Role.LEADER, Role.ADMINISTRATOR),
    Permission.SEE_POLICY: _all_for(*_EVERYONE),
    Permission.SEE_OWN_PAGE: _all_for(*_EVERYONE, Role.GUEST),
}

#: Roles whose sessions are short, since they see or change what is most private.
CLOSELY_HELD_ROLES: Final = frozenset(
    {
        Role.INCIDENT_REVIEWER,
        Role.VOICES_READER,
        # Reads the log, and copies or erases all that is held of anybody.
        Role.DATA_PROTECTION_LEAD,
        Role.ADMINISTRATOR,
    }
)
#: Roles beside which nobody reviews reports.
NOT_REVIEWERS: Final = frozenset({Role.MANAGER, Role.LEADER, Role.ADMINISTRATOR})
#: Roles as screens say them, in the order of the table.
ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.PRACTITIONER: "Practitioner",
    Role.MANAGER: "Manager",
    Role.COACH: "Coach",
    Role.VOICES_READER: "Voices reader",
    Role.INCIDENT_REVIEWER: "Incident reviewer",
    Role.LEADER: "Leader",
    Role.DATA_PROTECTION_LEAD: "Data protection lead",
    Role.ADMINISTRATOR: "Administrator",
    Role.GUEST: "Guest",
    Role.WALL: "Wall screen",
}
#: Roles that a person can be given.
PERSON_ROLES: Final = tuple(role for role in Role if role is not Role.WALL)
#: Roles that are held in a team; all others reach over the organisation or a service.
TEAM_ROLES: Final = frozenset({Role.PRACTITIONER, Role.MANAGER})


def acts_as(role: Role) -> tuple[Role, ...]:
    """Return the roles whose rights ``role`` carries: all staff are practitioners as well."""
    is_staff = role in _EVERY_STAFF_ROLE and role is not Role.PRACTITIONER
    return (role, Role.PRACTITIONER) if is_staff else (role,)


def has_any(actor: Actor, permission: Permission) -> bool:
    """Return whether the actor may do this somewhere at all."""
    policy = POLICY[permission]
    return any(role in policy for held in actor.roles for role in acts_as(held))


def may(
    actor: Actor, permission: Permission, *, team_id: int | None = None, is_own: bool = False
) -> bool:
    """Return whether the actor may do this to a thing of ``team_id``, theirs or not.

    The thing must already be known to belong to the actor's organisation.
    """
    policy = POLICY[permission]
    return any(
        _reaches(policy.get(role), place.team_id, team_id, is_own)
        for place in actor.places
        for role in acts_as(place.role)
    )


def _reaches(scope: Scope | None, held_in: int | None, team_id: int | None, is_own: bool) -> bool:
    if scope is None:
        return False
    is_of_team = scope is Scope.TEAM and team_id is not None and held_in == team_id
    return scope is Scope.ALL or is_of_team or is_own


def clashes(roles: frozenset[Role]) -> str | None:
    """Return in words why these roles cannot be held together, or None.

    A reviewer of confidential reports must be nobody's manager or leader, and nobody who gives
    roles and enters training.
    """
    if Role.INCIDENT_REVIEWER in roles and roles & NOT_REVIEWERS:
        return "A reviewer of reports cannot also be a manager, a leader or an administrator."
    if Role.GUEST in roles and len(roles) > 1:
        return "A guest has no other role."
    return None
