"""Tokens of the council's own sign-in: what is believed, and every way in which one is not."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from joserfc import jws

from improve.accounts.oidc.id_token import Known, TokenRefused, claims_of, read_claims
from improve.accounts.oidc.provider import Provider, read_providers
from tests.accounts import own_issuer
from tests.conftest import NOW

AT = int(NOW.timestamp())
HERE = Provider(
    issuer="https://issuer.example/tenant-1/v2.0", client_id="improve-here", client_secret="s"
)
ENTRA = Provider(
    issuer="https://login.microsoftonline.com/tenant-1/v2.0",
    client_id="improve-here",
    client_secret="s",
    is_entra=True,
)
GOOD = {
    "iss": HERE.issuer,
    "aud": "improve-here",
    "iat": AT,
    "exp": AT + 3600,
    "nonce": "n-1",
    # base64url of the first half of SHA-256 of “opaque”
    "at_hash": "bSKYhMEmi7CrMtjaMV0P5Q",
    "sub": "s-1",
}


def _set(**claims: object) -> dict[str, object]:
    return claims


def read(claims: dict[str, object], provider: Provider = HERE) -> Known:
    """Read these claims instead of the good ones; None leaves one out."""
    held = {**GOOD, "iss": provider.issuer, **claims}
    whole = {name: value for name, value in held.items() if value is not None}
    return read_claims(whole, provider=provider, nonce="n-1", access_token="opaque", at=NOW)


@pytest.mark.security(46)
@pytest.mark.parametrize(
    ("claims", "why"),
    [
        (_set(iss="https://elsewhere.example"), "iss"),
        (_set(aud="another-app"), "aud"),
        (_set(aud=["another-app", "third"]), "aud"),
        (_set(aud=["improve-here", "another-app"]), "azp"),
        (_set(azp="another-app"), "azp"),
        (_set(nonce="of another sign-in"), "nonce"),
        (_set(nonce=None), "nonce"),
        (_set(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
        (_set(sub=None), "sub"),
        (_set(sub=""), "sub"),
        (_set(exp=None), "times"),
        (_set(exp="soon"), "times"),
        (_set(exp=10**400), "times"),
        (_set(exp=float("inf")), "times"),
        (_set(exp=float("nan")), "times"),
        (_set(iat=float("nan")), "times"),
        (_set(nbf=-1), "times"),
        (_set(nonce="\ud800"), "nonce"),
        (_set(at_hash="\ud800"), "at_hash"),
        (_set(sub="\ud800"), "sub"),
        (_set(sub="a\0b"), "sub"),
        (_set(exp=AT - 121), "clock"),
        (_set(iat=AT + 121), "clock"),
        (_set(nbf=AT + 121), "clock"),
        (_set(iat=AT + 600, exp=AT + 4200), "clock"),
        (_set(iat=AT - 4300, exp=AT - 700), "clock"),
    ],
)
def test_a_claim_that_is_not_right_is_refused(claims: dict[str, object], why: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        read(claims)
    assert refused.value.code == why


@pytest.mark.security(46)
@pytest.mark.parametrize(
    ("alg", "kid", "why"),
    [
        ("none", "first", "alg"),
        ("HS256", "first", "alg"),
        ("PS256", "first", "alg"),
        ("RS256", "never published", "key"),
        ("RS256", "second", "key"),
    ],
)
def test_a_signature_is_one_of_two_kinds_by_a_published_key(alg: str, kid: str, why: str) -> None:
    keys = [own_issuer._keys()[name].as_dict(private=False) for name in ("first", "curve")]
    with pytest.raises(TokenRefused) as refused:
        claims_of(own_issuer.signed(dict(GOOD), alg=alg, kid=kid), keys)
    assert refused.value.code == why


@pytest.mark.security(46)
def test_another_key_under_a_published_name_and_changed_claims_are_refused() -> None:
    keys = [own_issuer._keys()[name].as_dict(private=False) for name in ("first", "curve")]
    good = own_issuer.signed(dict(GOOD), alg="RS256", kid="first").split(".")
    other = own_issuer.signed(dict(GOOD), alg="RS256", kid="second").split(".")
    changed = own_issuer.signed({**GOOD, "sub": "s-2"}, alg="RS256", kid="first").split(".")
    for token in ((good[0], *other[1:]), (good[0], changed[1], good[2])):
        with pytest.raises(TokenRefused) as refused:
            claims_of(".".join(token), keys)
        assert refused.value.code == "signature"
    for token in ("", "a.b", "a.b.c.d.e", "....", "x" * 200_000, "e30.e30.", "W10.e30.x"):
        with pytest.raises(TokenRefused):
            claims_of(token, keys)


@pytest.mark.parametrize(("alg", "kid"), [("RS256", "first"), ("ES256", "curve")])
def test_a_good_one_is_believed(alg: str, kid: str) -> None:
    keys = [own_issuer._keys()[name].as_dict(private=False) for name in ("first", "curve")]
    assert claims_of(own_issuer.signed(dict(GOOD), alg=alg, kid=kid), keys)["sub"] == "s-1"


def test_what_is_read_of_somebody() -> None:
    known = read(
        {
            "email": " Priya@A.example",
            "email_verified": True,
            "name": " Priya  Shah ",
            "groups": ["a", "a", 7, ""],
        }
    )
    assert (known.email, known.is_verified, known.name) == ("priya@a.example", True, "Priya Shah")
    assert known.groups == ("a",)
    assert read({"preferred_username": "p@a.example"}).email == "p@a.example"
    assert read({"given_name": "Priya", "family_name": "Shah"}).name == "Priya Shah"
    assert (read({}).groups, read({}).is_silent_of_groups) == ((), True)
    assert (read({"groups": []}).groups, read({"groups": []}).is_silent_of_groups) == ((), False)
    assert read({"groups": "one"}).groups == ("one",)


@pytest.mark.security(46)
def test_a_user_name_that_looks_like_an_address_is_vouched_for_by_nobody() -> None:
    for name in ("preferred_username", "upn"):
        known = read({name: "priya@a.example", "email_verified": True})
        assert (known.email, known.is_verified) == ("priya@a.example", False)
    known = read({"email": 7, "preferred_username": "p@a.example", "email_verified": True})
    assert not known.is_verified


def test_what_no_database_holds_is_left_out() -> None:
    known = read(
        {"email": "a\0@a.example", "name": "Pri\0ya \ud800Shah", "groups": ["a\0", "\ud800", "b"]}
    )
    assert (known.email, known.name, known.groups) == ("", "Priya Shah", ("b",))


def test_brackets_without_end_are_no_token() -> None:
    deep = b"[" * 70_000
    keys = [own_issuer._keys()["first"].as_dict(private=False)]
    signed = jws.serialize_compact(
        {"alg": "RS256", "kid": "first"}, deep, own_issuer._keys()["first"]
    )
    for deep_token in (signed, f"{urlsafe_b64encode(deep).decode()}.e30.x"):
        with pytest.raises(TokenRefused):
            claims_of(deep_token, keys)


def test_more_groups_than_a_token_holds_are_not_none() -> None:
    assert read({"_claim_names": {"groups": "src1"}}).groups is None
    assert read({"hasgroups": True}).groups is None
    assert read({"groups": [str(n) for n in range(501)]}).groups is None
    assert read({"_claim_names": {"other": "src1"}, "groups": ["a"]}).groups == ("a",)


@pytest.mark.security(46)
def test_google_is_read_of_the_council_s_own_directory_alone() -> None:
    google = read_providers(
        {
            "OIDC_ISSUER": "https://accounts.google.com",
            "OIDC_CLIENT_ID": "improve-here",
            "OIDC_DOMAINS": "a.example",
        },
        lambda _path: "",
    )[0]
    theirs: dict[str, object] = {"email": "p@a.example", "email_verified": True}
    assert read({**theirs, "hd": "a.example"}, google).is_verified
    for directory in (None, "other.example", ["a.example"], ""):
        with pytest.raises(TokenRefused) as refused:
            read({**theirs, "hd": directory}, google)
        assert refused.value.code == "tenant"


@pytest.mark.security(46)
def test_microsoft_entra_is_read_by_tenant_and_object() -> None:
    known = read(
        {"oid": "o-1", "tid": "tenant-1", "email": "p@a.example", "email_verified": True}, ENTRA
    )
    assert (known.subject, known.is_verified) == ("o-1", False)
    assert (known.groups, known.is_silent_of_groups) == ((), False), "in none: left out there"
    for claims, why in (
        (_set(oid="o-1", tid="tenant-2"), "tenant"),
        (_set(oid="o-1"), "tenant"),
        (_set(tid="tenant-1"), "sub"),
    ):
        with pytest.raises(TokenRefused) as refused:
            read(claims, ENTRA)
        assert refused.value.code == why
