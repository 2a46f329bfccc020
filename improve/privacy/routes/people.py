"""One person: a copy of what is held about them, and erasing it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.accounts.roles import Permission
from improve.accounts.routes.password_again import is_proved
from improve.accounts.routes.prove_again import own_proof
from improve.privacy import service
from improve.privacy.forms import EraseForm
from improve.privacy.kept_kinds import KIND_OF_TABLE
from improve.privacy.person_rows import LINKS, AtErasure
from improve.privacy.queries.copies import left_out
from improve.privacy.queries.people import Subject, links_of, subject
from improve.privacy.routes.blueprint import COPIES, blueprint, by_person, zip_answer
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.rate_limits import limiter

Counted = list[tuple[str, int]]


@blueprint.get("/admin/privacy/people/<int:person_id>")
@requires(Permission.ANSWER_FOR_PRIVACY)
def person(person_id: int) -> ResponseReturnValue:
    """Say how much is held about somebody, and what can be done for them."""
    return _person_page(subject(current_actor(), person_id), PasswordAgainForm(formdata=None))


def _person_page(found: Subject, form: PasswordAgainForm) -> str:
    return render_template(
        "privacy/person.html",
        person_shown=found,
        form=form,
        proof=own_proof(),
        is_erased=service.is_erased(found),
        count=sum(links_of(found.id).values()),
        left_out=left_out(is_own=False),
    )


@blueprint.post("/admin/privacy/people/<int:person_id>/copy")
@requires(Permission.ANSWER_FOR_PRIVACY)
@limiter.limit(COPIES, key_func=by_person)
@commits
def copy_person(person_id: int) -> ResponseReturnValue:
    """Hand over a copy of what is held about somebody, to whoever gives their own password.

    Nothing of it stays on the server.
    """
    actor, form = current_actor(), PasswordAgainForm()
    found = subject(actor, person_id)
    if not form.is_sent() or not is_proved(form):
        return _person_page(found, form), form.status
    return zip_answer(
        lambda file: service.copy_of_person(actor, person_id=person_id, file=file),
        f"person-{person_id}",
    )


@blueprint.get("/admin/privacy/people/<int:person_id>/erase")
@requires(Permission.ANSWER_FOR_PRIVACY)
def before_erasing(person_id: int) -> ResponseReturnValue:
    """Show what goes, what stays and why, and where the name stands in texts of others."""
    found = subject(current_actor(), person_id)
    if service.is_erased(found):
        return redirect(url_for("privacy.person", person_id=person_id), 303)
    return _page(found, EraseForm(formdata=None))


@blueprint.post("/admin/privacy/people/<int:person_id>/erase")
@requires(Permission.ANSWER_FOR_PRIVACY)
@commits
def erase(person_id: int) -> ResponseReturnValue:
    """Erase somebody, with one's own password. Twice is harmless."""
    actor, form = current_actor(), EraseForm()
    found = subject(actor, person_id)
    if form.is_sent():
        try:
            names = form.names.data or ""
            if form.only_looks:
                return _page(found, form, also=service.names_had(found, names))
            if not is_proved(form):
                return _page(found, form)
            service.erase_person(actor, person_id=person_id, names=names)
            say("Erased. What they did stays, under “a former colleague”.")
            return redirect(url_for("privacy.person", person_id=person_id), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _page(found, form)


def _page(found: Subject, form: EraseForm, *, also: Sequence[str] = ()) -> ResponseReturnValue:
    actor = current_actor()
    texts, has_more = service.texts_naming(actor, found, also=also)
    counts = links_of(found.id)

    def of(*ways: AtErasure) -> Counted:
        return [
            (link.words, counts[place])
            for place, link in LINKS.items()
            if link.at_erasure in ways and place in counts
        ]

    page = render_template(
        "privacy/erase.html",
        person_shown=found,
        form=form,
        proof=own_proof(),
        why_not=service.why_not(actor, found),
        goes=of(AtErasure.GOES),
        emptied=of(AtErasure.EMPTIED),
        stays=of(AtErasure.STAYS),
        fields=service.fields_naming(found, [found.name, *also]),
        firsts=service.firsts_that_are_words([found.name, *also]),
        looked_for=[found.name, *also],
        texts=[(text, KIND_OF_TABLE[text.table].title) for text in texts],
        has_more=has_more,
    )
    return page, form.status
