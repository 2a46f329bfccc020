"""“This may identify someone”: anybody who reads a text may say so, and it is hidden at once."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, safe_next, say
from improve.accounts.roles import Permission
from improve.redaction import queries, service
from improve.redaction.forms import SayForm
from improve.redaction.routes.blueprint import blueprint
from improve.redaction.texts import Name, Root, RootKind
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken

#: Pages of what texts stand on, by kind; a huddle's needs its team's name as well.
PAGES = {
    RootKind.IDEA: ("ideas.idea_page", "idea_id"),
    RootKind.MEASURE: ("measures.measure_page", "measure_id"),
    RootKind.AIM: ("ideas.aim_page", "aim_id"),
    RootKind.ACTION: ("huddles.action", "action_id"),
    RootKind.THANKS: ("ideas.read_thanks", "thanks_id"),
    RootKind.BORROWED: ("library.spread_of_borrowed", "page_id"),
    RootKind.ANSWER: ("review.one_answer", "answer_id"),
}


@blueprint.get("/may-identify/<string:root_kind>/<int:root_id>")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def say_which(root_kind: str, root_id: int) -> ResponseReturnValue:
    """List the texts of an idea, huddle or measure, to say which of them may identify someone."""
    actor = current_actor()
    root = _root(root_kind, root_id)
    title, texts = service.texts_to_hide(actor, root)
    return render_template(
        "redaction/which.html",
        title_of=title,
        texts=texts,
        hidden=queries.hidden_to_read(actor, root),
        back=_back(root),
    )


@blueprint.get("/may-identify/<string:kind>/<int:subject_id>/<field>")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
def say_text(kind: str, subject_id: int, field: str) -> ResponseReturnValue:
    """Show the text and say what happens."""
    root, held = service.text_to_hide(current_actor(), Name(kind, subject_id, field))
    form = SayForm(formdata=None)
    form.back.data = _back(root)
    return render_template("redaction/say.html", form=form, held=held, back=form.back.data)


@blueprint.post("/may-identify/<string:kind>/<int:subject_id>/<field>")
@requires(Permission.READ_IDEA, is_open_on_own_phone=True)
@commits
def hide_text(kind: str, subject_id: int, field: str) -> ResponseReturnValue:
    """Hide the text at once."""
    form = SayForm()
    if not form.is_sent():
        return say_text(kind, subject_id, field)
    try:
        root = service.hide_text(current_actor(), name=Name(kind, subject_id, field))
    except RuleBroken as error:
        return render_template(
            "redaction/gone.html", reasons=error.reasons, back=form.back.data
        ), 422
    say("It is hidden. A coach or the data protection lead reads it next.")
    return redirect(safe_next(form.back.data) or page_of(root), 303)


def page_of(root: Root) -> str:
    """Return the page that a text stands on; one's own page for a huddle."""
    if root.kind in PAGES:
        endpoint, name = PAGES[root.kind]
        values: dict[str, Any] = {name: root.id}
        return url_for(endpoint, **values)
    return url_for("home.my_page")


def _root(kind: str, root_id: int) -> Root:
    found = next((k for k in RootKind if k.value == kind), None)
    if found is None:
        raise NotFound
    return Root(found, root_id)


def _back(root: Root) -> str:
    """Return where the person came from, if that is a page of ours; else what the text is on."""
    asked = safe_next(request.args.get("back") or request.form.get("back"))
    return asked or page_of(root)
