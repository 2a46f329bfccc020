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
from datetime import datetime
from typing import Any, Final

from improve.accounts.provider import Provider

#: How a token may be signed, and the kind of key that goes with it.
SIGNED_BY: Final[Mapping[str, str]] = {"RS256": "RSA", "ES256": "EC"}
#: Seconds by which two clocks may differ.
LEEWAY: Final = 120
#: Longest token, and longest subject or group, in characters.
LONGEST_TOKEN, LONGEST_NAME = 100_000, 200
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
    except (JoseError, ValueError, TypeError, KeyError):
        raise TokenRefused("signature") from None
    if not isinstance(claims, dict):
        raise TokenRefused("shape")
    return claims


def _head(token: str) -> dict[str, Any]:
    part = token.split(".", 1)[0]
    try:
        head = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
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
    sent = claims.get("nonce")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), nonce.encode()):
        raise TokenRefused("nonce")
    _check_access_token(claims, access_token)
    return Known(
        issuer=provider.issuer,
        subject=_subject(claims, provider),
        email=_email(claims),
        # Microsoft Entra says it of no address, and an address there can be anybody's.
        is_verified=not provider.is_entra and claims.get("email_verified") in (True, "true"),
        name=_name(claims),
        groups=_groups(claims, provider.groups_claim),
    )


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
    times = {name: claims.get(name) for name in ("exp", "iat")}
    if any(isinstance(t, bool) or not isinstance(t, int | float) for t in times.values()):
        raise TokenRefused("times")
    begins = claims.get("nbf", now)
    if isinstance(begins, bool) or not isinstance(begins, int | float):
        raise TokenRefused("times")
    if (
        max(float(times["iat"] or 0), begins) > now + LEEWAY
        or float(times["exp"] or 0) <= now - LEEWAY
    ):
        raise TokenRefused("clock")


def _check_access_token(claims: Mapping[str, Any], access_token: str) -> None:
    expected = claims.get("at_hash")
    if expected is None:
        return
    digest = hashlib.sha256(access_token.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(expected, str) or not hmac.compare_digest(expected.encode(), half):
        raise TokenRefused("at_hash")


def _subject(claims: Mapping[str, Any], provider: Provider) -> str:
    if provider.is_entra and claims.get("tid") != provider.tenant:
        raise TokenRefused("tenant")
    subject = claims.get(provider.subject_key)
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_NAME:
        raise TokenRefused("sub")
    return subject


def _email(claims: Mapping[str, Any]) -> str:
    for name in ("email", "preferred_username", "upn"):
        value = claims.get(name)
        if isinstance(value, str) and "@" in value:
            return value.strip().lower()
    return ""


def _name(claims: Mapping[str, Any]) -> str:
    parts = (claims.get("given_name"), claims.get("family_name"))
    whole = claims.get("name") or " ".join(part for part in parts if isinstance(part, str))
    return " ".join(whole.split()) if isinstance(whole, str) else ""


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
    return tuple(
        dict.fromkeys(g for g in listed if isinstance(g, str) and 0 < len(g) <= LONGEST_NAME)
    )
