"""What children and families tell, who reads it, the answers, surveys, and wishes for help.

Revision 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Of these PostgreSQL takes no sample for its plans: it would keep values that were deleted since.
WORDS = {
    "voices": ("sealed", "shareable", "changes"),
    "voice_drafts": ("sealed",),
    "voice_replies": ("sealed",),
    "help_requests": ("sealed",),
    "voice_steps": ("words",),
    "voice_answers": ("words", "own_words", "said", "tried", "happened"),
}


def upgrade() -> None:
    op.add_column(
        "ideas", sa.Column("family_in_team", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("outbox_messages", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "voice_drafts",
        sa.Column("token_hash", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_drafts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_voice_drafts")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_voice_drafts_day", "voice_drafts", ["began_on", "organisation_id"], unique=False
    )
    op.create_table(
        "help_requests",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("token_hash", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("picked_up_at", sa.DateTime(), nullable=True),
        sa.Column("picked_up_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_help_requests_organisation_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_help_requests")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_help_requests_token_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_help_requests_open", "help_requests", ["organisation_id", "picked_up_at"], unique=False
    )
    op.create_table(
        "voice_themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_themes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_themes")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_voice_themes_organisation_id_name")
        ),
    )
    op.create_table(
        "voice_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_voice_covers_from_before_to")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_covers_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_voice_covers_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_covers")),
    )
    op.create_index(
        "ix_voice_covers_days", "voice_covers", ["organisation_id", "to_on", "id"], unique=False
    )
    op.create_table(
        "voice_languages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("turned_on_by_id", sa.Integer(), nullable=False),
        sa.Column("turned_on_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_voice_languages_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["turned_on_by_id"], ["people.id"], name=op.f("fk_voice_languages_turned_on_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_languages")),
    )
    op.create_index(
        "ix_voice_languages_organisation",
        "voice_languages",
        ["organisation_id", "language"],
        unique=False,
    )
    op.create_table(
        "voice_readers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("trained_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_readers_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_voice_readers_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_voice_readers")),
    )
    op.create_index(
        op.f("ix_voice_readers_organisation_id"), "voice_readers", ["organisation_id"], unique=False
    )
    op.create_table(
        "voice_setups",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("dpia_by", sa.String(length=80), nullable=False),
        sa.Column("dpia_on", sa.Date(), nullable=True),
        sa.Column("legal_by", sa.String(length=80), nullable=False),
        sa.Column("legal_on", sa.Date(), nullable=True),
        sa.Column("numbers_tried_by", sa.String(length=80), nullable=False),
        sa.Column("numbers_tried_on", sa.Date(), nullable=True),
        sa.Column("numbers_tried", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("promised_by_id", sa.Integer(), nullable=True),
        sa.Column("promised_at", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("duty_inbox", sa.String(length=254), nullable=False),
        sa.Column("duty_hours", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("complaints", sa.Text(), nullable=False),
        sa.Column("advocates", sa.Text(), nullable=False),
        sa.Column("leave_url", sa.String(length=200), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("tried_with", sa.Text(), nullable=False),
        sa.Column("readers_told_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("keep_days BETWEEN 1 AND 365", name=op.f("ck_voice_setups_keep_days")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_voice_setups_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_setups_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["promised_by_id"], ["people.id"], name=op.f("fk_voice_setups_promised_by_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_voice_setups")),
    )
    op.create_table(
        "voice_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_voice_wordings_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_voice_wordings_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_wordings")),
        sa.UniqueConstraint(
            "organisation_id",
            "language",
            "name",
            "version",
            name=op.f("uq_voice_wordings_organisation_id_language_name_version"),
        ),
    )
    op.create_table(
        "voice_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_voice_codes_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_codes_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_voice_codes_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_voice_codes_code")),
    )
    op.create_index(
        "ix_voice_codes_organisation", "voice_codes", ["organisation_id", "id"], unique=False
    )
    op.create_table(
        "voice_surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "opens_on <= closes_on", name=op.f("ck_voice_surveys_opens_before_closes")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_voice_surveys_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_surveys_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_voice_surveys_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_surveys")),
    )
    op.create_index(
        "ix_voice_surveys_organisation", "voice_surveys", ["organisation_id", "id"], unique=False
    )
    op.create_table(
        "voice_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("counted_until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_voice_measures_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_voice_measures_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_voice_measures_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_measures")),
        sa.UniqueConstraint(
            "organisation_id",
            "team_id",
            "scale",
            name=op.f("uq_voice_measures_organisation_id_team_id_scale"),
        ),
    )
    op.create_table(
        "voice_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("put_right", sa.Integer(), nullable=True),
        sa.Column("said", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_months_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_months")),
        sa.UniqueConstraint(
            "organisation_id", "month", name=op.f("uq_voice_months_organisation_id_month")
        ),
    )
    op.create_table(
        "voice_survey_codes",
        sa.Column("code_hash", sa.String(length=80), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["voice_surveys.id"], name=op.f("fk_voice_survey_codes_survey_id")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_voice_survey_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_voice_survey_codes_survey", "voice_survey_codes", ["survey_id", "is_used"], unique=False
    )
    op.create_table(
        "voices",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=True),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("speaker_kind", sa.String(length=20), nullable=False),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("wording", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("way_in", sa.String(length=10), nullable=False),
        sa.Column("by_helper", sa.Boolean(), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("may_show", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("words_hash", sa.String(length=80), nullable=False),
        sa.Column("receipt_hash", sa.String(length=80), nullable=False),
        sa.Column("hints", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("may_be_danger", sa.Boolean(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_danger", sa.Boolean(), nullable=True),
        sa.Column("is_about_staff", sa.Boolean(), nullable=True),
        sa.Column("is_complaint", sa.Boolean(), nullable=True),
        sa.Column("locked_at", sa.DateTime(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("shareable", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(), nullable=True),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("is_theme_only", sa.Boolean(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("given_to_team_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("put_right", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("may_show IN ('yes', 'no', 'unknown')", name=op.f("ck_voices_may_show")),
        sa.CheckConstraint("rating BETWEEN 1 AND scale", name=op.f("ck_voices_rating")),
        sa.CheckConstraint("scale IN (3, 5)", name=op.f("ck_voices_scale")),
        sa.ForeignKeyConstraint(["code_id"], ["voice_codes.id"], name=op.f("fk_voices_code_id")),
        sa.ForeignKeyConstraint(
            ["given_to_team_id"], ["teams.id"], name=op.f("fk_voices_given_to_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["people.id"], name=op.f("fk_voices_hidden_by_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_voices_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voices_organisation_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["people.id"], name=op.f("fk_voices_reader_id")),
        sa.ForeignKeyConstraint(
            ["shared_by_id"], ["people.id"], name=op.f("fk_voices_shared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["voice_surveys.id"], name=op.f("fk_voices_survey_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_voices_team_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["voice_themes.id"], name=op.f("fk_voices_theme_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_voices")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_voices_receipt_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_voices_came", "voices", ["organisation_id", "came_on", "key"], unique=False)
    op.create_index(
        "ix_voices_desk",
        "voices",
        ["organisation_id", "state", "may_be_danger", "came_on", "key"],
        unique=False,
    )
    op.create_index("ix_voices_idea", "voices", ["idea_id"], unique=False)
    op.create_index("ix_voices_team", "voices", ["team_id", "came_on"], unique=False)
    op.create_index("ix_voices_words", "voices", ["organisation_id", "words_hash"], unique=False)
    op.create_table(
        "voice_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("voice_key", sa.String(length=22), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("own_language", sa.String(length=10), nullable=False),
        sa.Column("own_by", sa.String(length=80), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("ending", sa.String(length=20), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("drafted_for_id", sa.Integer(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["people.id"], name=op.f("fk_voice_answers_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_answers_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["voice_key"],
            ["voices.key"],
            name=op.f("fk_voice_answers_voice_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["people.id"], name=op.f("fk_voice_answers_written_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_for_id"], ["ideas.id"], name=op.f("fk_voice_answers_drafted_for_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_answers")),
    )
    op.create_index(
        op.f("ix_voice_answers_drafted_for_id"), "voice_answers", ["drafted_for_id"], unique=False
    )
    op.create_index(
        "ix_voice_answers_public",
        "voice_answers",
        ["organisation_id", "is_public", "given_on", "id"],
        unique=False,
    )
    op.create_index("ix_voice_answers_voice", "voice_answers", ["voice_key", "id"], unique=False)
    op.create_table(
        "voice_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("voice_key", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_steps_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_voice_steps_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["voice_key"], ["voices.key"], name=op.f("fk_voice_steps_voice_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_steps")),
    )
    op.create_index("ix_voice_steps_voice", "voice_steps", ["voice_key", "id"], unique=False)
    op.create_table(
        "voice_replies",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("voice_key", sa.String(length=22), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("said", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("may_be_danger", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("said IN ('yes', 'partly', 'no')", name=op.f("ck_voice_replies_said")),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["voice_answers.id"],
            name=op.f("fk_voice_replies_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_voice_replies_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["people.id"], name=op.f("fk_voice_replies_read_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["voice_key"],
            ["voices.key"],
            name=op.f("fk_voice_replies_voice_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_voice_replies")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_voice_replies_voice", "voice_replies", ["voice_key"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in WORDS.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("voice_replies")
    op.drop_table("voice_steps")
    op.drop_table("voice_answers")
    op.drop_table("voices")
    op.drop_table("voice_survey_codes")
    op.drop_table("voice_months")
    op.drop_table("voice_measures")
    op.drop_table("voice_surveys")
    op.drop_table("voice_codes")
    op.drop_table("voice_wordings")
    op.drop_table("voice_setups")
    op.drop_table("voice_readers")
    op.drop_table("voice_languages")
    op.drop_table("voice_covers")
    op.drop_table("voice_themes")
    op.drop_table("help_requests")
    op.drop_table("voice_drafts")
    with op.batch_alter_table("outbox_messages") as batch:
        batch.drop_column("sealed")
    with op.batch_alter_table("ideas") as batch:
        batch.drop_column("family_in_team")
