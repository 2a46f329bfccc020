"""How listening goes, for all staff: what was answered, how long it took, what was put right."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.voices.queries.how_it_goes import charts_of_council, how_it_goes
from improve.voices.routes.blueprint import blueprint


@blueprint.get("/voices/how-it-goes")
@requires(Permission.SEE_VOICES)
def how_voices_go() -> ResponseReturnValue:
    """Show the council's charts of voices, and how reading and answering go."""
    actor = current_actor()
    goes = how_it_goes(actor)
    return render_template(
        "voices/how_it_goes.html", goes=goes, answers=charts_of_council(actor), clocks=goes.charts
    )
