"""Ideas: what people suggest, its cycles, moves, edits, comments; and notices.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_notices_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_person", "notices", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "ideas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("improves", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("document_link", sa.Text(), nullable=False),
        sa.Column("hides_name", sa.Boolean(), nullable=False),
        sa.Column("answerer", sa.String(length=10), nullable=False),
        sa.Column("is_on_board", sa.Boolean(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("stage_entered_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cycle_number", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("due_to_study_on", sa.Date(), nullable=True),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.Column("first_reply_by_id", sa.Integer(), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(), nullable=True),
        sa.Column("first_reply_kind", sa.String(length=15), nullable=True),
        sa.Column("first_reply_words", sa.Text(), nullable=False),
        sa.Column("blocked_reason", sa.Text(), nullable=False),
        sa.Column("blocked_who", sa.Text(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(), nullable=True),
        sa.Column("blocked_by_id", sa.Integer(), nullable=True),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("decision_why", sa.Text(), nullable=False),
        sa.Column("adopt_anyway", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(stage = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_ideas_done_has_time")
        ),
        sa.CheckConstraint(
            "(stage = 'done') = (outcome IS NOT NULL)", name=op.f("ck_ideas_done_has_outcome")
        ),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'abandoned', 'not_now', 'quick_fix', 'joined', 'withdrawn')",
            name=op.f("ck_ideas_outcome"),
        ),
        sa.CheckConstraint(
            "stage IN ('suggested', 'plan', 'do', 'study', 'act', 'done')",
            name=op.f("ck_ideas_stage"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_ideas_author_id")),
        sa.ForeignKeyConstraint(
            ["blocked_by_id"], ["people.id"], name=op.f("fk_ideas_blocked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_reply_by_id"], ["people.id"], name=op.f("fk_ideas_first_reply_by_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["people.id"], name=op.f("fk_ideas_lead_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ideas_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_ideas_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sa.UniqueConstraint("author_id", "form_token", name=op.f("uq_ideas_author_id_form_token")),
    )
    op.create_index("ix_ideas_author", "ideas", ["author_id", "id"], unique=False)
    op.create_index(
        "ix_ideas_blocked",
        "ideas",
        ["team_id", "is_on_board", "blocked_at"],
        unique=False,
        sqlite_where=sa.text("blocked_at IS NOT NULL AND finished_at IS NULL"),
        postgresql_where=sa.text("blocked_at IS NOT NULL AND finished_at IS NULL"),
    )
    op.create_index(
        "ix_ideas_board",
        "ideas",
        ["team_id", "is_on_board", "stage", "stage_entered_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ideas_due_to_study",
        "ideas",
        ["team_id", "is_on_board", "due_to_study_on"],
        unique=False,
        sqlite_where=sa.text("due_to_study_on IS NOT NULL"),
        postgresql_where=sa.text("due_to_study_on IS NOT NULL"),
    )
    op.create_index(
        "ix_ideas_finished", "ideas", ["team_id", "is_on_board", "finished_at", "id"], unique=False
    )
    op.create_index("ix_ideas_lead", "ideas", ["lead_id", "id"], unique=False)
    op.create_index(
        "ix_ideas_recent", "ideas", ["organisation_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_ideas_waiting",
        "ideas",
        ["team_id", "is_on_board", "waiting_since"],
        unique=False,
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.create_index(
        "ix_ideas_waiting_all",
        "ideas",
        ["organisation_id", "waiting_since", "id"],
        unique=False,
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_comments_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_comments_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_comments_removed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint(
            "author_id", "form_token", name=op.f("uq_comments_author_id_form_token")
        ),
    )
    op.create_index("ix_comments_idea", "comments", ["idea_id", "id"], unique=False)
    op.create_table(
        "cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("change_to_try", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("families_count", sa.Integer(), nullable=True),
        sa.Column("study_by_on", sa.Date(), nullable=True),
        sa.Column("prediction", sa.Text(), nullable=False),
        sa.Column("expected_count", sa.Integer(), nullable=True),
        sa.Column("expected_of", sa.Integer(), nullable=True),
        sa.Column("how_known", sa.String(length=10), nullable=True),
        sa.Column("is_wide", sa.Boolean(), nullable=False),
        sa.Column("might_go_wrong", sa.Text(), nullable=False),
        sa.Column("balancing", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("prediction_locked_at", sa.DateTime(), nullable=True),
        sa.Column("what_happened", sa.Text(), nullable=False),
        sa.Column("as_planned", sa.String(length=10), nullable=True),
        sa.Column("surprises", sa.Text(), nullable=False),
        sa.Column("seen_count", sa.Integer(), nullable=True),
        sa.Column("seen_of", sa.Integer(), nullable=True),
        sa.Column("has_no_number", sa.Boolean(), nullable=False),
        sa.Column("prediction_held", sa.String(length=10), nullable=True),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("read_by_outside", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decision_why", sa.Text(), nullable=False),
        sa.Column("adopt_anyway", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('adopt', 'adapt', 'abandon')", name=op.f("ck_cycles_decision")
        ),
        sa.CheckConstraint("expected_count <= expected_of", name=op.f("ck_cycles_expected_within")),
        sa.CheckConstraint("seen_count <= seen_of", name=op.f("ck_cycles_seen_within")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_cycles_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_cycles_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_cycles_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("idea_id", "number", name=op.f("uq_cycles_idea_id_number")),
    )
    op.create_index(
        "ix_cycles_decided", "cycles", ["organisation_id", "decided_at", "id"], unique=False
    )
    op.create_table(
        "idea_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("cycle_number", sa.Integer(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_idea_edits_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_edits_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_idea_edits_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_edits")),
    )
    op.create_index(
        "ix_idea_edits_field", "idea_edits", ["idea_id", "field", "version"], unique=False
    )
    op.create_table(
        "idea_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.CheckConstraint("place IN ('main', 'beside')", name=op.f("ck_idea_measures_place")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_measures_idea_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_idea_measures_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_measures")),
        sa.UniqueConstraint("idea_id", "place", name=op.f("uq_idea_measures_idea_id_place")),
    )
    op.create_index(
        "ix_idea_measures_measure", "idea_measures", ["measure_id", "idea_id"], unique=False
    )
    op.create_table(
        "idea_members",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_members_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_idea_members_person_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_members")),
    )
    op.create_index(
        "ix_idea_members_person", "idea_members", ["person_id", "idea_id"], unique=False
    )
    op.create_table(
        "kept_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_kept_words_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_kept_words_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kept_words_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_words")),
    )
    op.create_index(op.f("ix_kept_words_expires_at"), "kept_words", ["expires_at"], unique=False)
    op.create_index(
        "ix_kept_words_idea", "kept_words", ["idea_id", "person_id", "id"], unique=False
    )
    op.create_table(
        "stage_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=15), nullable=False),
        sa.Column("from_stage", sa.String(length=10), nullable=False),
        sa.Column("to_stage", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("soft_missing", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cycle_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "from_stage IN ('suggested', 'plan', 'do', 'study', 'act', 'done')",
            name=op.f("ck_stage_moves_from_stage"),
        ),
        sa.CheckConstraint(
            "to_stage IN ('suggested', 'plan', 'do', 'study', 'act', 'done')",
            name=op.f("ck_stage_moves_to_stage"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_stage_moves_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_stage_moves_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_stage_moves_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["people.id"], name=op.f("fk_stage_moves_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_moves")),
    )
    op.create_index("ix_stage_moves_idea", "stage_moves", ["idea_id", "id"], unique=False)


def downgrade() -> None:
    for table in (
        "stage_moves",
        "kept_words",
        "idea_members",
        "idea_measures",
        "idea_edits",
        "cycles",
        "comments",
        "ideas",
        "notices",
    ):
        op.drop_table(table)
