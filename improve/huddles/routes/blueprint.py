"""The blueprint that every module of these routes hangs its pages on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("huddles", __name__)
