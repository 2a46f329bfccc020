"""The public learning pages of a council for programs: feeds, the signed file, key and schema.

Nothing here asks who reads. What goes out is made from ``PublicPage`` alone.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import public
from improve.library import feeds
from improve.library.open_format import schema_bytes
from improve.library.queries import public_pages
from improve.library.queries.exchange import council_named
from improve.library.routes.blueprint import blueprint
from improve.library.service import exchange as service
from improve.library.service import trust
from improve.shared.errors import NotFound


@blueprint.get("/learning/<council>/feed.xml")
@public
def atom_feed(council: str) -> ResponseReturnValue:
    """Give the public pages as an Atom feed."""
    shelf = public_pages(council)
    body = feeds.atom_feed(shelf, addresses_of(shelf.slug))
    return _kept_by_mark(body, f"{feeds.ATOM_TYPE}; charset=utf-8", feeds.updated_at(shelf))


@blueprint.get("/learning/<council>/feed.json")
@public
def json_feed(council: str) -> ResponseReturnValue:
    """Give the public pages as a JSON Feed."""
    shelf = public_pages(council)
    body = feeds.json_feed(shelf, addresses_of(shelf.slug))
    return _kept_by_mark(body, f"{feeds.JSON_FEED_TYPE}; charset=utf-8", feeds.updated_at(shelf))


@blueprint.get("/learning/<council>/pages.json")
@public
def signed_pages(council: str) -> ResponseReturnValue:
    """Give all public pages as a signed file, for other councils to bring in."""
    site, secret = current_app.config["BASE_URL"], current_app.config["SIGNING_KEY"]
    body = service.signed_shelf(council, site=site, secret=secret)
    return _kept_by_mark(body, "application/json; charset=utf-8")


@blueprint.get("/learning/<council>/key.json")
@public
def council_key(council: str) -> ResponseReturnValue:
    """Give the key to check this council's signature with. Whose it is, two people compare."""
    named = council_named(council)
    key = trust.own_key(named.slug, current_app.config["SIGNING_KEY"])
    if key is None:
        raise NotFound
    body = json.dumps(trust.key_file(named, key), ensure_ascii=False, indent=2) + "\n"
    return _kept_by_mark(body.encode(), "application/json; charset=utf-8")


@blueprint.get("/learning/schema.json")
@public
def learning_schema() -> ResponseReturnValue:
    """Give the JSON Schema of the open format."""
    return _kept_by_mark(schema_bytes(), "application/schema+json; charset=utf-8")


def addresses_of(slug: str) -> feeds.FeedAddresses:
    """Return the whole public addresses of a council's pages."""
    site = current_app.config["BASE_URL"]
    home = f"{site}/learning/{slug}"
    return feeds.FeedAddresses(
        home=home,
        atom=site + url_for("library.atom_feed", council=slug),
        json=site + url_for("library.json_feed", council=slug),
        signed=site + url_for("library.signed_pages", council=slug),
        page=f"{home}/",
    )


def _kept_by_mark(body: bytes, content_type: str, changed: datetime | None = None) -> Response:
    """Answer with something that may be kept, and is asked for again by its mark each time.

    By its mark only: a page that was taken down makes a feed older, which no date would tell.
    """
    answer = Response(body, content_type=content_type)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if changed is not None:
        answer.last_modified = changed
    if request.if_none_match:
        answer.make_conditional(request)
    return answer
