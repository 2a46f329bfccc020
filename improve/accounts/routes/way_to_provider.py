"""The way to the council's own sign-in, and what is answered where it leads nowhere."""

from __future__ import annotations

import logging

from flask import Response, abort, current_app, g, make_response, redirect, render_template
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from improve.accounts import access, queries
from improve.accounts.actor import Actor
from improve.accounts.oidc import provider_calls, sign_in_state
from improve.accounts.oidc.provider import Provider, provider_at, provider_of
from improve.accounts.oidc.provider_calls import ProviderAway
from improve.accounts.oidc.sign_in_state import Begun
from improve.shared import clock

_log = logging.getLogger("improve.sign_in")


def providers() -> tuple[Provider, ...]:
    """Return the councils' own sign-ins that the settings name."""
    named: tuple[Provider, ...] = current_app.config["OIDC_PROVIDERS"]
    return named


def provider_here(place: str) -> Provider:
    """Return the sign-in that addresses call so; without one there is no such page."""
    found = provider_at(providers(), place)
    if found is None:
        abort(404)
    return found


def provider_of_council(actor: Actor) -> Provider | None:
    """Return the sign-in of somebody's own council, or None."""
    return provider_of(providers(), queries.own_council(actor).slug)


def back_address(provider: Provider) -> str:
    """Return where a provider sends people back to: by the settings, never by the Host header.

    Each has its own address. Were there one for all, a provider could lead somebody on to another
    council's, and be brought the code of that one.
    """
    return str(current_app.config["BASE_URL"]) + provider.way_back


def go_there(provider: Provider, begun: Begun) -> ResponseReturnValue:
    """Answer with the way to the provider. Writes nothing but the form token of the cookie."""
    generate_csrf()
    state = sign_in_state.seal(
        begun, keys=current_app.config["SEALING_KEYS"], browser=str(cookie["csrf_token"])
    )
    try:
        address = provider_calls.start_address(
            provider, begun, state=state, redirect_uri=back_address(provider)
        )
    except ProviderAway as away:
        return not_now(provider, away, begun)
    return redirect(address, 303)


def unseal(state: str) -> Begun | None:
    """Return what this browser began and now comes back from, or None."""
    return sign_in_state.unseal(
        state,
        keys=current_app.config["SEALING_KEYS"],
        browser=str(cookie.get("csrf_token", "")),
        at=clock.now(),
    )


def not_now(
    provider: Provider, away: ProviderAway, begun: Begun | None = None
) -> ResponseReturnValue:
    """Say that the provider does not answer, and write to the server's log why."""
    _log.warning(
        "council sign-in away", extra={"facts": {"council": provider.place, "why": away.code}}
    )
    return answer("accounts/provider_away.html", 503, begun, provider=provider)


def refused(
    code: str, provider: Provider | None, status: int, begun: Begun | None = None
) -> ResponseReturnValue:
    """Say that nobody was let in, and write to the server's log why."""
    place = provider.place if provider else ""
    _log.warning("council sign-in refused", extra={"facts": {"council": place, "why": code}})
    return answer("accounts/provider_refused.html", status, begun, code=code, provider=provider)


def answer(template: str, status: int, begun: Begun | None = None, **facts: object) -> Response:
    """Return a page on the way.

    It is given ``is_in``, whether somebody is signed in and stays so, and ``after``, where they
    wanted to go; None: nowhere that is known.
    """
    after = access.safe_next(begun.next) if begun is not None else None
    page = render_template(template, is_in=g.actor is not None, after=after, **facts)
    return make_response(page, status)
