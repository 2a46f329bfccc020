"""What somebody gives before an act that matters: a password, or a proof given just now. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OwnProof:
    """What pages ask of whoever is signed in, beside the form of such an act."""

    #: They type their password; all below is of those who have none.
    has_password: bool = False
    #: They have to prove themselves at their council's own sign-in first.
    is_needed: bool = False
    #: Until when the proof that they gave counts; None: none counts.
    until: datetime | None = None
    #: What people call that sign-in, and where it begins; “”: there is none.
    provider_name: str = ""
    way: str = ""
    #: Something stands typed on the page, so that the way leads through another window.
    is_apart: bool = False
