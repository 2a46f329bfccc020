"""The blueprint of redaction: addresses and views are added by the other modules of this folder."""

from __future__ import annotations

from flask import Blueprint

from improve.redaction.texts import is_hidden

blueprint = Blueprint("redaction", __name__)
#: ``words is hidden_words``: whether the line left in place of hidden words stands there.
blueprint.add_app_template_test(is_hidden, "hidden_words")
