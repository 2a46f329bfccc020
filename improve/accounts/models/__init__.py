"""The tables of accounts."""

from __future__ import annotations

from improve.accounts.models.council import Organisation, Service, Team
from improve.accounts.models.days import BusyPeriod, Cover
from improve.accounts.models.erasures import Erasure
from improve.accounts.models.people import GroupRole, Identity, Membership, Person
from improve.accounts.models.sessions import AuthSession, CalendarFeed, CapturePass, WallDevice
from improve.accounts.models.sign_in import AttemptCounter, OneTimeLink, RecoveryCode, SecondFactor

__all__ = [
    "AttemptCounter",
    "AuthSession",
    "BusyPeriod",
    "CalendarFeed",
    "CapturePass",
    "Cover",
    "Erasure",
    "GroupRole",
    "Identity",
    "Membership",
    "OneTimeLink",
    "Organisation",
    "Person",
    "RecoveryCode",
    "SecondFactor",
    "Service",
    "Team",
    "WallDevice",
]
