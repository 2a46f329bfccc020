"""The blueprint of the library, apart, so that its modules can name it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("library", __name__)
