"""The blueprint of cpd: addresses and views are added by the other modules of this folder."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cpd", __name__)
