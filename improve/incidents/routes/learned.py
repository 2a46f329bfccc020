"""What was learned from reports, for all staff, and whether anybody's identity ever came out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.incidents.forms.notes import DisclosureForm
from improve.incidents.queries.learned import (
    disclosed,
    disclosures,
    hidden_learnings,
    learned_page,
)
from improve.incidents.queries.notes import newest_note
from improve.incidents.queries.wording import words_for
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service.disclosures import enter_disclosure
from improve.incidents.service.hide import hide_learning, remove_words, show_learning
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import page_number
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/reports")
@requires(Permission.SEE_REPORT_LEARNING)
def learned() -> ResponseReturnValue:
    """List what was learned, the newest month first, under the newest note."""
    actor = current_actor()
    return render_template(
        "incidents/learned.html",
        found=learned_page(actor, page=page_number(request.args.get("page"))),
        note=newest_note(actor),
        disclosed=disclosed(actor),
        text=words_for(actor.organisation_id),
    )


@blueprint.post("/reports/learned/<key>/hide")
@requires(Permission.SEE_REPORT_LEARNING)
@commits
def hide_learned(key: str) -> ResponseReturnValue:
    """Hide words that may identify someone, at once, until a reviewer has looked again."""
    if ButtonForm().is_sent():
        hide_learning(current_actor(), key=key)
        say("Hidden. A reviewer looks at it before anybody else sees it again.")
    return redirect(url_for("incidents.learned"), 303)


@blueprint.get("/reports/hidden")
@requires(Permission.REVIEW_REPORTS)
def hidden() -> ResponseReturnValue:
    """Show reviewers what was hidden, to be shown again or taken away for good."""
    return render_template("incidents/hidden.html", held=hidden_learnings(current_actor()))


@blueprint.post("/reports/hidden/<key>/show")
@requires(Permission.REVIEW_REPORTS)
@commits
def show_again(key: str) -> ResponseReturnValue:
    """Let staff read it again."""
    if ButtonForm().is_sent():
        show_learning(current_actor(), key=key)
        say("Staff can read it again.")
    return redirect(url_for("incidents.hidden"), 303)


@blueprint.post("/reports/hidden/<key>/remove")
@requires(Permission.REVIEW_REPORTS)
@commits
def remove_learned(key: str) -> ResponseReturnValue:
    """Take the words away for good; what was counted stays counted."""
    if ButtonForm().is_sent():
        remove_words(current_actor(), key=key)
        say("The words are gone for good.")
    return redirect(url_for("incidents.hidden"), 303)


@blueprint.route("/reports/disclosures", methods=["GET", "POST"])
@requires(Permission.REVIEW_REPORTS)
@commits
def disclosure_list() -> ResponseReturnValue:
    """Show when it came out who had reported something, and let a reviewer enter one more."""
    actor, form = current_actor(), DisclosureForm()
    if request.method == "POST" and not wants_change() and form.is_sent():
        words = form.words.data or ""
        if kinds := kinds_to_show(words):
            return ask_to_read_again(actor, kinds, about="report disclosure", texts=[words])
        try:
            enter_disclosure(actor, noticed_on=form.noticed_on.on, words=words)
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Kept. All staff read how often it happened, and what was done.")
            return redirect(url_for("incidents.disclosure_list"), 303)
    page = render_template("incidents/disclosures.html", form=form, held=disclosures(actor))
    return page, 200 if request.method == "GET" else form.status
