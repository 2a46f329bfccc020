"""Forms about saved views of a board."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from improve.shared.forms import Form, Needed, at_most


class ViewForm(Form):
    """The name of a view. ``query`` is what it keeps; a new name for an old one leaves it out."""

    name = StringField("Name", validators=[Needed("Give this view a name."), at_most("view_name")])
    query = HiddenField("What it shows")
    confirmed = HiddenField("Read again")
