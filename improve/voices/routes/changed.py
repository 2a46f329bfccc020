"""What changed because of you: for everybody, no sign-in, no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts.access import public
from improve.shared.formatting import page_number
from improve.voices.kinds import AGE_WORDS, TOPIC_WORDS, AgeBand, Ending, Topic
from improve.voices.queries import changed as stories
from improve.voices.routes.blueprint import blueprint

#: What the filter says, and who said it on a story.
GROUP_WORDS: Final[Mapping[str, str]] = {
    **{age.value: AGE_WORDS[age] for age in AgeBand},
    stories.FAMILIES: "Parents and carers",
    stories.CARE_LEAVERS: "Care leavers",
}
WHO_WORDS: Final[Mapping[str, str]] = {
    AgeBand.TO_7.value: "A child, 7 and under",
    AgeBand.TO_11.value: "A child, 8 to 11",
    AgeBand.TO_15.value: "A young person, 12 to 15",
    AgeBand.FROM_16.value: "A young person, 16 and over",
    stories.FAMILIES: "A parent or carer",
    stories.CARE_LEAVERS: "A care leaver",
}
#: The verdict in plain words, each as good as another.
ENDING_SAID: Final[Mapping[Ending, str]] = {
    Ending.KEPT: "We kept it.",
    Ending.CHANGED: "We changed it.",
    Ending.STOPPED: "We stopped, and learned.",
    Ending.TRYING: "We are still trying it.",
    Ending.LISTENING: "We are listening.",
}


@blueprint.get("/changed/<council>")
@public
def changed(council: str) -> ResponseReturnValue:
    """Show what people said, what was tried and what happened, even when it did not work."""
    return render_template(
        "voices/changed.html",
        shown=stories.changed(
            council,
            group=request.args.get("age", ""),
            page=page_number(request.args.get("page")),
        ),
        group_words=GROUP_WORDS,
        who_words=WHO_WORDS,
        ending_words=ENDING_SAID,
        listening_for=[words for topic, words in TOPIC_WORDS.items() if topic is not Topic.ELSE],
    )
