"""How the running site sees a visitor who comes by its address, for ``flask doctor`` to ask.

Whether TRUSTED_PROXIES fits what stands in front shows in no setting: too few, and everybody has
the proxy's address, so that limits on tries shut out a whole office; too many, and a visitor names
any address. So doctor comes as a visitor who names one, and the site says what it took for true.
"""

from __future__ import annotations

from typing import Final

from flask import current_app, request
from itsdangerous import BadData, TimestampSigner

#: With it doctor proves that it has the same SECRET_KEY; nobody else gets more than “ok”.
HEADER: Final = "X-Improve-Doctor"
#: An address that no machine has (RFC 5737).
NAMED: Final = "192.0.2.77"
#: Seconds for which one proof is good.
_GOOD_FOR: Final = 120


def question() -> dict[str, str]:
    """Return the headers that doctor asks with."""
    return {HEADER: _signer().sign("look").decode(), "X-Forwarded-For": NAMED}


def answer() -> str:
    """Return what ``/healthz`` says: “ok”; to doctor also who spoke for it, and who is believed.

    “ok 1 itself”: one web server in front said from where the visitor comes; “named” instead where
    the visitor is taken to be where they themselves said.
    """
    try:
        _signer().unsign(request.headers.get(HEADER, ""), max_age=_GOOD_FOR)
    except BadData:
        return "ok"
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    spoke = sum(one not in {"", NAMED} for one in told)
    return f"ok {spoke} {'named' if request.remote_addr == NAMED else 'itself'}"


def faults(answered: str, *, proxies: int) -> list[tuple[bool, str, str]]:
    """Return (is wrong, words, advice) for what an answer shows to be amiss; none where all fits.

    ``proxies``: TRUSTED_PROXIES.
    """
    parts = answered.split()
    if len(parts) != 3:
        words = "The site that answers has another SECRET_KEY than this command, or is earlier"
        return [(False, words, "Start it anew. Give both the same settings, from one file.")]
    found = []
    if parts[1] != str(proxies):
        words = (
            f"TRUSTED_PROXIES is {proxies}, and {parts[1]} in front said from where a visitor "
            "comes: limits on tries may count everybody as one"
        )
        advice = (
            "Set it to how many web servers stand in front, mostly 1, start the site anew, and let "
            "each of them send X-Forwarded-For."
        )
        found.append((True, words, advice))
    if parts[2] == "named":
        words = (
            f"TRUSTED_PROXIES is {proxies}, and visitors are believed what address they name: "
            "limits on tries hold nobody"
        )
        advice = (
            "Set it to the number of web servers in front, and let the first set X-Forwarded-For."
        )
        found.append((True, words, advice))
    return found


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="doctor looks from outside")
