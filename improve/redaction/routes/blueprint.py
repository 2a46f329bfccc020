"""The blueprint of redaction: addresses and views are added by the other modules of this folder."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("redaction", __name__)
