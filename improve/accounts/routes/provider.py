"""Signing in by the council's own sign-in: there, back, and out of it again.

The way there is a link, since a form may not lead to another site, and writes nothing: all that is
known of it travels in the sealed state. What comes back is a page with one button that sends it on.
"""

from __future__ import annotations

from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import access, service
from improve.accounts.access import public
from improve.accounts.forms.oidc import BackForm, KeptForm, WhichCouncilForm
from improve.accounts.oidc import provider_calls, sign_in_state
from improve.accounts.oidc.id_token import Known, TokenRefused
from improve.accounts.oidc.provider import Provider, provider_of, provider_of_words
from improve.accounts.oidc.provider_calls import CodeRefused, ProviderAway
from improve.accounts.oidc.sign_in_state import Begun
from improve.accounts.routes.blueprint import blueprint, device
from improve.accounts.routes.prove_again import take_proof
from improve.accounts.routes.signing_in import leave_session, was_refused
from improve.accounts.routes.way_to_provider import (
    answer,
    back_address,
    go_there,
    not_now,
    provider_here,
    providers,
    refused,
    unseal,
)
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.route("/sign-in/council", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
def which_council() -> ResponseReturnValue:
    """Ask for the council, where several are here. No account is asked for, and nothing kept."""
    if not providers():
        abort(404)
    form = WhichCouncilForm()
    if request.method == "GET":
        form.next.data = access.safe_next(request.args.get("next")) or ""
    elif form.is_sent():
        found = provider_of_words(providers(), form.council.data or "")
        if found is not None:
            after = access.safe_next(form.next.data)
            return redirect(url_for("accounts.of_council", council=found.place, next=after), 303)
        words = "No council here is known by this. Try its short name, or ask your administrator."
        form.refuse(RuleBroken([Reason(words, "council")]))
    return render_template("accounts/which_council.html", form=form), form.status


@blueprint.get("/sign-in/<council>")
@public
def of_council(council: str) -> ResponseReturnValue:
    """Show the way in of one council: a page to keep a link to."""
    after = access.safe_next(request.args.get("next"))
    return render_template("accounts/of_council.html", provider=provider_here(council), next=after)


@blueprint.get("/sign-in/<council>/start")
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
def provider_start(council: str) -> ResponseReturnValue:
    """Lead somebody to their council's own sign-in."""
    provider = provider_here(council)
    after = access.safe_next(request.args.get("next")) or ""
    return go_there(provider, sign_in_state.begin(provider.place, at=clock.now(), next_page=after))


@blueprint.get("/invitation/<token>/council-account")
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
def invitation_with_council_account(token: str) -> ResponseReturnValue:
    """Lead somebody who was invited to their council's own sign-in."""
    try:
        link = service.find_link(token, service.INVITATION)
    except NotFound:
        return render_template("accounts/link_is_over.html", again=None), 404
    provider = provider_of(providers(), link.council_slug)
    if provider is None:
        abort(404)
    return go_there(provider, sign_in_state.begin(provider.place, at=clock.now(), invitation=token))


@blueprint.get("/sign-in/<council>/back")
@public
def provider_back(council: str) -> ResponseReturnValue:
    """Take somebody who comes back: a page whose one button sends on what they brought."""
    provider = provider_here(council)
    code, state = request.args.get("code", ""), request.args.get("state", "")
    begun = unseal(state)
    if "error" in request.args:
        # Why is the provider's affair; its words could be anybody's, and are not shown.
        is_denied = request.args["error"] in {"access_denied", "login_required"}
        return answer("accounts/provider_denied.html", 200, begun, is_denied=is_denied)
    if begun is None and g.actor is not None:
        # The browser's own “back” after signing in: they are where they wanted to be.
        return redirect(url_for("home.start"), 303)
    if begun is None or not code or len(code) > 10_000:
        return refused("state", None, 400)
    try:
        is_of_another = begun.council != council or not provider_calls.is_answer_of(
            provider, request.args.get("iss")
        )
    except ProviderAway as away:
        return not_now(provider, away, begun)
    if is_of_another:
        # Another provider answers what this one was asked.
        return refused("iss", provider, 400, begun)
    form = BackForm(formdata=None, data={"code": code, "state": state})
    return answer("accounts/provider_back.html", 200, form=form, provider=provider)


@blueprint.post("/sign-in/<council>/back")
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
@commits
def provider_come_in(council: str) -> ResponseReturnValue:
    """Ask the provider who it is, and open a session for them."""
    provider = provider_here(council)
    form = BackForm()
    begun = unseal(form.state.data or "") if form.is_sent() else None
    if begun is None:
        return refused("state", None, 400)
    if begun.council != council:
        return refused("iss", provider, 400, begun)
    service.release_database()
    try:
        known = provider_calls.who_signed_in(
            provider, begun, code=form.code.data or "", redirect_uri=back_address(provider)
        )
    except ProviderAway as away:
        return not_now(provider, away, begun)
    except CodeRefused:
        return refused("code", provider, 400, begun)
    except TokenRefused as bad:
        return refused(bad.code, provider, 400, begun)
    try:
        return _come_in(begun, provider, known)
    except service.NotLetIn as no:
        service.note_not_let_in(no, known=known, site_name=current_app.config["SITE_NAME"])
        return answer("accounts/provider_not_let_in.html", 403, begun, why=no, provider=provider)
    except NotFound:
        return render_template("accounts/link_is_over.html", again=None), 404


def _come_in(begun: Begun, provider: Provider, known: Known) -> ResponseReturnValue:
    site_name = current_app.config["SITE_NAME"]
    if begun.joins_id:
        return _join(begun, provider, known)
    if begun.proves_id:
        return take_proof(begun, provider, known)
    if begun.invitation:
        signed_in = service.take_up_with_council_account(
            provider=provider,
            known=known,
            token=begun.invitation,
            device=device(),
            site_name=site_name,
        )
    else:
        signed_in = service.come_in(
            provider=provider, known=known, device=device(), site_name=site_name
        )
    leave_session()
    access.open_door(signed_in, is_own_device=False)
    asked = access.safe_next(begun.next)
    if signed_in.is_first:
        return redirect(url_for("home.first_days", next=asked), 303)
    return redirect(asked or url_for("home.start"), 303)


def _join(begun: Begun, provider: Provider, known: Known) -> ResponseReturnValue:
    if g.actor is None or g.actor.person_id != begun.joins_id:
        return refused("state", provider, 400, begun)
    try:
        service.join_council_account(
            g.actor,
            session_id=g.live_session.id,
            provider=provider,
            known=known,
            site_name=current_app.config["SITE_NAME"],
        )
    except RuleBroken:
        return refused("state", provider, 400, begun)
    access.say(f"You can sign in with {provider.name} from now on.")
    return redirect(url_for("accounts.own_council_account"), 303)


@blueprint.post("/sign-in/kept")
@public
def kept_words() -> ResponseReturnValue:
    """Give back, in the window where they wait, the words that somebody typed before signing in.

    No form token is asked: the page is of the time before. What was kept is signed for one person,
    comes back to nobody else, and nothing is sent or changed by it.
    """
    form = KeptForm()
    sent = request.form.get("kept", "")
    kept = access.words_kept(sent, g.actor.person_id) if g.actor is not None else None
    if kept is None:
        form.kept.data = sent
        page = render_template("accounts/kept_words.html", form=form, is_in=g.actor is not None)
        return page, 200
    path, fields = kept
    return render_template("accounts/welcome_back.html", path=path, fields=fields)


@blueprint.get("/signed-out/<council>")
@public
def signed_out(council: str) -> ResponseReturnValue:
    """Say that somebody is signed out here, and offer to end the council's own sign-in, too."""
    return render_template("accounts/signed_out.html", provider=provider_here(council))


@blueprint.get("/signed-out/<council>/everywhere")
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
def provider_end(council: str) -> ResponseReturnValue:
    """Lead to where somebody signs out of the council's own sign-in."""
    provider = provider_here(council)
    try:
        address = provider_calls.end_address(provider)
    except ProviderAway as away:
        return not_now(provider, away)
    return redirect(address or url_for("accounts.sign_in"), 303)
