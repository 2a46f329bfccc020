"""The forms of one's own account."""

from __future__ import annotations

from wtforms import (
    PasswordField,
    StringField,
)

from improve.accounts.forms.sign_in import NewPasswordForm
from improve.shared.forms import Form, Needed, at_most


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    # Any field with “password” in its name is left out of the words kept through a sign-in.
    current_password = PasswordField(
        "Your present password", [Needed("Write your present password.")]
    )


class DetailsForm(Form):
    """One's own name, job and address; a new address asks for the password."""

    name = StringField("Name", [Needed("Write your name."), at_most("person_name")])
    job_title = StringField("Job", [at_most("job_title")])
    email = StringField("E-mail", [Needed("Write your e-mail address."), at_most("email")])
    password = PasswordField("Your password")
