"""Search: every capability looks for the words in what the person may read."""

from __future__ import annotations

from typing import cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.home.routes.blueprint import blueprint
from improve.shared import contributions, search
from improve.shared.formatting import page_number
from improve.shared.forms import clean
from improve.shared.query_words import QUERY_MOST, words_of
from improve.shared.search_words import PAGES_MOST, Source, is_too_short, page_of


@blueprint.get("/search")
@requires(Permission.SEARCH)
def search_page() -> ResponseReturnValue:
    """Show what holds the words of ``q``: twenty of each kind, or one kind page by page."""
    actor = current_actor()
    asked = " ".join(clean(request.args.get("q", "")[: 2 * QUERY_MOST]).split())[:QUERY_MOST]
    words = words_of(asked)
    sources = cast(list[Source], contributions.gather(search.CONTRIBUTION))
    kind = request.args.get("kind", "")
    chosen = [source for source in sources if source.kind == kind]
    is_short = is_too_short(words)
    found = []
    if words and not is_short:
        page = page_of(page_number(request.args.get("page"))) if chosen else 1
        found = [source(actor, words, page) for source in chosen or sources]
    return render_template(
        "home/search.html",
        asked=asked,
        words=words,
        kind=kind if chosen else "",
        found=[one for one in found if one.hits or one.page > 1],
        is_short=is_short,
        pages_most=PAGES_MOST,
    )
