"""The one blueprint that every module of this folder adds its pages to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("ideas", __name__)
