"""How routes of a huddle answer: with a whole page, to a form sent by htmx with its main part."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import say
from improve.accounts.actor import Actor
from improve.huddles import service
from improve.huddles.forms.fields import new_token
from improve.huddles.kinds import PART_WORDS, Part
from improve.huddles.views import HuddleHead
from improve.ideas.routes.way_back import go_back
from improve.shared.errors import RuleBroken
from improve.shared.htmx import is_htmx, part


def answer(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Answer with a page; a form sent by htmx gets the main part, to stand in place of its own."""
    context.update(part_words=PART_WORDS, new_token=new_token)
    if not is_htmx():
        return render_template(template, frame="base.html", **context), status
    response = part(template, status, frame="huddles/_bare.html", **context)
    response.headers["HX-Retarget"] = "#main"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def part_address(head: HuddleHead, name: str | None, item_id: int | None = None) -> str:
    """Return the address of a part of this huddle; without a known one, of what the wall shows."""
    known = {part.value for part in head.parts}
    if name not in known:
        return url_for("huddles.huddle", slug=head.team.slug, huddle_id=head.id)
    return url_for(
        "huddles.part", slug=head.team.slug, huddle_id=head.id, part=name, item=item_id or None
    )


def back_to_part(
    head: HuddleHead, name: str | None, item_id: int | None = None
) -> ResponseReturnValue:
    """Lead back to the part that a button stood on."""
    return go_back(part_address(head, name, item_id))


def wall_follows(actor: Actor, head: HuddleHead, name: str | None) -> None:
    """Let the wall go to the next thing of the driver's part, as the driver's page does."""
    if head.is_driver and head.part.value == name:
        service.go_to(actor, huddle_id=head.id, part=head.part)


def say_why_not(error: RuleBroken) -> None:
    """Say the reasons at the top of the next page, for a button that has no field."""
    say(" ".join(reason.words for reason in error.reasons), kind="warn")


def part_named(text: str | None) -> Part | None:
    """Return the part of that name, None for none."""
    return next((part for part in Part if part.value == text), None)
