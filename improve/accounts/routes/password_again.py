"""The password asked once more for an act that matters: wrong ones are counted like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from improve.accounts import queries, service
from improve.accounts.access import current_actor
from improve.accounts.forms.second_factor import PasswordAgainForm
from improve.shared.errors import RuleBroken
from improve.shared.formatting import plural
from improve.shared.forms import Form


def must_wait(form: Form) -> bool:
    """Count a try before it is looked at; return whether there were too many, and say so.

    Those sent side by side wait for each other. ``password_given`` gives it back unless it was
    wrong.
    """
    wait = service.claim_own_password(current_actor())
    if wait:
        form.refuse(RuleBroken(wait_words(wait)))
        return True
    g.has_claimed_password = True
    return False


def wait_words(seconds: int) -> str:
    """Return how long to wait, in words."""
    long = plural(seconds, "second") if seconds < 90 else plural(-(-seconds // 60), "minute")
    return f"Wait {long} and try again."


@contextmanager
def password_given(form: Form, *, field: str = "password") -> Iterator[None]:
    """Show in the form why the act in this block was refused; a wrong password stays counted.

    ``field`` is where the password was typed that stands now. None typed is no wrong one.
    """
    has_claimed = g.pop("has_claimed_password", False)
    try:
        yield
    except RuleBroken as error:
        if form[field].data and any(reason.field == field for reason in error.reasons):
            service.note_refused(_email())
        elif has_claimed:
            service.give_own_password_back(current_actor())
        form.refuse(error)
    else:
        if has_claimed:
            service.unclaim_own_password(current_actor())


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
