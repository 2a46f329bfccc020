"""Addresses of the form, and their posters."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.duty_numbers import duty_number
from improve.accounts.roles import Permission
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.forms import options
from improve.shared.qr import qr_code
from improve.voices.forms.codes import CodeForm
from improve.voices.queries import codes as queries
from improve.voices.routes.blueprint import blueprint
from improve.voices.service import codes as service

#: How many posters lie on one sheet of A4, by the name of their size.
SIZES = {"a4": 1, "a6": 1, "a6x4": 4}


@blueprint.route("/voices/addresses", methods=["GET", "POST"])
@requires(Permission.PLAN_VOICES)
@commits
def addresses() -> ResponseReturnValue:
    """List where people can tell us, and make another address."""
    actor, form = current_actor(), CodeForm()
    form.team_id.choices = options(
        [("", "All teams"), *((team.id, team.name) for team in people.teams(actor))]
    )
    if form.is_sent():
        try:
            service.make_code(
                actor,
                label=form.label.data or "",
                code=form.code.data or "",
                team_id=form.team,
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            say("The address is made. Print its poster, or give people the words.")
            return redirect(url_for("voices.addresses"), 303)
    page = render_template(
        "voices/addresses.html",
        form=form,
        codes=queries.codes(actor, clock.today()),
        general=queries.council_slug(actor),
        host=host(),
    )
    return page, form.status if request.method == "POST" else 200


@blueprint.post("/voices/addresses/<int:code_id>/end")
@requires(Permission.PLAN_VOICES)
@commits
def end_address(code_id: int) -> ResponseReturnValue:
    """End an address; its posters lead to the general form from now on."""
    service.end_code(current_actor(), code_id=code_id)
    say("Ended. Who still has a poster comes to your general form.")
    return redirect(url_for("voices.addresses"), 303)


@blueprint.get("/voices/addresses/<int:code_id>/poster")
@requires(Permission.PLAN_VOICES)
def poster(code_id: int) -> ResponseReturnValue:
    """Show a poster to print, A4 or A6, or four of A6 on a sheet."""
    actor = current_actor()
    found = queries.code(actor, code_id, clock.today())
    size = request.args.get("size", "a4")
    base = current_app.config["BASE_URL"]
    return render_template(
        "voices/poster.html",
        code=found,
        size=size if size in SIZES else "a4",
        copies=SIZES.get(size, 1),
        council=people.organisation_name(actor),
        slug=queries.council_slug(actor),
        host=host(),
        qr=qr_code(f"{base}/say/{found.code}"),
        numbers={
            when: line.number
            for when, told in people.duty_numbers(actor).items()
            if (line := duty_number(told)) is not None and line.number
        },
        hours=queries.staffed_hours(actor),
    )


def host() -> str:
    """Return the address of this site as people type it."""
    parts = urlsplit(current_app.config["BASE_URL"])
    return f"{parts.netloc}{parts.path}"
