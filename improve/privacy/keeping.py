"""How long each kind of record is kept in one council, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from improve.privacy.kept_kinds import KINDS, Kind


def kinds_with_times(
    *, months: Mapping[str, int], voice_days: int, report_days: int
) -> list[tuple[Kind, str]]:
    """Return each kind of record with how long a council keeps it, in words."""
    return [
        (kind, kept_words(kind, months=months, voice_days=voice_days, report_days=report_days))
        for kind in KINDS
    ]


def kept_words(kind: Kind, *, months: Mapping[str, int], voice_days: int, report_days: int) -> str:
    """Return how long a kind is kept: “2 years”, “3 months”, or the product's own words."""
    if kind.code:
        return months_words(months[kind.code])
    return kind.kept.format(voice_days=voice_days, report_days=report_days)


def months_words(months: int) -> str:
    """Return months as people say them: “1 month”, “18 months”, “6 years”."""
    years, rest = divmod(months, 12)
    if rest or not years:
        return f"{months}\u00a0month{'' if months == 1 else 's'}"
    return f"{years}\u00a0year{'' if years == 1 else 's'}"
