"""The only requests that leave this server for a sign-in: brief, and to hosts of the settings.

Authlib words the request for the token and proves who asks; its client for Flask is not used, since
it keeps what it knows in Flask's session, which here is no place for anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event, Thread
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from improve.accounts.oidc.id_token import Known, UnknownKey, claims_of, read_claims
from improve.accounts.oidc.provider import Provider
from improve.accounts.oidc.sign_in_state import Begun
from improve.shared import clock

#: Seconds to wait for the provider: for a connection, and for each piece of an answer.
TIMEOUT: Final = 5
#: Seconds for a whole answer, from the first step to the last byte; and its most bytes.
LONGEST_ANSWER: Final = 10
LARGEST_ANSWER: Final = 1_000_000
#: How many wait for one provider in one process, and seconds that others wait for a place there:
#: however slow it is, people of other councils and with passwords are served.
AT_ONCE: Final = 2
LONGEST_QUEUE: Final = 1
#: How long addresses and keys are held in memory, and after how long unknown keys are asked for.
_KEEP: Final = timedelta(hours=1)
_ASK_AGAIN: Final = timedelta(seconds=30)
#: How long a provider that was silent is not asked again: each try holds one of a few threads.
_SILENT: Final = timedelta(seconds=10)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_SCOPE: Final = "openid email profile"
_Told = TypeVar("_Told")


class ProviderAway(Exception):
    """The provider did not answer, or not as it should. ``code`` says what, for log and doctor."""

    def __init__(self, code: str, words: str = "") -> None:
        self.code = code
        self.words = words
        super().__init__(code)


class CodeRefused(Exception):
    """The provider knows nothing of this code: used before, run out, or not its own."""


@dataclass(frozen=True)
class Addresses:
    """Where a provider does what, as it publishes it."""

    authorization: str
    token: str
    keys: str
    #: Where somebody signs out of it; “” where it offers none.
    end_session: str
    client_proof: str
    #: Whether each of its answers says whose it is (RFC 9207).
    names_itself: bool
    #: Whether it lists what its tokens hold, and the time of the sign-in is not among it.
    tells_no_time: bool = False


#: What was learned of a provider, and when. Lost with the process, and asked for again.
_addresses: dict[Provider, tuple[datetime, Addresses]] = {}
_keys: dict[Provider, tuple[datetime, list[dict[str, Any]]]] = {}
_silent_at: dict[Provider, datetime] = {}
_places: dict[Provider, BoundedSemaphore] = {}


def forget() -> None:
    """Forget what is held in memory: everything is asked for again."""
    _places.clear()
    _silent_at.clear()
    _addresses.clear()
    _keys.clear()


def addresses(provider: Provider) -> Addresses:
    """Return where the provider does what. Raises ``ProviderAway``."""
    held = _addresses.get(provider)
    if held is not None and clock.now() - held[0] < _KEEP:
        return held[1]
    told = _get(provider, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        words = f"It calls itself {str(told.get('issuer'))[:200]}: set OIDC_ISSUER to exactly that."
        raise ProviderAway("issuer", words)
    methods = told.get("token_endpoint_auth_methods_supported") or []
    found = Addresses(
        authorization=_own(provider, told, "authorization_endpoint"),
        token=_own(provider, told, "token_endpoint"),
        keys=_own(provider, told, "jwks_uri"),
        end_session=_own(provider, told, "end_session_endpoint", is_needed=False),
        client_proof=_client_proof(provider, methods),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        tells_no_time=_tells_no_time(told.get("claims_supported")),
    )
    _addresses[provider] = (clock.now(), found)
    return found


def look_at(provider: Provider) -> None:
    """Ask for addresses and keys, as ``doctor`` does. Raises ``ProviderAway``."""
    addresses(provider)
    if not _published(provider):
        raise ProviderAway("answer", "It publishes no keys: its tokens cannot be checked.")


def _own(provider: Provider, told: Mapping[str, Any], name: str, *, is_needed: bool = True) -> str:
    """Return an address that the provider gave, if it is on a host of the settings."""
    address = told.get(name)
    if address is None and not is_needed:
        return ""
    if not isinstance(address, str) or not provider.may_ask(address):
        words = f"Its {name} is on another host: name that host in OIDC_HOSTS if it is its own."
        raise ProviderAway("host", words)
    return address


def _tells_no_time(claims: object) -> bool:
    return isinstance(claims, list) and bool(claims) and "auth_time" not in claims


def _client_proof(provider: Provider, methods: object) -> str:
    if not provider.client_secret:
        return "none"
    is_posted = isinstance(methods, list) and "client_secret_post" in methods
    return "client_secret_post" if is_posted else "client_secret_basic"


def start_address(provider: Provider, begun: Begun, *, state: str, redirect_uri: str) -> str:
    """Return the address at the provider to which somebody goes to sign in."""
    with _session(provider) as session:
        address, _ = session.create_authorization_url(
            addresses(provider).authorization,
            state=state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
            redirect_uri=redirect_uri,
            scope=_SCOPE,
            **_asked_of_person(provider, begun),
        )
    return str(address)


def _asked_of_person(provider: Provider, begun: Begun) -> dict[str, str]:
    """Return what the provider is to ask of somebody whom it knows already.

    Whoever proves themselves once more must sign in there anew, and the token must say when they
    did (OpenID Connect Core 3.1.2.1, ``max_age``): what stands in an address can be taken out of
    it. Google knows neither, and tells the time only where it is asked for the claim by name.
    """
    if begun.proves_id and provider.is_google:
        told = json.dumps({"id_token": {"auth_time": {"essential": True}}})
        return {"prompt": "select_account", "claims": told}
    if begun.proves_id:
        return {"prompt": "login", "max_age": "0"}
    # On a computer that others use, the account that is there may be a colleague's.
    return {"prompt": "select_account"} if begun.joins_id else {}


def is_answer_of(provider: Provider, issuer: str | None) -> bool:
    """Return whether an answer by this ``iss`` (None: it names nobody) may be the provider's.

    Raises ``ProviderAway``.
    """
    if issuer is None:
        return not addresses(provider).names_itself
    return issuer == provider.issuer


def end_address(provider: Provider) -> str:
    """Return where somebody signs out of the provider itself; “” where it offers no such page."""
    address = addresses(provider).end_session
    if not address:
        return ""
    return (
        f"{address}{'&' if '?' in address else '?'}{urlencode({'client_id': provider.client_id})}"
    )


def who_signed_in(provider: Provider, begun: Begun, *, code: str, redirect_uri: str) -> Known:
    """Take a code to the provider and return who signed in.

    Raises ``CodeRefused``, ``ProviderAway`` and ``id_token.TokenRefused``.
    """
    from authlib.common.errors import AuthlibBaseError

    where = addresses(provider)
    with _session(provider, where.client_proof) as session:
        try:
            answer = session.fetch_token(
                where.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
                redirect_uri=redirect_uri,
            )
        except AuthlibBaseError as error:
            if error.error == "invalid_grant":
                raise CodeRefused from None
            # “invalid_client”: the secret has run out, or was typed wrongly.
            raise ProviderAway("client" if error.error == "invalid_client" else "answer") from None
        except ProviderAway:
            raise
        except Exception:
            raise ProviderAway("answer") from None
    token, access = answer.get("id_token"), answer.get("access_token")
    claims = _claims(provider, token if isinstance(token, str) else "")
    return read_claims(
        claims,
        provider=provider,
        nonce=begun.nonce,
        access_token=access if isinstance(access, str) else "",
        at=clock.now(),
    )


def _claims(provider: Provider, token: str) -> dict[str, Any]:
    try:
        return claims_of(token, _published(provider))
    except UnknownKey:
        # It may have begun to sign with a new key since it was asked.
        return claims_of(token, _published(provider, is_anew=True))


def _published(provider: Provider, *, is_anew: bool = False) -> list[dict[str, Any]]:
    held = _keys.get(provider)
    lasts = _ASK_AGAIN if is_anew else _KEEP
    if held is not None and clock.now() - held[0] < lasts:
        return held[1]
    listed = _get(provider, addresses(provider).keys).get("keys")
    keys = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    _keys[provider] = (clock.now(), keys)
    return keys


def _get(provider: Provider, address: str) -> dict[str, Any]:
    with _session(provider) as session:
        answer = session.get(address, withhold_token=True)
        try:
            told = answer.json() if answer.status_code == 200 else None
        except (ValueError, RecursionError):
            told = None
    if not isinstance(told, dict):
        raise ProviderAway("answer")
    return told


def _in_time(provider: Provider, ask: Callable[[Event], _Told]) -> _Told:
    """Return what ``ask`` returns, or raise what it raises; ``TimeoutError`` where it takes long.

    Time limits of a connection begin anew with each byte. So it is asked in a thread of its own,
    and left there: its place is taken until the provider lets go, or sends another byte.
    """
    place = _places.setdefault(provider, BoundedSemaphore(AT_ONCE))
    if not place.acquire(timeout=LONGEST_QUEUE):
        raise ProviderAway("busy")
    told: SimpleQueue[_Told | Exception] = SimpleQueue()
    is_over = Event()

    def waiting() -> None:
        try:
            told.put(ask(is_over))
        except Exception as error:  # raised again below, where somebody waits for it
            told.put(error)
        finally:
            place.release()

    Thread(target=copy_context().run, args=(waiting,), daemon=True).start()
    try:
        answer = told.get(timeout=LONGEST_ANSWER)
    except Empty:
        is_over.set()
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _session(provider: Provider, proof: str = "none") -> Any:
    """Return a client that asks the provider's hosts and no other, and follows no way elsewhere."""
    from authlib.integrations.requests_client import OAuth2Session
    from requests import PreparedRequest, RequestException, Response
    from urllib3.exceptions import HTTPError

    class OnlyTheProvider(OAuth2Session):
        def send(self, request: PreparedRequest, **how: Any) -> Response:
            if not provider.may_ask(str(request.url)):
                raise ProviderAway("host")
            if clock.now() - _silent_at.get(provider, _NEVER) < _SILENT:
                raise ProviderAway("silent")
            how.update(timeout=TIMEOUT, allow_redirects=False, stream=True)
            plain_send = super().send

            def ask(is_over: Event) -> Response:
                response: Response = plain_send(request, **how)
                read = bytearray()
                # What is there, not a full piece: a byte now and then would fill none.
                while piece := response.raw.read1(16_384, decode_content=True):
                    read += piece
                    if len(read) > LARGEST_ANSWER or is_over.is_set():
                        response.close()
                        raise ProviderAway("answer")
                response._content = bytes(read)
                return response

            try:
                return _in_time(provider, ask)
            except (RequestException, HTTPError, TimeoutError):
                _silent_at[provider] = clock.now()
                raise ProviderAway("silent") from None

    return OnlyTheProvider(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method=proof,
        code_challenge_method="S256",
    )
