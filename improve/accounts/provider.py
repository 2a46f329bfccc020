"""The council's own sign-in (OpenID Connect): what the settings say of each provider. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

#: Who is let in: people who were invited, or also everybody in a group that has a role here.
INVITED, GROUPS = "invited", "groups"
YOUR_COUNCIL_ACCOUNT: Final = "your council account"
#: Where Microsoft Entra signs people in: it says nothing of whether an address is verified.
_ENTRA_HOSTS: Final = frozenset({"login.microsoftonline.com", "login.microsoftonline.us"})
#: Names of no single directory: anybody with a Microsoft account would come through them.
_EVERYBODY: Final = frozenset({"common", "organizations", "consumers"})
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_KEYS: Final = (
    "issuer",
    "client_id",
    "client_secret",
    "name",
    "organisation",
    "groups_claim",
    "admits",
    "domains",
    "hosts",
)


class ProviderFault(ValueError):
    """The settings of a provider cannot be used. The message says what to do."""


@dataclass(frozen=True)
class Provider:
    """A council's own sign-in, and this site's place there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    #: The council's short name; “”: the only council there is.
    council: str = ""
    name: str = YOUR_COUNCIL_ACCOUNT
    groups_claim: str = "groups"
    admits: str = INVITED
    #: What its people's addresses end in, for finding the council from one.
    domains: tuple[str, ...] = ()
    #: Hosts besides the issuer's that its addresses may name.
    more_hosts: tuple[str, ...] = ()
    is_entra: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """The only hosts that are ever asked: the issuer's, and those named beside it."""
        return frozenset({host_of(self.issuer), *self.more_hosts})

    @property
    def place(self) -> str:
        """What addresses of this site call it: the council's short name, where it has one."""
        return self.council or "council-account"

    @property
    def tenant(self) -> str:
        """The directory's id in an issuer of Microsoft Entra."""
        return urlsplit(self.issuer).path.strip("/").split("/")[0]

    @property
    def subject_key(self) -> str:
        """Which claim says who somebody is, besides the issuer."""
        return "oid" if self.is_entra else "sub"


def host_of(address: str) -> str:
    """Return the host of an address with its port, in small letters."""
    return urlsplit(address).netloc.lower()


def is_safe_address(address: str, hosts: frozenset[str]) -> bool:
    """Return whether an address may be asked: of one of these hosts, and by https.

    On this machine itself, as in tests, plain http will do.
    """
    parts = urlsplit(address)
    is_local = parts.hostname in _LOCAL
    return (
        parts.netloc.lower() in hosts
        and "@" not in parts.netloc
        and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
    )


def read_providers(
    value: Mapping[str, str], read_file: Callable[[str], str]
) -> tuple[Provider, ...]:
    """Return the providers that the settings ``OIDC_…`` name, in their order.

    ``read_file`` returns what stands in the file of ``OIDC_FILE``. Raises ``ProviderFault`` where
    something is missing, unsafe, or names a council twice.
    """
    path = value.get("OIDC_FILE", "")
    alone = {key: value.get(f"OIDC_{key.upper()}", "") for key in _KEYS}
    if not path:
        return (_provider(alone, "OIDC_"),) if alone["issuer"] else ()
    if alone["issuer"]:
        raise ProviderFault(
            "OIDC_FILE and OIDC_ISSUER are both set. Put every council in the file."
        )
    listed = _listed(path, read_file)
    made = tuple(_provider(one, f"OIDC_FILE, number {n}: ") for n, one in enumerate(listed, 1))
    for taken, words in (
        ([one.council for one in made], "names a council twice, or not at all"),
        ([domain for one in made for domain in one.domains], "names a mail domain twice"),
    ):
        if len(set(taken)) < len(taken) or (len(made) > 1 and "" in taken):
            raise ProviderFault(f"OIDC_FILE {words}. Each council has its own “organisation”.")
    return made


def _listed(path: str, read_file: Callable[[str], str]) -> list[dict[str, str]]:
    try:
        listed = json.loads(read_file(path))
    except OSError:
        raise ProviderFault(
            "OIDC_FILE cannot be read. Check its path and who may read it."
        ) from None
    except ValueError:
        raise ProviderFault(
            "OIDC_FILE holds no JSON. Write a list with an object for each council."
        ) from None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ProviderFault(
            "OIDC_FILE holds no list of objects. Write one object for each council."
        )
    made: list[dict[str, str]] = []
    for n, one in enumerate(listed, 1):
        unknown = sorted(set(one) - set(_KEYS))
        if unknown:
            raise ProviderFault(
                f"OIDC_FILE, number {n}: “{unknown[0]}” is unknown. Known are {', '.join(_KEYS)}."
            )
        made.append({key: _text(one.get(key, "")) for key in _KEYS})
    return made


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _provider(one: Mapping[str, str], where: str) -> Provider:
    def name_of(key: str) -> str:
        return f"{where}{key.upper()}" if where == "OIDC_" else f"{where}“{key}”"

    # As its tokens write it: a last stroke is part of the name.
    issuer = one["issuer"].strip()
    parts = urlsplit(issuer)
    host = (parts.hostname or "").lower()
    if not is_safe_address(issuer, frozenset({host_of(issuer)})) or parts.query or parts.fragment:
        raise ProviderFault(f"{name_of('issuer')} is no https address. Copy it from the provider.")
    is_entra = host in _ENTRA_HOSTS
    tenant = parts.path.strip("/").split("/")[0]
    if is_entra and (tenant.lower() in _EVERYBODY or not tenant):
        raise ProviderFault(
            f"{name_of('issuer')} lets everybody with a Microsoft account in. Put your directory’s "
            "own id in the place of “common”."
        )
    if not one["client_id"].strip():
        raise ProviderFault(f"{name_of('client_id')} is not set. The provider gives it.")
    admits = one["admits"].strip() or INVITED
    if admits not in {INVITED, GROUPS}:
        raise ProviderFault(f"{name_of('admits')} is “{admits}”. Set it to invited or groups.")
    return Provider(
        issuer=issuer,
        client_id=one["client_id"].strip(),
        client_secret=one["client_secret"].strip(),
        council=one["organisation"].strip(),
        name=one["name"].strip() or YOUR_COUNCIL_ACCOUNT,
        groups_claim=one["groups_claim"].strip() or "groups",
        admits=admits,
        domains=tuple(d.lower().lstrip("@") for d in _parts(one["domains"])),
        more_hosts=tuple(h.lower() for h in _parts(one["hosts"])),
        is_entra=is_entra,
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def provider_at(providers: tuple[Provider, ...], place: str) -> Provider | None:
    """Return the sign-in that addresses call so, or None."""
    return next((one for one in providers if one.place == place), None)


def provider_of(providers: tuple[Provider, ...], council: str) -> Provider | None:
    """Return the sign-in of the council with this short name, or None."""
    return next((one for one in providers if one.council in {council, ""}), None)


def provider_of_words(providers: tuple[Provider, ...], typed: str) -> Provider | None:
    """Return the sign-in of the council that somebody typed, or whose address they typed.

    Nothing of accounts is asked: whether an address has one stays unsaid.
    """
    words = typed.strip().lower()
    domain = words.rpartition("@")[2] if "@" in words else ""
    for one in providers:
        is_below = any(domain == d or domain.endswith(f".{d}") for d in one.domains)
        if (domain and is_below) or (words and words == one.council):
            return one
    return None
