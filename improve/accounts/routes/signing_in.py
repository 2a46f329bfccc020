"""Signing in and out, and the password asked again."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import access, queries, service
from improve.accounts.access import current_actor, public, requires
from improve.accounts.forms.fields import ButtonForm, KeptWords
from improve.accounts.forms.sign_in import ConfirmPasswordForm, DemoSignInForm, SignInForm
from improve.accounts.oidc.provider import provider_of
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint, client, device, secret
from improve.accounts.routes.password_again import must_wait, password_given, wait_words
from improve.accounts.sessions import visits
from improve.accounts.sessions.session_times import ends_at
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.htmx import is_htmx
from improve.shared.rate_limits import GUESSES, limiter


def was_refused(response: Response) -> bool:
    """Return whether a try counts against its client: hundreds of colleagues may share one."""
    return response.status_code >= 400


@access.door("sign in")
def ask_who_is_there(kept: str) -> str:
    """Return the sign-in page for somebody whose session ended while they wrote."""
    form = SignInForm(formdata=None)
    form.kept.data = kept
    return access.sign_in_page(form, has_ended=True)


@access.door("confirm password")
def ask_for_password(kept: str) -> str:
    """Return the page that asks again on one's own phone, with the words that were sent."""
    form = ConfirmPasswordForm(formdata=None)
    form.kept.data = kept
    return _confirm_page(form)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def sign_in() -> ResponseReturnValue:
    """Ask who is there and open a session for the right password."""
    form = SignInForm()
    if request.method == "GET":
        if g.actor is not None:
            return redirect(url_for("home.start"), 303)
        form.next.data = access.safe_next(request.args.get("next")) or ""
        if g.half_session is not None:
            return redirect(url_for("accounts.second_factor", next=form.next.data or None), 303)
        return access.sign_in_page(form, done=request.args.get("done", ""))
    if not form.is_sent():
        return access.sign_in_page(form), 422
    email = form.email.data or ""
    wait = service.claim_attempt(secret=secret(), email=email, client=client())
    if wait:
        form.refuse(RuleBroken(wait_words(wait)))
        return access.sign_in_page(form), 429
    try:
        signed_in = service.sign_in(
            secret=secret(),
            email=email,
            password=form.password.data or "",
            client=client(),
            device=device(),
            is_own_device=bool(form.is_own_device.data),
            is_demo=current_app.config["IS_DEMO"],
        )
    except RuleBroken as error:
        service.note_refused(email)
        form.refuse(error)
        return access.sign_in_page(form), 422
    return let_in(form, signed_in, is_own_device=bool(form.is_own_device.data))


@blueprint.post("/sign-in/as")
@public
@commits
def sign_in_as() -> ResponseReturnValue:
    """Open a session for a person of the demo, chosen by name. Nowhere else."""
    if not current_app.config["IS_DEMO"]:
        abort(404)
    form = DemoSignInForm()
    if not form.is_sent():
        return access.sign_in_page(SignInForm(formdata=None)), 422
    signed_in = service.sign_in_demo_person(person_id=form.chosen_id, device=device())
    return let_in(form, signed_in, is_own_device=False)


def let_in(
    form: KeptWords, signed_in: service.SignedIn, *, is_own_device: bool
) -> ResponseReturnValue:
    """Change the session, then lead on: to the words typed before, or to the page asked for.

    Where a second proof is needed, its page comes first, and carries both on.
    """
    leave_session()
    access.open_door(signed_in, is_own_device=is_own_device)
    if not signed_in.is_half:
        return lead_on(form, signed_in.person_id)
    if form.kept.data:
        return access.ask_for_proof(form.kept.data, signed_in.token)
    return redirect(url_for("accounts.second_factor", next=access.safe_next(form.next.data)), 303)


def leave_session() -> None:
    """End the session that this browser had, whole or half-open, before another takes its place."""
    if g.actor is not None:
        service.sign_out(visits.at_home(), session_id=g.live_session.id)
    elif g.half_session is not None:
        service.end_session(g.half_session.actor.person_id, g.half_session.id)


def lead_on(form: KeptWords, person_id: int) -> ResponseReturnValue:
    """Lead somebody who is in to the words typed before, else to the page they asked for."""
    kept = access.words_kept(form.kept.data or "", person_id)
    if kept:
        path, fields = kept
        return render_template("accounts/welcome_back.html", path=path, fields=fields)
    return redirect(access.safe_next(form.next.data) or url_for("home.start"), 303)


@blueprint.post("/sign-out")
@public
@commits
def sign_out() -> ResponseReturnValue:
    """End this session, and have the browser forget what it kept of it."""
    form = ButtonForm()
    after = _page_after()
    if form.is_sent():
        leave_session()
    access.close_door()
    answer = redirect(after, 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _page_after() -> str:
    """Return where to go signed out: the council's own sign-in goes on, and can be ended, too."""
    if g.actor is not None and g.live_session.factor == "provider":
        slug = queries.own_council(visits.at_home()).slug
        provider = provider_of(current_app.config["OIDC_PROVIDERS"], slug)
        if provider is not None:
            return url_for("accounts.signed_out", council=provider.place)
    return url_for("accounts.sign_in")


@blueprint.route("/confirm-password", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def confirm_password() -> ResponseReturnValue:
    """Ask for the password again, on a phone that was signed in long ago."""
    actor, form = current_actor(), ConfirmPasswordForm()
    if request.method == "GET":
        form.next.data = access.safe_next(request.args.get("next")) or ""
        return _confirm_page(form)
    if not form.is_sent():
        return _confirm_page(form), 422
    if must_wait(form):
        return _confirm_page(form), 429
    with password_given(form):
        token = service.confirm_password(
            actor, session_id=g.live_session.id, password=form.password.data or ""
        )
        access.renew_door(token)
        return lead_on(form, actor.person_id)
    return _confirm_page(form), 422


def _confirm_page(form: ConfirmPasswordForm) -> str:
    return render_template("accounts/confirm_password.html", form=form)


@blueprint.post("/stay-signed-in")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@commits
def stay_signed_in() -> ResponseReturnValue:
    """Count this moment as a use of the session; a script learns when it ends now."""
    service.stay_signed_in(visits.at_home(), session_id=g.live_session.id)
    if is_htmx():
        live = replace(g.live_session, last_used_at=clock.now())
        return Response(status=204, headers={"X-Session-Ends-At": ends_at(live).isoformat()})
    return redirect(_page_before() or url_for("home.start"), 303)


def _page_before() -> str | None:
    """Return the page of this site that the form stood on, if the browser says."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return None
    return access.safe_next(f"{before.path}?{before.query}".rstrip("?"))
