"""The blueprint of open data, apart, so that its modules can name it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("open_data", __name__)
