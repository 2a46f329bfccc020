"""Writing what an idea taught: as a draft, for all staff, and changed later."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.library import queries, service
from improve.library.forms.pages import PageForm
from improve.library.learning import TEXT_FIELDS, TEXT_WORDS, Draft, PageWords
from improve.library.routes.blueprint import blueprint
from improve.library.views import LearningView
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/ideas/<int:idea_id>/learning", methods=["GET", "POST"])
@requires(Permission.WRITE_LEARNING)
@commits
def write_page(idea_id: int) -> ResponseReturnValue:
    """Write or change the learning page of a finished idea, begun with the idea's own words."""
    actor, form = current_actor(), PageForm()
    draft = queries.draft(actor, idea_id)
    if not draft.may_write:
        raise Forbidden(service.WHO_WRITES)
    if request.method == "GET":
        form.show(draft.words, draft.version)
        return _form(idea_id, form, draft)
    if wants_change() or not form.is_sent():
        return _form(idea_id, form, draft)
    stood = set(draft.words.texts)
    if kinds := kinds_to_show(*(words for words in form.words().texts if words not in stood)):
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="learning page")
    is_to_share = "secondary" not in request.form
    try:
        page_id = service.write_page(
            actor,
            idea_id=idea_id,
            words=form.words(),
            seen_version=form.version.data,
            share=is_to_share,
        )
    except RuleBroken as error:
        form.refuse(error)
        return _form(idea_id, form, draft)
    except Stale as error:
        return _conflict(idea_id, form, error.facts["page"])
    _say(draft, is_to_share=is_to_share)
    return redirect(url_for("library.page", page_id=page_id), 303)


@blueprint.post("/library/<int:page_id>/share")
@requires(Permission.WRITE_LEARNING)
@commits
def share_page(page_id: int) -> ResponseReturnValue:
    """Put a draft into the library; where it still lacks something, its form says what."""
    actor = current_actor()
    view = queries.page(actor, page_id)
    try:
        service.share_page(actor, page_id=page_id)
    except RuleBroken as error:
        form = PageForm(formdata=None)
        form.show(view.words, view.version)
        form.refuse(error)
        return _form(view.idea_id, form, queries.draft(actor, view.idea_id))
    say("Shared. All staff can read it in the library.")
    return redirect(url_for("library.page", page_id=page_id), 303)


def _say(draft: Draft, *, is_to_share: bool) -> None:
    if draft.is_public:
        say("Saved. The public cannot read it any more, until somebody decides it again.")
    elif draft.is_shared:
        say("Saved.")
    elif is_to_share:
        say("Shared. All staff can read it in the library.")
    else:
        say("Kept as a draft. You find it on the idea’s page.")


def _form(idea_id: int, form: PageForm, draft: Draft) -> ResponseReturnValue:
    status = form.status if request.method == "POST" else 200
    return render_template(
        "library/write.html", form=form, idea_id=idea_id, draft=draft, meanwhile=[]
    ), status


def _conflict(idea_id: int, form: PageForm, now: LearningView | None) -> ResponseReturnValue:
    """Show what stands there now beside what was written; saving again puts one's own in place."""
    actor = current_actor()
    stands = now.words if now is not None else PageWords("")
    meanwhile = [
        (label, getattr(stands, name))
        for name, label in (("title", "Title"), *TEXT_WORDS.items())
        if getattr(stands, name) != (form[name].data or "")
    ]
    form.version.data = now.version if now is not None else 0
    draft: Draft = queries.draft(actor, idea_id)
    return render_template(
        "library/write.html",
        form=form,
        idea_id=idea_id,
        draft=draft,
        meanwhile=meanwhile,
        fields=TEXT_FIELDS,
    ), 409
