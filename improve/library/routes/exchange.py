"""Exchange pages with other councils: send, bring in, and say whose signature is known."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission
from improve.library.arriving import State
from improve.library.forms.exchange import (
    BringPagesInForm,
    ChoosePagesForm,
    ConfirmPagesForm,
    EndTrustForm,
    TrustForm,
)
from improve.library.learning import ENDING_SHORT
from improve.library.queries import exchange as queries
from improve.library.queries import public_pages
from improve.library.routes.blueprint import blueprint
from improve.library.service import exchange as service
from improve.library.service import trust
from improve.library.signing import groups_of
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken, Stale
from improve.shared.formatting import plural, whole_number
from improve.shared.identifiers import likely_identifiers
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

#: Pages that can be taken, shown before “Show all”; those that cannot are all shown.
GOOD_SHOWN = 50
WORDS_READ_AGAIN = 20


def secret() -> str:
    """Return the installation's secret for signing; “” where there is none."""
    found: str = current_app.config["SIGNING_KEY"]
    return found


@blueprint.get("/library/exchange")
@requires(Permission.PUBLISH_LEARNING)
def exchange() -> ResponseReturnValue:
    """Show what can be sent, what waits to be looked through, and whose signature is known."""
    return _exchange()


@blueprint.post("/library/exchange/export")
@requires(Permission.PUBLISH_LEARNING)
@commits
def export_pages() -> ResponseReturnValue:
    """Give the ticked public pages as a signed file."""
    actor = current_actor()
    form = ChoosePagesForm()
    if form.is_sent():
        try:
            made = service.export_pages(
                actor,
                keys=form.pages.data or [],
                site=current_app.config["BASE_URL"],
                secret=secret(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            answer = Response(made.body, content_type="application/json; charset=utf-8")
            answer.headers["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
            return answer
    return _exchange(choose=form)


@blueprint.post("/library/exchange/bring-in")
@requires(Permission.PUBLISH_LEARNING)
@commits
def bring_pages_in() -> ResponseReturnValue:
    """Take a file and lead to the preview; nothing is in the library yet."""
    form = BringPagesInForm()
    if form.is_sent():
        source, file_name = form.source()
        try:
            made = service.start_import(
                current_actor(), source=source, file_name=file_name, secret=secret()
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(url_for("library.preview_pages", import_id=made), 303)
    return _exchange(bring=form)


@blueprint.get("/library/exchange/<int:import_id>")
@requires(Permission.PUBLISH_LEARNING)
def preview_pages(import_id: int) -> ResponseReturnValue:
    """Show who signed a file, and what each page of it would do here."""
    return _preview(import_id)


@blueprint.post("/library/exchange/<int:import_id>/confirm")
@requires(Permission.PUBLISH_LEARNING)
@commits
def confirm_pages(import_id: int) -> ResponseReturnValue:
    """Bring in the ticked pages, all or none."""
    actor = current_actor()
    form = ConfirmPagesForm()
    if not wants_change() and form.is_sent():
        keys = form.pages.data or []
        if not request.form.get("confirmed"):
            look = service.look_through(actor, import_id=import_id, secret=secret())
            wanted = set(keys)
            texts = [text for page in look.to_take if page.key in wanted for text in page.texts]
            found = [text for text in texts if likely_identifiers(text)]
            if found and look.seen == form.seen.data:
                return ask_to_read_again(
                    actor,
                    likely_identifiers(*found),
                    about="learning import",
                    texts=found[:WORDS_READ_AGAIN],
                )
        try:
            done = service.bring_in(
                actor,
                import_id=import_id,
                keys=keys,
                seen=form.seen.data or "",
                is_unknown_taken=bool(form.is_unknown_taken.data),
                secret=secret(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            newer = f" {plural(done.newer, 'page')} took the place of an older version."
            say(f"{plural(done.new + done.newer, 'page')} brought in.{newer if done.newer else ''}")
            return redirect(url_for("library.exchange"), 303)
    return _preview(import_id, form=form)


@blueprint.post("/library/exchange/<int:import_id>/drop")
@requires(Permission.PUBLISH_LEARNING)
@commits
def drop_pages(import_id: int) -> ResponseReturnValue:
    """Throw a file away before it was brought in."""
    if ButtonForm().is_sent():
        service.drop_import(current_actor(), import_id=import_id)
        say("The file is thrown away. Nothing of it was kept.")
    return redirect(url_for("library.exchange"), 303)


@blueprint.route("/library/exchange/councils/new", methods=["GET", "POST"])
@requires(Permission.PUBLISH_LEARNING)
@commits
def trust_council() -> ResponseReturnValue:
    """Trust a council's key, once its digits were heard from somebody there."""
    actor = current_actor()
    form = TrustForm()
    if request.method == "GET" and (held := whole_number(request.args.get("of"))):
        look = service.look_through(actor, import_id=held, secret=secret())
        form.name.data, form.key.data = look.council.name, look.public_key
    if not wants_change() and form.is_sent():
        if kinds := kinds_to_show(form.how_compared.data):
            return ask_to_read_again(actor, kinds, about="trusted council")
        try:
            trust.trust_council(
                actor,
                name=form.name.data or "",
                key=form.key.data or "",
                read_out=form.read_out.data or "",
                how_compared=form.how_compared.data or "",
                secret=secret(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            say("Their signature is known here now.")
            return redirect(url_for("library.exchange", _anchor="councils"), 303)
    return render_template("library/trust_council.html", form=form), form.status


@blueprint.route("/library/exchange/councils/<int:council_id>/end", methods=["GET", "POST"])
@requires(Permission.PUBLISH_LEARNING)
@commits
def end_trust(council_id: int) -> ResponseReturnValue:
    """Trust a council's key no more."""
    actor = current_actor()
    found = next((one for one in queries.trusted_councils(actor) if one.id == council_id), None)
    if found is None:
        raise NotFound
    form = EndTrustForm()
    status, is_changed = 200, False
    if request.method == "POST" and form.is_sent():
        try:
            trust.end_trust(actor, council_id=council_id, seen_version=form.version.data)
        except Stale:
            status, is_changed = 409, True
        else:
            say(f"The key of {found.name} is trusted no more.")
            return redirect(url_for("library.exchange", _anchor="councils"), 303)
    form.version.data = found.version
    return render_template(
        "library/trust_end.html",
        form=form,
        council=found,
        groups=groups_of(found.fingerprint),
        is_changed=is_changed,
    ), status if is_changed else form.status


def _exchange(
    *, choose: ChoosePagesForm | None = None, bring: BringPagesInForm | None = None
) -> ResponseReturnValue:
    actor = current_actor()
    council = queries.own_council(actor)
    shelf = public_pages(council.slug)
    choose_form = choose or ChoosePagesForm(formdata=None)
    choose_form.offer([(page.key, page.title) for page in shelf.pages])
    if choose is None:
        choose_form.pages.data = [page.key for page in shelf.pages]
    bring_form = bring or BringPagesInForm(formdata=None)
    known = queries.trusted_councils(actor)
    return render_template(
        "library/exchange.html",
        council=council,
        shelf=shelf,
        choose=choose_form,
        bring=bring_form,
        form=choose_form if choose is not None else bring_form,
        key=trust.own_key(council.slug, secret()),
        SIGNING_IS_OFF=service.SIGNING_IS_OFF,
        site=current_app.config["BASE_URL"],
        waiting=queries.imports_waiting(actor),
        trusted=[one for one in known if one.is_trusted],
        ended=[one for one in known if not one.is_trusted],
        ENDING_SHORT=ENDING_SHORT,
    ), max(choose_form.status, bring_form.status)


def _preview(import_id: int, *, form: ConfirmPagesForm | None = None) -> ResponseReturnValue:
    look = service.look_through(current_actor(), import_id=import_id, secret=secret())
    confirm = form or ConfirmPagesForm(formdata=None)
    confirm.seen.data = look.seen
    good = look.to_take
    ticked = confirm.pages.data if form is not None else None
    is_all = request.args.get("pages") == "all"
    return render_template(
        "library/exchange_preview.html",
        form=confirm,
        found=look,
        not_taken=look.of(State.REFUSED),
        same=look.of(State.SAME),
        good=good,
        shown=good if is_all else good[:GOOD_SHOWN],
        ticked={page.key for page in good} if ticked is None else set(ticked),
        State=State,
    ), confirm.status
