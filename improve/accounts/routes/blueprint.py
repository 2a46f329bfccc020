"""The blueprint of accounts, and what several of its pages need."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for

from improve.accounts.service import Post
from improve.accounts.sessions.devices import device_words
from improve.shared.rate_limits import client_address

blueprint = Blueprint("accounts", __name__)


def link_post(endpoint: str) -> Post:
    """Return how links to ``endpoint`` reach people: their address comes from the settings alone.

    A forged Host header must not turn up in a mailed link.
    """
    base = current_app.config["BASE_URL"]
    return Post(
        address_of=lambda token: base + url_for(endpoint, token=token),
        has_mail=bool(current_app.config["MAIL_URL"]),
        site_name=current_app.config["SITE_NAME"],
    )


def device() -> str:
    """Return in a few words what the visitor's device is."""
    return device_words(request.headers.get("User-Agent", ""))


def client() -> str:
    """Return from where the visitor comes, for counting tries under a keyed hash of it."""
    return client_address()


def secret() -> str:
    """Return the key under which tries are counted."""
    return str(current_app.config["SECRET_KEY"])
