"""All news for oneself, the newest first, and putting it away."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.home.news_addresses import news_path
from improve.home.routes.blueprint import blueprint
from improve.notifications import queries
from improve.notifications import service as notices
from improve.shared.db import commits
from improve.shared.formatting import page_number


@blueprint.get("/me/news")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
def news() -> ResponseReturnValue:
    """List all news for me, in pages."""
    found = queries.news_page(current_actor(), page=page_number(request.args.get("page")))
    return render_template("home/news.html", news=found, news_path=news_path)


@blueprint.post("/me/news/read")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@commits
def read_news() -> ResponseReturnValue:
    """Put away the news that I have read."""
    notices.mark_read(current_actor())
    return redirect(url_for("home.my_page"), 303)


@blueprint.post("/me/news/<int:notice_id>/read")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@commits
def read_one(notice_id: int) -> ResponseReturnValue:
    """Put one piece of news away."""
    notices.mark_read(current_actor(), notice_id=notice_id)
    return redirect(url_for("home.my_page"), 303)
