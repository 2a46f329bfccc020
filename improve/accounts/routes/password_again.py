"""The password asked once more for an act that matters: wrong ones are counted like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from improve.accounts import queries, service
from improve.accounts.access import current_actor
from improve.accounts.routes.blueprint import client, secret
from improve.accounts.routes.signing_in import wait_words
from improve.accounts.second_factor_forms import PasswordAgainForm
from improve.shared.errors import RuleBroken


def must_wait(form: PasswordAgainForm) -> bool:
    """Return whether too many wrong passwords were given just now, and say so in the form."""
    wait = service.wait_seconds(secret=secret(), email=_email(), client=client())
    if wait:
        form.refuse(RuleBroken(wait_words(wait)))
    return bool(wait)


@contextmanager
def password_given(form: PasswordAgainForm) -> Iterator[None]:
    """Show in the form why the act in this block was refused; count a wrong password."""
    try:
        yield
    except RuleBroken as error:
        if any(reason.field == "password" for reason in error.reasons):
            service.note_attempt(secret=secret(), email=_email(), client=client())
        form.refuse(error)


def _email() -> str:
    account = queries.person_for_password(current_actor().person_id)
    return account.email if account else ""
