"""Which councils' own sign-ins the settings name: one that they no longer name opens nothing."""

from __future__ import annotations

from flask import current_app


def known_issuers() -> frozenset[str]:
    """Return the issuers of the sign-ins that are set."""
    return frozenset(provider.issuer for provider in current_app.config["OIDC_PROVIDERS"])
