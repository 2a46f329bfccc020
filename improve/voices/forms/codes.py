"""The forms of addresses."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import Optional

from improve.shared.forms import Form, Needed, at_most


class CodeForm(Form):
    """What an address is for, whose it is, and its word."""

    label = StringField(
        "What is it for?",
        validators=[
            Needed("Write what it is for, such as “After a first visit”."),
            at_most("voice_label"),
        ],
    )
    team_id = SelectField("Team", coerce=str, validators=[Optional()])
    code = StringField("Word of the address", validators=[at_most("voice_code")])

    @property
    def team(self) -> int | None:
        """The chosen team, None for all."""
        return int(self.team_id.data) if (self.team_id.data or "").isdecimal() else None
