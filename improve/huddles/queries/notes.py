"""Reads for the notes of a huddle, for finishing it and for opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, true, union_all

from improve.accounts.actor import Actor
from improve.accounts.days.huddle_days import days_of, has_time
from improve.accounts.queries import TeamView, person_names, team_by_slug
from improve.accounts.roles import Permission, may
from improve.huddles import rights
from improve.huddles.models import (
    Action,
    Decision,
    Huddle,
    HuddleItem,
    HuddlePerson,
    HuddleThanks,
)
from improve.huddles.notes_words import (
    NotedAction,
    NotedDecision,
    NotedIdea,
    NotedThanks,
    Notes,
    Posted,
)
from improve.huddles.pace import minutes_taken
from improve.huddles.queries.hard import hard_lines, hard_rows
from improve.huddles.views import HardLine
from improve.ideas.queries import as_of, thanks_lines
from improve.mail import service as mail
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound

WHO_PLANS = "Only the team’s manager and coaches set when it meets."


def mail_key(huddle_id: int, person_id: int | str = "") -> str:
    """Return the key that makes mailing notes to a person twice impossible."""
    return f"huddle-{huddle_id}-notes-{person_id}"


def team_to_read(actor: Actor, slug: str) -> TeamView:
    """Return a team whose huddles the actor may read. Raises ``NotFound``, ``Forbidden``."""
    return _team(actor, slug, Permission.SEE_HUDDLES, rights.WHO_READS)


def team_to_run(actor: Actor, slug: str) -> TeamView:
    """Return a team whose huddles the actor may run. Raises ``NotFound``, ``Forbidden``."""
    return _team(actor, slug, Permission.RUN_HUDDLE, rights.WHO_RUNS)


def team_to_plan(actor: Actor, slug: str) -> TeamView:
    """Return a team whose huddles the actor may plan. Raises ``NotFound``, ``Forbidden``."""
    return _team(actor, slug, Permission.PLAN_HUDDLES, WHO_PLANS)


def _team(actor: Actor, slug: str, permission: Permission, words: str) -> TeamView:
    team = team_by_slug(actor, slug)
    if not may(actor, permission, team_id=team.id):
        raise Forbidden(words)
    return team


def ideas_looked_at(huddle: Huddle) -> list[int]:
    """Return the ideas that something was done about, and the one that the wall shows."""
    rows = db.session.execute(
        select(HuddleItem.idea_id)
        .where(
            HuddleItem.huddle_id == huddle.id,
            HuddleItem.idea_id.is_not(None),
            HuddleItem.settled_at.is_not(None) | (HuddleItem.id == (huddle.item_id or 0)),
        )
        .order_by(HuddleItem.id)
    )
    return list(dict.fromkeys(row.idea_id for row in rows if row.idea_id is not None))


def notes(actor: Actor, slug: str, huddle_id: int) -> Notes:
    """Return everything the notes of a huddle hold, finished or not. At most 8 statements.

    Raises ``NotFound``, and ``Forbidden`` to who may not read this team's huddles.
    """
    team = team_to_read(actor, slug)
    driver, leads_next = person_names().alias("driver"), person_names().alias("leads_next")
    posted = mail.progress(mail_key(huddle_id))
    row = db.session.execute(
        select(Huddle, driver.c.name, leads_next.c.name.label("next_name"), posted)
        .join(driver, driver.c.id == Huddle.driver_id)
        .outerjoin(leads_next, leads_next.c.id == Huddle.next_driver_id)
        .join(posted, true())
        .where(
            Huddle.organisation_id == actor.organisation_id,
            Huddle.team_id == team.id,
            Huddle.id == huddle_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    huddle = row.Huddle
    over_at = huddle.finished_at or clock.now()
    decisions = _decisions(huddle)
    actions = _actions(huddle)
    here, hard = _here_and_hard(huddle, with_hard=rights.may_run(actor, team.id))
    named = as_of.ideas_as_of(
        actor, [d.idea_id for d in decisions] + [a.idea_id for a in actions], over_at
    )
    return Notes(
        huddle_id=huddle.id,
        team_id=team.id,
        team_slug=team.slug,
        team_name=team.name,
        started_at=huddle.started_at,
        minutes=minutes_taken(huddle.started_at, over_at, huddle.paused_seconds),
        planned_minutes=huddle.planned_minutes,
        driver_id=huddle.driver_id,
        driver=first_name(row.name),
        here=here,
        others_here=huddle.others_here,
        decisions=_by_idea(decisions, named),
        actions=tuple(_action(a, named) for a in actions),
        thanks=_thanks(actor, huddle.id),
        good_news=huddle.good_news,
        help_needed=huddle.help_needed,
        next_at=huddle.next_at,
        next_has_time=_has_time(huddle.next_at),
        next_driver=first_name(row.next_name or ""),
        next_minutes=team.huddle_minutes if days_of(team) else huddle.planned_minutes,
        finished_at=huddle.finished_at,
        first_finished_at=huddle.first_finished_at,
        mailed_at=huddle.notes_mailed_at,
        mailed_to=huddle.notes_mailed_to,
        version=huddle.version,
        posted=Posted(
            row.sent, row.queued - row.sent - row.given_up, row.given_up, row.last_sent_at
        ),
        hard=hard,
    )


def first_name(name: str) -> str:
    """Return what colleagues call somebody."""
    return name.split(" ", 1)[0]


def _has_time(moment: datetime | None) -> bool:
    """Whether a next huddle has a time: midnight stands for “that day, the time is not agreed”."""
    return moment is not None and has_time(clock.local(moment))


def _here_and_hard(
    huddle: Huddle, *, with_hard: bool
) -> tuple[tuple[str, ...], tuple[HardLine, ...]]:
    """Return who was here, and what was hard where it is read, in one statement."""
    person = person_names()
    here = (
        select(
            literal("here").label("what"), person.c.name.label("name"), literal("").label("words")
        )
        .join(HuddlePerson, HuddlePerson.person_id == person.c.id)
        .where(HuddlePerson.huddle_id == huddle.id)
    )
    noted = hard_rows(huddle.id).subquery()
    hard = select(literal("hard"), noted.c.condition, noted.c.words)
    lines = (union_all(here, hard) if with_hard else here).subquery()
    rows = db.session.execute(select(lines).order_by(lines.c.what, lines.c.name, lines.c.words))
    found = [(row.what, row.name, row.words) for row in rows]
    return (
        tuple(first_name(name) for what, name, _ in found if what == "here"),
        hard_lines((name, words) for what, name, words in found if what == "hard"),
    )


def _decisions(huddle: Huddle) -> Sequence[Any]:
    return db.session.execute(
        select(Decision.id, Decision.idea_id, Decision.words)
        .where(Decision.huddle_id == huddle.id, Decision.removed_at.is_(None))
        .order_by(Decision.id)
    ).all()


def _by_idea(rows: Sequence[Any], named: dict[int, as_of.IdeaAsOf]) -> tuple[NotedDecision, ...]:
    """Lines about one idea stand together, where the first of them was said."""
    lines: dict[object, list[str]] = {}
    for row in rows:
        key = row.idea_id if row.idea_id in named else ("alone", row.id)
        lines.setdefault(key, []).append(row.words)
    return tuple(
        NotedDecision(
            NotedIdea(*named[key]) if isinstance(key, int) else None,
            tuple(dict.fromkeys(said)),
        )
        for key, said in lines.items()
    )


def _actions(huddle: Huddle) -> Sequence[Any]:
    owner = person_names()
    return db.session.execute(
        select(
            Action.id,
            Action.what,
            Action.due_on,
            Action.idea_id,
            Action.ended_at,
            Action.done_on,
            Action.dropped_why,
            owner.c.name,
        )
        .join(owner, owner.c.id == Action.owner_id)
        .where(Action.huddle_id == huddle.id)
        .order_by(Action.due_on, Action.id)
    ).all()


def _action(row: Any, named: dict[int, as_of.IdeaAsOf]) -> NotedAction:
    idea = named.get(row.idea_id)
    return NotedAction(
        row.id,
        row.what,
        first_name(row.name),
        row.due_on,
        idea.title if idea else "",
        "" if row.ended_at is None else "done" if row.done_on else "dropped",
        row.done_on,
        row.dropped_why,
    )


def _thanks(actor: Actor, huddle_id: int) -> tuple[NotedThanks, ...]:
    said_here = select(HuddleThanks.thanks_id).where(HuddleThanks.huddle_id == huddle_id)
    return tuple(
        NotedThanks(said.words, first_name(said.by), first_name(said.to))
        for said in as_of.thanks_among(actor, said_here)
    )


def is_thanked_with(actor: Actor, huddle: Huddle, words: str) -> bool:
    """Return whether the actor has thanked somebody in these words, and the notes hold it."""
    said = thanks_lines()
    found = (
        select(said.c.id)
        .join(HuddleThanks, HuddleThanks.thanks_id == said.c.id)
        .where(
            HuddleThanks.huddle_id == huddle.id,
            said.c.from_id == actor.person_id,
            said.c.words == words,
        )
        .limit(1)
    )
    return db.session.execute(found).scalar_one_or_none() is not None


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """What the last page of a huddle begins with."""

    team: TeamView
    huddle_id: int
    started_at: datetime
    driver_id: int
    good_news: str
    help_needed: str
    next_at: datetime | None
    next_driver_id: int | None
    is_finished: bool
    is_mailed: bool
    decisions: int
    actions: int
    thanks: tuple[NotedThanks, ...]


def closing_page(actor: Actor, slug: str, huddle_id: int) -> ClosingPage:
    """Return what stands when a huddle is about to be finished. Three statements.

    Raises ``NotFound``, and ``Forbidden`` to who may not run this team's huddles.
    """
    team = team_to_run(actor, slug)
    row = db.session.execute(
        select(
            Huddle.id,
            Huddle.started_at,
            Huddle.driver_id,
            Huddle.good_news,
            Huddle.help_needed,
            Huddle.next_at,
            Huddle.next_driver_id,
            Huddle.finished_at,
            Huddle.notes_mailed_at,
            select(func.count(Decision.id))
            .where(Decision.huddle_id == Huddle.id, Decision.removed_at.is_(None))
            .scalar_subquery()
            .label("decisions"),
            select(func.count(Action.id))
            .where(Action.huddle_id == Huddle.id)
            .scalar_subquery()
            .label("actions"),
        ).where(
            Huddle.organisation_id == actor.organisation_id,
            Huddle.team_id == team.id,
            Huddle.id == huddle_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return ClosingPage(
        team=team,
        huddle_id=row.id,
        started_at=row.started_at,
        driver_id=row.driver_id,
        good_news=row.good_news,
        help_needed=row.help_needed,
        next_at=row.next_at,
        next_driver_id=row.next_driver_id,
        is_finished=row.finished_at is not None,
        is_mailed=row.notes_mailed_at is not None,
        decisions=row.decisions,
        actions=row.actions,
        thanks=_thanks(actor, row.id),
    )
