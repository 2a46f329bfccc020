"""More ways to count, points left out, baselines and middle lines, tallies and dip samples.

Revision 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEW_MEASURE_CHECKS = {
    "recorded": "recorded IN ('proportion', 'rate', 'count', 'value', 'times', "
    "'days_between', 'cases_between')",
    "chart": "chart IN ('run', 'i', 'mr', 'p', 'pp', 'u', 'up', 'c', 'g', 't', 'xbar')",
    "per_above_zero": "per > 0",
    "standard_above_zero": "standard > 0",
}


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}")) for name, words in checks.items()
    ]


def upgrade() -> None:
    _change_measures()
    _change_observations()
    _make_lines()
    _make_tallies()
    _make_dip_samples()


def _change_measures() -> None:
    with op.batch_alter_table("measures") as batch:
        batch.drop_constraint(op.f("ck_measures_recorded"), type_="check")
        batch.drop_constraint(op.f("ck_measures_chart"), type_="check")
        batch.alter_column(
            "recorded", existing_type=sa.String(length=10), type_=sa.String(length=13)
        )
        batch.alter_column("chart", existing_type=sa.String(length=3), type_=sa.String(length=4))
        batch.add_column(sa.Column("per", sa.Double(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("target", sa.Double(), nullable=True))
        batch.add_column(
            sa.Column("target_by", sa.String(length=200), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("standard", sa.Double(), nullable=True))
        batch.add_column(sa.Column("catalogue_key", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("context_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_measures_context_id"), "measures", ["context_id"], ["id"])
        for name, words in _NEW_MEASURE_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_measures_{name}"), words)
    op.create_index(op.f("ix_measures_context_id"), "measures", ["context_id"])


def _change_observations() -> None:
    with op.batch_alter_table("observations") as batch:
        batch.drop_constraint(op.f("ck_observations_numerator_within"), type_="check")
        batch.add_column(sa.Column("raw_values", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(
            sa.Column("excluded_reason", sa.String(length=300), nullable=False, server_default="")
        )
        batch.create_check_constraint(
            op.f("ck_observations_numerator_not_below_zero"), "numerator >= 0"
        )
    for name in ("old_raw_values", "new_raw_values"):
        raw_values = sa.Column(name, sa.JSON(none_as_null=True), nullable=True)
        op.add_column("observation_changes", raw_values)


def _people(table: str, *names: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_{table}_{name}"))
        for name in names
    ]


def _to(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"))


def _removal() -> list[sa.Column]:
    return [
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("removed_reason", sa.String(length=300), nullable=False),
    ]


def _make_lines() -> None:
    op.create_table(
        "measure_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        *_people("measure_changes", "changed_by_id"),
        _to("measure_changes", "measure_id", "measures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_changes")),
    )
    op.create_index("ix_measure_changes_measure", "measure_changes", ["measure_id", "id"])
    op.create_table(
        "baselines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        *_removal(),
        *_people("baselines", "set_by_id", "removed_by_id"),
        _to("baselines", "measure_id", "measures"),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_baselines_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baselines")),
    )
    op.create_index("ix_baselines_measure", "baselines", ["measure_id", "idea_id", "id"])
    op.create_table(
        "middle_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        *_removal(),
        *_people("middle_lines", "drawn_by_id", "removed_by_id"),
        _to("middle_lines", "measure_id", "measures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_middle_lines")),
    )
    op.create_index("ix_middle_lines_measure", "middle_lines", ["measure_id", "starts_on", "id"])
    op.create_index(
        "uq_middle_lines_in_force",
        "middle_lines",
        ["measure_id", "starts_on"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _make_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=160), nullable=False),
        sa.Column("answers", sa.String(length=8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_people("tallies", "created_by_id"),
        _to("tallies", "organisation_id", "organisations"),
        _to("tallies", "team_id", "teams"),
        _to("tallies", "measure_id", "measures"),
        *_checks(
            "tallies",
            {
                "answers": "answers IN ('yes_no', 'how_many')",
                "ends_after_start": "ends_on >= starts_on",
            },
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
    )
    op.create_index("ix_tallies_team", "tallies", ["organisation_id", "team_id", "id"])
    op.create_index(op.f("ix_tallies_measure_id"), "tallies", ["measure_id"])
    op.create_index(op.f("ix_tallies_idea_id"), "tallies", ["idea_id"])
    op.create_table(
        "tally_taps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("tally_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        _to("tally_taps", "tally_id", "tallies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_taps")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tally_taps_week", "tally_taps", ["tally_id", "week_on"])


def _make_dip_samples() -> None:
    op.create_table(
        "dip_samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("questions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("measured_question", sa.Integer(), nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column("practice_week_on", sa.Date(), nullable=False),
        sa.Column("first_reader_id", sa.Integer(), nullable=False),
        sa.Column("second_reader_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_people("dip_samples", "first_reader_id", "second_reader_id", "created_by_id"),
        _to("dip_samples", "organisation_id", "organisations"),
        _to("dip_samples", "team_id", "teams"),
        _to("dip_samples", "measure_id", "measures"),
        *_checks("dip_samples", {"some_records": "record_count > 0"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dip_samples")),
    )
    op.create_index("ix_dip_samples_team", "dip_samples", ["organisation_id", "team_id", "id"])
    op.create_index(op.f("ix_dip_samples_measure_id"), "dip_samples", ["measure_id"])
    op.create_table(
        "dip_answers",
        sa.Column("dip_sample_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.Integer(), nullable=False),
        sa.Column("record_number", sa.Integer(), nullable=False),
        sa.Column("question_number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=9), nullable=False),
        _to("dip_answers", "dip_sample_id", "dip_samples"),
        *_checks(
            "dip_answers",
            {"reader": "reader IN (1, 2, 3)", "answer": "answer IN ('yes', 'no', 'not_known')"},
        ),
        sa.PrimaryKeyConstraint(
            "dip_sample_id",
            "reader",
            "record_number",
            "question_number",
            name=op.f("pk_dip_answers"),
        ),
    )


def downgrade() -> None:
    for table in (
        "dip_answers",
        "dip_samples",
        "tally_taps",
        "tallies",
        "middle_lines",
        "baselines",
        "measure_changes",
    ):
        op.drop_table(table)
    for name in ("new_raw_values", "old_raw_values"):
        op.drop_column("observation_changes", name)
    with op.batch_alter_table("observations") as batch:
        batch.drop_constraint(op.f("ck_observations_numerator_not_below_zero"), type_="check")
        batch.drop_column("excluded_reason")
        batch.drop_column("raw_values")
        batch.create_check_constraint(
            op.f("ck_observations_numerator_within"),
            "numerator >= 0 AND numerator <= denominator",
        )
    op.drop_index(op.f("ix_measures_context_id"), "measures")
    with op.batch_alter_table("measures") as batch:
        for name in _NEW_MEASURE_CHECKS:
            batch.drop_constraint(op.f(f"ck_measures_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_measures_context_id"), type_="foreignkey")
        for name in ("context_id", "catalogue_key", "standard", "target_by", "target", "per"):
            batch.drop_column(name)
        batch.create_check_constraint(
            op.f("ck_measures_recorded"), "recorded IN ('proportion', 'count', 'value')"
        )
        batch.create_check_constraint(op.f("ck_measures_chart"), "chart IN ('run', 'i', 'p', 'c')")
