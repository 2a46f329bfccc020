"""The blueprint of voices, apart, so that its modules can name it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("voices", __name__)
