"""The council's own sign-in (OpenID Connect): what the settings say of each provider. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final
from urllib.parse import urlsplit

#: Who is let in: people who were invited, or also everybody in a group that has a role here.
INVITED, GROUPS = "invited", "groups"
#: What proves somebody once more before an act that matters: the time at which the provider says
#: that they proved themselves to it, or that they came back from it.
BY_TIME, BY_RETURN = "time", "return"
YOUR_COUNCIL_ACCOUNT: Final = "your council account"
#: Where Microsoft Entra signs people in: it says nothing of whether an address is verified.
_ENTRA_HOSTS: Final = frozenset({"login.microsoftonline.com", "login.microsoftonline.us"})
#: Where Google signs in: the people of every directory there, and everybody else.
_GOOGLE: Final = "accounts.google.com"
#: Names of no single directory: anybody with a Microsoft account would come through them.
_EVERYBODY: Final = frozenset({"common", "organizations", "consumers"})
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
#: Words of this site's own addresses below “sign-in”: no council can be called so there.
_RESERVED: Final = frozenset({"as", "council", "kept"})
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
    "proof",
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
    proof: str = BY_TIME
    #: What its people's addresses end in, for finding the council from one.
    domains: tuple[str, ...] = ()
    #: Hosts besides the issuer's that its addresses may name.
    more_hosts: tuple[str, ...] = ()
    is_entra: bool = False
    is_google: bool = False
    #: Whether one on this machine may be asked without https: never where the site is for use.
    takes_plain_http: bool = False

    def may_ask(self, address: str) -> bool:
        """Return whether an address is one of the provider's own, and safe on its way."""
        return is_safe_address(address, self.hosts, is_plain_allowed=self.takes_plain_http)

    def vouches_for(self, email: str) -> bool:
        """Return whether an address ends as its people's do."""
        domain = email.rpartition("@")[2].lower()
        return any(_is_below(domain, known) for known in self.domains)

    @property
    def hosts(self) -> frozenset[str]:
        """The only hosts that are ever asked: the issuer's, and those named beside it."""
        return frozenset({host_of(self.issuer), *self.more_hosts})

    @property
    def place(self) -> str:
        """What addresses of this site call it: the council's short name, where it has one."""
        return self.council or "council-account"

    @property
    def way_back(self) -> str:
        """The path of this site to which it sends people back, of no other provider."""
        return f"/sign-in/{self.place}/back"

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


def is_safe_address(address: str, hosts: frozenset[str], *, is_plain_allowed: bool) -> bool:
    """Return whether an address may be asked: of one of these hosts, and by https.

    Where ``is_plain_allowed``, plain http will do on this machine itself.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_plain = is_plain_allowed and parts.scheme == "http" and parts.hostname in _LOCAL
    return (
        parts.netloc.lower() in hosts
        and "@" not in parts.netloc
        and (parts.scheme == "https" or is_plain)
    )


def _is_below(domain: str, above: str) -> bool:
    return domain == above or domain.endswith(f".{above}")


def read_providers(
    value: Mapping[str, str], read_file: Callable[[str], str]
) -> tuple[Provider, ...]:
    """Return the providers that the settings ``OIDC_…`` name, in their order.

    ``read_file`` returns what stands in the file of ``OIDC_FILE``. Raises ``ProviderFault`` where
    something is missing, unsafe, or names a council twice.
    """
    path = value.get("OIDC_FILE", "")
    is_plain_allowed = value.get("IMPROVE_ENV") == "development"
    alone = {key: value.get(f"OIDC_{key.upper()}", "") for key in _KEYS}
    if not path:
        return (_provider(alone, "OIDC_", is_plain_allowed),) if alone["issuer"] else ()
    if alone["issuer"]:
        raise ProviderFault(
            "OIDC_FILE and OIDC_ISSUER are both set. Put every council in the file."
        )
    listed = _listed(path, read_file)
    made = tuple(
        _provider(one, f"OIDC_FILE, number {n}: ", is_plain_allowed)
        for n, one in enumerate(listed, 1)
    )
    councils = [one.council for one in made]
    if len(set(councils)) < len(made) or (len(made) > 1 and "" in councils):
        raise ProviderFault(
            "OIDC_FILE names a council twice, or not at all. Each has its own “organisation”."
        )
    for one, other in permutations(made, 2):
        shared = [domain for domain in one.domains if other.vouches_for(f"@{domain}")]
        if shared:
            raise ProviderFault(
                f"OIDC_FILE gives {shared[0]} to two councils. Each has its own “domains”."
            )
    return made


def _listed(path: str, read_file: Callable[[str], str]) -> list[dict[str, str]]:
    try:
        listed = json.loads(read_file(path))
    except OSError:
        raise ProviderFault(
            "OIDC_FILE cannot be read. Check its path and who may read it."
        ) from None
    except (ValueError, RecursionError):
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


def _provider(one: Mapping[str, str], where: str, is_plain_allowed: bool) -> Provider:
    def name_of(key: str) -> str:
        return f"{where}{key.upper()}" if where == "OIDC_" else f"{where}“{key}”"

    # As its tokens write it: a last stroke is part of the name.
    issuer = one["issuer"].strip()
    try:
        parts = urlsplit(issuer)
        own_host = frozenset({host_of(issuer)})
    except ValueError:
        parts, own_host = urlsplit(""), frozenset()
    host = (parts.hostname or "").lower()
    is_safe = is_safe_address(issuer, own_host, is_plain_allowed=is_plain_allowed)
    if not is_safe or parts.query or parts.fragment:
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
    proof = one["proof"].strip() or BY_TIME
    if proof not in {BY_TIME, BY_RETURN}:
        raise ProviderFault(f"{name_of('proof')} is “{proof}”. Set it to time or return.")
    domains = tuple(d.lower().lstrip("@") for d in _parts(one["domains"]))
    if admits == GROUPS and not domains:
        raise ProviderFault(
            f"{name_of('domains')} is not set. With “groups” say what its people’s addresses end "
            "in: nobody else’s address gets an account."
        )
    if host == _GOOGLE and not domains:
        raise ProviderFault(
            f"{name_of('domains')} is not set. Google lets everybody with a Google account in: say "
            "what addresses of the council’s own directory there end in."
        )
    council = one["organisation"].strip()
    if council in _RESERVED:
        raise ProviderFault(
            f"{name_of('organisation')} is “{council}”, which is a page of this site. Leave it "
            "empty if the council is the only one here, or give the council another short name."
        )
    return Provider(
        issuer=issuer,
        client_id=one["client_id"].strip(),
        client_secret=one["client_secret"].strip(),
        council=council,
        name=one["name"].strip() or YOUR_COUNCIL_ACCOUNT,
        groups_claim=one["groups_claim"].strip() or "groups",
        admits=admits,
        proof=proof,
        domains=domains,
        more_hosts=tuple(h.lower() for h in _parts(one["hosts"])),
        is_entra=is_entra,
        is_google=host == _GOOGLE,
        takes_plain_http=is_plain_allowed,
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
    for one in providers:
        if ("@" in words and one.vouches_for(words)) or (words and words == one.council):
            return one
    return None
