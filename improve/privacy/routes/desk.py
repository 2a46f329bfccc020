"""What the data protection lead looks after: the data, how long it is kept, what was erased."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.privacy import service
from improve.privacy.data_classes import CLASS_WORDS
from improve.privacy.document_facts import FACTS, GROUPS, Document, missing
from improve.privacy.forms import FactsForm, TimesForm
from improve.privacy.keeping import months_words
from improve.privacy.kept_kinds import KINDS
from improve.privacy.queries import documents as queries
from improve.privacy.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale
from improve.shared.formatting import page_number
from improve.shared.keeping_times import CHANGEABLE

#: What an erasure was of, in words.
ERASED_WORDS = {"person": "A person", "words": "Words in texts"}


@blueprint.get("/admin/privacy")
@requires(Permission.ANSWER_FOR_PRIVACY)
def desk() -> ResponseReturnValue:
    """Show what there is to look after, and what each document still waits for."""
    council = queries.own_council(current_actor())
    waiting = {document: missing(council.facts, document) for document in Document}
    return render_template("privacy/desk.html", council=council, waiting=waiting, Document=Document)


@blueprint.get("/admin/privacy/data")
@requires(Permission.ANSWER_FOR_PRIVACY)
def data() -> ResponseReturnValue:
    """Show every kind of record, of which class it is and how long it is kept."""
    council = queries.own_council(current_actor())
    return render_template(
        "privacy/data.html", rows=council.kinds_with_times, classes=CLASS_WORDS.values()
    )


@blueprint.route("/admin/privacy/times", methods=["GET", "POST"])
@requires(Permission.ANSWER_FOR_PRIVACY)
@commits
def times() -> ResponseReturnValue:
    """Choose how long what may be chosen is kept."""
    actor, form, status = current_actor(), TimesForm(), 200
    if form.is_sent():
        try:
            service.set_times(actor, months=form.months, seen=form.seen.mapping())
            say("Kept. Tonight’s run deletes by it.")
            return redirect(url_for("privacy.data"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    now = queries.own_council(actor).months
    if request.method == "GET" or status == 409:
        form.show(now, typed=status == 409)
    elif status == 200:
        status = form.status
    page = render_template(
        "privacy/times.html",
        form=form,
        kinds=[kind for kind in KINDS if kind.code],
        bounds=CHANGEABLE,
        now=now,
        is_stale=status == 409,
        months_words=months_words,
    )
    return page, status


@blueprint.route("/admin/privacy/facts", methods=["GET", "POST"])
@requires(Permission.ANSWER_FOR_PRIVACY)
@commits
def facts() -> ResponseReturnValue:
    """Fill in what only the council knows of its documents."""
    actor, form, status = current_actor(), FactsForm(), 200
    if form.is_sent():
        try:
            service.set_facts(actor, words=form.words, seen=form.seen.mapping())
            say("Kept. The documents show it.")
            return redirect(url_for("privacy.desk"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
    held = queries.own_council(actor).facts
    now = {key: held.get(key, "") for key in FACTS}
    if request.method == "GET" or status == 409:
        form.show(now, typed=status == 409)
    elif status == 200:
        status = form.status
    page = render_template(
        "privacy/facts.html",
        form=form,
        groups=GROUPS,
        facts=FACTS,
        now=now,
        is_stale=status == 409,
    )
    return page, status


@blueprint.get("/admin/privacy/erased")
@requires(Permission.ANSWER_FOR_PRIVACY)
def erased() -> ResponseReturnValue:
    """List what was erased: that it was, and no words."""
    page = page_number(request.args.get("page"))
    rows, count = queries.erasures(current_actor(), page)
    return render_template(
        "privacy/erased.html",
        rows=rows,
        count=count,
        page=page,
        pages=max(-(-count // queries.PAGE_SIZE), 1),
        words=ERASED_WORDS,
    )
