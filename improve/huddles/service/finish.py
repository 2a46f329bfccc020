"""Ending a huddle: the notes, their mail, the next date; opening it again for a day; going on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.accounts.queries.staff import addresses_of_team
from improve.huddles.kinds import Part
from improve.huddles.models import Huddle
from improve.huddles.notes_words import REOPEN_WITHIN, mail_text, subject, ways_to_stop
from improve.huddles.pace import part_seconds, seconds_between
from improve.huddles.queries import door
from improve.huddles.queries import notes as queries
from improve.huddles.service.thanks import keep_in_notes
from improve.ideas import service as ideas
from improve.mail import service as mail
from improve.notifications.kinds import Group
from improve.notifications.queries import who_wants_none
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

#: A huddle in which nothing happened for so long was left open, and the time since is a pause.
LEFT_OPEN: Final = timedelta(hours=1)
#: The next huddle is agreed at most so far ahead.
FARTHEST_NEXT: Final = timedelta(days=366)


@dataclass(frozen=True)
class Closing:
    """What is said at the end; all of it may be left out.

    ``thanks_to_id`` and ``thanks_words`` make one thank-you. ``next_at`` is when the team meets
    next, at midnight where the day is agreed and the time is not.
    """

    good_news: str = ""
    help_needed: str = ""
    thanks_to_id: int | None = None
    thanks_words: str = ""
    next_at: datetime | None = None
    next_driver_id: int | None = None


def finish_huddle(
    actor: Actor,
    *,
    slug: str,
    huddle_id: int,
    closing: Closing,
    form_token: str,
    address_of: Callable[[int], str],
    stop_of: Callable[[int], str] | None = None,
) -> None:
    """End a huddle and mail its notes to everyone of the team, the first time only.

    ``address_of`` gives the address of a huddle's notes, ``stop_of`` that at which a person ends
    such mails; who chose to get none gets none. Ideas that were pinned and looked at lose
    their pin. Finishing what is finished changes nothing; with other words than were kept it raises
    ``Stale`` (facts: notes). Refuses with ``Forbidden`` whoever may not run it, and with
    ``RuleBroken`` words that are too long, half a thank-you, or a next huddle that lies behind.
    """
    team = queries.team_to_run(actor, slug)
    _let_go_of_pins(actor, team, huddle_id)
    huddle = _locked(actor, team, huddle_id)
    if huddle.finished_at is not None:
        if not _says_the_same(actor, huddle, closing):
            raise Stale(notes=queries.notes(actor, slug, huddle_id))
        return
    members = {person.id for person in people.people_of_team(actor, team.id)}
    _check(actor, closing, members)
    _stop_the_clock(huddle)
    at = clock.now()
    huddle.good_news, huddle.help_needed = closing.good_news.strip(), closing.help_needed.strip()
    huddle.next_at, huddle.next_driver_id = closing.next_at, closing.next_driver_id
    huddle.finished_at, huddle.finished_by_id = at, actor.person_id
    huddle.first_finished_at = huddle.first_finished_at or at
    huddle.version += 1
    if closing.thanks_to_id and closing.thanks_words.strip():
        thanks_id = ideas.say_thanks(
            actor,
            to_id=closing.thanks_to_id,
            words=closing.thanks_words.strip(),
            team_id=team.id,
            form_token=form_token,
        )
        keep_in_notes(huddle, thanks_id)
    db.session.flush()
    _mail_once(actor, team, huddle, address_of, stop_of)
    audit.record(actor, "huddle_finished", "huddle", huddle.id, mailed_to=huddle.notes_mailed_to)
    db.session.flush()
    accounts.huddle_is_over(team.id, closing.next_at)


def reopen_huddle(actor: Actor, *, slug: str, huddle_id: int) -> None:
    """Open a finished huddle again, so that its notes can be put right. Nothing is mailed again.

    Only its driver may, within 24 hours of the first finish, and not while another goes on:
    ``Forbidden`` and ``RuleBroken`` say so. What goes on stays as it is. The time it stood finished
    counts as a pause.
    """
    team = queries.team_to_run(actor, slug)
    huddle = _locked(actor, team, huddle_id)
    if huddle.finished_at is None:
        return
    if huddle.driver_id != actor.person_id:
        raise Forbidden("Only who drove a huddle can open it again, within a day.")
    at = clock.now()
    if huddle.first_finished_at is None or at > huddle.first_finished_at + REOPEN_WITHIN:
        raise RuleBroken("A huddle can be opened again for a day. That day is over.")
    if people.team_by_id(actor, team.id).huddle_id is not None:
        raise RuleBroken("Another huddle of this team goes on. Finish it first.")
    huddle.paused_seconds += seconds_between(huddle.finished_at, at)
    huddle.finished_at = huddle.finished_by_id = None
    huddle.part, huddle.item_id = Part.CLOSE.value, None
    huddle.part_opened_at = huddle.acted_at = at
    huddle.version += 1
    audit.record(actor, "huddle_reopened", "huddle", huddle.id)
    db.session.flush()
    accounts.huddle_goes_on(team.id, huddle.id)


def resume_huddle(actor: Actor, *, slug: str, huddle_id: int) -> None:
    """Go on with a huddle that was left open: time in which nothing happened counts as a pause.

    A finished one stays finished. Refuses with ``Forbidden`` whoever may not run it.
    """
    team = queries.team_to_run(actor, slug)
    huddle = door.huddle_for_change(actor, huddle_id, team_id=team.id)
    if huddle.finished_at is not None:
        return
    at = clock.now()
    if huddle.paused_at is None and not _idle_seconds(huddle, at):
        return
    _stop_the_clock(huddle)
    huddle.part_opened_at = at
    huddle.version += 1
    audit.record(actor, "huddle_resumed", "huddle", huddle.id)


def _locked(actor: Actor, team: TeamView, huddle_id: int) -> Huddle:
    """Return the huddle, its team's row locked before it: acts on ideas take them in this order."""
    accounts.raise_board_version(team.id)
    return door.huddle_for_change(actor, huddle_id, team_id=team.id)


