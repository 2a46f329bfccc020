"""Define a measure, edit it, stop counting it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.queries import people_by_id, team_by_id
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import Measure
from improve.measures.reading import CHART_CHOICES
from improve.measures.service.verdicts import recompute
from improve.measures.views import MeasureView
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

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


#: What decides how stored numbers are read: fixed once numbers are in.
FIXED_WITH_DATA = ("recorded", "frequency")


def define_measure(actor: Actor, *, team_id: int | None, details: MeasureDetails) -> int:
    """Define a measure of a team, or of the whole council, and return its id.

    Refuses with ``Forbidden`` whoever may not, with ``RuleBroken`` what does not hold together.
    """
    if team_id is not None:
        team_by_id(actor, team_id)
    _check_may_define(actor, team_id)
    details = _checked(actor, details, own_id=None)
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
    audit.record(actor, "measure.defined", "measure", measure.id, team_id=team_id)
    return measure.id


def edit_measure(
    actor: Actor, *, measure_id: int, seen_version: int, details: MeasureDetails
) -> None:
    """Change what a measure says of itself; its verdicts are rebuilt.

    Refuses with ``Stale`` when someone else changed it since ``seen_version`` (facts: the
    measure as it is now). What is recorded and how often is fixed once there are numbers.
    """
    view = queries.measure(actor, measure_id)
    _check_may_define(actor, view.team_id)
    if view.version != seen_version:
        raise Stale(measure=view)
    if queries.has_numbers(actor, measure_id):
        fixed = {name: getattr(view, name) for name in FIXED_WITH_DATA}
        details = MeasureDetails(**{**asdict(details), **fixed})
    details = _checked(actor, details, own_id=measure_id)
    _write(actor, view, **asdict(details))
    audit.record(actor, "measure.edited", "measure", measure_id, version=view.version + 1)
    recompute(
        [measure_id],
        because="chart_chosen" if details.chart != view.chart else "measure_edited",
    )


def close_measure(actor: Actor, *, measure_id: int, seen_version: int) -> None:
    """Stop counting a measure: it leaves lists and choices, its numbers stay readable."""
    view = queries.measure(actor, measure_id)
    _check_may_define(actor, view.team_id)
    if view.version != seen_version:
        raise Stale(measure=view)
    _write(actor, view, closed_on=clock.today())
    audit.record(actor, "measure.closed", "measure", measure_id)


def reopen_measure(actor: Actor, *, measure_id: int, seen_version: int) -> None:
    """Count a measure again."""
    view = queries.measure(actor, measure_id)
    _check_may_define(actor, view.team_id)
    if view.version != seen_version:
        raise Stale(measure=view)
    _write(actor, view, closed_on=None)
    audit.record(actor, "measure.reopened", "measure", measure_id)


def _write(actor: Actor, view: MeasureView, **values: object) -> None:
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


def _check_may_define(actor: Actor, team_id: int | None) -> None:
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team_id):
        raise Forbidden(WHO_DEFINES)


def _checked(actor: Actor, details: MeasureDetails, *, own_id: int | None) -> MeasureDetails:
    """The details with what follows from them, or every reason why they don't hold together."""
    reasons: list[Reason] = []
    values = asdict(details)
    if not details.name:
        reasons.append(Reason("Give the measure a name.", "name"))
    if details.recorded == "proportion":
        values["unit"] = "%"
    elif details.recorded != "rate":
        values.update(denominator="", bottom_name="")
    if details.recorded != "rate":
        values["per"] = 1.0
    if details.recorded != "times":
        values["standard"] = None
    if details.chart is not None and details.chart not in CHART_CHOICES[details.recorded]:
        reasons.append(Reason("That chart does not fit what is recorded.", "chart"))
    if details.lookback_days is not None and not 1 <= details.lookback_days <= LOOKBACK_MOST:
        reasons.append(
            Reason(f"Give a number of days from 1 to {LOOKBACK_MOST:,}.", "lookback_days")
        )
    if details.partner_id is not None:
        try:
            if details.partner_id == own_id:
                raise NotFound
            queries.measure(actor, details.partner_id)
        except NotFound:
            reasons.append(Reason("Choose another measure to show beside it.", "partner_id"))
    if details.owner_id is not None and not people_by_id(actor, [details.owner_id]):
        reasons.append(Reason("Choose who keeps it.", "owner_id"))
    if reasons:
        raise RuleBroken(reasons)
    return MeasureDetails(**values)
