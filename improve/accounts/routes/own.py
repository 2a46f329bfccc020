"""One's own account: details, password, devices, colours."""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms import ButtonForm, ChangePasswordForm, DetailsForm, ThemeForm
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.routes.signing_in import was_refused
from improve.accounts.session_times import device_ends_at
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.get("/me/devices")
@requires(Permission.SEE_OWN_PAGE)
def devices() -> ResponseReturnValue:
    """List where one is signed in, this device first."""
    actor, at, here = current_actor(), clock.now(), g.live_session.id
    live = [d for d in queries.devices(actor) if device_ends_at(actor, d) > at]
    return render_template(
        "accounts/devices.html", devices=sorted(live, key=lambda d: d.id != here), this_id=here
    )


@blueprint.route("/me/theme", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@commits
def theme() -> ResponseReturnValue:
    """Choose light, dark, or as the device says."""
    actor = current_actor()
    form = ThemeForm(data={"theme": actor.theme})
    if form.is_sent():
        service.choose_theme(actor, theme=form.theme.data or "")
        say("Your colours are kept.")
        return redirect(url_for("accounts.theme"), 303)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/theme.html", form=form), status


@blueprint.route("/me/details", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def details() -> ResponseReturnValue:
    """Change one's own name, job and address."""
    actor = current_actor()
    account = queries.person_for_password(actor.person_id)
    form = DetailsForm(
        data={
            "name": actor.name,
            "job_title": actor.job_title,
            "email": account.email if account else "",
        }
    )
    if form.is_sent():
        try:
            service.change_details(
                actor,
                name=form.name.data or "",
                job_title=form.job_title.data or "",
                email=form.email.data or "",
                password=form.password.data or "",
                site_name=current_app.config["SITE_NAME"],
            )
            say("Your details are changed.")
            return redirect(url_for("home.my_page"), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/details.html", form=form), status


@blueprint.route("/me/password", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def change_password() -> ResponseReturnValue:
    """Change one's own password; the present one is asked."""
    form = ChangePasswordForm()
    if form.is_sent():
        try:
            service.change_password(
                current_actor(),
                session_id=g.live_session.id,
                current=form.current_password.data or "",
                password=form.password.data or "",
            )
            say("Your password is changed. Your other devices are signed out.")
            return redirect(url_for("home.my_page"), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/change_password.html", form=form), status


@blueprint.post("/me/devices/<int:session_id>/end")
@requires(Permission.SEE_OWN_PAGE)
@commits
def end_device(session_id: int) -> ResponseReturnValue:
    """Sign one of one's own devices out."""
    if ButtonForm().is_sent():
        service.end_device(current_actor(), session_id=session_id)
        say("That device is signed out.")
    return redirect(url_for("accounts.devices"), 303)


@blueprint.post("/me/devices/end-others")
@requires(Permission.SEE_OWN_PAGE)
@commits
def end_other_devices() -> ResponseReturnValue:
    """Sign all of one's own devices out but this one."""
    if ButtonForm().is_sent():
        service.end_other_devices(current_actor(), keep_session_id=g.live_session.id)
        say("Your other devices are signed out.")
    return redirect(url_for("accounts.devices"), 303)
