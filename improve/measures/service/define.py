"""Define a measure, edit it, stop counting it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.queries import people_by_id, team_by_id
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import Measure
from improve.measures.recorded import CHART_CHOICES
from improve.measures.service.changes import note_change
from improve.measures.service.verdicts import recompute
from improve.measures.views import MeasureView
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

WHO_DEFINES = "A manager of the team or a coach can define and change its measures."
LOOKBACK_MOST = 1830


@dataclass(frozen=True, kw_only=True)
class MeasureDetails:
    """What a person says of a measure: see ``models.Measure`` for each field."""

    name: str
    kind: str = "process"
    recorded: str = "proportion"
    unit: str = ""
    better_when: str = "higher"
    frequency: str = "week"
    top_name: str = ""
    bottom_name: str = ""
    numerator: str = ""
    denominator: str = ""
    left_out: str = ""
    source: str = ""
    licence: str = ""
    caution: str = ""
    chart: str | None = None
    partner_id: int | None = None
    owner_id: int | None = None
    lookback_days: int | None = None
    per: float = 1.0
    target: float | None = None
    target_by: str = ""
    standard: float | None = None
    catalogue_key: str | None = None
    context_id: int | None = None


@dataclass(frozen=True)
class WithoutPartner:
    """What a person said when asked what might get worse, and no measure stands beside it yet.

    ``answer`` is ``later`` (it will be counted), ``none`` (nothing they can think of) or
    ``open`` (asked, and left for another day).
    """

    answer: str
    words: str = ""


_OTHERS = {
    "partner_id": "Choose another measure to show beside it.",
    "context_id": "Choose another measure to draw under it.",
}
#: What decides how stored numbers are read: fixed once numbers are in.
FIXED_WITH_DATA = ("recorded", "frequency")
#: What has an act of its own: see ``service.decisions``.
DECIDED_ELSEWHERE = ("chart", "target", "target_by")
#: What changes how numbers read or how they are judged; codes and numbers, never words.
VALUES_KEPT = ("better_when", "per", "lookback_days", "standard")
_FIELDS = tuple(field.name for field in fields(MeasureDetails))


def details_of(view: MeasureView) -> MeasureDetails:
    """Return what a measure says of itself now, to change a part of it."""
    return MeasureDetails(**{name: getattr(view, name) for name in _FIELDS})


def define_measure(
    actor: Actor,
    *,
    team_id: int | None,
    details: MeasureDetails,
    without_partner: WithoutPartner | None = None,
) -> int:
    """Define a measure of a team, or of the whole council, and return its id.

    Refuses with ``Forbidden`` whoever may not, with ``RuleBroken`` what does not hold together.
    """
    if team_id is not None:
        team_by_id(actor, team_id)
    check_may_define(actor, team_id)
    measure = new_measure(actor, team_id, _checked(actor, details, own_id=None))
    _note(actor, measure.id, "defined", {}, without_partner)
    audit.record(actor, "measure.defined", "measure", measure.id, team_id=team_id)
    return measure.id


def new_measure(actor: Actor, team_id: int | None, details: MeasureDetails) -> Measure:
    """Add the row of a measure whose details hold together; whoever adds it keeps it."""
    measure = Measure(
        organisation_id=actor.organisation_id,
        team_id=team_id,
        created_at=clock.now(),
        **asdict(details),
    )
    if measure.owner_id is None:
        measure.owner_id = actor.person_id
    db.session.add(measure)
    db.session.flush()
    return measure


def edit_measure(
    actor: Actor,
    *,
    measure_id: int,
    seen_version: int,
    details: MeasureDetails,
    without_partner: WithoutPartner | None = None,
) -> None:
    """Change what a measure says of itself; its verdicts are rebuilt.

    Refuses with ``Stale`` when someone else changed it since ``seen_version`` (facts: the
    measure as it is now). What is recorded and how often is fixed once there are numbers. Saving
    what stands there already changes nothing. The chart and the hope stay as they are, or go where
    something else is recorded.
    """
    # Under the lock: a number that comes in at the same time fixes what is recorded.
    view = queries.locked_measure(actor, measure_id)
    check_may_define(actor, view.team_id)
    if view.version != seen_version:
        raise Stale(measure=view)
    if queries.has_numbers(actor, measure_id):
        details = replace(details, **{name: getattr(view, name) for name in FIXED_WITH_DATA})
    details = _with_decided(details, view)
    details = _checked(actor, details, own_id=measure_id)
    changed = [name for name in _FIELDS if getattr(details, name) != getattr(view, name)]
    if changed or without_partner:
        _note(actor, measure_id, "edited", _edited(view, details, changed), without_partner)
    if not changed:
        return
    write_measure(actor, view, **asdict(details))
    audit.record(actor, "measure.edited", "measure", measure_id, version=view.version + 1)
    recompute([measure_id], because="measure_edited")


def _with_decided(details: MeasureDetails, view: MeasureView) -> MeasureDetails:
    """The details with what is decided elsewhere, with a reason: the chart, and whose hope.

    Where something else is recorded now, neither means anything any more.
    """
    if details.recorded != view.recorded:
        return replace(details, chart=None, target=None, target_by="")
    return replace(details, **{name: getattr(view, name) for name in DECIDED_ELSEWHERE})


def _edited(view: MeasureView, details: MeasureDetails, changed: list[str]) -> dict[str, Any]:
    """What history keeps of an edit: which fields, and both values where a verdict hangs on it."""
    kept = [name for name in changed if name in VALUES_KEPT]
    facts: dict[str, Any] = {"fields": changed}
    if kept:
        facts["old"] = {name: getattr(view, name) for name in kept}
        facts["new"] = {name: getattr(details, name) for name in kept}
    return facts


def edit_ties(
    actor: Actor, *, measure_id: int, partner_id: int | None, context_id: int | None
) -> None:
    """Tie a measure to its partner and its context where it has none; else leave it as it is.

    What a person chose stands. Whoever may not define the measure changes nothing.
    """
    view = queries.measure(actor, measure_id)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=view.team_id):
        return
    details = replace(
        details_of(view),
        partner_id=view.partner_id or partner_id,
        context_id=view.context_id or context_id,
    )
    edit_measure(actor, measure_id=measure_id, seen_version=view.version, details=details)


def close_measure(actor: Actor, *, measure_id: int, seen_version: int) -> None:
    """Stop counting a measure: it leaves lists and choices, its numbers stay readable."""
    view = queries.measure(actor, measure_id)
    check_may_define(actor, view.team_id)
    if view.version != seen_version:
        raise Stale(measure=view)
    write_measure(actor, view, closed_on=clock.today())
    note_change(actor, measure_id, "closed")
    audit.record(actor, "measure.closed", "measure", measure_id)


def reopen_measure(actor: Actor, *, measure_id: int, seen_version: int) -> None:
    """Count a measure again."""
    view = queries.measure(actor, measure_id)
    check_may_define(actor, view.team_id)
    if view.version != seen_version:
        raise Stale(measure=view)
    write_measure(actor, view, closed_on=None)
    note_change(actor, measure_id, "reopened")
    audit.record(actor, "measure.reopened", "measure", measure_id)


def write_measure(actor: Actor, view: MeasureView, **values: object) -> None:
    """Change the row if nobody else did meanwhile, in one statement."""
    changed = db.session.execute(
        update(Measure)
        .where(
            Measure.id == view.id,
            Measure.organisation_id == actor.organisation_id,
            Measure.version == view.version,
        )
        .values(version=view.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(measure=queries.measure(actor, view.id))


def _note(
    actor: Actor,
    measure_id: int,
    kind: str,
    facts: dict[str, Any],
    without_partner: WithoutPartner | None,
) -> None:
    """Keep the act as history, with what was said of a partner that is not there."""
    if without_partner:
        facts = facts | {"without_partner": without_partner.answer}
    words = without_partner.words if without_partner else ""
    note_change(actor, measure_id, kind, facts=facts, reason=words[: limits.length("reason")])


def check_may_define(actor: Actor, team_id: int | None) -> None:
    """Refuse with ``Forbidden`` whoever may not define measures of a team (None: of all)."""
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team_id):
        raise Forbidden(WHO_DEFINES)


def _checked(actor: Actor, details: MeasureDetails, *, own_id: int | None) -> MeasureDetails:
    """The details with what follows from them, or every reason why they don't hold together."""
    details = _fitting(details)
    reasons = _reasons(details)
    others = {
        name: other_id for name in _OTHERS if (other_id := getattr(details, name)) is not None
    }
    known = queries.measures_by_id(actor, others.values()) if others else {}
    reasons += [
        Reason(_OTHERS[name], name)
        for name, other_id in others.items()
        if other_id == own_id or other_id not in known
    ]
    if details.owner_id is not None and not people_by_id(actor, [details.owner_id]):
        reasons.append(Reason("Choose who keeps it.", "owner_id"))
    if reasons:
        raise RuleBroken(reasons)
    return details


