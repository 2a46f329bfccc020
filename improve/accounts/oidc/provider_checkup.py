"""What ``doctor`` looks at of the council's own sign-in: whether the provider answers."""

from __future__ import annotations

from flask import current_app

from improve.accounts import queries
from improve.accounts.oidc import provider_calls
from improve.accounts.oidc.provider import BY_TIME, Provider
from improve.accounts.oidc.provider_calls import ProviderAway
from improve.shared.checkup import Finding

_ADVICE = {
    "silent": "Let this server reach it by https, and compare OIDC_ISSUER with the provider’s.",
    "answer": "Compare OIDC_ISSUER with what the provider gives, to the letter.",
}


def look_at_providers() -> list[Finding]:
    """Return whether each council's own sign-in answers and belongs to a council that is here."""
    provider_calls.forget()
    found: list[Finding] = []
    for provider in current_app.config["OIDC_PROVIDERS"]:
        found += _look_at(provider)
    return found


def _look_at(provider: Provider) -> list[Finding]:
    who = f"The sign-in of {provider.council or 'the council'}"
    found = []
    if queries.council_signed_in_to(provider.council) is None:
        found.append(
            Finding(
                True,
                f"{who} belongs to no council here",
                "Set OIDC_ORGANISATION to its short name.",
            )
        )
    try:
        provider_calls.look_at(provider)
    except ProviderAway as away:
        advice = away.words or _ADVICE.get(away.code, _ADVICE["answer"])
        return [*found, Finding(True, f"{who} does not answer as it should", advice)]
    # What is registered there: were it another address, the provider itself would refuse people.
    base_url = current_app.config["BASE_URL"]
    words = f"{who} answers; it sends people back to {base_url}{provider.way_back}"
    found.append(Finding(False, words))
    if provider.proof == BY_TIME and provider_calls.addresses(provider).tells_no_time:
        found.append(
            Finding(
                False,
                f"{who} does not list “auth_time” among what it tells",
                "People without a password may be unable to prove who they are once more, before "
                "what matters: see “Proving it once more” in sign-in.md, and OIDC_PROOF.",
            )
        )
    return found
