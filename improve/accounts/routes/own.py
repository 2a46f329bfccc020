"""One's own account: details, password, devices."""

from __future__ import annotations

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.own import ChangePasswordForm, DetailsForm
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint, device, link_post
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.accounts.routes.signing_in import was_refused
from improve.accounts.sessions import capture
from improve.accounts.sessions.session_times import device_ends_at, lacks_proof
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import day
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.get("/me/devices")
@requires(Permission.SEE_OWN_PAGE)
def devices() -> ResponseReturnValue:
    """List where one is signed in, this device first, and which phones have a pass."""
    actor, at, here = current_actor(), clock.now(), g.live_session.id
    has_factor, is_demo = g.live_session.has_factor, current_app.config["IS_DEMO"]
    live = [
        d
        for d in queries.devices(actor)
        if device_ends_at(actor.roles, d) > at
        and not lacks_proof(d.factor, roles=actor.roles, has_factor=has_factor, is_demo=is_demo)
    ]
    return render_template(
        "accounts/devices.html",
        devices=sorted(live, key=lambda d: d.id != here),
        this_id=here,
        passes=queries.capture_passes(actor, at),
        this_pass_id=_pass_id_here(),
    )


def _pass_id_here() -> int | None:
    held = capture.pass_here()
    return held.id if held else None


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
        # The name alone asks for no password, so that many wrong ones leave it free.
        if form.email.data != (account.email if account else "") and must_wait(form):
            return _details_page(form), 429
        with password_given(form):
            waits = service.change_details(
                actor,
                session_id=g.live_session.id,
                name=form.name.data or "",
                job_title=form.job_title.data or "",
                email=form.email.data or "",
                password=form.password.data or "",
                post=link_post("accounts.new_address"),
            )
            say(
                "Saved. A link went to the new address: open it within 24 hours, and it counts."
                if waits
                else "Your details are changed."
            )
            return redirect(url_for("home.my_page"), 303)
    return _details_page(form), form.status if request.method == "POST" else 200


def _details_page(form: DetailsForm) -> str:
    return render_template("accounts/details.html", form=form, proof=own_proof())


@blueprint.route("/me/password", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def change_password() -> ResponseReturnValue:
    """Change one's own password; the present one is asked."""
    form = ChangePasswordForm()
    if form.is_sent():
        if must_wait(form):
            return _password_page(form), 429
        with password_given(form, field="current_password"):
            service.change_password(
                current_actor(),
                session_id=g.live_session.id,
                current=form.current_password.data or "",
                password=form.password.data or "",
            )
            say("Your password is changed. Your other devices are signed out.")
            return redirect(url_for("home.my_page"), 303)
    return _password_page(form), form.status if request.method == "POST" else 200


def _password_page(form: ChangePasswordForm) -> str:
    has_password = g.live_session.has_password
    return render_template("accounts/change_password.html", form=form, has_password=has_password)


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
        service.end_other_devices(
            current_actor(), keep_session_id=g.live_session.id, keep_pass_id=_pass_id_here()
        )
        say("Your other devices are signed out.")
    return redirect(url_for("accounts.devices"), 303)


@blueprint.post("/me/capture-passes")
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"])
@commits
def make_capture_pass() -> ResponseReturnValue:
    """Let this phone log ideas and tap tallies without a sign-in, for 30 days."""
    answer = make_response(redirect(url_for("accounts.devices"), 303))
    if ButtonForm().is_sent():
        try:
            made = service.make_capture_pass(
                current_actor(), device=device(), replaces=capture.token_here()
            )
        except RuleBroken as error:
            say(str(error), kind="warn")
            return answer
        capture.give_pass(answer, made)
        say(
            f"This phone has a pass until {day(made.expires_at)}.",
            link_url=url_for("ideas.log_idea"),
            link_words="Log an idea",
        )
    return answer


@blueprint.post("/me/capture-passes/<int:pass_id>/end")
@requires(Permission.SEE_OWN_PAGE)
@commits
def end_capture_pass(pass_id: int) -> ResponseReturnValue:
    """End one of one's own passes, on whichever phone it is."""
    answer = make_response(redirect(url_for("accounts.devices"), 303))
    if ButtonForm().is_sent():
        is_here = _pass_id_here() == pass_id
        service.end_capture_pass(current_actor(), pass_id=pass_id)
        if is_here:
            capture.take_pass(answer)
        say("That pass has ended.")
    return answer
