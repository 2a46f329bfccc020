"""What the settings say of the council's own sign-in: what is taken, and what is refused."""

from __future__ import annotations

import json

import pytest

from improve.accounts.oidc.provider import GROUPS, Provider, ProviderFault, read_providers

ISSUER = "https://sign-in.example/realms/larchdale"
ONE = {"OIDC_ISSUER": ISSUER, "OIDC_CLIENT_ID": "improve"}


def of_file(*listed: dict[str, object], **more: str) -> tuple[Provider, ...]:
    """Return what a file with these councils names."""
    whole = [{"issuer": ISSUER, "client_id": "improve", **one} for one in listed]
    return read_providers({"OIDC_FILE": "file", **more}, lambda _path: json.dumps(whole))


def alone(**more: str) -> Provider:
    """Return what the settings of the only council name."""
    (made,) = read_providers({**ONE, **more}, lambda _path: "")
    return made


def test_one_council_is_called_nothing() -> None:
    made = alone(OIDC_DOMAINS="@Larchdale.example, care.example", OIDC_ADMITS="groups")
    assert (made.place, made.admits) == ("council-account", GROUPS)
    assert made.domains == ("larchdale.example", "care.example")
    assert made.vouches_for("p@larchdale.example")
    assert made.vouches_for("p@mail.care.example")
    assert not made.vouches_for("p@notlarchdale.example")
    assert not made.vouches_for("p@larchdale.example.elsewhere.example")
    assert not made.vouches_for("")


@pytest.mark.security(46)
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"OIDC_ADMITS": "groups"}, "OIDC_DOMAINS is not set."),
        ({"OIDC_ADMITS": "all"}, "OIDC_ADMITS is “all”."),
        ({"OIDC_ORGANISATION": "kept"}, "OIDC_ORGANISATION is “kept”"),
        ({"OIDC_ORGANISATION": "council"}, "OIDC_ORGANISATION is “council”"),
        ({"OIDC_ISSUER": "https://[bad"}, "OIDC_ISSUER is no https address."),
        ({"OIDC_ISSUER": "http://sign-in.example"}, "OIDC_ISSUER is no https address."),
        ({"OIDC_ISSUER": "http://127.0.0.1:8080"}, "OIDC_ISSUER is no https address."),
        ({"OIDC_ISSUER": "https://accounts.google.com"}, "OIDC_DOMAINS is not set. Google"),
        ({"OIDC_ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "OIDC_ISSUER lets"),
    ],
)
def test_what_is_unsafe_is_refused_with_what_to_do(settings: dict[str, str], says: str) -> None:
    with pytest.raises(ProviderFault) as refused:
        alone(**settings)
    assert str(refused.value).startswith(says)


@pytest.mark.security(8)
def test_plain_http_is_for_a_developer_s_own_machine() -> None:
    address = "http://127.0.0.1:8080/realms/x"
    there = alone(OIDC_ISSUER=address, IMPROVE_ENV="development")
    assert there.may_ask(f"{address}/token")
    assert not there.may_ask("http://127.0.0.1:9090/token")
    for said in ({"IMPROVE_ENV": "production"}, {}):
        made = alone(OIDC_HOSTS="127.0.0.1:8080", **said)
        assert not made.may_ask(f"{address}/token")
        assert made.may_ask(f"{ISSUER}/token")


@pytest.mark.security(46)
@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ({"organisation": "a"}, {"organisation": "a"}, "OIDC_FILE names a council twice"),
        ({"organisation": "a"}, {}, "OIDC_FILE names a council twice, or not at all"),
        (
            {"organisation": "a", "domains": ["gov.example"]},
            {"organisation": "b", "domains": ["b.gov.example"]},
            "OIDC_FILE gives b.gov.example to two councils.",
        ),
        (
            {"organisation": "a", "domains": ["a.example"], "admits": "groups"},
            {"organisation": "b", "admits": "groups"},
            "OIDC_FILE, number 2: “domains” is not set.",
        ),
        ({"organisation": "a"}, {"organisation": "as"}, "OIDC_FILE, number 2: “organisation” is"),
    ],
)
def test_councils_do_not_share(
    first: dict[str, object], second: dict[str, object], says: str
) -> None:
    with pytest.raises(ProviderFault) as refused:
        of_file(first, second)
    assert str(refused.value).startswith(says)


def test_each_council_has_its_own() -> None:
    made = of_file(
        {"organisation": "a", "domains": ["a.example", "mail.a.example"]},
        {"organisation": "b", "domains": ["b.example"]},
    )
    assert [one.place for one in made] == ["a", "b"]
