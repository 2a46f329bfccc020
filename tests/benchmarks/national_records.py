"""Huddles of a national installation, what was learned, and what was told there."""

from __future__ import annotations

from tests.benchmarks.filling import Filling
from tests.factories import Cast


def make_huddles(filling: Filling, now: str) -> None:
    """A huddle each fortnight for two years; what was looked at, decided and promised."""
    run, many = filling.run, 50
    run(
        f"CREATE TABLE scale.huddles AS SELECT row_number() OVER (ORDER BY turn, t.id)"
        " + (SELECT max(id) FROM huddles) AS id, t.id AS team_id, t.organisation_id AS org, turn AS n,"
        f" p.id AS by_id, timestamp '{now}' - ({many} - turn) * interval '14 days'"
        " - interval '1 day' AS at FROM scale.teams t JOIN scale.people p ON p.team_id = t.id"
        f" AND p.i = 0, generate_series(1, {many}) AS turn"
    )
    run("CREATE UNIQUE INDEX ON scale.huddles (team_id, n)")
    run("ANALYZE scale.huddles")
    filling.fill(
        "huddles",
        "FROM scale.huddles ORDER BY id",
        id="id",
        organisation_id="org",
        team_id="team_id",
        form_token="'scale-' || id",
        started_by_id="by_id",
        started_at="at",
        driver_id="by_id",
        planned_minutes="15",
        parts="(SELECT parts FROM huddles ORDER BY id LIMIT 1)",
        part="(SELECT part FROM huddles ORDER BY id LIMIT 1)",
        part_opened_at="at",
        acted_at="at",
        finished_at="at + interval '15 minutes'",
        first_finished_at="at + interval '15 minutes'",
        finished_by_id="by_id",
    )
    seen = (
        "FROM scale.work i JOIN scale.huddles h ON h.team_id = i.team_id"
        f" AND h.n = 1 + i.w % {many}"
    )
    filling.fill(
        "huddle_items",
        f"{seen} ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM huddle_items)",
        huddle_id="h.id",
        part="(SELECT part FROM huddle_items WHERE idea_id IS NOT NULL ORDER BY id LIMIT 1)",
        position="i.w",
        idea_id="i.id",
        settled_at="h.at",
    )
    filling.fill(
        "huddle_decisions",
        f"{seen} WHERE i.k % 3 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM huddle_decisions)",
        organisation_id="i.org",
        team_id="i.team_id",
        huddle_id="h.id",
        idea_id="i.id",
        kind="(SELECT kind FROM huddle_decisions ORDER BY id LIMIT 1)",
        words="'Go on for a fortnight'",
        by_id="h.by_id",
        at="h.at",
        form_token="'scale-' || i.id",
    )
    filling.fill(
        "huddle_actions",
        f"{seen} WHERE i.k % 3 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM huddle_actions)",
        organisation_id="i.org",
        team_id="i.team_id",
        huddle_id="h.id",
        idea_id="i.id",
        what="'Ask the clerk for the address list'",
        owner_id="i.author_id",
        due_on="CAST(h.at AS date) + 7",
        first_due_on="CAST(h.at AS date) + 7",
        added_by_id="h.by_id",
        created_at="h.at",
        ended_at="CASE WHEN i.stage = 'done' THEN h.at + interval '6 days' END",
        done_on="CASE WHEN i.stage = 'done' THEN CAST(h.at AS date) + 6 END",
        done_by_id="CASE WHEN i.stage = 'done' THEN i.author_id END",
        form_token="'scale-' || i.id",
    )
    filling.fill(
        "protected_hours",
        "FROM scale.huddles",
        id="row_number() OVER (ORDER BY id) + (SELECT coalesce(max(id), 0) FROM protected_hours)",
        organisation_id="org",
        team_id="team_id",
        from_on=f"CAST(date_trunc('week', timestamp '{now}') AS date) - 14 * ({many} - n)",
        minutes="60",
        promised_by_id="by_id",
        promised_at="at",
        kept="'yes'",
        kept_by_id="by_id",
        kept_at="at",
    )


