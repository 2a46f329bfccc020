"""Logging an idea."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import team_by_id
from improve.accounts.roles import Permission, may
from improve.ideas import rights
from improve.ideas.kinds import Answerer, FollowReason, Source
from improve.ideas.models import Idea
from improve.ideas.queries import door, logged_with
from improve.ideas.queries.aims import driver_named
from improve.ideas.service.following import start_following
from improve.ideas.service.record import finish, note_edit
from improve.ideas.titles import title_of
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

#: Longest form token kept; ours are shorter.
TOKEN_MOST = 64


@dataclass(frozen=True, slots=True)
class Proposed:
    """The logged idea; ``is_new`` is False when the same form had made it before."""

    idea_id: int
    is_new: bool


def propose_idea(
    actor: Actor,
    *,
    text: str,
    benefit: str = "",
    source: Source = Source.OWN,
    team_id: int,
    form_token: str,
    hides_name: bool = False,
    answerer: Answerer = Answerer.MANAGER,
    driver_id: int | None = None,
) -> Proposed:
    """Log an idea in a team of the organisation; the first 120 characters become the title.

    A form sent twice makes one idea. Refuses an empty idea, texts over their limit, a closed team.
    An idea that a coach answers stays off the board until its author agrees. ``driver_id`` is what
    it is meant to move, an open driver of the council.
    """
    if not may(actor, Permission.LOG_IDEA):
        raise Forbidden("Staff of this council can log ideas.")
    form_token = form_token[:TOKEN_MOST]
    made = logged_with(actor, form_token)
    if made is not None:
        return Proposed(made, is_new=False)
    text, benefit = text.strip(), benefit.strip()
    _check(text, benefit)
    team = team_by_id(actor, team_id)
    if team.closed_on is not None:
        raise RuleBroken([Reason("This team is closed. Choose another.", "team_id")])
    hung = driver_named(actor, driver_id)
    if driver_id is not None and (hung is None or hung.is_closed):
        raise RuleBroken([Reason("Choose one of those in the list.", "driver_id")])
    at = clock.now()
    idea = Idea(
        organisation_id=actor.organisation_id,
        team_id=team.id,
        author_id=actor.person_id,
        title=title_of(text),
        suggestion=text,
        benefit=benefit,
        source=source.value,
        hides_name=hides_name,
        answerer=answerer.value,
        is_on_board=answerer is Answerer.MANAGER,
        form_token=form_token,
        driver_id=driver_id,
        created_at=at,
        stage_entered_at=at,
        waiting_since=at,
        version=1,
        cycle_number=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(idea)
    except IntegrityError:
        # The same form arrived twice at the same moment, and the other one was first.
        made = logged_with(actor, form_token)
        if made is None:
            raise
        return Proposed(made, is_new=False)
    start_following(idea, actor.person_id, FollowReason.AUTHOR)
    note_edit(actor, idea, version=1, kind="logged")
    finish(
        actor,
        idea,
        "idea_logged",
        changes_board=idea.is_on_board,
        team=team.id,
        source=source.value,
        answerer=answerer.value,
    )
    return Proposed(idea.id, is_new=True)


def _check(text: str, benefit: str) -> None:
    faults = []
    if not text:
        faults.append(Reason("Write your idea in a sentence or two.", "text"))
    for words, limit, field in ((text, "idea_text", "text"), (benefit, "benefit", "benefit")):
        most = limits.length(limit)
        if len(words) > most:
            over = len(words) - most
            faults.append(Reason(f"This is {over:,} characters over the limit of {most:,}.", field))
    if faults:
        raise RuleBroken(faults)


def put_on_board(actor: Actor, *, idea_id: int) -> None:
    """Let the author show a coach-answered idea on the team's board. Twice is harmless."""
    idea, _ = door.idea_for_change(actor, idea_id)
    if idea.author_id != actor.person_id:
        raise Forbidden(rights.WHO_SHOWS)
    if idea.is_on_board:
        return
    idea.is_on_board = True
    idea.version += 1
    db.session.flush()
    note_edit(actor, idea, version=idea.version, kind="on_board")
    finish(actor, idea, "idea_put_on_board")
