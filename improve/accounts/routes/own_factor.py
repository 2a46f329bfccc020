"""One's own phone that gives codes: set up, set up anew, codes on paper, turned off."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import access, queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import KeptWords
from improve.accounts.forms.second_factor import FactorCodeForm, PasswordAgainForm
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint, device
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.accounts.routes.second_factor import site_name
from improve.accounts.routes.signing_in import was_refused
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.qr import drawn
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.route("/me/second-factor", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def own_factor() -> ResponseReturnValue:
    """Show whether one's phone gives codes, and change it; each change asks for the password."""
    form = PasswordAgainForm()
    if request.method == "GET" or not form.is_sent():
        return _own_page(form), form.status if request.method == "POST" else 200
    if must_wait(form):
        return _own_page(form), 429
    actor, live, password = current_actor(), g.live_session, form.password.data or ""
    # Without a button's name, as after the key “Enter”, the harmless one.
    act = request.form.get("act", "set up")
    if act not in {"set up", "codes", "off"}:
        return _own_page(form), 422
    with password_given(form):
        if act == "codes":
            codes = service.make_recovery_codes(
                actor,
                session_id=live.id,
                password=password,
                site_name=site_name(),
                seen=request.form.get("codes", ""),
            )
            return _codes_page(codes)
        if act == "off":
            service.turn_off_second_factor(
                actor, session_id=live.id, password=password, site_name=site_name()
            )
            say("Your password alone is enough from now on.")
            return redirect(url_for("accounts.own_factor"), 303)
        service.begin_second_factor(actor, session_id=live.id, password=password)
        return redirect(url_for("accounts.own_factor_set_up"), 303)
    return _own_page(form), 422


@blueprint.route("/me/second-factor/set-up", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def own_factor_set_up() -> ResponseReturnValue:
    """Show the picture for the app, and take its first code; the answer shows recovery codes."""
    actor, live, form = current_actor(), g.live_session, FactorCodeForm()
    waiting = service.waiting_factor(actor, session_id=live.id, site_name=site_name())
    if waiting is None:
        return redirect(url_for("accounts.own_factor"), 303)
    if form.is_sent():
        try:
            fresh = service.confirm_second_factor(
                actor,
                session_id=live.id,
                device=device(),
                is_own_device=live.is_own_device,
                code=form.code.data or "",
                site_name=site_name(),
            )
            access.open_door(fresh.signed_in, is_own_device=live.is_own_device)
            return _codes_page(fresh.codes)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    page = render_template(
        "accounts/own_factor_set_up.html", form=form, waiting=waiting, qr=drawn(waiting.address)
    )
    return page, status


def _own_page(form: PasswordAgainForm) -> str:
    return render_template(
        "accounts/own_factor.html",
        form=form,
        factor=queries.factor_view(current_actor()),
        proof=own_proof(),
        came_by_recovery=g.live_session.factor == "recovery",
    )


def _codes_page(codes: tuple[str, ...]) -> str:
    return render_template("accounts/own_recovery_codes.html", codes=codes, form=KeptWords())
