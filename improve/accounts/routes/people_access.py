"""Administration: what lets a person in. Their devices, and the phone that gives them codes."""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.accounts.roles import CLOSELY_HELD_ROLES, Permission
from improve.accounts.routes.blueprint import blueprint, link_post
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.accounts.routes.second_factor import site_name
from improve.accounts.routes.signing_in import was_refused
from improve.shared.db import commits
from improve.shared.formatting import plural
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.post("/admin/people/<int:person_id>/devices/<int:session_id>/end")
@requires(Permission.MANAGE_PEOPLE)
@commits
def end_device_of(person_id: int, session_id: int) -> ResponseReturnValue:
    """Sign one of a person's devices out."""
    actor = current_actor()
    shown = queries.person_view(actor, person_id)
    if ButtonForm().is_sent():
        service.end_device_of(actor, person_id=person_id, session_id=session_id)
        say(f"That device of {shown.name} is signed out.")
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@blueprint.route("/admin/people/<int:person_id>/reset-link", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def make_reset_link(person_id: int) -> ResponseReturnValue:
    """Say what a password link is for; with one's own password, send it.

    Without mail it is shown once, on the answer itself: it is kept nowhere.
    """
    actor, form, post = current_actor(), PasswordAgainForm(), link_post("accounts.reset_password")
    shown = queries.person_view(actor, person_id)
    if request.method == "POST" and must_wait(form):
        return _link_page(shown, form), 429
    if form.is_sent():
        with password_given(form):
            link = service.make_reset_link(
                actor,
                person_id=person_id,
                post=post,
                session_id=g.live_session.id,
                password=form.password.data or "",
            )
            if link is not None:
                return render_template("accounts/link_once.html", person_shown=shown, link=link)
            say(f"A link is on its way to {shown.email}. It works for {plural(30, 'minute')}.")
            return redirect(url_for("accounts.person", person_id=person_id), 303)
    return _link_page(shown, form), form.status if request.method == "POST" else 200


def _link_page(shown: queries.PersonView, form: PasswordAgainForm) -> str:
    return render_template(
        "accounts/reset_link.html",
        person_shown=shown,
        form=form,
        proof=own_proof(),
        has_mail=_has_mail(),
        why_not=service.why_no_reset_link(current_actor(), shown, has_mail=_has_mail()),
    )


def _has_mail() -> bool:
    return bool(current_app.config["MAIL_URL"])


@blueprint.route("/admin/people/<int:person_id>/second-factor", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def reset_factor(person_id: int) -> ResponseReturnValue:
    """Say what taking a lost phone's codes away does; with one's own password, do it."""
    actor = current_actor()
    shown = queries.person_view(actor, person_id)
    back = redirect(url_for("accounts.person", person_id=person_id), 303)
    form = PasswordAgainForm()
    if shown.factor_since is None or shown.id == actor.person_id:
        return back
    if request.method == "POST" and must_wait(form):
        return _reset_page(shown, form), 429
    if form.is_sent():
        with password_given(form):
            service.reset_second_factor(
                actor,
                person_id=person_id,
                session_id=g.live_session.id,
                password=form.password.data or "",
                site_name=site_name(),
                has_mail=_has_mail(),
            )
            say(f"{shown.name}’s phone gives no codes any more.")
            return back
    return _reset_page(shown, form), form.status if request.method == "POST" else 200


def _reset_page(shown: queries.PersonView, form: PasswordAgainForm) -> str:
    return render_template(
        "accounts/reset_factor.html",
        person_shown=shown,
        form=form,
        proof=own_proof(),
        why_not=service.why_no_factor_reset(current_actor(), shown, has_mail=_has_mail()),
        is_compulsory=bool(CLOSELY_HELD_ROLES.intersection(shown.roles)),
    )
