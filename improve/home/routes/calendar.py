"""One's own dates in a calendar: the secret address, and what it answers."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.access import current_actor, public, requires, say
from improve.accounts.actor import Actor
from improve.accounts.days.huddle_days import HuddleDays, days_of
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission, may
from improve.accounts.service.tokens import token_hash
from improve.home import queries
from improve.home.calendar_feed import STUDY_WORDS, DatedThing, feed
from improve.home.routes.blueprint import blueprint
from improve.huddles.calendar_file import CalendarTeam
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound
from improve.shared.rate_limits import GUESSES, limiter
from improve.shared.to_do import ToDoKind


@blueprint.route("/me/calendar", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def calendar_settings() -> ResponseReturnValue:
    """Say how a calendar gets one's dates; make a new address, which is shown this once."""
    actor = current_actor()
    address = ""
    if request.method == "POST" and ButtonForm().is_sent():
        token = accounts.make_calendar_feed(actor)
        address = current_app.config["BASE_URL"] + url_for("home.calendar_feed", token=token)
    return render_template(
        "home/calendar.html", address=address, since=people.calendar_feed_since(actor)
    )


@blueprint.post("/me/calendar/end")
@requires(Permission.SEE_OWN_PAGE)
@commits
def end_calendar() -> ResponseReturnValue:
    """End the address: calendars that ask for it get nothing more."""
    if ButtonForm().is_sent():
        accounts.end_calendar_feed(current_actor())
        say("The address has ended. Take the calendar out of Outlook or your phone as well.")
    return redirect(url_for("home.calendar_settings"), 303)


@blueprint.get("/calendar/<token>.ics")
@public
@limiter.limit(GUESSES, deduct_when=lambda response: response.status_code == 404)
def calendar_feed(token: str) -> ResponseReturnValue:
    """Send whoever holds the address the dates of its person. Reads, and no more."""
    actor = people.actor_of_calendar_feed(token_hash(token))
    if actor is None:
        raise NotFound
    body = _feed_of(actor)
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="improve.ics"'
    # The calendar program may keep it, and asks each time whether it still holds.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return answer.make_conditional(request)


def _feed_of(actor: Actor) -> bytes:
    base = current_app.config["BASE_URL"]
    host = urlsplit(base).hostname or "improve"
    today = clock.today()
    return feed(
        _huddles_of(actor, base, host),
        [_dated(one, base, host) for one in queries.dates(actor) if one.on is not None],
        zone=clock.zone(),
        today=today,
        # The same all day, so that an unchanged calendar is known to be unchanged.
        made_at=clock.at_local(today, 0),
    )


def _huddles_of(actor: Actor, base: str, host: str) -> list[tuple[CalendarTeam, HuddleDays]]:
    found = []
    for team in people.teams(actor):
        days = days_of(team)
        if days and actor.is_in(team.id) and may(actor, Permission.SEE_HUDDLES, team_id=team.id):
            url = base + url_for("huddles.past", slug=team.slug)
            found.append((CalendarTeam(team.id, team.name, team.version, host, url), days))
    return found


def _dated(one: queries.ToDo, base: str, host: str) -> DatedThing:
    if one.kind is ToDoKind.STUDY:
        path, words = url_for("ideas.idea_page", idea_id=one.subject_id), STUDY_WORDS + one.words
    else:
        path, words = url_for("huddles.action", action_id=one.subject_id), one.words
    assert one.on is not None  # noqa: S101 - told apart by the caller
    return DatedThing(f"{one.kind.value}-{one.subject_id}@{host}", words, one.on, base + path)
