"""Ending mails by the link in them, without a sign-in.

The link is the proof: it is signed, bound to one person and to what it ends, and cannot be guessed.
So the form needs no token of a session, and mail programs may send it by themselves (RFC 8058).
"""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import public
from improve.accounts.queries import actor_of_person
from improve.home.routes.blueprint import blueprint
from improve.ideas import service as ideas
from improve.notifications import service as notices
from improve.notifications.kinds import GROUP_WORDS
from improve.notifications.stop_links import Stop, read_stop
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.get("/mail/stop/<token>")
@public
@limiter.limit(GUESSES)
def stop_mail(token: str) -> ResponseReturnValue:
    """Say what a button will end; reading the page ends nothing."""
    return _page(_stop(token), token, is_done=request.args.get("done") == "1")


@blueprint.post("/mail/stop/<token>")
@public
@limiter.limit(GUESSES)
@commits
def end_mail(token: str) -> ResponseReturnValue:
    """End the mails that the link is for. A mail program is answered without a redirect."""
    stop = _stop(token)
    _end(stop)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return _page(stop, token, is_done=True)
    return redirect(url_for("home.stop_mail", token=token, done=1), 303)


def _stop(token: str) -> Stop:
    stop = read_stop(current_app.config["SECRET_KEY"], token)
    if stop is None:
        raise NotFound
    return stop


def _end(stop: Stop) -> None:
    actor = actor_of_person(stop.person_id)
    if stop.idea_id is None:
        notices.stop_mail(actor, groups=stop.groups)
        return
    try:
        ideas.stop_following(actor, idea_id=stop.idea_id)
    except (NotFound, Forbidden):
        # They may not see it any more, so no news of it reaches them: nothing is left to end.
        return


def _page(stop: Stop, token: str, *, is_done: bool) -> str:
    return render_template(
        "home/stop.html",
        groups=[GROUP_WORDS[group] for group in stop.groups],
        token=token,
        is_done=is_done,
    )
