"""A small provider of sign-ins (OpenID Connect) over HTTP, whose tokens can be bent.

For what ``oidc-provider-mock`` cannot be made to do: groups, Microsoft Entra's claims, bad tokens,
silence, somebody who is signed in there already or has to sign in anew. It insists on what a good
one insists on: PKCE, one use of a code, the right address back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from werkzeug import Request, Response
from werkzeug.serving import BaseWSGIServer, make_server

from improve.accounts.oidc.provider import Provider
from improve.shared import clock

CLIENT, SECRET = "improve-here", "a secret between two"
_PUBLIC: dict[str, RSAKey | ECKey] = {}


def _keys() -> dict[str, RSAKey | ECKey]:
    """Return the keys of every issuer here: to make one takes longer than a test."""
    if not _PUBLIC:
        for name in ("first", "second", "never published"):
            _PUBLIC[name] = RSAKey.generate_key(2048, {"kid": name, "use": "sig"})
        _PUBLIC["curve"] = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})
    return _PUBLIC


@dataclass
class Issuer:
    """The provider, who is signed in at it, and how its next token is bent."""

    server: BaseWSGIServer
    person: dict[str, Any] = field(default_factory=dict)
    #: Changes the claims of a token, and says how it is signed.
    bend: Callable[[dict[str, Any]], None] = lambda _claims: None
    alg: str = "RS256"
    kid: str = "first"
    published: tuple[str, ...] = ("first", "curve")
    discovery: dict[str, Any] = field(default_factory=dict)
    #: How the token address answers instead: a status, or a redirect.
    answer: Response | None = None
    seconds_off: int = 0
    #: When the person last proved themselves there: they are let through without being asked.
    signed_in_at: datetime | None = None
    #: Whether it asks anew where it is told to, and says when that was, by ``max_age``, by the
    #: claim asked for by name, or always.
    asks_anew: bool = True
    says_when: tuple[str, ...] = ("max_age",)
    #: With which error it sends people back instead.
    refuses: str = ""
    #: What happens elsewhere while the site waits for the token.
    meanwhile: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Its name and address."""
        return f"http://127.0.0.1:{self.server.server_port}/tenant-1/v2.0"

    def provider(self, **more: Any) -> Provider:
        """Return it as the settings would name it."""
        return Provider(
            **{
                "issuer": self.address,
                "client_id": CLIENT,
                "client_secret": SECRET,
                "takes_plain_http": True,
                **more,
            }
        )

    def approve(self, address: str) -> str:
        """Sign the person in at an address that this site led to; return where they go back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(12)
        sent = {"code": code, "state": asked["state"]}
        if self.refuses:
            sent = {"error": self.refuses, "state": asked["state"]}
        is_anew = "login" in asked.get("prompt", "").split() or asked.get("max_age") == "0"
        if self.signed_in_at is None or (is_anew and self.asks_anew):
            self.signed_in_at = clock.now()
        self.codes[code] = {**asked, "signed_in_at": str(int(self.signed_in_at.timestamp()))}
        return f"{asked['redirect_uri']}?{urlencode(sent)}"

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer one request."""
        request = Request(environ)
        self.asked.append(request.path)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        base = self.address
        if request.path.endswith("/.well-known/openid-configuration"):
            told = {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/keys",
                "end_session_endpoint": f"{base}/sign-out",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            return _json({**told, **self.discovery})
        if request.path.endswith("/keys"):
            keys = [_keys()[name].as_dict(private=False) for name in self.published]
            return _json({"keys": keys})
        if request.path.endswith("/token"):
            self.meanwhile()
            return self.answer or self._token(request)
        if request.path.endswith("/authorize"):
            # One button, as a person meets it.
            asks = "login" in request.args.get("prompt", "")
            page = "<p>Who are you? Sign in once more.</p>" if asks else ""
            page += f'<h1>Larchdale sign-in</h1><a href="{self.approve(request.url)}">It is me</a>'
            return Response(page.replace("&", "&amp;"), mimetype="text/html")
        return Response("<h1>Signed out</h1>", mimetype="text/html")

    def _token(self, request: Request) -> Response:
        asked = self.codes.pop(request.form.get("code", ""), None)
        verifier = request.form.get("code_verifier", "")
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        if (request.form.get("client_id"), request.form.get("client_secret")) != (CLIENT, SECRET):
            return _json({"error": "invalid_client"}, 401)
        if asked is None or challenge.decode() != asked["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        if request.form.get("redirect_uri") != asked["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        return _json(
            {
                "access_token": "opaque",
                "token_type": "Bearer",
                "id_token": self.token(asked["nonce"], asked),
            }
        )

    def token(self, nonce: str, asked: Mapping[str, str] | None = None) -> str:
        """Return a token about the person, bent as asked."""
        asked = asked or {}
        says_when = any(asked.get(way) for way in self.says_when) or "always" in self.says_when
        now = int(clock.now().timestamp()) + self.seconds_off
        half = hashlib.sha256(b"opaque").digest()[:16]
        claims: dict[str, Any] = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 3600,
            "nonce": nonce,
            "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
            **({"auth_time": int(asked["signed_in_at"])} if asked and says_when else {}),
            **self.person,
        }
        self.bend(claims)
        return signed(claims, alg=self.alg, kid=self.kid)


def signed(claims: dict[str, Any], *, alg: str, kid: str) -> str:
    """Return a token with these claims; “HS256” uses the published key as if it were a secret."""
    words = json.dumps(claims).encode()
    if alg == "none":
        head = urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid}).encode()).rstrip(b"=")
        return f"{head.decode()}.{urlsafe_b64encode(words).rstrip(b'=').decode()}."
    key = _keys()[kid]
    if alg == "HS256":
        head = urlsafe_b64encode(json.dumps({"alg": alg, "kid": kid}).encode()).rstrip(b"=")
        told = head + b"." + urlsafe_b64encode(words).rstrip(b"=")
        proof = hmac.new(key.as_pem(private=False), told, hashlib.sha256).digest()
        return (told + b"." + urlsafe_b64encode(proof).rstrip(b"=")).decode()
    return jws.serialize_compact({"alg": alg, "kid": kid}, words, key, algorithms=[alg])


def _json(value: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(value), status, mimetype="application/json")


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Serve one until the block ends. Its clock is the test's."""
    from contextvars import copy_context

    issuer = Issuer(None)  # type: ignore[arg-type]
    issuer.server = make_server("127.0.0.1", 0, issuer, threaded=False)
    serving = threading.Thread(target=copy_context().run, args=(issuer.server.serve_forever,))
    serving.start()
    try:
        yield issuer
    finally:
        issuer.server.shutdown()
        serving.join()
        issuer.server.server_close()
