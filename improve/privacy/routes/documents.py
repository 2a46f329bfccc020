"""The documents: two for everybody, two for whoever answers for privacy."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, public, requires
from improve.accounts.roles import Permission
from improve.privacy.data_classes import CLASS_WORDS
from improve.privacy.document_facts import FACTS, Document, missing
from improve.privacy.queries import documents as queries
from improve.privacy.routes.blueprint import blueprint
from improve.shared import clock
from improve.shared.downloads import download
from improve.shared.export import csv_file


@blueprint.get("/privacy")
@public
def notices() -> ResponseReturnValue:
    """Lead to the privacy notice: of the only council, else of one that is chosen."""
    return _of_councils("privacy.notice", Document.NOTICE)


@blueprint.get("/privacy/<council>")
@public
def notice(council: str) -> ResponseReturnValue:
    """Show a council's privacy notice."""
    return render_template("privacy/notice.html", **_filled(queries.council(council)))


@blueprint.get("/accessibility")
@public
def statements() -> ResponseReturnValue:
    """Lead to the accessibility statement, in the same way."""
    return _of_councils("privacy.statement", Document.ACCESS)


@blueprint.get("/accessibility/<council>")
@public
def statement(council: str) -> ResponseReturnValue:
    """Show a council's accessibility statement."""
    return render_template("privacy/accessibility.html", **_filled(queries.council(council)))


@blueprint.get("/admin/privacy/dpia")
@requires(Permission.ANSWER_FOR_PRIVACY)
def dpia() -> ResponseReturnValue:
    """Show the data protection impact assessment."""
    council = queries.own_council(current_actor())
    return render_template(
        "privacy/dpia.html", **_filled(council), waiting=missing(council.facts, Document.DPIA)
    )


@blueprint.get("/admin/privacy/records")
@requires(Permission.ANSWER_FOR_PRIVACY)
def records() -> ResponseReturnValue:
    """Show the records of processing."""
    council = queries.own_council(current_actor())
    return render_template(
        "privacy/records.html", **_filled(council), waiting=missing(council.facts, Document.RECORDS)
    )


@blueprint.get("/admin/privacy/records.csv")
@requires(Permission.ANSWER_FOR_PRIVACY)
def records_file() -> ResponseReturnValue:
    """Give the records of processing as a table. They name nobody, so nothing is noted."""
    council = queries.own_council(current_actor())
    rows = [
        (kind.title, kind.holds, kind.whose, kind.why, kept)
        for kind, kept in council.kinds_with_times
    ]
    content = csv_file(("record", "holds", "about whom", "why", "kept"), rows)
    return download(BytesIO(content), "records-of-processing.csv", "text/csv; charset=utf-8")


def _of_councils(endpoint: str, document: Document) -> ResponseReturnValue:
    councils = queries.councils()
    if len(councils) == 1:
        return redirect(url_for(endpoint, council=councils[0][1]), 303)
    return render_template(
        "privacy/choose.html", councils=councils, endpoint=endpoint, title=document.value
    )


def _filled(council: queries.Council) -> dict[str, Any]:
    """Return what every document is filled with. Of the settings only names of hosts."""
    return {
        "council": council,
        "facts": {key: council.facts.get(key, "") for key in FACTS},
        "kinds": council.kinds_with_times,
        "classes": CLASS_WORDS.values(),
        "mail_host": urlsplit(current_app.config["MAIL_URL"]).hostname or "",
        "script_host": urlsplit(current_app.config["HTMX_URL"]).hostname or "",
        "today": clock.today(),
    }
