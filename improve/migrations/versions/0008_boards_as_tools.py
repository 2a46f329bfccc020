"""What makes a board a team's tool: aims, followers, joining, guests, busy times, records, mail.

Revision 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _change_people_and_teams()
    _change_mail_and_news()
    _make_working_lives()
    _make_mail_choices()
    _make_hidden_texts()
    _make_aims()
    _make_log_imports()
    _change_ideas()
    _make_conversation()
    _make_records()


def _change_people_and_teams() -> None:
    with op.batch_alter_table("organisations") as batch:
        batch.add_column(
            sa.Column(
                "closing_days", sa.JSON(none_as_null=True), nullable=False, server_default="[]"
            )
        )
        batch.add_column(
            sa.Column(
                "starting_days", sa.JSON(none_as_null=True), nullable=False, server_default="{}"
            )
        )
        batch.add_column(
            sa.Column(
                "duty_numbers", sa.JSON(none_as_null=True), nullable=False, server_default="{}"
            )
        )
    with op.batch_alter_table("people") as batch:
        batch.add_column(
            sa.Column("board_view", sa.String(length=10), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("text_size", sa.String(length=10), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("spacing", sa.String(length=10), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("working_days", sa.String(length=20), nullable=False, server_default="")
        )
    with op.batch_alter_table("teams") as batch:
        batch.add_column(
            sa.Column("working_days", sa.String(length=20), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("usual_days", sa.JSON(none_as_null=True), nullable=False, server_default="{}")
        )
        batch.add_column(
            sa.Column("pauses", sa.JSON(none_as_null=True), nullable=False, server_default="[]")
        )
        batch.add_column(sa.Column("busy_since_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("busy_until_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("busy_why", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("joined_to_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_teams_joined_to_id"), "teams", ["joined_to_id"], ["id"])


def _change_mail_and_news() -> None:
    with op.batch_alter_table("outbox_messages") as batch:
        batch.add_column(sa.Column("stop_url", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("notices") as batch:
        batch.add_column(sa.Column("why", sa.String(length=15), nullable=False, server_default=""))
        batch.add_column(sa.Column("mailed_at", sa.DateTime(), nullable=True))
    op.create_index(
        "ix_notices_to_mail",
        "notices",
        ["person_id", "id"],
        sqlite_where=sa.text("mailed_at IS NULL"),
        postgresql_where=sa.text("mailed_at IS NULL"),
    )


def _make_working_lives() -> None:
    op.create_table(
        "busy_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("renews_id", sa.Integer(), nullable=True),
        sa.Column("round_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_busy_periods_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_busy_periods_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_busy_periods_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["busy_periods.id"], name=op.f("fk_busy_periods_renews_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["people.id"], name=op.f("fk_busy_periods_started_by_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_busy_periods_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_periods")),
    )
    op.create_index(
        "ix_busy_periods_organisation", "busy_periods", ["organisation_id", "ends_on", "id"]
    )
    op.create_index("ix_busy_periods_team", "busy_periods", ["team_id", "id"])
    op.create_table(
        "covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_covers_from_before_to")),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_covers_not_by_oneself")),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_covers_deputy_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_covers_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_covers_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_covers_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_covers_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    op.create_index("ix_covers_deputy", "covers", ["deputy_id", "to_on"])
    op.create_index("ix_covers_person_id", "covers", ["person_id"])
    op.create_index("ix_covers_team", "covers", ["team_id", "to_on"])
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index("ix_calendar_feeds_person_id", "calendar_feeds", ["person_id"])


def _make_mail_choices() -> None:
    op.create_table(
        "mail_choices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mail_choices_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "group", name=op.f("pk_mail_choices")),
    )


def _make_hidden_texts() -> None:
    op.create_table(
        "hidden_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("root_kind", sa.String(length=10), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("kept", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_as", sa.String(length=10), nullable=False),
        sa.Column("settled_why", sa.Text(), nullable=False),
        sa.Column("breach", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_hidden_texts_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_hidden_texts_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["people.id"], name=op.f("fk_hidden_texts_said_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_hidden_texts_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_texts")),
    )
    op.create_index("ix_hidden_texts_idea", "hidden_texts", ["idea_id"])
    op.create_index(
        "ix_hidden_texts_open",
        "hidden_texts",
        ["organisation_id", "id"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_hidden_texts_text", "hidden_texts", ["kind", "subject_id", "field"])


def _make_aims() -> None:
    op.create_table(
        "aims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("how_much", sa.Text(), nullable=False),
        sa.Column("by_when_on", sa.Date(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_aims_created_by_id")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_aims_measure_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_aims_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aims")),
    )
    op.create_index("ix_aims_organisation", "aims", ["organisation_id", "position", "id"])
    op.create_table(
        "drivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("aim_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(level = 2) = (parent_id IS NOT NULL)", name=op.f("ck_drivers_secondary_has_parent")
        ),
        sa.CheckConstraint("level IN (1, 2)", name=op.f("ck_drivers_level")),
        sa.ForeignKeyConstraint(["aim_id"], ["aims.id"], name=op.f("fk_drivers_aim_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_drivers_organisation_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["drivers.id"], name=op.f("fk_drivers_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drivers")),
    )
    op.create_index("ix_drivers_aim", "drivers", ["aim_id", "position", "id"])
    op.create_index("ix_drivers_parent_id", "drivers", ["parent_id"])


def _make_log_imports() -> None:
    op.create_table(
        "log_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("rows", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_log_imports_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_log_imports_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_log_imports_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_imports")),
    )
    op.create_index("ix_log_imports_by_id", "log_imports", ["by_id"])
    op.create_index("ix_log_imports_expires_at", "log_imports", ["expires_at"])


def _change_ideas() -> None:
    with op.batch_alter_table("ideas") as batch:
        batch.add_column(sa.Column("driver_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("joined_to_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("log_import_id", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("blocked_from", sa.String(length=20), nullable=False, server_default="")
        )
        batch.create_foreign_key(
            op.f("fk_ideas_log_import_id"), "log_imports", ["log_import_id"], ["id"]
        )
        batch.create_foreign_key(op.f("fk_ideas_driver_id"), "drivers", ["driver_id"], ["id"])
        batch.create_foreign_key(op.f("fk_ideas_joined_to_id"), "ideas", ["joined_to_id"], ["id"])
    op.create_index(
        "ix_ideas_blocked_all",
        "ideas",
        ["organisation_id", "blocked_at", "id"],
        sqlite_where=sa.text("blocked_at IS NOT NULL AND finished_at IS NULL"),
        postgresql_where=sa.text("blocked_at IS NOT NULL AND finished_at IS NULL"),
    )
    op.create_index(
        "ix_ideas_driver",
        "ideas",
        ["driver_id", "id"],
        sqlite_where=sa.text("driver_id IS NOT NULL"),
        postgresql_where=sa.text("driver_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ideas_joined_to",
        "ideas",
        ["joined_to_id", "id"],
        sqlite_where=sa.text("joined_to_id IS NOT NULL"),
        postgresql_where=sa.text("joined_to_id IS NOT NULL"),
    )
    with op.batch_alter_table("comments") as batch:
        batch.add_column(
            sa.Column("mentions", sa.JSON(none_as_null=True), nullable=False, server_default="[]")
        )


def _make_conversation() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_saved_views_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_views_person_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_saved_views_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint(
            "person_id", "team_id", "name", name=op.f("uq_saved_views_person_id_team_id_name")
        ),
    )
    op.create_table(
        "idea_followers",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_following", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=15), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_followers_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_idea_followers_person_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_followers")),
    )
    op.create_index("ix_idea_followers_person", "idea_followers", ["person_id", "idea_id"])
    op.create_table(
        "idea_guests",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_guests_idea_id")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_idea_guests_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_idea_guests_person_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_guests")),
    )
    op.create_index("ix_idea_guests_person", "idea_guests", ["person_id", "idea_id"])
    op.create_table(
        "idea_joins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("added", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("split_at", sa.DateTime(), nullable=True),
        sa.Column("split_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("idea_id <> into_id", name=op.f("ck_idea_joins_not_to_itself")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_idea_joins_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_joins_idea_id")),
        sa.ForeignKeyConstraint(["into_id"], ["ideas.id"], name=op.f("fk_idea_joins_into_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_idea_joins_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["split_by_id"], ["people.id"], name=op.f("fk_idea_joins_split_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_joins")),
    )
    op.create_index("ix_idea_joins_idea", "idea_joins", ["idea_id", "id"])
    op.create_index("ix_idea_joins_into", "idea_joins", ["into_id", "id"])
    op.create_table(
        "coach_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_coach_requests_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_coach_requests_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_coach_requests_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_coach_requests_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_requests")),
    )
    op.create_index("ix_coach_requests_idea", "coach_requests", ["idea_id", "id"])
    op.create_index(
        "ix_coach_requests_open",
        "coach_requests",
        ["organisation_id", "id"],
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "prompts_put_away",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cycle_number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_prompts_put_away_idea_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_prompts_put_away_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "idea_id", "person_id", "cycle_number", "key", name=op.f("pk_prompts_put_away")
        ),
    )
    op.create_index("ix_prompts_put_away_person_id", "prompts_put_away", ["person_id"])
    op.create_table(
        "reminders_sent",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_reminders_sent_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", "kind", name=op.f("pk_reminders_sent")),
    )


def _make_records() -> None:
    op.create_table(
        "cpd_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_cpd_records_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_cpd_records_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cpd_records")),
        sa.UniqueConstraint(
            "person_id", "form_token", name=op.f("uq_cpd_records_person_id_form_token")
        ),
    )
    op.create_index("ix_cpd_records_person", "cpd_records", ["person_id", "id"])
    op.create_table(
        "cpd_pieces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("activity", sa.String(length=300), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("reflection", sa.Text(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_cpd_pieces_cycle_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_cpd_pieces_idea_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["cpd_records.id"], name=op.f("fk_cpd_pieces_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cpd_pieces")),
        sa.UniqueConstraint("record_id", "cycle_id", name=op.f("uq_cpd_pieces_record_id_cycle_id")),
        sa.UniqueConstraint(
            "record_id", "form_token", name=op.f("uq_cpd_pieces_record_id_form_token")
        ),
    )
    op.create_index("ix_cpd_pieces_record", "cpd_pieces", ["record_id", "done_on", "id"])
    op.create_table(
        "supervision_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ideas", sa.Text(), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("in_the_way", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("shared_with_id", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_supervision_pages_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_supervision_pages_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["shared_with_id"], ["people.id"], name=op.f("fk_supervision_pages_shared_with_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_pages")),
        sa.UniqueConstraint(
            "person_id", "form_token", name=op.f("uq_supervision_pages_person_id_form_token")
        ),
    )
    op.create_index("ix_supervision_pages_person", "supervision_pages", ["person_id", "id"])
    op.create_index("ix_supervision_pages_shared", "supervision_pages", ["shared_with_id", "id"])


def downgrade() -> None:
    # Kinds of news and of lines of history that the step before cannot say.
    op.execute(
        "DELETE FROM notices WHERE kind IN ('mentioned', 'joined', 'split', 'coach_asked', "
        "'coach_answered', 'coach_offered', 'reply_reminder', 'needs_lead', 'words_hidden', "
        "'words_removed', 'guest_invited', 'team_changed', 'busy_answered', 'deputy_named', "
        "'supervision_shared')"
    )
    op.execute(
        "DELETE FROM idea_edits WHERE kind IN ('same_as', 'split', 'words_out', 'words_back', "
        "'brought_in', 'team', 'hidden', 'driver')"
    )
    op.execute("UPDATE stage_moves SET way = 'not_now' WHERE way = 'join'")
    for name in (
        "cpd_pieces",
        "cpd_records",
        "supervision_pages",
        "reminders_sent",
        "prompts_put_away",
        "coach_requests",
        "idea_joins",
        "idea_guests",
        "idea_followers",
        "saved_views",
    ):
        op.drop_table(name)
    for name in ("ix_ideas_blocked_all", "ix_ideas_driver", "ix_ideas_joined_to"):
        op.drop_index(name, "ideas")
    with op.batch_alter_table("ideas") as batch:
        for name in ("log_import_id", "driver_id", "joined_to_id"):
            batch.drop_constraint(op.f(f"fk_ideas_{name}"), type_="foreignkey")
            batch.drop_column(name)
        batch.drop_column("blocked_from")
    with op.batch_alter_table("comments") as batch:
        batch.drop_column("mentions")
    op.drop_index("ix_notices_to_mail", "notices")
    for table, columns in (
        ("notices", ("why", "mailed_at")),
        ("outbox_messages", ("stop_url",)),
        ("organisations", ("closing_days", "starting_days", "duty_numbers")),
        ("people", ("board_view", "text_size", "spacing", "working_days")),
    ):
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
    with op.batch_alter_table("teams") as batch:
        batch.drop_constraint(op.f("fk_teams_joined_to_id"), type_="foreignkey")
        for name in (
            "working_days",
            "usual_days",
            "pauses",
            "busy_since_on",
            "busy_until_on",
            "busy_why",
            "joined_to_id",
        ):
            batch.drop_column(name)
    for name in (
        "drivers",
        "aims",
        "log_imports",
        "hidden_texts",
        "mail_choices",
        "calendar_feeds",
        "covers",
        "busy_periods",
    ):
        op.drop_table(name)
