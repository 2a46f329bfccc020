"""One page between sending and saving, when words may point to a person. Advisory, never a stop."""

from __future__ import annotations

from flask import make_response, request
from flask.typing import ResponseReturnValue

from improve.shared import audit
from improve.shared.audit import ActsInAudit
from improve.shared.htmx import is_htmx, part_or_page
from improve.shared.identifiers import likely_identifiers

#: Not sent on: the page gives its own.
_OWN = frozenset({"csrf_token", "confirmed", "change", "show"})


def kinds_to_show(*texts: str | None) -> list[str]:
    """Return the kinds of identifier these words may hold, unless they were read again already."""
    if request.form.get("confirmed"):
        return []
    return likely_identifiers(*texts)


def wants_change() -> bool:
    """Return whether the person chose to change the words after reading them again."""
    return bool(request.form.get("change"))


def ask_to_read_again(
    actor: ActsInAudit | None,
    kinds: list[str],
    *,
    about: str,
    idea_id: int | None = None,
    measure_id: int | None = None,
    texts: list[str] | None = None,
    read_by: str = "Many people can read them.",
) -> ResponseReturnValue:
    """Answer with the words to look at again; that it was shown is recorded, never the words.

    Without an id the words are those of an idea that is not logged yet. ``texts`` are the words
    to show where the form itself does not hold them. ``read_by`` says who gets to read them.
    Without an actor nothing is recorded: it is nobody's business when somebody writes about a
    report.
    """
    kind = "measure" if measure_id is not None else "form" if idea_id is None else "idea"
    subject = measure_id if measure_id is not None else idea_id
    if actor is not None:
        audit.record(actor, "identifier_hint_shown", kind, subject, kinds=kinds, form=about)
    fields = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in _OWN
    ]
    if texts is None:
        texts = [value for _, value in fields if " " in value and likely_identifiers(value)]
    in_dialog = request.form.get("in_dialog") == "1"
    answer = make_response(
        part_or_page(
            "shared/_read_again.html" if in_dialog else "shared/_read_again_main.html",
            "shared/read_again.html",
            kinds=kinds,
            fields=fields,
            texts=texts,
            in_dialog=in_dialog,
            read_by=read_by,
            is_noted=actor is not None,
            action=request.path,
            nav="board" if measure_id is None else "measures",
        )
    )
    if is_htmx() and not in_dialog:
        answer.headers["HX-Retarget"] = "#main"
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer
