"""Pages behind one-time links: a forgotten password, an invitation."""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import access, service
from improve.accounts.access import public
from improve.accounts.even_time import takes_even_time
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.sign_in import ForgotPasswordForm, InvitationForm, NewPasswordForm
from improve.accounts.routes.blueprint import blueprint, device, link_post, secret
from improve.accounts.routes.signing_in import leave_session, was_refused
from improve.shared.db import commits
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"])
@takes_even_time
@commits
def forgot_password() -> ResponseReturnValue:
    """Take an address and answer the same whether or not it has an account."""
    form = ForgotPasswordForm()
    has_mail = bool(current_app.config["MAIL_URL"])
    if form.is_sent() and has_mail:
        service.ask_for_reset(
            email=form.email.data or "", post=link_post("accounts.reset_password")
        )
        return redirect(url_for("accounts.reset_sent"), 303)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/forgot_password.html", form=form, has_mail=has_mail), status


@blueprint.get("/forgot-password/sent")
@public
def reset_sent() -> ResponseReturnValue:
    """Say what happens now, in the same words to everyone."""
    return render_template("accounts/reset_sent.html")


@blueprint.route("/reset-password/<token>", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
@commits
def reset_password(token: str) -> ResponseReturnValue:
    """Choose a new password by a link from a mail or an administrator."""
    form = NewPasswordForm()
    try:
        link = service.find_link(token, service.RESET)
        if form.is_sent():
            service.reset_password(secret=secret(), token=token, password=form.password.data or "")
            return redirect(url_for("accounts.sign_in", done="password"), 303)
    except NotFound:
        return _link_is_over("accounts.forgot_password")
    except RuleBroken as error:
        form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/reset_password.html", form=form, link=link), status


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
@commits
def invitation(token: str) -> ResponseReturnValue:
    """Take up an invitation: a name, a password, and in."""
    try:
        link = service.find_link(token, service.INVITATION)
        form = InvitationForm(data={"name": link.name})
        if form.is_sent():
            signed_in = service.accept_invitation(
                token=token,
                name=form.name.data or "",
                password=form.password.data or "",
                device=device(),
            )
            leave_session()
            access.open_door(signed_in, is_own_device=False)
            return redirect(url_for("home.first_days"), 303)
    except NotFound:
        return _link_is_over(None)
    except RuleBroken as error:
        form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/invitation.html", form=form, link=link), status


@blueprint.route("/new-address/<token>", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
@commits
def new_address(token: str) -> ResponseReturnValue:
    """Say that a new mailbox is one's own. A button: programs that look into mail open links."""
    form = ButtonForm()
    try:
        link = service.find_link(token, service.ADDRESS)
        if form.is_sent():
            service.use_address(token=token, post=link_post("accounts.new_address"))
            if g.actor is not None and g.actor.person_id == link.person_id:
                access.say("Your new address is used from now on.")
            return redirect(url_for("accounts.sign_in", done="address"), 303)
    except NotFound:
        return _link_is_over("accounts.details")
    except RuleBroken as error:
        form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/new_address.html", form=form, link=link), status


def _link_is_over(again: str | None) -> ResponseReturnValue:
    return render_template("accounts/link_is_over.html", again=again), 404
