"""Ideas of a national installation, what is said about them, and what is counted."""

from __future__ import annotations

from tests.benchmarks.filling import (
    IDEAS_OF_A_MEASURE,
    PEOPLE_OF_A_TEAM,
    POINTS_OF_A_MEASURE,
    TEXTS,
    Filling,
)


def make_ideas(filling: Filling, now: str) -> None:
    """Ideas of three years, most of them finished; their cycles, moves, edits and members."""
    run = filling.run
    # k counts the ideas of a council from the oldest on, w within its team.
    run(
        "CREATE TABLE scale.ideas AS SELECT row_number() OVER (ORDER BY created_at, org, k)"
        " + (SELECT max(id) FROM ideas) AS id, * FROM (SELECT c.id AS org, k,"
        " c.ideas AS all_of_it, c.teams, 1 + k % c.teams AS team_n, k / c.teams AS w,"
        f" timestamp '{now}' - (1 - k::float / c.ideas) * interval '1090 days'"
        " - random() * interval '3 days' AS created_at,"
        f" 1 + floor(random() * {TEXTS})::integer AS text_id, random() AS chance FROM"
        " (SELECT c.id, c.ideas, count(*)::integer AS teams FROM scale.councils c JOIN scale.teams t"
        " ON t.organisation_id = c.id GROUP BY c.id, c.ideas) AS c,"
        " LATERAL generate_series(1, c.ideas) AS k) AS made"
    )
    run(
        "CREATE TABLE scale.work AS SELECT i.id, i.org, i.k, i.w, i.text_id, i.chance,"
        " i.created_at, least(i.created_at + interval '2 days',"
        f" timestamp '{now}') AS soon, t.id AS team_id, a.id AS author_id, b.id AS lead_id, CASE WHEN"
        " k < all_of_it * 0.88 THEN 'done' ELSE (ARRAY['suggested', 'plan', 'do', 'study', 'act'])"
        "[1 + i.w % 5] END AS stage, i.created_at + (10 + chance * 100) * interval '1 day'"
        " AS ended_at, lag(i.id) OVER (PARTITION BY i.org ORDER BY i.id) AS prior_id"
        " FROM scale.ideas i JOIN scale.teams t ON t.organisation_id = i.org AND t.n = i.team_n"
        f" JOIN scale.people a ON a.team_id = t.id AND a.i = 1 + i.w % {PEOPLE_OF_A_TEAM - 1}"
        " JOIN scale.people b ON b.team_id = t.id AND b.i = 0 ORDER BY i.id"
    )
    run("CREATE UNIQUE INDEX ON scale.work (id)")
    run("ANALYZE scale.work")
    done, asked = "stage = 'done'", "stage <> 'suggested'"
    adopted = "CASE WHEN chance < 0.6 THEN 'adopted' ELSE 'abandoned' END"
    joined = "FROM scale.work i JOIN scale.texts t ON t.id = i.text_id"
    filling.fill(
        "ideas",
        f"{joined} ORDER BY i.id",
        id="i.id",
        organisation_id="org",
        team_id="team_id",
        author_id="author_id",
        lead_id="lead_id",
        title="title || ' n' || i.id",
        suggestion="words",
        benefit="'Children know who is coming'",
        source="(ARRAY['own', 'child', 'parent_or_carer'])[1 + k % 3]",
        form_token="'scale-' || i.id",
        created_at="created_at",
        stage="stage",
        stage_entered_at=f"CASE WHEN {done} THEN ended_at ELSE created_at END",
        outcome=f"CASE WHEN {done} THEN {adopted} END",
        finished_at=f"CASE WHEN {done} THEN ended_at END",
        cycle_number=f"CASE WHEN {asked} THEN 1 ELSE 0 END",
        waiting_since="CASE WHEN stage = 'suggested' AND k % 2 = 0 THEN created_at END",
        due_to_study_on=f"CASE WHEN stage = 'do' THEN date '{now}' + (k % 20) END",
        first_reply_by_id=f"CASE WHEN {asked} OR k % 2 = 1 THEN lead_id END",
        first_reply_at=f"CASE WHEN {asked} OR k % 2 = 1 THEN soon END",
        first_reply_kind=f"CASE WHEN {asked} OR k % 2 = 1 THEN 'will_try' END",
        first_reply_words=f"CASE WHEN {asked} OR k % 2 = 1 THEN 'Yes, try it.' ELSE '' END",
        blocked_at="CASE WHEN stage = 'plan' AND k % 40 = 0 THEN created_at END",
        blocked_reason="CASE WHEN stage = 'plan' AND k % 40 = 0 THEN 'No camera' ELSE '' END",
        blocked_from="CASE WHEN stage = 'plan' AND k % 40 = 0 THEN 'service' ELSE '' END",
        lesson=f"CASE WHEN {done} THEN 'Two days before is soon enough.' ELSE '' END",
    )
    filling.fill(
        "cycles",
        f"{joined} WHERE {asked} ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM cycles)",
        organisation_id="org",
        idea_id="i.id",
        number="1",
        change_to_try="'Two lines and a photo'",
        prediction="words",
        expected_count="4",
        expected_of="5",
        seen_count=f"CASE WHEN {done} THEN 4 END",
        seen_of=f"CASE WHEN {done} THEN 5 END",
        learned=f"CASE WHEN {done} THEN title ELSE '' END",
        decision=f"CASE WHEN {done} THEN CASE WHEN chance < 0.6 THEN 'adopt' ELSE 'abandon' END END",
        decision_why=f"CASE WHEN {done} THEN 'Families said so.' ELSE '' END",
        decided_at=f"CASE WHEN {done} THEN ended_at END",
        decided_by_id=f"CASE WHEN {done} THEN lead_id END",
        started_on="CASE WHEN stage IN ('do', 'study', 'act', 'done') THEN CAST(created_at AS date) END",
        study_by_on="CAST(created_at AS date) + 30",
        created_at="created_at",
    )
    filling.fill(
        "stage_moves",
        "FROM scale.work i, (VALUES (1, 'plan', 'suggested', 'plan'), (2, 'do', 'plan', 'do'),"
        " (3, 'study', 'do', 'study'), (4, 'act', 'study', 'act'), (5, 'keep', 'act', 'done'))"
        " AS m (n, way, was, became) WHERE m.n <= array_position(ARRAY['plan', 'do', 'study',"
        " 'act', 'done'], stage) ORDER BY i.id, m.n",
        id="row_number() OVER (ORDER BY i.id, m.n) + (SELECT max(id) FROM stage_moves)",
        organisation_id="org",
        idea_id="i.id",
        way="CASE WHEN m.n = 5 AND chance >= 0.6 THEN 'stop' ELSE m.way END",
        from_stage="m.was",
        to_stage="m.became",
        outcome=f"CASE WHEN m.n = 5 THEN {adopted} END",
        by_id="lead_id",
        at=f"created_at + (least(ended_at, timestamp '{now}') - created_at) * m.n / 5",
        cycle_number="1",
        version="m.n + 1",
    )
    filling.fill(
        "idea_edits",
        "FROM scale.work i, (VALUES (1, 'logged'), (2, 'replied')) AS e (n, kind) ORDER BY i.id, n",
        id="row_number() OVER (ORDER BY i.id, n) + (SELECT max(id) FROM idea_edits)",
        organisation_id="org",
        idea_id="i.id",
        kind="e.kind",
        by_id="CASE WHEN e.n = 1 THEN author_id ELSE lead_id END",
        at="created_at",
        version="e.n",
    )
    filling.fill(
        "idea_followers",
        "FROM scale.work i, (VALUES (1, 'author'), (2, 'lead')) AS f (n, why) ORDER BY i.id, n",
        idea_id="i.id",
        person_id="CASE WHEN n = 1 THEN author_id ELSE lead_id END",
        why="why",
        at="created_at",
    )
    filling.fill(
        "idea_members",
        "FROM scale.work i JOIN scale.people p ON p.team_id = i.team_id"
        f" AND p.i = 1 + (i.w + 3) % {PEOPLE_OF_A_TEAM - 1} WHERE k % 2 = 0 ORDER BY i.id",
        idea_id="i.id",
        person_id="p.id",
        joined_at="created_at",
    )


