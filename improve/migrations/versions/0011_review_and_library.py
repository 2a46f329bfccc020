"""What leaders read and answer, what finished work taught, who took it up, and other councils.

Revision 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_month_letters_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_letters")),
        sa.UniqueConstraint(
            "organisation_id", "month", name=op.f("uq_month_letters_organisation_id_month")
        ),
    )
    op.create_table(
        "borrowed_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source_council", sa.String(length=120), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("source_version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("was_trusted", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("brought_in_by_id", sa.Integer(), nullable=False),
        sa.Column("brought_in_at", sa.DateTime(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("source_address", sa.Text(), nullable=False),
        sa.Column("replaced_version", sa.Integer(), nullable=True),
        sa.Column("taken_out_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brought_in_by_id"], ["people.id"], name=op.f("fk_borrowed_pages_brought_in_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_borrowed_pages_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrowed_pages")),
        sa.UniqueConstraint(
            "organisation_id",
            "source_key",
            name=op.f("uq_borrowed_pages_organisation_id_source_key"),
        ),
    )
    op.create_index(
        "ix_borrowed_pages_brought_in",
        "borrowed_pages",
        ["organisation_id", "brought_in_at", "id"],
        unique=False,
    )
    op.create_table(
        "learning_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_learning_imports_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_learning_imports_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_imports")),
    )
    op.create_index(op.f("ix_learning_imports_by_id"), "learning_imports", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_learning_imports_expires_at"), "learning_imports", ["expires_at"], unique=False
    )
    op.create_table(
        "saved_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_saved_reviews_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_reviews_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reviews")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_reviews_person_id_name")),
    )
    op.create_table(
        "trusted_councils",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("verify_key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("feed_address", sa.Text(), nullable=False),
        sa.Column("how_compared", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_trusted_councils_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_trusted_councils_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_councils")),
        sa.UniqueConstraint(
            "organisation_id",
            "fingerprint",
            name=op.f("uq_trusted_councils_organisation_id_fingerprint"),
        ),
    )
    op.create_table(
        "leader_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("line", sa.String(length=12), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("outcome_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "way IN ('decide', 'give', 'no', 'visit', 'write')", name=op.f("ck_leader_answers_way")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_leader_answers_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_leader_answers_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_leader_answers_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_by_id"], ["people.id"], name=op.f("fk_leader_answers_outcome_by_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_leader_answers_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_answers")),
        sa.UniqueConstraint(
            "organisation_id",
            "line",
            "subject_kind",
            "subject_id",
            "asked_on",
            name=op.f("uq_leader_answers_organisation_id_line_subject_kind_subject_id_asked_on"),
        ),
    )
    op.create_index(
        "ix_leader_answers_answered",
        "leader_answers",
        ["organisation_id", "answered_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_leader_answers_month",
        "leader_answers",
        ["organisation_id", "month", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_leader_answers_team_id"), "leader_answers", ["team_id"], unique=False)
    op.create_table(
        "cycle_reads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("cycle_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_cycle_reads_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_cycle_reads_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_cycle_reads_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_reads")),
        sa.UniqueConstraint(
            "idea_id",
            "cycle_number",
            "person_id",
            name=op.f("uq_cycle_reads_idea_id_cycle_number_person_id"),
        ),
    )
    op.create_index(
        "ix_cycle_reads_organisation",
        "cycle_reads",
        ["organisation_id", "read_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_cycle_reads_person_id"), "cycle_reads", ["person_id"], unique=False)
    op.create_table(
        "learning_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("was_hard", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("changed_for_child", sa.Text(), nullable=False),
        sa.Column("use_when", sa.Text(), nullable=False),
        sa.Column("beware", sa.Text(), nullable=False),
        sa.Column("did_not_work", sa.Text(), nullable=False),
        sa.Column("is_story", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("shared_at", sa.DateTime(), nullable=True),
        sa.Column("public_key", sa.String(length=32), nullable=True),
        sa.Column("public_at", sa.DateTime(), nullable=True),
        sa.Column("public_by_id", sa.Integer(), nullable=True),
        sa.Column("public_why", sa.Text(), nullable=False),
        sa.Column("public_content", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "public_at IS NULL OR public_key IS NOT NULL",
            name=op.f("ck_learning_pages_public_has_key"),
        ),
        sa.CheckConstraint(
            "public_at IS NULL OR shared_at IS NOT NULL",
            name=op.f("ck_learning_pages_public_is_shared"),
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_learning_pages_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_learning_pages_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["public_by_id"], ["people.id"], name=op.f("fk_learning_pages_public_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["people.id"], name=op.f("fk_learning_pages_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_pages")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_learning_pages_idea_id")),
        sa.UniqueConstraint("public_key", name=op.f("uq_learning_pages_public_key")),
    )
    op.create_index(
        "ix_learning_pages_public",
        "learning_pages",
        ["organisation_id", "public_at", "id"],
        unique=False,
        sqlite_where=sa.text("public_at IS NOT NULL"),
        postgresql_where=sa.text("public_at IS NOT NULL"),
    )
    op.create_index(
        "ix_learning_pages_shared",
        "learning_pages",
        ["organisation_id", "shared_at", "id"],
        unique=False,
    )
    op.create_table(
        "spreads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("parent_idea_id", sa.Integer(), nullable=True),
        sa.Column("borrowed_page_id", sa.Integer(), nullable=True),
        sa.Column("parent_spread_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("adaptation", sa.Text(), nullable=False),
        sa.Column("told_ending", sa.String(length=10), nullable=False),
        sa.Column("told_words", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(idea_id IS NULL) = (place <> '')", name=op.f("ck_spreads_idea_or_place")
        ),
        sa.CheckConstraint(
            "told_ending IN ('', 'trying', 'kept', 'stopped')", name=op.f("ck_spreads_told_ending")
        ),
        sa.CheckConstraint(
            "parent_idea_id IS NOT NULL OR borrowed_page_id IS NOT NULL",
            name=op.f("ck_spreads_has_parent"),
        ),
        sa.ForeignKeyConstraint(
            ["borrowed_page_id"], ["borrowed_pages.id"], name=op.f("fk_spreads_borrowed_page_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_spreads_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_spreads_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_spreads_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_idea_id"], ["ideas.id"], name=op.f("fk_spreads_parent_idea_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_spread_id"], ["spreads.id"], name=op.f("fk_spreads_parent_spread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spreads")),
        sa.UniqueConstraint("by_id", "form_token", name=op.f("uq_spreads_by_id_form_token")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_spreads_idea_id")),
    )
    op.create_index("ix_spreads_borrowed_page", "spreads", ["borrowed_page_id", "id"], unique=False)
    op.create_index("ix_spreads_parent_idea", "spreads", ["parent_idea_id", "id"], unique=False)
    op.create_index(
        op.f("ix_spreads_parent_spread_id"), "spreads", ["parent_spread_id"], unique=False
    )
    op.create_table(
        "sustain_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("verdict_code", sa.String(length=30), nullable=True),
        sa.Column("verdict_facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('held', 'partly', 'gone')", name=op.f("ck_sustain_checks_answer")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_sustain_checks_answered_has_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_sustain_checks_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_sustain_checks_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_sustain_checks_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sustain_checks")),
        sa.UniqueConstraint("idea_id", "due_on", name=op.f("uq_sustain_checks_idea_id_due_on")),
    )
    op.create_index(
        "ix_sustain_checks_due", "sustain_checks", ["organisation_id", "due_on", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("sustain_checks")
    op.drop_table("spreads")
    op.drop_table("learning_pages")
    op.drop_table("cycle_reads")
    op.drop_table("leader_answers")
    op.drop_table("trusted_councils")
    op.drop_table("saved_reviews")
    op.drop_table("learning_imports")
    op.drop_table("borrowed_pages")
    op.drop_table("month_letters")
