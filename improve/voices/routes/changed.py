"""What changed because of you: for everybody, no sign-in, no script."""

from __future__ import annotations

from functools import partial

from babel.dates import format_date
from flask import request
from flask.typing import ResponseReturnValue

from improve.accounts.access import public
from improve.shared.formatting import page_number
from improve.voices.kinds import Topic, Wording
from improve.voices.queries import changed as stories
from improve.voices.routes.answers_at import answers_at
from improve.voices.routes.blueprint import blueprint
from improve.voices.wording import Words


@blueprint.get("/changed/<council>")
@public
def changed(council: str) -> ResponseReturnValue:
    """Show what people said, what was tried and what happened, even when it did not work."""
    at = answers_at(council)
    return at.show(
        "changed",
        shown=stories.changed(
            council,
            group=request.args.get("age", ""),
            page=page_number(request.args.get("page")),
        ),
        month_in=partial(format_date, format="LLLL y", locale=at.words.lang),
        listening_for=[_name_of(at.words, topic) for topic in Topic if topic is not Topic.ELSE],
    )


def _name_of(words: Words, topic: Topic) -> str:
    """Return what the form calls a topic, to the young where it asks them of it."""
    name = f"{Wording.OLDER.value}.about.{topic.value}"
    return words(name if name in words.texts else f"{Wording.ADULT.value}.about.{topic.value}")
