"""Finding what is held about somebody: people by name, texts by words. Nothing in an address."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.privacy import service
from improve.privacy.forms import CopyForm, FindForm
from improve.privacy.kept_kinds import KIND_OF_TABLE, KINDS
from improve.privacy.queries.people import Subject, people_called
from improve.privacy.queries.words import NOT_READ, FoundText
from improve.privacy.routes.blueprint import blueprint, zip_answer
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.pointers import pointed


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
            phrases, texts, has_more = service.find_words(actor, typed=form.words.data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            people, has_more_people = people_called(actor, phrases[0])
            return _page(form, people, texts, has_more=has_more, has_more_people=has_more_people)
    return _page(form)


@blueprint.post("/admin/privacy/find/copy")
@requires(Permission.ANSWER_FOR_PRIVACY)
@commits
def copy_found() -> ResponseReturnValue:
    """Hand over a copy of every text that holds the words."""
    actor, form = current_actor(), CopyForm()
    if form.is_sent():
        typed = form.words.data
        try:
            return zip_answer(
                lambda file: service.copy_of_words(actor, typed=typed, file=file), "texts"
            )
        except RuleBroken as error:
            form.refuse(error)
    again = FindForm(formdata=None)
    again.words.data = form.words.data
    again.form_errors = [*again.form_errors, *(e for es in form.errors.values() for e in es)]
    return _page(again)


def _page(
    form: FindForm,
    people: list[Subject] | None = None,
    texts: list[FoundText] | None = None,
    *,
    has_more: bool = False,
    has_more_people: bool = False,
) -> ResponseReturnValue:
    copy = CopyForm(formdata=None)
    copy.words.data = form.words.data
    shown = [
        (text, KIND_OF_TABLE[text.table].title, pointed(text.words, ())) for text in texts or ()
    ]
    page = render_template(
        "privacy/find.html",
        form=form,
        copy_form=copy,
        people=people,
        texts=shown,
        is_found=texts is not None,
        has_more=has_more,
        has_more_people=has_more_people,
        not_read=[(kind.title, NOT_READ[kind.key]) for kind in KINDS if kind.key in NOT_READ],
    )
    return page, form.status
