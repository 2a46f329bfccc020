"""Fields that several forms of a huddle share: a number sent by a choice, and the form's token."""

from __future__ import annotations

import secrets
from typing import Any, Final

from wtforms import HiddenField, RadioField

from improve.shared.formatting import whole_number
from improve.shared.forms import Form, clean

LONGEST_TOKEN: Final = 64


class NumberField(HiddenField):
    """The id of a thing, carried along. What is no number counts as none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.data = whole_number(valuelist[0].strip()) if valuelist else None


class PersonField(RadioField):
    """One of the people offered, as pills. Who is not offered counts as nobody chosen."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, choices=[], coerce=str, validate_choice=False, **more)

    @property
    def person_id(self) -> int | None:
        """Whoever is chosen; None where the choice is “someone else”, or nobody."""
        return whole_number(self.data) if self.data else None


class TokenForm(Form):
    """A form that may be sent twice: its token makes the second harmless."""

    form_token = HiddenField()
    confirmed = HiddenField("Read again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        token = clean(self.form_token.data or "")[:LONGEST_TOKEN]
        self.form_token.data = token or new_token()


def new_token() -> str:
    """Return a fresh mark for a form, by which a form sent twice is known."""
    return secrets.token_urlsafe(24)