def _let_go_of_pins(actor: Actor, team: TeamView, huddle_id: int) -> None:
    """Unpin what was looked at in a huddle that goes on.

    Before the team and the huddle are locked: acts on ideas lock the idea first.
    """
    seen = door.huddle_seen(actor, huddle_id)
    if seen.team_id == team.id and seen.finished_at is None:
        ideas.unpin_talked_about(actor, idea_ids=queries.ideas_looked_at(seen))


def _says_the_same(actor: Actor, huddle: Huddle, closing: Closing) -> bool:
    """Whether this closing brings no words that the notes do not hold already.

    Day and driver of the next huddle do not count: the page fills them in by itself.
    """
    thanks = closing.thanks_words.strip()
    return (
        closing.good_news.strip() in {"", huddle.good_news}
        and closing.help_needed.strip() in {"", huddle.help_needed}
        and (not thanks or queries.is_thanked_with(actor, huddle, thanks))
    )


def _check(actor: Actor, closing: Closing, members: set[int]) -> None:
    faults = []
    for field in ("good_news", "help_needed"):
        most = limits.length(field)
        if len(getattr(closing, field).strip()) > most:
            faults.append(Reason(f"Use {most:,} characters or fewer.", field))
    words = closing.thanks_words.strip()
    if words and not closing.thanks_to_id:
        faults.append(Reason("Choose who you thank.", "thanks_to"))
    if closing.thanks_to_id and not words:
        faults.append(Reason("Write one sentence, or choose nobody.", "thanks_words"))
    if closing.thanks_to_id == actor.person_id:
        faults.append(Reason("Choose somebody other than yourself.", "thanks_to"))
    if closing.next_driver_id is not None and closing.next_driver_id not in members:
        faults.append(Reason("Choose somebody of this team.", "next_driver"))
    if closing.next_at is not None:
        today = clock.today()
        on = clock.local(closing.next_at).date()
        if on < today:
            faults.append(Reason("Choose today or a day to come.", "next_on"))
        elif on > today + FARTHEST_NEXT:
            faults.append(Reason("Choose a day within a year.", "next_on"))
    if faults:
        raise RuleBroken(faults)


def _idle_seconds(huddle: Huddle, at: datetime) -> int:
    """How long nothing has happened in a huddle that was left open; 0 where it goes on."""
    since = huddle.paused_at or huddle.acted_at
    return seconds_between(since, at) if at - since > LEFT_OPEN else 0


def _stop_the_clock(huddle: Huddle) -> None:
    """Add the present part's time, and count as a pause what was one or was left open."""
    at = clock.now()
    rest = _idle_seconds(huddle, at)
    if huddle.paused_at is not None:
        rest = seconds_between(huddle.paused_at, at)
    else:
        until = huddle.acted_at if rest else at
        seconds = part_seconds(huddle.part_opened_at, None, until)
        door.add_part_seconds(huddle.id, huddle.part, seconds)
    huddle.paused_seconds += rest
    huddle.paused_at = None
    huddle.acted_at = at


def _mail_once(
    actor: Actor,
    team: TeamView,
    huddle: Huddle,
    address_of: Callable[[int], str],
    stop_of: Callable[[int], str] | None,
) -> None:
    if huddle.notes_mailed_at is not None:
        return
    notes = queries.notes(actor, team.slug, huddle.id)
    body = mail_text(notes, address=address_of(huddle.id))
    of_team = addresses_of_team(actor, team.id)
    without = who_wants_none(Group.TEAM, [person_id for person_id, _ in of_team])
    addresses = [(id_, email) for id_, email in of_team if id_ not in without]
    for person_id, email in addresses:
        stop = stop_of(person_id) if stop_of else ""
        mail.enqueue(
            key=queries.mail_key(huddle.id, person_id),
            to=email,
            subject=subject(notes),
            body=body + (ways_to_stop(stop) if stop else ""),
            stop_url=stop,
        )
    huddle.notes_mailed_at, huddle.notes_mailed_to = clock.now(), len(addresses)
