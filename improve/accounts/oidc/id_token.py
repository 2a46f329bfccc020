"""Who signed in at the council's own sign-in: its token, checked claim by claim. Pure.

The signature is checked first, with a key that the provider publishes, and only for the two ways of
signing that are named here: neither “none” nor a shared secret is one of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard

from improve.accounts.oidc.provider import Provider

#: How a token may be signed, and the kind of key that goes with it.
SIGNED_BY: Final[Mapping[str, str]] = {"RS256": "RSA", "ES256": "EC"}
#: Seconds by which two clocks may differ.
LEEWAY: Final = 120
#: Longest token, and longest subject or group, in characters.
LONGEST_TOKEN, LONGEST_NAME = 100_000, 200
#: No token is of a time after this many seconds: the year 4000.
_END_OF_TIME: Final = 2**36
MOST_GROUPS: Final = 500


class TokenRefused(Exception):
    """A token that proves nothing. ``code`` says why, for the log; “clock” is told to people."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class UnknownKey(TokenRefused):
    """Signed with a key that the provider has not published, as far as is known here."""

    def __init__(self) -> None:
        super().__init__("key")


@dataclass(frozen=True)
class Known:
    """Who somebody is to their council."""

    issuer: str
    subject: str
    email: str
    #: Whether the provider vouches that the address is theirs.
    is_verified: bool
    name: str
    #: Their groups; None where there were too many for the token to name.
    groups: tuple[str, ...] | None
    #: Whether groups are not spoken of at all: in none, or a setting there was changed.
    is_silent_of_groups: bool = False
    #: When they last proved themselves to the provider; None where it does not say.
    proved_at: datetime | None = None


