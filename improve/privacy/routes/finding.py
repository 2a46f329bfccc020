"""Finding what is held about somebody: people by name, texts by words. Nothing in an address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.privacy import service
from improve.privacy.copy_file import cut_at
from improve.privacy.forms import CopyForm, FindForm, HideForm
from improve.privacy.kept_kinds import KIND_OF_TABLE, KINDS
from improve.privacy.queries.people import Subject, people_called
from improve.privacy.queries.words import NOT_READ, FoundText, text_words
from improve.privacy.routes.blueprint import COPIES, blueprint, by_person, zip_answer
from improve.redaction.service import phrases_in
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import plural
from improve.shared.rate_limits import limiter


@dataclass(frozen=True)
class FoundHere:
    """A text as the page shows it: what it is, its pieces (words looked for: true), its root."""

    title: str
    words_of_it: str
    pieces: list[tuple[str, bool]]
    root: str


@blueprint.get("/admin/privacy/find")
@requires(Permission.ANSWER_FOR_PRIVACY)
def find() -> ResponseReturnValue:
    """Ask for a name or words."""
    return _page(FindForm(formdata=None))


@blueprint.post("/admin/privacy/find")
@requires(Permission.ANSWER_FOR_PRIVACY)
@commits
def found() -> ResponseReturnValue:
    """Show the people and the texts that hold them. Leaves a line in the log, without the words."""
    actor, form = current_actor(), FindForm()
    if form.is_sent():
        try:
            phrases, texts, has_more = service.find_words(
                actor, typed=form.words.data, request=form.request.data
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            people, has_more_people = people_called(actor, phrases[0])
            return _page(form, people, texts, has_more=has_more, has_more_people=has_more_people)
    return _page(form)


@blueprint.post("/admin/privacy/find/copy")
@requires(Permission.ANSWER_FOR_PRIVACY)
@limiter.limit(COPIES, key_func=by_person)
@commits
def copy_found() -> ResponseReturnValue:
    """Hand over a copy of every text that holds the words."""
    actor, form = current_actor(), CopyForm()
    if form.is_sent():
        typed = form.words.data
        request = form.request.data if form.request.data in service.REQUESTS else "other"
        try:
            return zip_answer(
                lambda file: service.copy_of_words(actor, typed=typed, file=file, request=request),
                "texts",
            )
        except RuleBroken as error:
            form.refuse(error)
    return _again(form)


@blueprint.post("/admin/privacy/find/hide")
@requires(Permission.ANSWER_FOR_PRIVACY)
@commits
def hide_found() -> ResponseReturnValue:
    """Hide what one thing says of them; the desk takes the words out."""
    actor, form = current_actor(), HideForm()
    if form.is_sent():
        try:
            count = service.hide_found(actor, typed=form.words.data, root_name=form.root.data)
            say(f"Hidden: {plural(count, 'text')}. Read each, and take the words out everywhere.")
            return redirect(url_for("redaction.desk"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _again(form)


def _again(form: CopyForm) -> ResponseReturnValue:
    again = FindForm(formdata=None)
    again.words.data = form.words.data
    said = [words for errors in form.errors.values() for words in errors]
    again.form_errors = [*again.form_errors, *said]
    page, _ = _page(again)
    return page, 422


def _page(
    form: FindForm,
    people: list[Subject] | None = None,
    texts: list[FoundText] | None = None,
    *,
    has_more: bool = False,
    has_more_people: bool = False,
) -> tuple[str, int]:
    copy = CopyForm(formdata=None)
    copy.words.data = form.words.data
    copy.request.data = form.request.data
    phrases = phrases_in(form.words.data or "")
    # News is drawn from texts that stand elsewhere, and follows them.
    shown = [
        FoundHere(
            title=KIND_OF_TABLE[text.table].title,
            words_of_it=text_words(text.table, text.column),
            pieces=cut_at(text.words, phrases),
            root=service.name_of(text.root) if text.root else "",
        )
        for text in texts or ()
        if text.table != "notices"
    ]
    page = render_template(
        "privacy/find.html",
        form=form,
        copy_form=copy,
        people=people,
        texts=shown,
        news=sum(text.table == "notices" for text in texts or ()),
        is_found=texts is not None,
        has_more=has_more,
        has_more_people=has_more_people,
        not_read=[(kind.title, NOT_READ[kind.key]) for kind in KINDS if kind.key in NOT_READ],
    )
    return page, form.status
