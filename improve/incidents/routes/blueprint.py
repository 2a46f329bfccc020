"""The blueprint of reports, apart, so that its modules can name it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("incidents", __name__)
