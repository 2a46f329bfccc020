"""The desk: hidden words are read, taken out everywhere, or shown again."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.redaction import queries, service
from improve.redaction.forms import ShowAgainForm, TakeOutForm, WordsForm
from improve.redaction.queries import PAGE_SIZE, HiddenPage
from improve.redaction.routes.blueprint import blueprint
from improve.redaction.routes.saying import page_of
from improve.redaction.texts import RootKind
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import page_number
from improve.shared.identifiers import marked

#: What a text stands on, in words.
ROOT_WORDS = {
    RootKind.IDEA: "on an idea",
    RootKind.HUDDLE: "in a huddle",
    RootKind.MEASURE: "on a measure",
    RootKind.AIM: "in an aim",
    RootKind.THANKS: "",
    RootKind.ACTION: "",
    RootKind.BORROWED: "on a page of another council",
    RootKind.ANSWER: "",
}


@blueprint.get("/words")
@requires(Permission.REMOVE_WORDS)
def desk() -> ResponseReturnValue:
    """List the texts that wait to be read, the oldest first."""
    page = page_number(request.args.get("page"))
    rows, count = queries.waiting(current_actor(), page)
    return render_template(
        "redaction/desk.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // PAGE_SIZE), 1),
        root_words=ROOT_WORDS,
    )


@blueprint.get("/words/<int:hidden_id>")
@requires(Permission.READ_IDEA)
def read_hidden(hidden_id: int) -> ResponseReturnValue:
    """Show hidden words to their author, and to who settles them."""
    found = queries.hidden_text(current_actor(), hidden_id)
    return _read(found, WordsForm(formdata=None), ShowAgainForm(formdata=None))


@blueprint.post("/words/<int:hidden_id>/take-out")
@requires(Permission.REMOVE_WORDS)
@commits
def ask_places(hidden_id: int) -> ResponseReturnValue:
    """Show every place that the words will be taken out of, before anything is done."""
    actor, form = current_actor(), WordsForm()
    found = queries.hidden_text(actor, hidden_id)
    if found.settled_at is not None:
        return redirect(url_for("redaction.read_hidden", hidden_id=hidden_id), 303)
    if not form.is_sent():
        return _read(found, form, ShowAgainForm(formdata=None))
    phrases = service.phrases_in(form.all_words)
    try:
        places = service.places_of(actor, hidden_id=hidden_id, phrases=phrases)
    except RuleBroken as error:
        form.refuse(error)
        return _read(found, form, ShowAgainForm(formdata=None))
    ask = TakeOutForm(formdata=None)
    ask.phrases.data = "\n".join(phrases)
    return _places(found, ask, phrases, places)


@blueprint.post("/words/<int:hidden_id>/taken-out")
@requires(Permission.REMOVE_WORDS)
@commits
def take_out(hidden_id: int) -> ResponseReturnValue:
    """Take the words out of every place."""
    actor, form = current_actor(), TakeOutForm()
    phrases = service.phrases_in(form.phrases.data or "")
    if form.is_sent():
        try:
            service.take_words_out(
                actor, hidden_id=hidden_id, phrases=phrases, breach=form.breach.data or ""
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The words are taken out everywhere. The rest of the text is shown again.")
            return redirect(url_for("redaction.read_hidden", hidden_id=hidden_id), 303)
    found = queries.hidden_text(actor, hidden_id)
    try:
        places = service.places_of(actor, hidden_id=hidden_id, phrases=phrases)
    except RuleBroken as error:
        again = WordsForm(formdata=None)
        again.phrases.data = form.phrases.data
        again.refuse(error)
        return _read(found, again, ShowAgainForm(formdata=None))
    return _places(found, form, phrases, places)


@blueprint.post("/words/<int:hidden_id>/show")
@requires(Permission.REMOVE_WORDS)
@commits
def show_again(hidden_id: int) -> ResponseReturnValue:
    """Show a text again that identifies nobody."""
    actor, form = current_actor(), ShowAgainForm()
    if form.is_sent():
        try:
            service.show_again(actor, hidden_id=hidden_id, why=form.why.data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The text is shown again, to everybody who could read it before.")
            return redirect(url_for("redaction.desk"), 303)
    return _read(queries.hidden_text(actor, hidden_id), WordsForm(formdata=None), form)


def _read(
    found: HiddenPage, words_form: WordsForm, show_form: ShowAgainForm
) -> ResponseReturnValue:
    pieces = marked(found.words)
    words_form.offer(words for words, kind in pieces if kind)
    status = max(words_form.status, show_form.status) if request.method == "POST" else 200
    return (
        render_template(
            "redaction/read.html",
            found=found,
            pieces=pieces,
            form=show_form if show_form.errors else words_form,
            words_form=words_form,
            show_form=show_form,
            where=ROOT_WORDS[found.row.root.kind],
            page_url=page_of(found.row.root)
            if found.row.root.kind
            in {RootKind.IDEA, RootKind.MEASURE, RootKind.AIM, RootKind.ANSWER}
            else "",
        ),
        status,
    )


def _places(
    found: HiddenPage, form: TakeOutForm, phrases: list[str], places: list[service.Place]
) -> ResponseReturnValue:
    return (
        render_template(
            "redaction/places.html", found=found, form=form, phrases=phrases, places=places
        ),
        form.status,
    )
