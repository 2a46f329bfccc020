"""One's own page: what happened to my ideas and what waits for me. Gathers; owns nothing."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission, Role
from improve.cpd import asked as cpd_asked
from improve.cpd import queries as cpd
from improve.cpd.forms import DaysForm
from improve.home import queries
from improve.home.news_addresses import news_path
from improve.home.routes.blueprint import blueprint
from improve.ideas import queries as ideas
from improve.ideas.queries.to_do import landed_reply
from improve.measures.service import numbers_to_add
from improve.notifications import queries as notices
from improve.notifications.kinds import NoticeKind
from improve.shared import clock
from improve.shared.formatting import page_number
from improve.shared.to_do import ToDoKind

#: News of a sentence that somebody wrote to the author.
REPLIES = {
    NoticeKind.FIRST_REPLY,
    NoticeKind.NOT_NOW,
    NoticeKind.QUICK_FIX,
    NoticeKind.JOINED,
}


@blueprint.get("/me")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
def my_page() -> ResponseReturnValue:
    """Show the reply that landed, what waits for me, my ideas and what was said to me."""
    actor = current_actor()
    news = notices.notices(actor)
    waiting = queries.to_do(actor)
    newest_reply = next((n for n in news if n.kind in REPLIES and not n.is_read), None)
    landed = landed_reply(actor, newest_reply.subject_id) if newest_reply else None
    return render_template(
        "home/me.html",
        greeting=_greeting(),
        landed=landed,
        landed_notice=newest_reply.id if newest_reply else 0,
        news=[n for n in news if landed is None or n is not newest_reply],
        news_path=news_path,
        ideas=ideas.my_ideas(actor, page=page_number(request.args.get("page"))),
        numbers=numbers_to_add(actor),
        thanks=ideas.thanks_to_me(actor),
        actions=waiting[ToDoKind.ACTION],
        studies=waiting[ToDoKind.STUDY],
        tallies=waiting[ToDoKind.TALLY],
        waiting=waiting[ToDoKind.REPLY],
        sustains=waiting[ToDoKind.SUSTAIN],
        to_write=waiting[ToDoKind.LEARNING],
        voices=next(iter(waiting[ToDoKind.VOICES]), None),
        cpd=cpd.standing(actor),
        cpd_asked=cpd_asked,
        cpd_today=clock.today(),
        cpd_days=_record_days(),
        invited=ideas.ideas_of_guest(actor) if Role.GUEST in actor.roles else None,
    )


def _record_days() -> DaysForm:
    """Return the days that a new record offers: the year of registration until today."""
    today = clock.today()
    form = DaysForm()
    form.from_on.show(cpd_asked.year_of(today)[0])
    form.to_on.show(today)
    return form


def _greeting() -> str:
    hour = clock.local(clock.now()).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"
