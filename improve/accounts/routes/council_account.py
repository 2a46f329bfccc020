"""Which council account belongs to an account here: one's own, and somebody's as administrator."""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.oidc import SubjectForm
from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.accounts.oidc import provider_calls, sign_in_state
from improve.accounts.oidc.provider import Provider
from improve.accounts.oidc.provider_calls import ProviderAway
from improve.accounts.roles import CLOSELY_HELD_ROLES, ROLE_WORDS, Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.accounts.routes.signing_in import was_refused
from improve.accounts.routes.way_to_provider import back_address, provider_of_council
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.rate_limits import GUESSES, limiter


@blueprint.route("/me/council-account", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_PAGE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def own_council_account() -> ResponseReturnValue:
    """Show whether one's council account is joined; the right password joins it, or parts it."""
    form, provider = PasswordAgainForm(), provider_of_council(current_actor())
    if request.method == "GET" or provider is None or not form.is_sent():
        return _own_page(form, provider), form.status if request.method == "POST" else 200
    if must_wait(form):
        return _own_page(form, provider), 429
    actor, live, password = current_actor(), g.live_session, form.password.data or ""
    with password_given(form):
        if request.form.get("act") == "part":
            service.part_council_account(actor, session_id=live.id, password=password)
            say("Your council account is no longer joined.")
            return redirect(url_for("accounts.own_council_account"), 303)
        service.check_own_password(actor, session_id=live.id, password=password)
        try:
            return _own_page(form, provider, address=_way_to_join(provider))
        except ProviderAway:
            form.refuse(RuleBroken(f"{provider.name} does not answer just now. Try it later."))
            return _own_page(form, provider), 503
    return _own_page(form, provider), 422


def _own_page(form: PasswordAgainForm, provider: Provider | None, *, address: str = "") -> str:
    actor = current_actor()
    account = queries.person_for_password(actor.person_id)
    return render_template(
        "accounts/own_council_account.html",
        form=form,
        provider=provider,
        held=queries.identity_of_person(actor, actor.person_id),
        has_password=bool(account and account.password_hash),
        address=address,
    )


def _way_to_join(provider: Provider) -> str:
    """Return the way to the provider for whoever is signed in, bound to this browser."""
    begun = sign_in_state.begin(
        provider.place,
        at=clock.now(),
        next_page=url_for("accounts.own_council_account"),
        joins_id=current_actor().person_id,
    )
    state = sign_in_state.seal(
        begun,
        keys=current_app.config["SEALING_KEYS"],
        browser=g.live_session.csrf_token,
    )
    return provider_calls.start_address(
        provider, begun, state=state, redirect_uri=back_address(provider)
    )


@blueprint.route("/admin/people/<int:person_id>/council-account", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def council_account(person_id: int) -> ResponseReturnValue:
    """Show by which key the provider knows somebody, and take one that was looked up there."""
    actor, provider = current_actor(), provider_of_council(current_actor())
    shown = queries.person_view(actor, person_id)
    held = queries.identity_of_person(actor, person_id)
    form = SubjectForm(data={"subject": held.subject if held else ""})
    status = 200
    if provider is not None and form.is_sent():
        if must_wait(form):
            status = 429
        else:
            with password_given(form):
                service.enter_subject(
                    actor,
                    person_id=person_id,
                    provider=provider,
                    subject=form.subject.data or "",
                    session_id=g.live_session.id,
                    password=form.password.data or "",
                    site_name=current_app.config["SITE_NAME"],
                )
                say(f"{shown.name} can sign in with {provider.name}.")
                return redirect(url_for("accounts.person", person_id=person_id), 303)
    if status == 200 and request.method == "POST":
        status = form.status
    page = render_template(
        "accounts/council_account.html",
        person_shown=shown,
        form=form,
        held=held,
        provider=provider,
        given=queries.spots_by_group(actor, person_id),
        role_words=ROLE_WORDS,
        proof=own_proof(),
        joins_themself=shown.id == actor.person_id
        or bool(CLOSELY_HELD_ROLES.intersection(shown.roles)),
    )
    return page, status


@blueprint.route("/admin/people/<int:person_id>/council-account/forget", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@limiter.limit(GUESSES, methods=["POST"], deduct_when=was_refused)
@commits
def forget_council_account(person_id: int) -> ResponseReturnValue:
    """Say what parting the two does; with one's own password, let nobody in by the provider."""
    actor, form = current_actor(), PasswordAgainForm()
    shown = queries.person_view(actor, person_id)
    if request.method == "POST" and must_wait(form):
        return _part_page(shown, form), 429
    if form.is_sent():
        with password_given(form):
            service.forget_council_account(
                actor,
                person_id=person_id,
                session_id=g.live_session.id,
                password=form.password.data or "",
            )
            say(f"{shown.name}’s council account is no longer joined.")
            return redirect(url_for("accounts.person", person_id=person_id), 303)
    return _part_page(shown, form), form.status if request.method == "POST" else 200


def _part_page(shown: queries.PersonView, form: PasswordAgainForm) -> str:
    return render_template(
        "accounts/part_accounts.html",
        person_shown=shown,
        form=form,
        proof=own_proof(),
        why_not=service.why_not_parted(current_actor(), shown.id),
    )
