"""Measures: what is counted, the numbers, tests of change on them, tables being brought in.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("recorded", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("better_when", sa.String(length=7), nullable=False),
        sa.Column("frequency", sa.String(length=7), nullable=False),
        sa.Column("top_name", sa.String(length=30), nullable=False),
        sa.Column("bottom_name", sa.String(length=30), nullable=False),
        sa.Column("numerator", sa.String(length=600), nullable=False),
        sa.Column("denominator", sa.String(length=600), nullable=False),
        sa.Column("left_out", sa.String(length=600), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("caution", sa.String(length=600), nullable=False),
        sa.Column("chart", sa.String(length=3), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("lookback_days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "better_when IN ('higher', 'lower', 'neither')", name=op.f("ck_measures_better_when")
        ),
        sa.CheckConstraint("chart IN ('run', 'i', 'p', 'c')", name=op.f("ck_measures_chart")),
        sa.CheckConstraint(
            "frequency IN ('day', 'week', 'month', 'quarter', 'year')",
            name=op.f("ck_measures_frequency"),
        ),
        sa.CheckConstraint(
            "kind IN ('outcome', 'process', 'balancing', 'context')", name=op.f("ck_measures_kind")
        ),
        sa.CheckConstraint(
            "recorded IN ('proportion', 'count', 'value')", name=op.f("ck_measures_recorded")
        ),
        sa.CheckConstraint("lookback_days > 0", name=op.f("ck_measures_lookback_above_zero")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_measures_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_measures_owner_id")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["measures.id"], name=op.f("fk_measures_partner_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_measures_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    op.create_index(
        "ix_measures_organisation_team", "measures", ["organisation_id", "team_id", "id"]
    )
    op.create_index(op.f("ix_measures_partner_id"), "measures", ["partner_id"])
    op.create_index(op.f("ix_measures_team_id"), "measures", ["team_id"])
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_import_drafts_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_import_drafts_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drafts")),
    )
    op.create_index(op.f("ix_import_drafts_measure_id"), "import_drafts", ["measure_id"])
    op.create_index(op.f("ix_import_drafts_person_id"), "import_drafts", ["person_id"])
    op.create_table(
        "observation_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("old_value", sa.Double(), nullable=True),
        sa.Column("old_numerator", sa.Double(), nullable=True),
        sa.Column("old_denominator", sa.Double(), nullable=True),
        sa.Column("new_value", sa.Double(), nullable=True),
        sa.Column("new_numerator", sa.Double(), nullable=True),
        sa.Column("new_denominator", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_observation_changes_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_observation_changes_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_changes")),
    )
    op.create_index("ix_observation_changes_measure", "observation_changes", ["measure_id", "id"])
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("note", sa.String(length=60), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(numerator IS NULL) = (denominator IS NULL)", name=op.f("ck_observations_pair_whole")
        ),
        sa.CheckConstraint(
            "(value IS NULL) <> (numerator IS NULL)", name=op.f("ck_observations_value_or_pair")
        ),
        sa.CheckConstraint("denominator > 0", name=op.f("ck_observations_denominator_above_zero")),
        sa.CheckConstraint(
            "numerator >= 0 AND numerator <= denominator",
            name=op.f("ck_observations_numerator_within"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["people.id"], name=op.f("fk_observations_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_observations_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        sa.UniqueConstraint(
            "measure_id", "period_start", name=op.f("uq_observations_measure_id_period_start")
        ),
    )
    op.create_table(
        "test_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("cycle_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_judged", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("verdict_code", sa.String(length=30), nullable=True),
        sa.Column("verdict_facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("spark", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("analysis_version", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=True),
        sa.Column("decided_code", sa.String(length=30), nullable=True),
        sa.Column("decided_facts", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint("place IN ('main', 'beside')", name=op.f("ck_test_windows_place")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_test_windows_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_test_windows_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_test_windows_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_windows")),
        sa.UniqueConstraint(
            "idea_id",
            "cycle_number",
            "place",
            name=op.f("uq_test_windows_idea_id_cycle_number_place"),
        ),
    )
    op.create_index("ix_test_windows_measure", "test_windows", ["measure_id", "starts_on", "id"])
    op.create_index(
        "uq_test_windows_current",
        "test_windows",
        ["idea_id", "place"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )


def downgrade() -> None:
    for table in (
        "import_drafts",
        "test_windows",
        "observation_changes",
        "observations",
        "measures",
    ):
        op.drop_table(table)
