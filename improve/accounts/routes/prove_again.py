"""Proving once more who one is, at the council's own sign-in, for people without a password."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import access, queries, service
from improve.accounts.access import current_actor, requires
from improve.accounts.oidc import sign_in_state
from improve.accounts.oidc.id_token import Known
from improve.accounts.oidc.provider import Provider, provider_of
from improve.accounts.oidc.sign_in_state import Begun
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.routes.signing_in import was_refused
from improve.accounts.routes.way_to_provider import answer, go_there, providers, refused
from improve.accounts.sessions.own_proof import OwnProof
from improve.accounts.sessions.session_times import proof_ends_at
from improve.shared import clock
from improve.shared.errors import RuleBroken
from improve.shared.rate_limits import GUESSES, limiter


def own_proof() -> OwnProof:
    """Return what the actor is asked for before an act that matters, as pages show it."""
    actor, live = current_actor(), g.live_session
    if live.factor == "demo" or live.has_password:
        return OwnProof(has_password=live.has_password)
    provider = provider_of(providers(), queries.own_council(actor).slug)
    if provider is None:
        return OwnProof(is_needed=True)
    ends_at = proof_ends_at(live.proved_at)
    # What stands typed on this page stays there: the way leads through another window.
    is_apart = request.method == "POST"
    after = url_for("accounts.proved") if is_apart else request.full_path.rstrip("?")
    return OwnProof(
        is_needed=ends_at <= clock.now(),
        until=_until(ends_at),
        provider_name=provider.name,
        way=url_for("accounts.prove_again", next=after),
        is_apart=is_apart,
    )


def _until(ends_at: datetime) -> datetime | None:
    return ends_at if ends_at > clock.now() else None


@blueprint.get("/me/prove-again")
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, deduct_when=was_refused)
def prove_again() -> ResponseReturnValue:
    """Lead somebody who is signed in to where they prove themselves anew."""
    actor = current_actor()
    after = access.safe_next(request.args.get("next")) or url_for("accounts.proved")
    provider = provider_of(providers(), queries.own_council(actor).slug)
    if provider is None:
        return redirect(after, 303)
    begun = sign_in_state.begin(
        provider.place, at=clock.now(), next_page=after, proves_id=actor.person_id
    )
    return go_there(provider, begun)


@blueprint.get("/me/proved")
@requires(Permission.SEE_OWN_PAGE)
def proved() -> ResponseReturnValue:
    """Say whether it is proved, and to go back to the window where words wait."""
    return render_template("accounts/proved.html", proof=own_proof())


def take_proof(begun: Begun, provider: Provider, known: Known) -> ResponseReturnValue:
    """Note that whoever is signed in proved themselves, and lead back to where they came from."""
    if g.actor is None or g.actor.person_id != begun.proves_id:
        return refused("state", provider, 400, begun)
    try:
        token = service.prove_again(
            g.actor,
            session_id=g.live_session.id,
            provider=provider,
            known=known,
            site_name=current_app.config["SITE_NAME"],
        )
    except RuleBroken:
        return refused("state", provider, 400, begun)
    except service.NotProved as no:
        return answer("accounts/provider_not_proved.html", 403, begun, why=no, provider=provider)
    access.renew_door(token)
    return redirect(access.safe_next(begun.next) or url_for("accounts.proved"), 303)
