"""Confidential reports: how they come, who reviews them, what is learned, the answer.

Revision 0014, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: Of these PostgreSQL takes no sample for its plans: it would keep values that were deleted since.
WORDS = {
    "incidents": ("wrapped_key", "sealed_head", "sealed_words", "sealed_work", "sealed_barred"),
    "incident_drafts": ("sealed",),
    "incident_contacts": ("sealed",),
    "incident_messages": ("sealed",),
    "incident_readings": ("sealed_coding",),
    "incident_answers": ("sealed",),
}


def upgrade() -> None:
    op.create_table(
        "incident_contacts",
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_contacts_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_incident_contacts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incident_drafts",
        sa.Column("token_hash", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_drafts_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_incident_drafts")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incident_drafts_day", "incident_drafts", ["began_on", "organisation_id"], unique=False
    )
    op.create_table(
        "incident_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_groups_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_groups")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_incident_groups_organisation_id_name")
        ),
    )
    op.create_table(
        "incident_months",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "received >= 0 AND received / 5 * 5 = received",
            name=op.f("ck_incident_months_received"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_months_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "month", name=op.f("pk_incident_months")),
    )
    op.create_table(
        "incident_alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_alerts_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["people.id"], name=op.f("fk_incident_alerts_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_alerts")),
    )
    op.create_index(
        "ix_incident_alerts_organisation",
        "incident_alerts",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_table(
        "incident_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_incident_covers_from_before_to")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_covers_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_incident_covers_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_covers")),
    )
    op.create_index(
        "ix_incident_covers_days",
        "incident_covers",
        ["organisation_id", "to_on", "id"],
        unique=False,
    )
    op.create_table(
        "incident_disclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["people.id"], name=op.f("fk_incident_disclosures_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_disclosures_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_disclosures")),
    )
    op.create_index(
        "ix_incident_disclosures_organisation",
        "incident_disclosures",
        ["organisation_id", "noticed_on"],
        unique=False,
    )
    op.create_table(
        "incident_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("trying", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_notes_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["people.id"], name=op.f("fk_incident_notes_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_notes")),
        sa.UniqueConstraint(
            "organisation_id", "month", name=op.f("uq_incident_notes_organisation_id_month")
        ),
    )
    op.create_table(
        "incident_reviewers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("trained_by", sa.String(length=80), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_reviewers_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_incident_reviewers_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_incident_reviewers")),
    )
    op.create_index(
        op.f("ix_incident_reviewers_organisation_id"),
        "incident_reviewers",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "incident_setups",
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
        sa.Column("first_opened_on", sa.Date(), nullable=True),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("kept_before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("smallest_group", sa.Integer(), nullable=False),
        sa.Column("leave_url", sa.String(length=200), nullable=False),
        sa.Column("reviewers_told_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "keep_days BETWEEN 1 AND 365", name=op.f("ck_incident_setups_keep_days")
        ),
        sa.CheckConstraint("smallest_group >= 20", name=op.f("ck_incident_setups_smallest_group")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_incident_setups_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_setups_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["promised_by_id"], ["people.id"], name=op.f("fk_incident_setups_promised_by_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_incident_setups")),
    )
    op.create_table(
        "incident_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_incident_wordings_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_wordings_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_wordings")),
        sa.UniqueConstraint(
            "organisation_id",
            "name",
            "version",
            name=op.f("uq_incident_wordings_organisation_id_name_version"),
        ),
    )
    op.create_table(
        "incident_group_teams",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["incident_groups.id"], name=op.f("fk_incident_group_teams_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_group_teams_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_incident_group_teams_team_id")
        ),
        sa.PrimaryKeyConstraint("team_id", "group_id", name=op.f("pk_incident_group_teams")),
    )
    op.create_index(
        "ix_incident_group_teams_group", "incident_group_teams", ["group_id"], unique=False
    )
    op.create_table(
        "incident_learnings",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("settled_week", sa.Date(), nullable=False),
        sa.Column("shareable", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("factors", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("agreement", sa.Float(), nullable=True),
        sa.Column("shown_month", sa.Date(), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("proposal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("propose_after", sa.Date(), nullable=True),
        sa.Column("proposed_week", sa.Date(), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_incident_learnings_idea_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_learnings_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incident_learnings")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_learnings_idea", "incident_learnings", ["idea_id"], unique=False)
    op.create_index(
        "ix_incident_learnings_proposed",
        "incident_learnings",
        ["propose_after", "proposed_week"],
        unique=False,
    )
    op.create_index(
        "ix_incident_learnings_shown",
        "incident_learnings",
        ["organisation_id", "shown_month", "key"],
        unique=False,
    )
    op.create_index(
        "ix_incident_learnings_weeks",
        "incident_learnings",
        ["organisation_id", "week", "key"],
        unique=False,
    )
    op.create_table(
        "incident_proposals",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("propose_after", sa.Date(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["people.id"], name=op.f("fk_incident_proposals_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_proposals_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incident_proposals")),
        sa.UniqueConstraint(
            "given_by_id", "form_token", name=op.f("uq_incident_proposals_given_by_id_form_token")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incident_proposals_organisation",
        "incident_proposals",
        ["organisation_id", "key"],
        unique=False,
    )
    op.create_table(
        "incidents",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_head", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_work", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_barred", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_hash", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("joined_into", sa.String(length=22), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("is_strict", sa.Boolean(), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("frozen_also_by_id", sa.Integer(), nullable=True),
        sa.Column("thawed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_week", sa.Date(), nullable=True),
        sa.Column("learning_key", sa.String(length=22), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "frozen_by_id <> frozen_also_by_id", name=op.f("ck_incidents_frozen_by_two")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_also_by_id"], ["people.id"], name=op.f("fk_incidents_frozen_also_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["people.id"], name=op.f("fk_incidents_frozen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["incident_groups.id"], name=op.f("fk_incidents_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["joined_into"], ["incidents.key"], name=op.f("fk_incidents_joined_into")
        ),
        sa.ForeignKeyConstraint(
            ["learning_key"], ["incident_learnings.key"], name=op.f("fk_incidents_learning_key")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_incidents_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["thawed_by_id"], ["people.id"], name=op.f("fk_incidents_thawed_by_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incidents")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_incidents_receipt_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incidents_desk", "incidents", ["organisation_id", "state", "week", "key"], unique=False
    )
    op.create_index("ix_incidents_joined", "incidents", ["joined_into"], unique=False)
    op.create_index("ix_incidents_learning", "incidents", ["learning_key"], unique=False)
    op.create_table(
        "incident_answers",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("incident_key", sa.String(length=22), nullable=False),
        sa.Column("moment", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_week", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_key"],
            ["incidents.key"],
            name=op.f("fk_incident_answers_incident_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_answers_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incident_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incident_answers_incident", "incident_answers", ["incident_key"], unique=False
    )
    op.create_table(
        "incident_messages",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("incident_key", sa.String(length=22), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("by IN ('reporter', 'reviewer')", name=op.f("ck_incident_messages_by")),
        sa.ForeignKeyConstraint(
            ["incident_key"],
            ["incidents.key"],
            name=op.f("fk_incident_messages_incident_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_messages_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incident_messages")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incident_messages_incident", "incident_messages", ["incident_key"], unique=False
    )
    op.create_table(
        "incident_readings",
        sa.Column("incident_key", sa.String(length=22), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=10), nullable=False),
        sa.Column("may_know", sa.Boolean(), nullable=False),
        sa.Column("is_coded", sa.Boolean(), nullable=False),
        sa.Column("sealed_coding", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "position IN ('first', 'second', 'none')", name=op.f("ck_incident_readings_position")
        ),
        sa.ForeignKeyConstraint(
            ["incident_key"],
            ["incidents.key"],
            name=op.f("fk_incident_readings_incident_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_readings_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["people.id"], name=op.f("fk_incident_readings_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("incident_key", "reviewer_id", name=op.f("pk_incident_readings")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_incident_readings_reviewer", "incident_readings", ["reviewer_id"], unique=False
    )
    op.create_table(
        "incident_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("incident_key", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_key"],
            ["incidents.key"],
            name=op.f("fk_incident_steps_incident_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_steps_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_incident_steps_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_steps")),
    )
    op.create_index("ix_incident_steps_at", "incident_steps", ["at"], unique=False)
    op.create_index(
        "ix_incident_steps_incident", "incident_steps", ["incident_key", "id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in WORDS.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("incident_steps")
    op.drop_table("incident_readings")
    op.drop_table("incident_messages")
    op.drop_table("incident_answers")
    op.drop_table("incidents")
    op.drop_table("incident_proposals")
    op.drop_table("incident_learnings")
    op.drop_table("incident_group_teams")
    op.drop_table("incident_wordings")
    op.drop_table("incident_setups")
    op.drop_table("incident_reviewers")
    op.drop_table("incident_notes")
    op.drop_table("incident_disclosures")
    op.drop_table("incident_covers")
    op.drop_table("incident_alerts")
    op.drop_table("incident_months")
    op.drop_table("incident_groups")
    op.drop_table("incident_drafts")
    op.drop_table("incident_contacts")
