"""The password asked once more for an act that matters: wrong ones are counted like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from improve.accounts import queries, service
from improve.accounts.access import current_actor
from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.accounts.routes.blueprint import client, secret
from improve.shared.errors import RuleBroken
from improve.shared.formatting import plural
from improve.shared.forms import Form


def must_wait(form: Form) -> bool:
    """Return whether too many wrong passwords were given just now, and say so in the form."""
    wait = service.wait_seconds(secret=secret(), email=_email(), client=client())
    if wait:
        form.refuse(RuleBroken(wait_words(wait)))
    return bool(wait)


def wait_words(seconds: int) -> str:
    """Return how long to wait, in words."""
    long = plural(seconds, "second") if seconds < 90 else plural(-(-seconds // 60), "minute")
    return f"Wait {long} and try again."


@contextmanager
def password_given(form: Form, *, field: str = "password") -> Iterator[None]:
    """Show in the form why the act in this block was refused; count a wrong password.

    ``field`` is where the password was typed that stands now. None typed is no wrong one.
    """
    try:
        yield
    except RuleBroken as error:
        if form[field].data and any(reason.field == field for reason in error.reasons):
            service.note_attempt(secret=secret(), email=_email(), client=client())
        form.refuse(error)


def is_proved(form: PasswordAgainForm) -> bool:
    """Return whether the password in the form is the actor's own; say in the form if it is not."""
    if must_wait(form):
        return False
    with password_given(form):
        service.check_own_password(
            current_actor(), session_id=g.live_session.id, password=form.password.data or ""
        )
        return True
    return False


def _email() -> str:
    account = queries.person_for_password(current_actor().person_id)
    return account.email if account else ""