def make_talk(filling: Filling, now: str) -> None:
    """Comments, thanks, notices, and the log of acts."""
    filling.fill(
        "comments",
        "FROM scale.work i JOIN scale.texts t ON t.id = i.text_id WHERE k % 2 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM comments)",
        organisation_id="org",
        idea_id="i.id",
        author_id="lead_id",
        words="words",
        form_token="'scale-' || i.id",
        created_at="soon",
    )
    filling.fill(
        "thanks",
        "FROM scale.work i WHERE k % 4 = 0 ORDER BY i.id",
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM thanks)",
        organisation_id="org",
        team_id="team_id",
        idea_id="i.id",
        from_id="lead_id",
        to_id="author_id",
        words="'The photo was a kind thought.'",
        form_token="'scale-' || i.id",
        created_at="soon",
    )
    filling.fill(
        "notices",
        "FROM scale.work i, generate_series(1, 2) AS n ORDER BY i.id, n",
        id="row_number() OVER (ORDER BY i.id, n) + (SELECT max(id) FROM notices)",
        organisation_id="org",
        person_id="CASE WHEN n = 1 THEN author_id ELSE lead_id END",
        kind="CASE WHEN n = 1 THEN 'first_reply' ELSE 'decided' END",
        subject_id="i.id",
        facts="""json_build_object('title', 'Say who comes', 'by', 'Sam Alder')""",
        created_at="created_at",
        read_at="CASE WHEN stage = 'done' THEN created_at END",
        mailed_at="created_at",
        why="'author'",
    )
    filling.fill(
        "audit_entries",
        "FROM scale.work i, generate_series(1, 3) AS n ORDER BY i.id, n",
        id="row_number() OVER (ORDER BY i.id, n) + (SELECT max(id) FROM audit_entries)",
        organisation_id="org",
        sequence="1000 + row_number() OVER (PARTITION BY org ORDER BY i.id, n)",
        at="soon",
        actor_id="lead_id",
        action="(ARRAY['idea.logged', 'idea.replied', 'idea.moved'])[n]",
        object_kind="'idea'",
        object_id="CAST(i.id AS text)",
        previous_hash="md5(CAST(i.id AS text)) || md5('a')",
        hash="md5(CAST(i.id AS text)) || md5('b')",
    )
    filling.fill(
        "auth_sessions",
        "FROM scale.people",
        id="row_number() OVER () + (SELECT coalesce(max(id), 0) FROM auth_sessions)",
        token_hash="md5(CAST(id AS text)) || md5('session')",
        person_id="id",
        csrf_token="md5(CAST(id AS text))",
        created_at=f"timestamp '{now}'",
        last_used_at=f"timestamp '{now}'",
        password_at=f"timestamp '{now}'",
        rights_version="1",
    )


