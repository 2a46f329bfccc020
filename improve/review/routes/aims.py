"""Aims from above: what is being tried under each driver, what finished, and where nothing is."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.ideas.queries.from_above import LOOSE_SHOWN, from_above, loose_ideas
from improve.review.aims_above import aims_above
from improve.review.forms import FilterForm
from improve.review.routes.blueprint import blueprint


@blueprint.get("/review/aims")
@requires(Permission.SEE_REVIEW)
def aims_from_above() -> ResponseReturnValue:
    """Show every aim with what goes on under its drivers, or the ideas that hang on none."""
    actor = current_actor()
    form = FilterForm(request.args)
    form.offer(*people.teams_and_services(actor), ())
    shown: dict[str, object] = {"form": form, "above": None, "loose": None}
    if not form.validate():
        return render_template("review/aims_from_above.html", **shown), 422
    chosen = form.chosen()
    if request.args.get("loose"):
        shown["loose"] = loose_ideas(actor, team_id=chosen.team_id, service_id=chosen.service_id)
        shown["most"] = LOOSE_SHOWN
    else:
        shown["above"] = aims_above(
            from_above(
                actor,
                team_id=chosen.team_id,
                service_id=chosen.service_id,
                decided_from=chosen.decided_from,
                decided_to=chosen.decided_to,
            )
        )
    query = {name: value for name, value in request.args.items() if name != "loose"}
    return render_template("review/aims_from_above.html", **shown, asked=form.asked(), query=query)
