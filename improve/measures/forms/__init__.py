"""Forms about measures: shape and wording. Numbers and dates are read by ``shared.parsing``."""

from __future__ import annotations

from improve.measures.forms.catalogue import AdoptForm, FindReadyForm
from improve.measures.forms.define import DefineForm, VersionForm
from improve.measures.forms.imports import ConfirmForm, ImportForm, PickForm
from improve.measures.forms.numbers import (
    ChangePointForm,
    NoteForm,
    PointForm,
    RemovePointForm,
    SinceForm,
    latest_periods,
    short_period,
)

__all__ = [
    "AdoptForm",
    "ChangePointForm",
    "ConfirmForm",
    "DefineForm",
    "FindReadyForm",
    "ImportForm",
    "NoteForm",
    "PickForm",
    "PointForm",
    "RemovePointForm",
    "SinceForm",
    "VersionForm",
    "latest_periods",
    "short_period",
]
