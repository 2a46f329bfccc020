"""Headers on every answer: what the browser may load, keep and show."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request


def _policy(script_hosts: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{script_hosts}",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def add(response: Response) -> Response:
    """Put the headers on ``response``. Signed-in pages may load the one htmx address."""
    htmx_url = current_app.config["HTMX_URL"]
    is_signed_in = g.get("actor") is not None
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    else:
        hosts = f" {htmx_url}" if is_signed_in and urlsplit(htmx_url).netloc else ""
        response.headers["Content-Security-Policy"] = _policy(hosts)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if current_app.config["IS_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("HX-Request")
        response.vary.add("Cookie")
    return response


def register(app: Flask) -> None:
    """Have every answer carry the headers, errors included."""
    app.after_request(add)
