"""The page “Who may do what”: the table that the software itself follows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import requires
from improve.accounts.roles import POLICY, ROLE_WORDS, Permission, Scope
from improve.accounts.routes.blueprint import blueprint

#: Under which heading each right stands; a test holds this to the whole of the table.
GROUPS: tuple[tuple[str, tuple[Permission, ...]], ...] = (
    (
        "Ideas",
        (
            Permission.SEE_IDEAS,
            Permission.READ_IDEA,
            Permission.LOG_IDEA,
            Permission.REPLY_FIRST,
            Permission.EDIT_IDEA,
            Permission.MOVE_IDEA,
            Permission.DECIDE_IDEA,
            Permission.COMMENT_ON_IDEA,
            Permission.WITHDRAW_IDEA,
            Permission.INVITE_GUEST,
            Permission.REMOVE_WORDS,
            Permission.BRING_IN_LOG,
            Permission.SEE_BLOCKED,
            Permission.SEE_COACHING,
            Permission.SEARCH,
            Permission.TRY_EXAMPLE,
        ),
    ),
    (
        "Finished work",
        (
            Permission.SEE_REVIEW,
            Permission.TICK_READ,
            Permission.SEE_MONTH,
            Permission.ANSWER_MONTH,
            Permission.READ_LIBRARY,
            Permission.WRITE_LEARNING,
            Permission.PUBLISH_LEARNING,
            Permission.TELL_SPREAD,
            Permission.CHECK_SUSTAINED,
        ),
    ),
    (
        "Voices of children and families",
        (
            Permission.SEE_VOICES,
            Permission.READ_VOICES,
            Permission.TYPE_VOICE_IN,
            Permission.DRAFT_ANSWER,
            Permission.PLAN_VOICES,
            Permission.SET_UP_VOICES,
            Permission.PROMISE_TO_VOICES,
        ),
    ),
    (
        "Confidential reports",
        (
            Permission.TELL_REPORT,
            Permission.SEE_REPORT_LEARNING,
            Permission.SEE_REPORT_PATTERNS,
            Permission.REVIEW_REPORTS,
            Permission.SET_UP_REPORTS,
            Permission.PROMISE_TO_REPORTERS,
        ),
    ),
    (
        "Aims",
        (
            Permission.SEE_AIMS,
            Permission.PLAN_AIMS,
        ),
    ),
    (
        "Numbers",
        (
            Permission.SEE_MEASURES,
            Permission.DEFINE_MEASURE,
            Permission.ENTER_DATA,
            Permission.CHANGE_PAST_DATA,
        ),
    ),
    (
        "Huddles",
        (
            Permission.SEE_HUDDLES,
            Permission.RUN_HUDDLE,
            Permission.PLAN_HUDDLES,
            Permission.SEE_WALL,
            Permission.SEE_PROMISES,
        ),
    ),
    (
        "Running the place",
        (
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_TEAMS,
            Permission.SET_BUSY_TIME,
            Permission.ANSWER_BUSY_TIME,
            Permission.NAME_DEPUTY,
            Permission.GET_OPEN_DATA,
            Permission.MAKE_ARCHIVE,
            Permission.ANSWER_FOR_PRIVACY,
            Permission.READ_LOG,
            Permission.SEE_POLICY,
            Permission.SEE_OWN_PAGE,
        ),
    ),
)


@dataclass(frozen=True)
class PolicyRow:
    """One right: its words, and for each role in order “all”, “team”, “own” or “no”."""

    words: str
    cells: tuple[str, ...]


def policy_rows(permissions: tuple[Permission, ...]) -> list[PolicyRow]:
    """Return the rows of one group, read off the table itself."""
    words = {Scope.ALL: "all", Scope.TEAM: "team", Scope.OWN: "own"}
    return [
        PolicyRow(
            permission.value,
            tuple(
                words[POLICY[permission][role]] if role in POLICY[permission] else "no"
                for role in ROLE_WORDS
            ),
        )
        for permission in permissions
    ]


@blueprint.get("/admin/who-may-do-what")
@requires(Permission.SEE_POLICY)
def permissions() -> ResponseReturnValue:
    """Show who may do what, to everybody on the staff."""
    return render_template(
        "accounts/permissions.html",
        roles=list(ROLE_WORDS.values()),
        groups=[(heading, policy_rows(listed)) for heading, listed in GROUPS],
    )
