"""Look through the ready measures, and take one."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField

from improve.measures.catalogue import Catalogue, ReadyMeasure
from improve.measures.forms.define import KINDS
from improve.shared.forms import Form, at_most, options


class FindReadyForm(Form):
    """Which ready measures to show. Sent by GET, so what cannot be read shows all."""

    class Meta(Form.Meta):
        """Nothing is changed by looking."""

        csrf = False

    words = StringField("With the words", validators=[at_most("title")])
    kind = SelectField(
        "What it is for", choices=options([("", "Anything"), *KINDS]), validate_choice=False
    )

    def found(self, ready: Catalogue) -> list[ReadyMeasure]:
        """Return the entries asked for."""
        kind = self.kind.data if self.kind.data in dict(KINDS) else ""
        return ready.found(kind=kind or "", words=(self.words.data or "")[:120])


class AdoptForm(Form):
    """Take a ready measure, with what is read beside it and drawn under it."""

    with_partner = BooleanField("With its partner")
    with_context = BooleanField("With what explains it")
    is_whole_council = BooleanField("For the whole council")

    def beside(self, entry: ReadyMeasure) -> list[str]:
        """Return the keys of what is taken with ``entry``."""
        wanted = (
            (entry.partner, self.with_partner.data),
            (entry.context, self.with_context.data),
        )
        return [key for key, is_wanted in wanted if key and is_wanted]
