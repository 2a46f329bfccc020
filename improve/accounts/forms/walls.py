"""The forms of a screen on a wall."""

from __future__ import annotations

from wtforms import (
    HiddenField,
    StringField,
)

from improve.shared.forms import Form, Needed, at_most


class CodeForm(Form):
    """The code that makes a screen a team's wall."""

    code = StringField("Code", [Needed("Type the code."), at_most("wall_code")])


class WallForm(Form):
    """What a wall screen is called, so that its team knows which one to end."""

    name = StringField(
        "Name of the screen", [Needed("Give the screen a name."), at_most("device_name")]
    )


class WallThemeForm(Form):
    """The one form of a wall: dark or light."""

    dark = HiddenField()

    @property
    def is_dark(self) -> bool:
        """Return whether dark was asked for."""
        return self.dark.data == "1"
