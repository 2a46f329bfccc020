"""The second proof on the way in: a code of one's phone, one on paper, or setting a phone up.

Only a session that is half open gets here. It is nobody's everywhere else.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from flask import Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import access, queries, service
from improve.accounts.access import public, requires
from improve.accounts.forms.fields import KeptWords
from improve.accounts.forms.second_factor import FactorCodeForm, RecoveryCodeForm
from improve.accounts.oidc.provider import Provider
from improve.accounts.queries import LiveSession
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint, device, secret
from improve.accounts.routes.password_again import wait_words
from improve.accounts.routes.signing_in import lead_on, was_refused
from improve.accounts.routes.way_to_provider import provider_of_council
from improve.accounts.service import FreshCodes, SignedIn
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.qr import drawn
from improve.shared.rate_limits import GUESSES, limiter

#: What a code form does with the session that asks.
Prove = Callable[[LiveSession, str], SignedIn]


def site_name() -> str:
    """Return the name that mails and apps call this site."""
    return str(current_app.config["SITE_NAME"])


@access.door("second factor")
def ask_for_second_factor(kept: str) -> str:
    """Return the page for somebody who has given the password only, with the words they sent."""
    live: LiveSession = g.half_session
    if not live.has_factor:
        return _begin_page(KeptWords(formdata=None, data={"kept": kept}))
    return _code_page(FactorCodeForm(formdata=None, data={"kept": kept}))


@blueprint.route("/second-factor", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def second_factor() -> ResponseReturnValue:
    """Ask for a code of the phone; the right one opens the door the rest of the way.

    Who has lost it is led to the other page with what they typed before.
    """
    if "lost" in request.form and g.half_session is not None:
        sent = KeptWords()
        return _recovery_page(
            RecoveryCodeForm(
                formdata=None, data={"kept": sent.kept.data or "", "next": sent.next.data or ""}
            )
        )
    return _answer_code(FactorCodeForm(), _code_page, _prove_by_code)


def _prove_by_code(live: LiveSession, code: str) -> SignedIn:
    return service.prove_by_code(
        live.actor,
        session_id=live.id,
        device=device(),
        is_own_device=live.is_own_device,
        code=code,
        secret=secret(),
    )


@blueprint.route("/second-factor/recovery", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def recovery_code() -> ResponseReturnValue:
    """Ask for one of the codes on paper, for somebody whose phone is lost."""
    return _answer_code(RecoveryCodeForm(), _recovery_page, _prove_by_recovery_code)


def _prove_by_recovery_code(live: LiveSession, code: str) -> SignedIn:
    return service.prove_by_recovery_code(
        live.actor,
        session_id=live.id,
        device=device(),
        is_own_device=live.is_own_device,
        code=code,
        secret=secret(),
        site_name=site_name(),
    )


def _answer_code(
    form: FactorCodeForm | RecoveryCodeForm, page: Callable[..., str], prove: Prove
) -> ResponseReturnValue:
    live: LiveSession | None = g.half_session
    if live is None:
        return _nobody_half_in(form)
    if request.method == "GET":
        form.next.data = access.safe_next(request.args.get("next")) or ""
    if not live.has_factor:
        return redirect(url_for("accounts.set_up_factor", next=form.next.data or None), 303)
    if request.method == "GET":
        return page(form)
    if not form.is_sent():
        return page(form), 422
    claimed = service.claim_factor_try(secret=secret(), person_id=live.actor.person_id)
    if claimed.wait:
        form.refuse(RuleBroken(wait_words(math.ceil(claimed.wait))))
        return page(form), 429
    try:
        signed_in = prove(live, form.code.data or "")
    except service.CannotCheck as error:
        service.give_factor_try_back(secret=secret(), person_id=live.actor.person_id)
        form.refuse(error)
        return page(form), 503
    except RuleBroken as error:
        service.note_wrong_factor(live.actor, number=claimed.number, site_name=site_name())
        form.refuse(error)
        return page(form), 422
    access.open_door(signed_in, is_own_device=live.is_own_device)
    if isinstance(form, RecoveryCodeForm) and not form.kept.data:
        return redirect(url_for("accounts.own_factor"), 303)
    return lead_on(form, signed_in.person_id)


def _nobody_half_in(form: KeptWords) -> ResponseReturnValue:
    """Answer somebody who is in already, or whose half-open session has ended."""
    if g.actor is not None:
        return redirect(access.safe_next(form.next.data) or url_for("home.start"), 303)
    if request.method == "POST" and form.kept.data:
        return access.ask_to_sign_in(form.kept.data)
    return redirect(url_for("accounts.sign_in", next=access.safe_next(form.next.data)), 303)


@blueprint.route("/second-factor/set-up", methods=["GET", "POST"])
@public
@commits
def set_up_factor() -> ResponseReturnValue:
    """Say why a phone is needed; at the press of a button, show the picture for its app.

    The picture has an address of its own by GET: a phone that comes back from its app finds it.
    """
    live: LiveSession | None = g.half_session
    form = KeptWords()
    if live is None:
        return _nobody_half_in(form)
    if live.has_factor:
        return redirect(url_for("accounts.second_factor", next=form.next.data), 303)
    if request.method == "GET":
        after = access.safe_next(request.args.get("next")) or ""
        if "again" in request.args:
            return _begin_page(KeptWords(formdata=None, data={"next": after}))
        return _picture_page(live, FactorCodeForm(formdata=None, data={"next": after}))
    if not form.is_sent():
        return _begin_page(form), 422
    provider = provider_of_council(live.actor)
    service.begin_second_factor(
        live.actor, session_id=live.id, password=None, issuer=provider.issuer if provider else ""
    )
    if form.kept.data:
        return _picture_page(live, FactorCodeForm(formdata=None, data=form.data))
    return redirect(url_for("accounts.set_up_factor", next=form.next.data or None), 303)


@blueprint.post("/second-factor/set-up/confirm")
@public
@limiter.limit(GUESSES, deduct_when=was_refused)
@commits
def confirm_factor() -> ResponseReturnValue:
    """Take the first code of the app; the answer shows the recovery codes, this once."""
    live: LiveSession | None = g.half_session
    form = FactorCodeForm()
    if live is None:
        return _nobody_half_in(form)
    if not form.is_sent():
        return _picture_page(live, form), 422
    try:
        fresh = service.confirm_second_factor(
            live.actor,
            session_id=live.id,
            device=device(),
            is_own_device=live.is_own_device,
            code=form.code.data or "",
            site_name=site_name(),
        )
    except RuleBroken as error:
        form.refuse(error)
        return _picture_page(live, form), 422
    access.open_door(fresh.signed_in, is_own_device=live.is_own_device)
    return codes_page(fresh, form)


def codes_page(fresh: FreshCodes, form: KeptWords) -> str:
    """Return the page of codes that are kept nowhere, with where to go on from there."""
    on = KeptWords(formdata=None, data={"kept": form.kept.data, "next": form.next.data})
    return render_template("accounts/recovery_codes_once.html", codes=fresh.codes, form=on)


@blueprint.post("/second-factor/written-down")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@commits
def codes_written_down() -> ResponseReturnValue:
    """Lead on from the recovery codes: to the words typed before, or to the page asked for."""
    form = KeptWords()
    if not form.is_sent():
        return redirect(url_for("accounts.own_factor"), 303)
    return lead_on(form, g.actor.person_id)


def _code_page(form: FactorCodeForm) -> str:
    return render_template("accounts/second_factor.html", form=form)


def _recovery_page(form: RecoveryCodeForm) -> str:
    return render_template("accounts/second_factor_recovery.html", form=form)


def _begin_page(form: KeptWords) -> str:
    return render_template(
        "accounts/second_factor_begin.html", form=form, provider=_comes_with(g.half_session)
    )


def _comes_with(live: LiveSession) -> Provider | None:
    """Return the council's own sign-in, where somebody comes by it: it proves them, no password."""
    provider = provider_of_council(live.actor)
    if provider is None or not queries.is_joined(live.actor.person_id, provider.issuer):
        return None
    return provider


def _picture_page(live: LiveSession, form: FactorCodeForm) -> str | Response:
    waiting = service.waiting_factor(live.actor, session_id=live.id, site_name=site_name())
    if waiting is None:
        begin = KeptWords(
            formdata=None, data={"kept": form.kept.data or "", "next": form.next.data or ""}
        )
        return _begin_page(begin)
    return render_template(
        "accounts/second_factor_set_up.html", form=form, waiting=waiting, qr=drawn(waiting.address)
    )
