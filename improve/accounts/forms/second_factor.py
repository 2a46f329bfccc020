"""The forms around the second proof: codes typed, and the password for what changes it."""

from __future__ import annotations

from wtforms import PasswordField, StringField

from improve.accounts.forms.fields import KeptWords
from improve.shared.forms import Form, Needed, at_most


class FactorCodeForm(KeptWords):
    """Six digits of an authenticator app."""

    code = StringField("Code", [Needed("Type the six digits."), at_most("factor_code")])


class RecoveryCodeForm(KeptWords):
    """A code on paper."""

    code = StringField(
        "Recovery code", [Needed("Type one of your recovery codes."), at_most("factor_code")]
    )


class PasswordAgainForm(Form):
    """One's own password, for an act that matters. Empty for those who have none."""

    password = PasswordField("Your password")
