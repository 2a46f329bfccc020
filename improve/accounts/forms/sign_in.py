"""The forms at the door: signing in, a forgotten password, an invitation."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    StringField,
)

from improve.accounts.forms.fields import KeptWords
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, at_most


class SignInForm(KeptWords):
    """E-mail and password."""

    email = StringField("E-mail", [Needed("Write your e-mail address."), at_most("email")])
    password = PasswordField("Password", [Needed("Write your password.")])
    is_own_device = BooleanField("This is my own phone")


class DemoSignInForm(KeptWords):
    """A person of the demo, chosen by name."""

    person_id = HiddenField()

    @property
    def chosen_id(self) -> int:
        """Return the id that was sent, or 0 for none that could be."""
        return whole_number(self.person_id.data) or 0


class ConfirmPasswordForm(KeptWords):
    """The password, asked again on a phone that was signed in long ago."""

    password = PasswordField("Password", [Needed("Write your password.")])


class ForgotPasswordForm(Form):
    """The address to which a link may go."""

    email = StringField("E-mail", [Needed("Write your e-mail address."), at_most("email")])


class NewPasswordForm(Form):
    """A new password, shown or hidden as the browser likes; once is enough to type it."""

    password = PasswordField("New password", [Needed("Choose a password.")])


class InvitationForm(NewPasswordForm):
    """The name people know you by, and a password."""

    name = StringField("Your name", [Needed("Write your name."), at_most("person_name")])
