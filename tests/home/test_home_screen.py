"""A phone may put the site on its home screen: logging an idea is then one tap away."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_manifest_names_the_site_and_opens_on_logging(app: Flask, visit: Visit) -> None:
    answer = visit().client.get("/manifest.webmanifest")
    assert answer.content_type.startswith("application/manifest+json")
    assert "Set-Cookie" not in answer.headers
    held = answer.get_json(force=True)
    assert held["name"] == app.config["SITE_NAME"]
    assert held["start_url"] == "/log"
    sizes = {(icon["sizes"], icon["purpose"]) for icon in held["icons"]}
    assert sizes == {(s, p) for s in ("192x192", "512x512") for p in ("any", "maskable")}
    for icon in held["icons"]:
        body = visit().client.get(icon["src"]).data
        assert body.startswith(b"\x89PNG")
        width = int(icon["sizes"].split("x")[0])
        assert int.from_bytes(body[16:20], "big") == width


def test_every_page_points_to_it_and_my_page_says_how(app: Flask, cast: Cast, visit: Visit) -> None:
    for page in (visit().get("/sign-in"), visit(cast.practitioner).get("/me")):
        link = page.soup.find("link", rel="manifest")
        assert link
        assert link["href"] == "/manifest.webmanifest"
        assert page.soup.find("link", rel="apple-touch-icon")
        assert "manifest-src 'self'" in page.response.headers["Content-Security-Policy"]
        assert len(page.soup.find_all("meta", {"name": "theme-color"})) == 2
    assert "home screen" in visit(cast.practitioner).get("/me").main
