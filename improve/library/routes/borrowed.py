"""A page of another council: what it says, where it comes from, and taking it out again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission, may
from improve.library.borrowed_chart import borrowed_chart
from improve.library.forms.exchange import EndTrustForm
from improve.library.learning import ENDING_WORDS, TEXT_WORDS
from improve.library.queries.borrowed import borrowed_page as page_of
from improve.library.routes.blueprint import blueprint
from improve.library.service import exchange as service
from improve.library.signing import groups_of
from improve.measures.chart import table_rows
from improve.shared.db import commits
from improve.shared.errors import Stale


@blueprint.get("/library/borrowed/<int:page_id>")
@requires(Permission.READ_LIBRARY, is_open_on_own_phone=True)
def borrowed_page(page_id: int) -> ResponseReturnValue:
    """Show a page of another council."""
    return _page(page_id)


@blueprint.post("/library/borrowed/<int:page_id>/take-out")
@requires(Permission.PUBLISH_LEARNING)
@commits
def take_out_borrowed(page_id: int) -> ResponseReturnValue:
    """Take a page of another council out of the library."""
    form = EndTrustForm()
    if not form.is_sent():
        return _page(page_id)
    try:
        title = service.take_out(current_actor(), page_id=page_id, seen_version=form.version.data)
    except Stale:
        return _page(page_id, is_changed=True)
    say(f"“{title}” is taken out. Ideas that began from it stay.")
    return redirect(url_for("library.exchange"), 303)


def _page(page_id: int, *, is_changed: bool = False) -> ResponseReturnValue:
    actor = current_actor()
    page = page_of(actor, page_id)
    chart = borrowed_chart(page.content)
    reading = chart.reading if chart else None
    form = EndTrustForm(formdata=None)
    form.version.data = page.version
    return render_template(
        "library/borrowed.html",
        page=page,
        chart=chart,
        reading=reading,
        views=reading.views("idea") if reading else None,
        rows=table_rows(reading.analysis, period=reading.measure.frequency) if reading else (),
        groups=groups_of(page.fingerprint),
        texts=[
            (words, page.content[name]) for name, words in TEXT_WORDS.items() if page.content[name]
        ],
        finished=f"{page.finished_on:%B %Y}",
        ending_words=ENDING_WORDS[page.outcome],
        may_take_out=may(actor, Permission.PUBLISH_LEARNING),
        may_try=may(actor, Permission.LOG_IDEA),
        form=form,
        is_changed=is_changed,
    ), 409 if is_changed else 200