def _fitting(details: MeasureDetails) -> MeasureDetails:
    """The details without what the kind of what is recorded has no use for."""
    values = asdict(details)
    if details.recorded == "proportion":
        values["unit"] = "%"
    elif details.recorded == "days_between":
        values["unit"] = ""
    if details.recorded not in ("proportion", "rate"):
        values.update(denominator="", bottom_name="")
    if details.recorded != "rate":
        values["per"] = 1.0
    if details.recorded != "times":
        values["standard"] = None
    return MeasureDetails(**values)


def _reasons(details: MeasureDetails) -> list[Reason]:
    """What of the details does not hold together by itself."""
    reasons: list[Reason] = []
    if not details.name:
        reasons.append(Reason("Give the measure a name.", "name"))
    if details.per <= 0:
        reasons.append(Reason("Give a number above 0, such as 1,000.", "per"))
    if details.standard is not None and details.standard <= 0:
        reasons.append(Reason("Give a number above 0, or leave it empty.", "standard"))
    if details.chart is not None and details.chart not in CHART_CHOICES[details.recorded]:
        reasons.append(Reason("That chart does not fit what is recorded.", "chart"))
    if details.lookback_days is not None and not 1 <= details.lookback_days <= LOOKBACK_MOST:
        words = f"Give a number of days from 1 to {LOOKBACK_MOST:,}."
        reasons.append(Reason(words, "lookback_days"))
    return reasons
