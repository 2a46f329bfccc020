"""The page of one part, with every form that stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from improve.accounts.actor import Actor
from improve.huddles import queries, rights
from improve.huddles.forms.saying import (
    ActionForm,
    BackForm,
    BlockForm,
    DecisionForm,
    HardForm,
    KeepGoingForm,
    ReplyHereForm,
    ThanksForm,
)
from improve.huddles.kinds import Part
from improve.huddles.routes.answers import answer
from improve.huddles.views import AddPage, HuddlePage
from improve.ideas.kinds import Stage
from improve.ideas.routes.way_back import go_back
from improve.shared.errors import Forbidden, NotFound


@dataclass
class Refused:
    """A form that was sent and does not hold: it stands on the page with everything typed."""

    form: Any = None
    status: int = 200


def show_part(
    actor: Actor,
    slug: str,
    huddle_id: int,
    place: tuple[Part | None, int | None],
    refused: Refused | None = None,
) -> ResponseReturnValue:
    """Answer with one part, and one thing of it; ``refused`` is a form of it that came back."""
    page = queries.huddle_page(actor, slug, huddle_id, *place)
    if not page.head.is_going_on:
        return go_back(url_for("huddles.notes", slug=slug, huddle_id=huddle_id))
    refused = refused or Refused()
    forms = _forms(page, actor, refused.form)
    return answer("huddles/part.html", refused.status, page=page, form=refused.form, **forms)


def _forms(page: HuddlePage, actor: Actor, refused: Any) -> dict[str, Any]:
    item = page.item

    def form_of(kind: type[BackForm]) -> Any:
        if isinstance(refused, kind):
            return refused
        form = kind(formdata=None)
        form.stand_at(item=item.id if item else None, part=page.step.part.value)
        return form

    forms: dict[str, Any] = {
        "decision_form": form_of(DecisionForm),
        "action_form": offered(form_of(ActionForm), page, actor),
        "thanks_form": offered(form_of(ThanksForm), page, actor),
        "hard_form": offered(form_of(HardForm), page, actor),
        "reply_form": None,
        "keep_form": None,
        "blocked_form": None,
    }
    idea = page.detail.idea if page.detail else None
    if idea is not None:
        card = idea.card
        if card.needs_reply and idea.may_reply:
            forms["reply_form"] = form_of(ReplyHereForm)
            if refused is not forms["reply_form"]:
                forms["reply_form"].version.data = idea.version
        else:
            if idea.may_move and card.stage in {Stage.DO, Stage.STUDY}:
                forms["keep_form"] = form_of(KeepGoingForm)
            if not card.blocked and card.stage is not Stage.DONE:
                forms["blocked_form"] = form_of(BlockForm)
    return forms


def offered(form: Any, page: HuddlePage | AddPage, actor: Actor) -> Any:
    """Give a form the people, days and conditions to choose from; return it."""
    people = [(person.id, person.name) for person in page.people]
    if isinstance(form, ActionForm):
        form.offer(people, [(due.on, due.words) for due in page.dues], me=actor.person_id)
        if form.by.raw_data is None and page.dues:
            form.by.data = page.dues[0].on.isoformat()
    elif isinstance(form, ThanksForm):
        form.offer([one for one in people if one[0] != actor.person_id])
    elif isinstance(form, HardForm):
        form.offer((condition.code, condition.words) for condition in page.conditions)
    return form


#: What a phone may add, by the name in its address.
KINDS: dict[str, type[BackForm]] = {
    "action": ActionForm,
    "decision": DecisionForm,
    "thanks": ThanksForm,
    "hard": HardForm,
}


def show_add(
    actor: Actor, slug: str, huddle_id: int, kind: str, refused: Refused | None = None
) -> ResponseReturnValue:
    """Answer with the page that a phone adds from."""
    if kind not in KINDS:
        raise NotFound
    page = queries.add_page(actor, slug, huddle_id)
    if not page.head.may_run:
        raise Forbidden(rights.WHO_RUNS)
    refused = refused or Refused()
    form = refused.form
    if form is None:
        form = KINDS[kind](formdata=None)
        form.stand_at(item=page.on_wall.id if page.on_wall else None, part="", at="add")
    return answer(
        "huddles/add.html", refused.status, page=page, kind=kind, form=offered(form, page, actor)
    )
