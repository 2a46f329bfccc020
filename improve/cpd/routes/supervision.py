"""A page to bring to supervision: made, changed, shared with one person, stopped, deleted."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.queries import PersonName
from improve.accounts.queries.supervision import colleagues, my_managers
from improve.accounts.roles import Permission, may
from improve.cpd import queries, service
from improve.cpd.document import SupervisionView
from improve.cpd.forms import MakePageForm, ShareForm, SupervisionForm
from improve.cpd.kinds import SUPERVISION_WORDS
from improve.cpd.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.route("/me/supervision", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def supervision_pages() -> ResponseReturnValue:
    """List my pages and those shared with me, and make a new one."""
    actor, form = current_actor(), MakePageForm()
    if request.method == "POST" and form.is_sent():
        made = service.make_page(actor, form_token=form.form_token.data or "")
        return redirect(url_for("cpd.change_page", page_id=made), 303)
    return render_template(
        "cpd/supervision_pages.html",
        form=form,
        pages=queries.my_pages(actor),
        shared=queries.shared_with_me(actor),
    ), form.status


@blueprint.get("/me/supervision/<int:page_id>")
@requires(Permission.SEE_OWN_PAGE)
def supervision_page(page_id: int) -> ResponseReturnValue:
    """Show a page of mine, or one that somebody shares with me."""
    actor = current_actor()
    page = queries.page(actor, page_id)
    return render_template(
        "cpd/supervision_page.html",
        page=page,
        is_mine=page.person_id == actor.person_id,
        may_share=may(actor, Permission.SEE_IDEAS),
    )


@blueprint.route("/me/supervision/<int:page_id>/edit", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def change_page(page_id: int) -> ResponseReturnValue:
    """Put a page into my own words."""
    actor = current_actor()
    page = queries.my_page(actor, page_id)
    form = SupervisionForm()
    is_stale = False
    if request.method == "POST" and not wants_change() and form.is_sent():
        texts = form.texts()
        if kinds := kinds_to_show(*texts.values()):
            return ask_to_read_again(actor, kinds, about="supervision page")
        try:
            service.change_page(actor, page_id=page_id, texts=texts, seen_version=form.version.data)
        except RuleBroken as error:
            form.refuse(error)
        except Stale as error:
            page, is_stale = error.facts["page"], True
            form.version.data = page.version
        else:
            say("Saved.")
            return redirect(url_for("cpd.supervision_page", page_id=page_id), 303)
    elif request.method == "GET":
        form.show(page)
    status = form.status if request.method == "POST" else 200
    return render_template(
        "cpd/change_page.html",
        form=form,
        page=page,
        is_stale=is_stale,
        meanwhile=_meanwhile(page, form) if is_stale else [],
    ), 409 if is_stale else status


@blueprint.route("/me/supervision/<int:page_id>/share", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def share_page(page_id: int) -> ResponseReturnValue:
    """Let one colleague read a page, until I stop it."""
    actor = current_actor()
    page = queries.my_page(actor, page_id)
    if not may(actor, Permission.SEE_IDEAS):
        raise Forbidden(service.WHO_SHARES)
    form = ShareForm()
    form.offer(_readers(actor))
    if request.method == "POST" and form.is_sent():
        try:
            service.share_page(actor, page_id=page_id, with_id=form.chosen())
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("Shared. You can stop it at any time.")
            return redirect(url_for("cpd.supervision_page", page_id=page_id), 303)
    return render_template("cpd/share_page.html", form=form, page=page), form.status


@blueprint.post("/me/supervision/<int:page_id>/stop")
@requires(Permission.SEE_OWN_PAGE)
@commits
def stop_sharing(page_id: int) -> ResponseReturnValue:
    """Let nobody else read a page any more."""
    service.stop_sharing(current_actor(), page_id=page_id)
    say("Stopped. Only you can read it now.")
    return redirect(url_for("cpd.supervision_page", page_id=page_id), 303)


@blueprint.route("/me/supervision/<int:page_id>/delete", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def delete_page(page_id: int) -> ResponseReturnValue:
    """Take a page away, after a page that says what goes."""
    actor = current_actor()
    page = queries.my_page(actor, page_id)
    form = ButtonForm()
    if request.method == "POST" and form.is_sent():
        service.delete_page(actor, page_id=page_id)
        say("The page is deleted. Nothing is left of it.")
        return redirect(url_for("cpd.supervision_pages"), 303)
    return render_template("cpd/delete_page.html", form=form, page=page), form.status


def _meanwhile(page: SupervisionView, form: SupervisionForm) -> list[tuple[str, str]]:
    return [
        (label, getattr(page, name))
        for name, label in SUPERVISION_WORDS.items()
        if getattr(page, name) != (form[name].data or "")
    ]


def _readers(actor: Actor) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return whom a page can be shared with: my managers first, then coaches, leaders, all."""
    return [
        ("My managers", _named(actor, my_managers(actor))),
        ("Coaches", _named(actor, people.coaches(actor))),
        ("Leaders", _named(actor, people.leaders(actor))),
        ("Other colleagues", _named(actor, colleagues(actor))),
    ]


def _named(actor: Actor, found: list[PersonName]) -> list[tuple[int, str]]:
    return [
        (p.id, f"{p.name}, {p.job_title}" if p.job_title else p.name)
        for p in found
        if p.id != actor.person_id
    ]
