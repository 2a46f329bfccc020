"""An idea goes to another team with its history: who may, who is told, what stays and what goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts.queries import team_by_slug
from improve.ideas import queries, service
from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in
from tests.pages import Visitor

Visit = Callable[..., Visitor]
WHY = "Their families ask for this most"


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO)
        service.pin(actor(cast.colleague), idea_id=made)
        service.choose_lead(actor(cast.manager), idea_id=made, lead_id=cast.colleague)
        db.session.commit()
    return made


def boards(cast: Cast) -> tuple[int, int]:
    who = actor(cast.manager)
    return tuple(team_by_slug(who, slug).board_version for slug in ("riverside", "hillside"))  # type: ignore[return-value]


def test_an_idea_goes_to_another_team_and_back(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    with app.app_context():
        before = boards(cast)
    page = sam.get(f"/ideas/{idea_id}/team")
    assert "Huddles that talked about it stay in the notes" in page.main
    form = page.form("/team")
    other = str(cast.other_team)
    unsaid = sam.send(form, {"team_id": "", "why": ""})
    assert unsaid.status == 422
    assert "Choose a team" in unsaid.main
    assert "Say why" in unsaid.main
    done = sam.send(form, {"team_id": other, "why": WHY})
    assert "It belongs to Hillside now" in done.main
    assert (
        sam.post(
            f"/ideas/{idea_id}/team", {**form_values(form), "team_id": other, "why": WHY}
        ).status
        == 303
    )
    history = sam.get(f"/ideas/{idea_id}/history").main
    assert "moved it from Riverside to Hillside" in history
    assert WHY in history
    with app.app_context():
        after = boards(cast)
        assert all(now > was for now, was in zip(after, before, strict=True))
        row = db.session.execute(
            text("SELECT team_id, lead_id, pinned_at, stage FROM ideas WHERE id = :i"),
            {"i": idea_id},
        ).one()
        assert (row.team_id, row.lead_id, row.pinned_at, row.stage) == (
            cast.other_team,
            None,
            None,
            "do",
        )
        told = dict(
            db.session.execute(
                text(
                    "SELECT person_id, kind FROM notices WHERE kind IN ('moved', 'team_changed') ORDER BY id"
                )
            ).all()
        )  # type: ignore[arg-type]
        assert told[cast.practitioner] == "moved"
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
        assert acts.count("idea_team_changed") == 1
    # A coach can bring it back; the manager of the team it left no longer can.
    assert sam.get(f"/ideas/{idea_id}/team").status == 403
    coach = visit(cast.coach)
    back = coach.send(
        coach.get(f"/ideas/{idea_id}/team").form("/team"),
        {"team_id": str(cast.team), "why": "It was ours"},
    )
    assert "It belongs to Riverside now" in back.main


def form_values(form: object) -> dict[str, str]:
    return dict(form.values)  # type: ignore[attr-defined]


def test_who_may_not(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    assert visit(cast.colleague).get(f"/ideas/{idea_id}/team").status == 403
    assert visit(cast.leader).get(f"/ideas/{idea_id}/team").status == 403
    assert visit(cast.outsider).get(f"/ideas/{idea_id}/team").status == 404
    asked = {"team_id": str(cast.other_team), "why": WHY, "version": "1"}
    assert visit(cast.colleague).post(f"/ideas/{idea_id}/team", asked).status == 403
    assert visit(cast.outsider).post(f"/ideas/{idea_id}/team", asked).status == 404


def test_a_team_of_another_council_is_none(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/team").form("/team")
    refused = sam.send(form, {"team_id": "999999", "why": WHY})
    assert refused.status == 422
    assert "Choose a team of this council." in refused.main
    assert WHY in refused.main


def test_an_idea_changed_meanwhile_is_shown_first(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/team").form("/team")
    with app.app_context():
        who = actor(cast.colleague)
        seen = queries.idea_page(who, idea_id).version
        service.edit_field(who, idea_id=idea_id, field="benefit", value="Sooner", seen_version=seen)
        db.session.commit()
    stale = sam.send(form, {"team_id": str(cast.other_team), "why": WHY})
    assert stale.status == 409
    assert "changed this idea meanwhile" in stale.main
    assert WHY in stale.main
    again = sam.send(stale.form("/team"))
    assert "It belongs to Hillside now" in again.main
