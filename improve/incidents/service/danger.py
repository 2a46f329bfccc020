"""Danger, and the five other routes: always the first question, and open to change at any time.

Sending out is in two acts. First whom it was told to is noted and the report stands still, since
they may ask for its words; when they have all of it, it is destroyed here and a stub is kept.
"""

from __future__ import annotations

from dataclasses import replace

from improve.accounts.actor import Actor
from improve.incidents.kinds import Route, State, StepKind
from improve.incidents.queries.keeping import is_asked_or_kept
from improve.incidents.queries.one import has_step
from improve.incidents.queries.together import parts_of, stands_in_the_way
from improve.incidents.queries.words import readers_of
from improve.incidents.service.destroy import destroy
from improve.incidents.service.one import (
    Loaded,
    check_may_change,
    check_seen,
    ended_for_review,
    keep_work,
    record,
    report_for_review,
)
from improve.shared import limits
from improve.shared.errors import NotFound, Reason, RuleBroken

NEEDS_ROUTE = "Choose where it belongs."
NEEDS_WORDS = "Say whom you told, and when."
NOT_TOLD = "First note whom you told, and when."
KEPT = (
    "A lawful order keeps this as it is, so nothing is noted here. Tell them all the same, and "
    "note it in your council’s own record."
)
IS_ASKED = "A reviewer was told of a lawful order to keep it. Look there first."
UNREAD = "The reporter wrote: read the message first."
READ_FIRST = "First say whether a child could be in danger, or it is for another route."
IS_GOING = "This is being sent to another route, and stands still here."


def say_no_danger(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Keep that it shows no danger and is for no other route. Twice is harmless.

    Where it was being sent out by mistake, that ends.
    """
    loaded = report_for_review(actor, key, for_change=True)
    if loaded.incident.route == "" and has_step(actor, key, StepKind.NO_DANGER):
        return
    check_may_change(loaded)
    check_seen(loaded, seen_version)
    if loaded.incident.route:
        loaded.incident.route = ""
        keep_work(loaded, replace(loaded.work, passed_words="", passed_by=0))
    record(loaded, actor, StepKind.NO_DANGER)


def note_route(actor: Actor, *, key: str, route: str, told: str) -> None:
    """Note to whom a report was told and when, sealed with it; it stands still from now on.

    It needs no version: a danger never waits. Sent again, the newer words stand. What a lawful
    order keeps stays as it is.
    """
    loaded = report_for_review(actor, key, for_change=True)
    if loaded.is_frozen:
        raise RuleBroken(KEPT)
    told, most = told.strip(), limits.length("report_message")
    reasons = []
    if route not in set(Route):
        reasons.append(Reason(NEEDS_ROUTE, "route"))
    if not told:
        reasons.append(Reason(NEEDS_WORDS, "told"))
    elif len(told) > most:
        reasons.append(Reason(f"Use {most:,} characters or fewer.", "told"))
    if reasons:
        raise RuleBroken(reasons)
    if (loaded.incident.route, loaded.work.passed_words) == (route, told):
        return
    loaded.incident.route = route
    keep_work(loaded, replace(loaded.work, passed_words=told, passed_by=0, approved_by=[]))
    record(loaded, actor, StepKind.TOLD)


def pass_on(actor: Actor, *, key: str, has_all: bool) -> bool:
    """Destroy a report that another route has now, and keep a stub: by which route it went.

    Where two read it, or another still may, two say that the route has all of it: no one person
    destroys what another has not seen. Returns whether it was destroyed. Refused until it is noted
    who was told, unless they have all that is written here, and where somebody said that a lawful
    order came or the reporter wrote what nobody has read. Twice is harmless.
    """
    try:
        loaded = report_for_review(actor, key, for_change=True)
    except NotFound:
        if ended_for_review(actor, key).incident.state == State.PASSED_ON:
            return True
        raise
    check_may_change(loaded)
    if not loaded.incident.route:
        raise RuleBroken(NOT_TOLD)
    if any(is_asked_or_kept(part.incident) for part in parts_of(loaded)):
        raise RuleBroken(IS_ASKED)
    if stands_in_the_way(loaded)[1]:
        raise RuleBroken(UNREAD)
    if not has_all:
        raise RuleBroken([Reason("Tick this when they have all that is written here.", "has_all")])
    if loaded.has_two and not _said_another(actor, loaded):
        if loaded.work.passed_by != actor.person_id:
            keep_work(loaded, replace(loaded.work, passed_by=actor.person_id))
        return False
    for one in (loaded.incident, *loaded.joined):
        one.route = loaded.incident.route
        record(one, actor, StepKind.PASSED_ON)
    destroy([loaded.incident], state=State.PASSED_ON)
    return True


def _said_another(actor: Actor, loaded: Loaded) -> bool:
    """Return whether another who reads it said already that the route has all of it."""
    return loaded.work.passed_by in set(readers_of(loaded)) - {actor.person_id}


def check_read_safe(actor: Actor, loaded: Loaded) -> None:
    """Refuse any further step before danger and other routes were looked for. ``RuleBroken``."""
    if loaded.incident.route:
        raise RuleBroken(IS_GOING)
    if not has_step(actor, loaded.incident.key, StepKind.NO_DANGER):
        raise RuleBroken(READ_FIRST)
