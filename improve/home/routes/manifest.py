"""What a phone reads when somebody puts the site on its home screen."""

from __future__ import annotations

import json

from flask import Response, current_app, url_for

from improve.accounts.access import public
from improve.home.routes.blueprint import blueprint

#: The teal of the header and the ground of the pages, as the style sheet has them.
BRAND, GROUND = "#164652", "#F3F2EE"
_TYPE = "application/manifest+json; charset=utf-8"


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Name the site, its icons and the page it opens on: logging an idea, one tap away.

    Public, since a browser asks for it without a cookie. It says nothing about anybody.
    """
    name = current_app.config["SITE_NAME"]
    icons = [
        {
            "src": url_for("static", filename=f"icons/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    held = {
        "name": name,
        "short_name": name,
        "id": "/",
        "lang": "en-GB",
        "start_url": url_for("ideas.log_idea"),
        "scope": "/",
        "display": "standalone",
        "theme_color": BRAND,
        "background_color": GROUND,
        "icons": icons,
    }
    return Response(json.dumps(held, ensure_ascii=False), content_type=_TYPE)