def claims_of(token: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a token claims, if one of ``keys`` (as published) signed it.

    Raises ``UnknownKey`` where none of them is the one it names, else ``TokenRefused``.
    """
    from joserfc import jwk, jwt
    from joserfc.errors import JoseError

    if not token or len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise TokenRefused("shape")
    head = _head(token)
    alg = head.get("alg")
    kind = SIGNED_BY.get(alg) if isinstance(alg, str) else None
    if kind is None or not isinstance(alg, str):
        raise TokenRefused("alg")
    key = _key(keys, kind, alg, head.get("kid"))
    try:
        claims = jwt.decode(token, jwk.import_key(dict(key)), algorithms=[alg]).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise TokenRefused("signature") from None
    if not isinstance(claims, dict):
        raise TokenRefused("shape")
    return claims


def _head(token: str) -> dict[str, Any]:
    part = token.split(".", 1)[0]
    try:
        head = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise TokenRefused("shape") from None
    if not isinstance(head, dict):
        raise TokenRefused("shape")
    return head


def _key(keys: Sequence[Mapping[str, Any]], kind: str, alg: str, kid: object) -> Mapping[str, Any]:
    """Return the one key that may have signed: of the right kind, and of the name given."""
    fit = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", alg) == alg
        and (kid is None or key.get("kid") == kid)
    ]
    if len(fit) != 1:
        # Without a name there must be only one that it could be.
        raise UnknownKey
    return fit[0]


def read_claims(
    claims: Mapping[str, Any],
    *,
    provider: Provider,
    nonce: str,
    access_token: str,
    at: datetime,
) -> Known:
    """Return who a token with these claims is about.

    Raises ``TokenRefused`` for another issuer, audience or party, another sign-in than the one that
    was begun here (``nonce``), an access token that is not the one beside it, a time past or to
    come, and somebody whom the provider gives no key of their own.
    """
    if claims.get("iss") != provider.issuer:
        raise TokenRefused("iss")
    _check_audience(claims, provider.client_id)
    _check_times(claims, at.timestamp())
    if not _is_same(claims.get("nonce"), nonce):
        raise TokenRefused("nonce")
    _check_access_token(claims, access_token)
    claim, email = _email(claims)
    # What is vouched for is the claim “email”: a user name can be chosen to look like an address.
    is_vouched = claim == "email" and claims.get("email_verified") in (True, "true")
    return Known(
        issuer=provider.issuer,
        subject=_subject(claims, provider),
        email=email,
        # Microsoft Entra says it of no address, and an address there can be anybody's.
        is_verified=is_vouched and not provider.is_entra,
        name=_name(claims),
        groups=_groups(claims, provider.groups_claim),
        # Microsoft Entra leaves the claim out for whoever is in no group.
        is_silent_of_groups=provider.groups_claim not in claims and not provider.is_entra,
        proved_at=_proved_at(claims, at),
    )


def _proved_at(claims: Mapping[str, Any], at: datetime) -> datetime | None:
    """Return when somebody proved themselves there; None for no such claim, or one that is none."""
    try:
        told = _time(claims.get("auth_time"))
    except TokenRefused:
        return None
    if told > at.timestamp() + LEEWAY:
        return None
    return min(at, datetime.fromtimestamp(told, UTC))


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if client_id not in listed:
        raise TokenRefused("aud")
    party = claims.get("azp")
    if party != client_id and (party is not None or len(listed) > 1):
        raise TokenRefused("azp")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    """Refuse a token of another time. It was made just now, or one of the clocks is off."""
    ends, made, begins = (
        _time(claims.get("exp")),
        _time(claims.get("iat")),
        _time(claims.get("nbf", now)),
    )
    if max(made, begins) > now + LEEWAY or ends <= now - LEEWAY:
        raise TokenRefused("clock")


def _time(value: object) -> float:
    """Return a moment in seconds. An endless one, and what is no number, is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused("times")
    if not 0 <= value < _END_OF_TIME:
        raise TokenRefused("times")
    return float(value)


def _is_same(told: object, expected: str) -> bool:
    return (
        isinstance(told, str)
        and told.isascii()
        and hmac.compare_digest(told.encode(), expected.encode())
    )


def _check_access_token(claims: Mapping[str, Any], access_token: str) -> None:
    expected = claims.get("at_hash")
    if expected is None:
        return
    if not access_token.isascii():
        raise TokenRefused("at_hash")
    digest = hashlib.sha256(access_token.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not _is_same(expected, half.decode()):
        raise TokenRefused("at_hash")


def _subject(claims: Mapping[str, Any], provider: Provider) -> str:
    if provider.is_entra and claims.get("tid") != provider.tenant:
        raise TokenRefused("tenant")
    directory = claims.get("hd")
    if provider.is_google and not (
        isinstance(directory, str) and provider.vouches_for(f"@{directory}")
    ):
        # Somebody's own Google account, though it may be called by an address of the council.
        raise TokenRefused("tenant")
    subject = claims.get(provider.subject_key)
    if not _is_word(subject) or not subject.strip():
        raise TokenRefused("sub")
    return subject


def _is_word(value: object) -> TypeGuard[str]:
    """Return whether it is a word that a database can hold: no control signs, not too long."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST_NAME


def _email(claims: Mapping[str, Any]) -> tuple[str, str]:
    """Return the claim that holds an address, and the address; “” for both where none does."""
    for name in ("email", "preferred_username", "upn"):
        value = claims.get(name)
        if isinstance(value, str) and "@" in value and value.strip().isprintable():
            return name, value.strip().lower()
    return "", ""


def _name(claims: Mapping[str, Any]) -> str:
    parts = (claims.get("given_name"), claims.get("family_name"))
    whole = claims.get("name") or " ".join(part for part in parts if isinstance(part, str))
    if not isinstance(whole, str):
        return ""
    return " ".join("".join(c for c in whole if c.isprintable() or c.isspace()).split())


def _groups(claims: Mapping[str, Any], claim: str) -> tuple[str, ...] | None:
    """Return the groups that a token names; none claimed is none held.

    Somebody in more groups than a token of Microsoft Entra has room for gets a pointer instead.
    """
    elsewhere = claims.get("_claim_names")
    if claims.get("hasgroups") in (True, "true") or (
        isinstance(elsewhere, dict) and claim in elsewhere
    ):
        return None
    value = claims.get(claim, ())
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or len(listed) > MOST_GROUPS:
        return None
    return tuple(dict.fromkeys(group for group in listed if _is_word(group)))
