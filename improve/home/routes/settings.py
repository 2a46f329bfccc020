"""Settings: mail, how pages look, the days I work, and my dates in a calendar."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.accounts.sessions.capture import pass_here
from improve.home.forms import SettingsForm
from improve.home.routes.blueprint import blueprint
from improve.notifications import queries
from improve.notifications import service as notices
from improve.shared.db import commits
from improve.shared.errors import RuleBroken


@blueprint.route("/me/settings", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def settings() -> ResponseReturnValue:
    """Choose mail, colours, text and days; all is kept together."""
    actor = current_actor()
    chosen = queries.paces(actor)
    form = SettingsForm(
        data={
            **{f"mail_{group.value}": pace.value for group, pace in chosen.items()},
            "board_view": actor.board_view,
            "theme": actor.theme,
            "text_size": actor.text_size,
            "spacing": actor.spacing,
            "weekdays": [str(day) for day in sorted(actor.calendar.weekdays)],
        }
    )
    if form.is_sent():
        try:
            accounts.keep_settings(actor, settings=form.settings)
            notices.choose_paces(actor, paces=form.paces)
            say("Your settings are kept.")
            return redirect(url_for("home.settings"), 303)
        except RuleBroken as error:
            form.refuse(error)
    held = pass_here()
    is_mine = bool(held and held.actor.person_id == actor.person_id)
    status = form.status if request.method == "POST" else 200
    return render_template(
        "home/settings.html",
        form=form,
        feed_since=people.calendar_feed_since(actor),
        pass_ends_at=held.expires_at if held and is_mine else None,
    ), status
