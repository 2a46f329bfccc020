"""Second factors, the council's own sign-in, what groups give, erasures, how long data is kept.

Revision 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from improve.migrations import flow_months

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: What the pages of the log read by.
_LOG_INDEXES = {
    "ix_audit_entries_at": ["organisation_id", "at", "sequence"],
    "ix_audit_entries_actor": ["organisation_id", "actor_id", "at", "sequence"],
    "ix_audit_entries_action": ["organisation_id", "action", "at", "sequence"],
}

#: What a page of one council reads among those of all others: name, table, columns.
_ACROSS_COUNCILS = (
    ("ix_huddles_organisation", "huddles", ["organisation_id", "started_at", "id"]),
    ("ix_voice_steps_kind", "voice_steps", ["organisation_id", "kind", "voice_key"]),
    ("ix_teams_joined_to_id", "teams", ["joined_to_id"]),
    ("ix_ideas_author_at", "ideas", ["author_id", "created_at"]),
    ("ix_ideas_finished_all", "ideas", ["organisation_id", "finished_at"]),
    ("ix_comments_at", "comments", ["organisation_id", "created_at", "idea_id"]),
    ("ix_comments_author_at", "comments", ["author_id", "created_at"]),
    ("ix_cycles_decision", "cycles", ["organisation_id", "decided_at", "decision", "idea_id"]),
    ("ix_stage_moves_at", "stage_moves", ["organisation_id", "at", "idea_id"]),
)

#: The same of ideas of one kind only: name, columns, condition.
_OF_SOME_IDEAS = (
    (
        "ix_ideas_open_all",
        ["organisation_id", "stage", "stage_entered_at", "id"],
        "finished_at IS NULL",
    ),
    (
        "ix_ideas_due_all",
        ["organisation_id", "due_to_study_on", "id"],
        "due_to_study_on IS NOT NULL",
    ),
)
_OFF_BOARD = "ix_ideas_off_board"


def upgrade() -> None:
    with op.batch_alter_table("organisations") as batch:
        for name in ("retention", "document_facts"):
            batch.add_column(
                sa.Column(name, sa.JSON(none_as_null=True), nullable=False, server_default="{}")
            )
    op.add_column(
        "memberships",
        sa.Column("came_by", sa.String(length=10), nullable=False, server_default=""),
    )
    op.add_column(
        "auth_sessions",
        sa.Column("factor", sa.String(length=10), nullable=False, server_default=""),
    )
    op.add_column("auth_sessions", sa.Column("proved_at", sa.DateTime(), nullable=True))
    for name, columns in _LOG_INDEXES.items():
        op.create_index(name, "audit_entries", columns)
    for name, table, columns in _ACROSS_COUNCILS:
        op.create_index(name, table, columns)
    for name, columns, only in _OF_SOME_IDEAS:
        where = sa.text(only)
        op.create_index(name, "ideas", columns, sqlite_where=where, postgresql_where=where)
    op.create_index(
        _OFF_BOARD,
        "ideas",
        ["organisation_id", "id"],
        sqlite_where=sa.text("is_on_board IS 0"),
        postgresql_where=sa.text("is_on_board IS false"),
    )
    _make_second_factors()
    _make_directory()
    op.create_table(
        "erasures",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("erased_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["erased_by_id"], ["people.id"], name=op.f("fk_erasures_erased_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_erasures_organisation_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_organisation", "erasures", ["organisation_id", "erased_on", "key"])
    op.create_table(
        "command_runs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_command_runs")),
    )
    op.create_table(
        "flow_months",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counted_by", sa.String(length=80), nullable=False),
        sa.Column("newest_on", sa.Integer(), nullable=False),
        sa.Column("sums", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_flow_months_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "month", name=op.f("pk_flow_months")),
    )
    flow_months.lay(op.get_bind())


def _make_second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("waiting", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("person_id", name=op.f("uq_second_factors_person_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])


def _make_directory() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("groups", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("refused", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_entered", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_identities_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index(op.f("ix_identities_person_id"), "identities", ["person_id"])
    op.create_table(
        "group_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_group_roles_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_group_roles_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_group_roles_service_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_group_roles_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_roles")),
    )
    op.create_index(
        "ix_group_roles_organisation", "group_roles", ["organisation_id", "group_name", "id"]
    )


def downgrade() -> None:
    flow_months.take_away(op.get_bind())
    op.drop_index(_OFF_BOARD, "ideas")
    for name, _, _ in _OF_SOME_IDEAS:
        op.drop_index(name, "ideas")
    for name, table, _ in _ACROSS_COUNCILS:
        op.drop_index(name, table)
    for name in _LOG_INDEXES:
        op.drop_index(name, "audit_entries")
    for name in (
        "command_runs",
        "erasures",
        "flow_months",
        "group_roles",
        "identities",
        "recovery_codes",
        "second_factors",
    ):
        op.drop_table(name)
    for table, columns in (
        ("auth_sessions", ("factor", "proved_at")),
        ("memberships", ("came_by",)),
        ("organisations", ("retention", "document_facts")),
    ):
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
