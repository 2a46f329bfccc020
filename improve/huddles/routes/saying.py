"""What is said in a huddle: decisions, actions, thanks, what made it hard."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.huddles import queries, service
from improve.huddles.forms.running import ItemForm
from improve.huddles.forms.saying import ActionForm, DecisionForm, HardForm, ThanksForm
from improve.huddles.routes.answers import back_to_part, say_why_not
from improve.huddles.routes.blueprint import blueprint
from improve.huddles.routes.sending import send
from improve.huddles.routes.showing import show_add
from improve.huddles.views import HuddleHead
from improve.shared.db import commits
from improve.shared.errors import Reason, RuleBroken


@blueprint.get("/teams/<slug>/huddles/<int:huddle_id>/add")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
def add(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Show the page that a phone adds from: an action, a decision, thanks, what made it hard."""
    return show_add(current_actor(), slug, huddle_id, request.args.get("kind", "action"))


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/decisions")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def decide(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Write down what was decided."""
    form = DecisionForm()

    def act(actor: Actor, head: HuddleHead) -> str:
        service.decide(
            actor,
            huddle_id=head.id,
            words=form.decision.data,
            item_id=form.item.data,
            form_token=form.form_token.data,
        )
        return "Written down."

    return send(
        form, slug, huddle_id, about="huddle_decision", texts=lambda: [form.decision.data], act=act
    )


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/decisions/<int:decision_id>/remove")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def remove_decision(slug: str, huddle_id: int, decision_id: int) -> ResponseReturnValue:
    """Take a line out of the notes again; what was done to an idea stands."""
    actor, form = current_actor(), ItemForm()
    head = queries.huddle_head(actor, slug, huddle_id)
    if form.is_sent():
        try:
            service.remove_decision(actor, huddle_id=huddle_id, decision_id=decision_id)
            say("Taken out of the notes.")
        except RuleBroken as error:
            say_why_not(error)
    return back_to_part(head, form.part.data)


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/actions")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def add_action(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Note who does what by when."""
    form = ActionForm()

    def act(actor: Actor, head: HuddleHead) -> str:
        owner_id, due_on = form.owner_id, form.due_on
        if owner_id is None or due_on is None:
            raise RuleBroken("Choose who will do it, and by when.")
        return service.add_action(
            actor,
            huddle_id=head.id,
            what=form.what.data,
            owner_id=owner_id,
            due_on=due_on,
            item_id=form.item.data,
            form_token=form.form_token.data,
        ).words

    return send(
        form, slug, huddle_id, about="huddle_action", texts=lambda: [form.what.data], act=act
    )


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/thanks")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def thank(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Thank one person in a sentence."""
    form = ThanksForm()

    def act(actor: Actor, head: HuddleHead) -> str:
        if form.to_id is None:
            raise RuleBroken([Reason("Choose who you thank.", "to")])
        service.thank_in_huddle(
            actor,
            huddle_id=head.id,
            to_id=form.to_id,
            words=form.thanks_words.data,
            item_id=form.item.data,
            form_token=form.form_token.data,
        )
        return "Your thanks are sent. They can read them on their page."

    return send(
        form, slug, huddle_id, about="thanks", texts=lambda: [form.thanks_words.data], act=act
    )


@blueprint.post("/teams/<slug>/huddles/<int:huddle_id>/hard")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def note_hard(slug: str, huddle_id: int) -> ResponseReturnValue:
    """Note what made the right thing hard. Who said it is kept nowhere."""
    form = HardForm()

    def act(actor: Actor, head: HuddleHead) -> str:
        service.note_hard_thing(
            actor,
            huddle_id=head.id,
            condition=form.condition.data,
            words=form.hard_words.data or "",
            form_token=form.form_token.data,
        )
        return "Added, without a name."

    return send(
        form, slug, huddle_id, about="hard_thing", texts=lambda: [form.hard_words.data], act=act
    )
