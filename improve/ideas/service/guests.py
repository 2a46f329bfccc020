"""Guests: somebody from outside is invited to one idea, until a day, and taken out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.service import InvitedGuest, Post, send_guest_link, settle_guest
from improve.accounts.service import invite_guest as invite_account
from improve.ideas import rights
from improve.ideas.kinds import FollowReason
from improve.ideas.models import Idea, IdeaGuest
from improve.ideas.queries import door
from improve.ideas.service.coach import tell_of
from improve.ideas.service.following import start_following
from improve.ideas.service.record import finish
from improve.notifications.kinds import NoticeKind
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken

#: How long a guest reads an idea unless another day is chosen, and at most.
USUAL_STAY: Final = timedelta(days=91)
LONGEST_STAY: Final = timedelta(days=366)
#: More would be an audience, not guests.
GUESTS_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class GuestAsked:
    """A guest of an idea; ``link`` is shown once, where no mail goes out."""

    person_id: int
    name: str
    link: str | None


def invite_guest(
    actor: Actor,
    *,
    idea_id: int,
    name: str,
    email: str,
    place: str,
    ends_on: date,
    post: Post,
) -> GuestAsked:
    """Invite somebody from outside to one idea, until the end of a day within a year.

    Again is harmless: it sets the day, and who has not come yet gets a fresh link. Refuses, with
    every reason: what the account refuses, a day before today or more than a year ahead, one guest
    more than twelve, and an idea that only its author and coaches can see.
    """
    idea = _for_inviting(actor, idea_id)
    today = clock.today()
    if not idea.is_on_board:
        raise RuleBroken([Reason("The team cannot see this idea yet, so no guest can.")])
    if not today <= ends_on <= today + LONGEST_STAY:
        raise RuleBroken([Reason("Choose a day from today to a year ahead.", "ends_on")])
    account = invite_account(
        actor, name=" ".join(name.split()), email=email, place=place, ends_on=ends_on, post=post
    )
    _invite(actor, idea, account, ends_on)
    return GuestAsked(account.person_id, account.name, account.link)


def _invite(actor: Actor, idea: Idea, account: InvitedGuest, ends_on: date) -> None:
    row = _invitation(idea.id, account.person_id)
    is_new = row is None or not _stands(row)
    if row is None:
        if _count_of(idea) >= GUESTS_MOST:
            raise RuleBroken([Reason(f"An idea has at most {GUESTS_MOST} guests at once.")])
        row = IdeaGuest(idea_id=idea.id, person_id=account.person_id)
        db.session.add(row)
    if is_new:
        row.invited_by_id, row.at = actor.person_id, clock.now()
    row.ends_on, row.ended_at = ends_on, None
    db.session.flush()
    _settle(account.person_id)
    if not is_new:
        return
    start_following(idea, account.person_id, FollowReason.CHOSE)
    # Who has no password yet is told by the mail with the link alone.
    if account.may_sign_in:
        tell_of(actor, idea, [account.person_id], NoticeKind.GUEST_INVITED)
    finish(actor, idea, "guest_invited", changes_board=False, guest=account.person_id)


def send_link_again(actor: Actor, *, idea_id: int, person_id: int, post: Post) -> str | None:
    """Send a guest who has not come yet a fresh link; return it where no mail goes out."""
    _for_inviting(actor, idea_id)
    row = _guest(idea_id, person_id)
    if not _stands(row):
        raise NotFound
    return send_guest_link(actor, person_id, post=post)


def end_guest(actor: Actor, *, idea_id: int, person_id: int) -> None:
    """Let a guest read an idea no longer; with their last one sessions end. Twice is harmless."""
    idea = _for_inviting(actor, idea_id)
    row = _guest(idea.id, person_id)
    if row.ended_at is not None:
        return
    row.ended_at = clock.now()
    db.session.flush()
    _settle(person_id)
    finish(actor, idea, "guest_ended", changes_board=False, guest=person_id)


def end_guests_of_past() -> int:
    """End the invitations whose last day is over; return how many. For the nightly run.

    Nobody reads by them any more: this only lets the account end, and news stop.
    """
    rows = db.session.execute(
        select(IdeaGuest, Idea.organisation_id)
        .join(Idea, Idea.id == IdeaGuest.idea_id)
        .where(IdeaGuest.ended_at.is_(None), IdeaGuest.ends_on < clock.today())
        .order_by(IdeaGuest.idea_id, IdeaGuest.person_id)
    ).all()
    for row, organisation_id in rows:
        row.ended_at = clock.now()
        db.session.flush()
        _settle(row.person_id)
        audit.record(
            None,
            "guest_ended",
            "idea",
            row.idea_id,
            organisation_id=organisation_id,
            guest=row.person_id,
        )
    return len(rows)


def _settle(person_id: int) -> None:
    last = db.session.execute(
        select(func.max(IdeaGuest.ends_on)).where(
            IdeaGuest.person_id == person_id,
            IdeaGuest.ended_at.is_(None),
            IdeaGuest.ends_on >= clock.today(),
        )
    ).scalar()
    settle_guest(person_id, last)


def _stands(row: IdeaGuest) -> bool:
    return row.ended_at is None and row.ends_on >= clock.today()


def _count_of(idea: Idea) -> int:
    return db.session.execute(
        select(func.count())
        .select_from(IdeaGuest)
        .where(
            IdeaGuest.idea_id == idea.id,
            IdeaGuest.ended_at.is_(None),
            IdeaGuest.ends_on >= clock.today(),
        )
    ).scalar_one()


def _for_inviting(actor: Actor, idea_id: int) -> Idea:
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_invite(actor, standing):
        raise Forbidden(rights.WHO_INVITES)
    return idea


def _invitation(idea_id: int, person_id: int) -> IdeaGuest | None:
    """Return the invitation of an idea that came through the door."""
    return db.session.execute(
        select(IdeaGuest)
        .where(IdeaGuest.idea_id == idea_id, IdeaGuest.person_id == person_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _guest(idea_id: int, person_id: int) -> IdeaGuest:
    row = _invitation(idea_id, person_id)
    if row is None:
        raise NotFound
    return row