def make_records(filling: Filling, now: str) -> None:
    """What was learned, who took it up, what leaders read."""
    learned = "FROM scale.work i JOIN scale.texts t ON t.id = i.text_id WHERE stage = 'done'"
    filling.fill(
        "learning_pages",
        f"{learned} AND k % 3 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM learning_pages)",
        organisation_id="org",
        idea_id="i.id",
        title="title",
        tried="words",
        written_by_id="author_id",
        created_at="ended_at",
        changed_at="ended_at",
        shared_at="ended_at",
    )
    filling.fill(
        "spreads",
        "FROM scale.work i WHERE k % 20 = 5 AND prior_id IS NOT NULL ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM spreads)",
        organisation_id="org",
        idea_id="i.id",
        parent_idea_id="prior_id",
        adaptation="'By letter'",
        by_id="author_id",
        created_at="created_at",
        form_token="'scale-' || i.id",
    )
    filling.fill(
        "sustain_checks",
        f"{learned} AND chance < 0.3 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM sustain_checks)",
        organisation_id="org",
        idea_id="i.id",
        due_on="CAST(ended_at AS date) + 182",
        answer=f"CASE WHEN ended_at < timestamp '{now}' - interval '200 days' THEN 'held' END",
        answered_at=f"CASE WHEN ended_at < timestamp '{now}' - interval '200 days'"
        " THEN ended_at + interval '190 days' END",
        answered_by_id=f"CASE WHEN ended_at < timestamp '{now}' - interval '200 days'"
        " THEN lead_id END",
    )
    filling.fill(
        "cycle_reads",
        f"{learned} AND k % 3 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM cycle_reads)",
        organisation_id="org",
        idea_id="i.id",
        cycle_number="1",
        person_id="lead_id",
        words="'The second sentence is what I take to the board.'",
        read_at="ended_at",
    )


def make_told(filling: Filling, cast: Cast, now: str) -> None:
    """What families told and staff reported elsewhere: sealed bytes that nothing here opens."""
    others = f"FROM scale.work i WHERE i.org <> {cast.organisation} AND k %"
    filling.fill(
        "voices",
        f"{others} 10 = 0 ORDER BY md5(CAST(i.id AS text))",
        key="substr(md5(CAST(i.id AS text)), 1, 22)",
        organisation_id="org",
        came_on="CAST(created_at AS date)",
        team_id="team_id",
        speaker_kind="'child'",
        wording="'older'",
        way_in="'poster'",
        scale="5",
        rating="1 + k / 10 % 5",
        may_show="'yes'",
        sealed="decode(repeat(md5(CAST(i.id AS text)), 20), 'hex')",
        receipt_hash="'scale-' || i.id",
        state="CASE WHEN stage = 'done' THEN 'answered' ELSE 'waiting' END",
        answered_on="CASE WHEN stage = 'done' THEN CAST(ended_at AS date) END",
    )
    filling.fill(
        "voice_steps",
        f"{others} 10 = 0 AND stage = 'done' ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM voice_steps)",
        organisation_id="org",
        voice_key="substr(md5(CAST(i.id AS text)), 1, 22)",
        kind="'opened'",
        person_id="lead_id",
        at="created_at",
    )
    filling.fill(
        "voice_answers",
        f"{others} 10 = 0 AND stage = 'done' ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM voice_answers)",
        organisation_id="org",
        voice_key="substr(md5(CAST(i.id AS text)), 1, 22)",
        words="'We now send a photo first.'",
        is_public="true",
        written_by_id="lead_id",
        given_by_id="lead_id",
        given_on="CAST(ended_at AS date)",
        created_at="ended_at",
    )
    filling.fill(
        "incidents",
        f"{others} 20 = 0 ORDER BY md5(CAST(i.id AS text))",
        key="substr(md5(CAST(i.id AS text)), 1, 22)",
        organisation_id="org",
        week="CAST(date_trunc('week', created_at) AS date)",
        group_id="(SELECT min(id) FROM incident_groups)",
        wrapped_key="decode(repeat(md5(CAST(i.id AS text)), 4), 'hex')",
        sealed_head="decode(repeat(md5(CAST(i.id AS text)), 10), 'hex')",
        sealed_words="decode(repeat(md5(CAST(i.id AS text)), 30), 'hex')",
        receipt_hash="'scale-' || i.id",
        state="'waiting'",
    )
    filling.fill(
        "incident_steps",
        f"{others} 20 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT coalesce(max(id), 0) FROM incident_steps)",
        organisation_id="org",
        incident_key="substr(md5(CAST(i.id AS text)), 1, 22)",
        kind="'opened'",
        person_id="lead_id",
        at="created_at",
    )