def make_numbers(filling: Filling, now: str) -> None:
    """Measures, their points week by week, and the tests judged on them."""
    run = filling.run
    run(
        "CREATE TABLE scale.measures AS SELECT row_number() OVER () + (SELECT max(id) FROM measures)"
        " AS id, org, team_id, row_number() OVER (PARTITION BY org ORDER BY id) - 1 AS n,"
        f" lead_id FROM scale.work WHERE k % {IDEAS_OF_A_MEASURE} = 0 ORDER BY id"
    )
    run("CREATE UNIQUE INDEX ON scale.measures (org, n)")
    run("ANALYZE scale.measures")
    filling.fill(
        "measures",
        "FROM scale.measures",
        id="id",
        organisation_id="org",
        team_id="team_id",
        name="'Call-backs by the time we named ' || id",
        kind="'process'",
        recorded="'proportion'",
        better_when="'higher'",
        frequency="'week'",
        top_name="'rung back in time'",
        bottom_name="'call-backs'",
        numerator="'Call-backs made by the time we named'",
        denominator="'Call-backs that we named a time for'",
        unit="'%'",
        owner_id="lead_id",
        created_at=f"timestamp '{now}' - interval '2 years'",
    )
    filling.fill(
        "observations",
        f"FROM generate_series(1, {POINTS_OF_A_MEASURE}) AS w, scale.measures m",
        id="row_number() OVER () + (SELECT max(id) FROM observations)",
        measure_id="m.id",
        period_start=f"CAST(date_trunc('week', timestamp '{now}') AS date)"
        f" - 7 * ({POINTS_OF_A_MEASURE} + 1 - w)",
        numerator="38 + (w * 7 + m.n) % 11",
        denominator="52",
        entered_by_id="m.lead_id",
        entered_at=f"timestamp '{now}' - ({POINTS_OF_A_MEASURE} - w) * interval '1 week'",
    )
    tied = (
        "FROM scale.work i JOIN (SELECT org, count(*) AS of_all FROM scale.measures GROUP BY org)"
        " AS c ON c.org = i.org JOIN scale.measures m ON m.org = i.org AND m.n = i.k % c.of_all"
        " WHERE i.k % 3 = 0 AND i.stage <> 'suggested' ORDER BY i.id"
    )
    filling.fill(
        "idea_measures",
        tied,
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM idea_measures)",
        idea_id="i.id",
        measure_id="m.id",
        place="'main'",
    )
    template = "(SELECT {} FROM test_windows WHERE is_judged ORDER BY id LIMIT 1)"
    filling.fill(
        "test_windows",
        tied,
        id="row_number() OVER (ORDER BY i.id) + (SELECT max(id) FROM test_windows)",
        organisation_id="i.org",
        measure_id="m.id",
        idea_id="i.id",
        cycle_number="1",
        place="'main'",
        label="'Cycle 1, everybody'",
        starts_on="CAST(i.created_at AS date)",
        ends_on="CASE WHEN i.stage = 'done' THEN CAST(i.ended_at AS date) END",
        is_judged="true",
        is_current="true",
        verdict_code="(ARRAY['improvement', 'no_signal', 'too_early'])[1 + i.k % 3]",
        verdict_facts=template.format("verdict_facts"),
        spark=template.format("spark"),
        analysis_version=template.format("analysis_version"),
        computed_at=f"timestamp '{now}'",
    )
