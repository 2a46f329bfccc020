"""Who may do what to one idea: the policy table, and what an idea's own story adds to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, Role, may
from improve.ideas.kinds import Outcome, ReplyKind, Stage, Way
from improve.ideas.stages import Target, ways_from


@dataclass(frozen=True, slots=True)
class Standing:
    """What rights depend on: whose idea it is, and where it stands."""

    team_id: int
    author_id: int
    lead_id: int | None
    is_member: bool
    stage: Stage
    outcome: Outcome | None = None
    reply_kind: ReplyKind | None = None
    hides_name: bool = False

    def is_own_of(self, actor: Actor) -> bool:
        """Whether the actor is author, lead or member."""
        return actor.person_id in {self.author_id, self.lead_id} or self.is_member


def standing_of(row: Mapping[Any, Any]) -> Standing:
    """Return what rights depend on, from a row of an idea with ``is_member``."""
    return Standing(
        team_id=row["team_id"],
        author_id=row["author_id"],
        lead_id=row["lead_id"],
        is_member=bool(row["is_member"]),
        stage=Stage(row["stage"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reply_kind=ReplyKind(row["first_reply_kind"]) if row["first_reply_kind"] else None,
        hides_name=row["hides_name"],
    )


#: Columns of an idea that ``standing_of`` reads, besides ``is_member``.
STANDING_COLUMNS: Final = (
    "team_id",
    "author_id",
    "lead_id",
    "stage",
    "outcome",
    "first_reply_kind",
    "hides_name",
)

#: Ways that an author, lead or member may take themselves.
OWN_WAYS: Final = frozenset(
    {
        (Stage.PLAN, Way.DO),
        (Stage.DO, Way.PLAN),
        (Stage.DO, Way.STUDY),
        (Stage.STUDY, Way.DO),
        (Stage.STUDY, Way.ACT),
    }
)
DECIDING: Final = frozenset({Way.KEEP, Way.CHANGE, Way.STOP})

WHO_DECIDES: Final = "A manager of this team decides to keep, change or stop."
WHO_MOVES: Final = (
    "The people of this idea can move it between Plan, Do and Study. "
    "A manager of the team or a coach can move it anywhere."
)
WHO_STEERS: Final = "A manager of this team or a coach can do this."
WHO_PLANS: Final = (
    "Its author can plan it once a first reply says “We will try it”. "
    "A manager of this team or a coach can move it."
)
WHO_WITHDRAWS: Final = "Only the person who logged an idea can withdraw it."
WHO_REPLIES: Final = "A manager of this team, a coach or a leader gives the first reply."
WHO_EDITS: Final = "The people of this team and coaches can change this idea."
WHO_THANKS: Final = "Staff who work with ideas can say thanks."
WHO_REMOVES_THANKS: Final = (
    "The two people it is between, a manager of this team or a coach can remove a thank-you."
)
WHO_PINS: Final = "The people of this team and coaches choose what their huddle talks about."
WHO_COMMENTS: Final = "Staff who can see this idea can comment on it."
WHO_ASKS_COACH: Final = "Staff who can see this idea can ask a coach about it."
WHO_ANSWERS_AS_COACH: Final = "Coaches answer who asks a coach."
WHO_INVITES: Final = "A manager of this team or a coach can invite a guest."
WHO_SHOWS: Final = "Only the person who logged it decides whether the team sees it."
WHO_JOINS: Final = (
    "A manager of this team or a coach joins ideas. Anybody can say in a comment that two are the "
    "same."
)
WHO_SPLITS: Final = "A manager of either team or a coach can take them apart."
WHO_UNDOES: Final = "The person who moved it, a manager of this team or a coach can take it back."


def may_take(actor: Actor, way: Way, standing: Standing) -> bool:
    """Return whether the actor may take this way, needs apart. Unknown ways are refused."""
    if way not in ways_from(standing.stage, standing.outcome):
        return False
    if way is Way.WITHDRAW:
        return actor.person_id == standing.author_id and may(
            actor, Permission.WITHDRAW_IDEA, team_id=standing.team_id, is_own=True
        )
    if way in DECIDING:
        return may(actor, Permission.DECIDE_IDEA, team_id=standing.team_id)
    if steers(actor, standing):
        return True
    is_own = standing.is_own_of(actor) and may(
        actor, Permission.MOVE_IDEA, team_id=standing.team_id, is_own=True
    )
    if not is_own:
        return False
    if standing.stage is Stage.SUGGESTED:
        return way is Way.PLAN and standing.reply_kind is ReplyKind.WILL_TRY
    if way is Way.BRING_BACK:
        return standing.outcome is Outcome.WITHDRAWN and actor.person_id == standing.author_id
    return (standing.stage, way) in OWN_WAYS


def steers(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor manages the idea's team or coaches: may move it anywhere."""
    return Role.COACH in actor.roles or actor.manages(standing.team_id)


def may_split(actor: Actor, *team_ids: int) -> bool:
    """Return whether the actor may take apart two joined ideas of these teams."""
    return Role.COACH in actor.roles or any(actor.manages(team_id) for team_id in team_ids)


def who_can(way: Way, stage: Stage) -> str:
    """Return in words who may take this way."""
    if way is Way.WITHDRAW:
        return WHO_WITHDRAWS
    if way in DECIDING:
        return WHO_DECIDES
    if stage is Stage.SUGGESTED and way is Way.PLAN:
        return WHO_PLANS
    if (stage, way) in OWN_WAYS:
        return WHO_MOVES
    return WHO_STEERS


def ways_for(actor: Actor, standing: Standing) -> list[tuple[Way, Target]]:
    """Return the ways the actor may take, the usual next one first."""
    return [
        (way, target)
        for way, target in ways_from(standing.stage, standing.outcome).items()
        if may_take(actor, way, standing)
    ]


def may_edit(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor may change the idea's words and answers."""
    return may(
        actor,
        Permission.EDIT_IDEA,
        team_id=standing.team_id,
        is_own=standing.is_own_of(actor),
    )


def may_reply(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor may give the first reply now."""
    return (
        standing.stage is Stage.SUGGESTED
        and standing.reply_kind is not ReplyKind.WILL_TRY
        and may(actor, Permission.REPLY_FIRST, team_id=standing.team_id)
    )


def may_comment(actor: Actor) -> bool:
    """Return whether the actor may comment on ideas they see: a guest sees their own alone."""
    return may(actor, Permission.COMMENT_ON_IDEA, is_own=is_guest(actor))


def is_guest(actor: Actor) -> bool:
    """Return whether the actor comes from outside, invited to single ideas."""
    return Role.GUEST in actor.roles


def may_ask_coach(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor may ask a coach about an idea they see."""
    is_author = actor.person_id == standing.author_id
    return not is_guest(actor) and (may_comment(actor) or is_author)


def may_answer_as_coach(actor: Actor) -> bool:
    """Return whether the actor may answer who asks a coach."""
    return may(actor, Permission.SEE_COACHING)


def may_invite(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor may invite a guest to the idea."""
    return may(actor, Permission.INVITE_GUEST, team_id=standing.team_id)


def may_thank(actor: Actor) -> bool:
    """Return whether the actor may thank a colleague."""
    return may(actor, Permission.COMMENT_ON_IDEA)


def may_pin(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor may mark the idea for the team's next huddle."""
    return may(actor, Permission.RUN_HUDDLE, team_id=standing.team_id)


def may_see_author(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor is shown a hidden author: manager and coaches, so they can reply."""
    return (
        not standing.hides_name or actor.person_id == standing.author_id or steers(actor, standing)
    )
