"""The blueprint of the review, apart, so that its modules can name it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("review", __name__)
