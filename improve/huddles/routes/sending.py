"""Forms with words: sent alone, done, or brought back with everything that was typed.

Whoever loses signal loses nothing: the words stay in the form, and its token makes the second
sending harmless. Words that do not hold come back on the page they were written on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, say
from improve.accounts.actor import Actor
from improve.huddles import queries
from improve.huddles.forms.saying import ActionForm, BackForm, DecisionForm, HardForm, ThanksForm
from improve.huddles.routes.answers import answer, back_to_part, part_named
from improve.huddles.routes.showing import Refused, offered, show_add, show_part
from improve.huddles.views import HuddleHead
from improve.ideas.routes.way_back import go_back
from improve.shared.errors import RuleBroken
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change

#: The name in the address of the page for phones, by form.
_ADD_KINDS: dict[type[BackForm], str] = {
    ActionForm: "action",
    DecisionForm: "decision",
    ThanksForm: "thanks",
    HardForm: "hard",
}


def send(
    form: Any,
    slug: str,
    huddle_id: int,
    *,
    about: str,
    texts: Callable[[], list[str | None]],
    act: Callable[[Actor, HuddleHead], str],
) -> ResponseReturnValue:
    """Do what a form with words says, or bring it back with everything typed."""
    actor = current_actor()
    head = queries.huddle_head(actor, slug, huddle_id)
    if isinstance(form, ActionForm | ThanksForm | HardForm):
        offered(form, queries.add_page(actor, slug, huddle_id), actor)
    if wants_change() or not form.is_sent():
        return again(actor, head, form, form.status)
    if kinds := kinds_to_show(*texts()):
        return ask_to_read_again(actor, kinds, about=about)
    try:
        words = act(actor, head)
    except RuleBroken as error:
        form.refuse(error)
        return again(actor, head, form, 422)
    say(words)
    if form.at.data == "add":
        return go_back(
            url_for("huddles.add", slug=slug, huddle_id=huddle_id, kind=_ADD_KINDS[type(form)])
        )
    return back_to_part(head, form.part.data, form.item.data)


def again(actor: Actor, head: HuddleHead, form: Any, status: int) -> ResponseReturnValue:
    """Show the page that the form stood on, with the form as it was sent.

    The pages of a huddle that is over have no forms: there the page for phones keeps the words,
    or one that does nothing else.
    """
    refused = Refused(form, status)
    if type(form) in _ADD_KINDS and (form.at.data == "add" or not head.is_going_on):
        return show_add(actor, head.team.slug, head.id, _ADD_KINDS[type(form)], refused)
    if not head.is_going_on:
        return answer("huddles/over.html", status, head=head, form=form)
    part = part_named(form.part.data)
    part = part if part in head.parts else head.part
    item_id = form.item.data if form.part.data == part.value else None
    return show_part(actor, head.team.slug, head.id, (part, item_id), refused)
