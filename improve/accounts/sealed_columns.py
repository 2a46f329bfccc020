"""What of accounts is under the sealing key."""

from __future__ import annotations

from improve.accounts.models import SecondFactor
from improve.accounts.second_factor.sealed import SECOND_FACTOR
from improve.shared.resealing import SealedColumn


def sealed_columns() -> list[SealedColumn]:
    """Return what can be sealed anew."""
    return [
        SealedColumn("second factors", SecondFactor.key, SecondFactor.sealed, SECOND_FACTOR),
        SealedColumn(
            "second factors being set up", SecondFactor.key, SecondFactor.waiting, SECOND_FACTOR
        ),
    ]
