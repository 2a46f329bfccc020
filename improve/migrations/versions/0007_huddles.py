"""Huddles, thanks, screens on walls, and the hour that a team protects.

Revision 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PINNED = sa.text("pinned_at IS NOT NULL")
_LOOK_AGAIN = sa.text("look_again_on IS NOT NULL")


def upgrade() -> None:
    _change_teams()
    _change_ideas()
    _make_walls()
    _make_thanks()
    _make_huddles()
    _make_what_is_said()
    _make_hours()


def _change_teams() -> None:
    with op.batch_alter_table("teams") as batch:
        for name, length in (("huddle_days", 20), ("huddle_at", 5)):
            batch.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default="")
            )
        for name, usual in (("huddle_minutes", "15"), ("huddle_every", "1")):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=usual))
        batch.add_column(sa.Column("huddle_from_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("huddle_next_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("huddle_id", sa.Integer(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_teams_huddle_above_zero"), "huddle_minutes > 0 AND huddle_every > 0"
        )


def _change_ideas() -> None:
    with op.batch_alter_table("ideas") as batch:
        batch.add_column(sa.Column("pinned_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("pinned_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_ideas_pinned_by_id"), "people", ["pinned_by_id"], ["id"])
    op.create_index(
        "ix_ideas_pinned",
        "ideas",
        ["team_id", "pinned_at"],
        sqlite_where=_PINNED,
        postgresql_where=_PINNED,
    )
    op.create_index(
        "ix_ideas_look_again",
        "ideas",
        ["team_id", "is_on_board", "look_again_on"],
        sqlite_where=_LOOK_AGAIN,
        postgresql_where=_LOOK_AGAIN,
    )


def _make_walls() -> None:
    op.create_table(
        "wall_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("is_dark", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_wall_devices_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_wall_devices_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_wall_devices_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_devices")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_wall_devices_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_wall_devices_token_hash")),
    )
    op.create_index("ix_wall_devices_team_id", "wall_devices", ["team_id"])


def _make_thanks() -> None:
    op.create_table(
        "thanks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_thanks_not_to_oneself")),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name=op.f("fk_thanks_from_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_thanks_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_thanks_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_thanks_team_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_thanks_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("from_id", "form_token", name=op.f("uq_thanks_from_id_form_token")),
    )
    op.create_index("ix_thanks_idea", "thanks", ["idea_id", "id"])
    op.create_index("ix_thanks_to", "thanks", ["to_id", "id"])


def _make_huddles() -> None:
    op.create_table(
        "huddle_plans",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_huddle_plans_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_huddle_plans_team_id")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_huddle_plans")),
    )
    op.create_table(
        "huddles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("planned_minutes", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_short", sa.Boolean(), nullable=False),
        sa.Column("others_here", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("part_opened_at", sa.DateTime(), nullable=False),
        sa.Column("paused_at", sa.DateTime(), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("acted_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("good_news", sa.Text(), nullable=False),
        sa.Column("help_needed", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("next_driver_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("finished_by_id", sa.Integer(), nullable=True),
        sa.Column("first_finished_at", sa.DateTime(), nullable=True),
        sa.Column("notes_mailed_at", sa.DateTime(), nullable=True),
        sa.Column("notes_mailed_to", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "part IN ('due', 'new', 'stuck', 'study', 'signals', 'blocked', 'hard', 'close', 'today', 'help')",
            name=op.f("ck_huddles_part"),
        ),
        sa.CheckConstraint("others_here >= 0", name=op.f("ck_huddles_others_not_below_zero")),
        sa.CheckConstraint("planned_minutes > 0", name=op.f("ck_huddles_planned_above_zero")),
        sa.ForeignKeyConstraint(["driver_id"], ["people.id"], name=op.f("fk_huddles_driver_id")),
        sa.ForeignKeyConstraint(
            ["finished_by_id"], ["people.id"], name=op.f("fk_huddles_finished_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["next_driver_id"], ["people.id"], name=op.f("fk_huddles_next_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_huddles_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["people.id"], name=op.f("fk_huddles_started_by_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_huddles_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huddles")),
        sa.UniqueConstraint(
            "started_by_id", "form_token", name=op.f("uq_huddles_started_by_id_form_token")
        ),
    )
    op.create_index("ix_huddles_team", "huddles", ["team_id", "started_at", "id"])
    op.create_index(
        "uq_huddles_going_on",
        "huddles",
        ["team_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "huddle_part_times",
        sa.Column("huddle_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_part_times_huddle_id")
        ),
        sa.PrimaryKeyConstraint("huddle_id", "part", name=op.f("pk_huddle_part_times")),
    )
    op.create_table(
        "huddle_people",
        sa.Column("huddle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_people_huddle_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_huddle_people_person_id")
        ),
        sa.PrimaryKeyConstraint("huddle_id", "person_id", name=op.f("pk_huddle_people")),
    )


def _make_what_is_said() -> None:
    op.create_table(
        "huddle_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("huddle_id", sa.Integer(), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_huddle_actions_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["people.id"], name=op.f("fk_huddle_actions_done_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_actions_huddle_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_huddle_actions_idea_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_huddle_actions_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_huddle_actions_owner_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_huddle_actions_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huddle_actions")),
        sa.UniqueConstraint(
            "added_by_id", "form_token", name=op.f("uq_huddle_actions_added_by_id_form_token")
        ),
    )
    op.create_index("ix_huddle_actions_huddle", "huddle_actions", ["huddle_id", "id"])
    op.create_index("ix_huddle_actions_idea", "huddle_actions", ["idea_id", "id"])
    op.create_index(
        "ix_huddle_actions_owner", "huddle_actions", ["owner_id", "ended_at", "due_on", "id"]
    )
    op.create_index(
        "ix_huddle_actions_team", "huddle_actions", ["team_id", "ended_at", "due_on", "id"]
    )
    op.create_table(
        "huddle_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("huddle_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('said', 'replied', 'moved', 'blocked', 'unblocked', 'go_on')",
            name=op.f("ck_huddle_decisions_kind"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_huddle_decisions_by_id")),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_decisions_huddle_id")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_huddle_decisions_idea_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_huddle_decisions_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_huddle_decisions_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_huddle_decisions_removed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_huddle_decisions_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huddle_decisions")),
        sa.UniqueConstraint(
            "by_id", "form_token", name=op.f("uq_huddle_decisions_by_id_form_token")
        ),
    )
    op.create_index("ix_huddle_decisions_huddle", "huddle_decisions", ["huddle_id", "id"])
    op.create_index("ix_huddle_decisions_idea", "huddle_decisions", ["idea_id", "id"])
    op.create_table(
        "huddle_hard_things",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("huddle_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=3), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_hard_things_huddle_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_huddle_hard_things_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_huddle_hard_things_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huddle_hard_things")),
        sa.UniqueConstraint("form_token", name=op.f("uq_huddle_hard_things_form_token")),
    )
    op.create_index("ix_huddle_hard_things_huddle_id", "huddle_hard_things", ["huddle_id"])
    op.create_index("ix_huddle_hard_things_team", "huddle_hard_things", ["team_id", "at", "id"])
    op.create_table(
        "huddle_thanks",
        sa.Column("huddle_id", sa.Integer(), nullable=False),
        sa.Column("thanks_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_thanks_huddle_id")
        ),
        sa.ForeignKeyConstraint(
            ["thanks_id"], ["thanks.id"], name=op.f("fk_huddle_thanks_thanks_id")
        ),
        sa.PrimaryKeyConstraint("huddle_id", "thanks_id", name=op.f("pk_huddle_thanks")),
    )
    op.create_table(
        "huddle_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("huddle_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_words", sa.Text(), nullable=False),
        sa.Column("put_off_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "part IN ('due', 'new', 'stuck', 'study', 'signals', 'blocked', 'hard', 'close', 'today', 'help')",
            name=op.f("ck_huddle_items_part"),
        ),
        sa.CheckConstraint(
            "(CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN measure_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN action_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_huddle_items_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["huddle_actions.id"], name=op.f("fk_huddle_items_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_items_huddle_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_huddle_items_idea_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name=op.f("fk_huddle_items_measure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huddle_items")),
    )
    op.create_index(
        "ix_huddle_items_huddle", "huddle_items", ["huddle_id", "part", "position", "id"]
    )
    op.create_index("ix_huddle_items_idea", "huddle_items", ["idea_id", "huddle_id"])


def _make_hours() -> None:
    op.create_table(
        "protected_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("when_words", sa.Text(), nullable=False),
        sa.Column("promised_by_id", sa.Integer(), nullable=False),
        sa.Column("promised_at", sa.DateTime(), nullable=False),
        sa.Column("kept", sa.String(length=6), nullable=True),
        sa.Column("in_the_way", sa.Text(), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kept IN ('yes', 'partly', 'no')", name=op.f("ck_protected_hours_kept")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_protected_hours_minutes_above_zero")),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["people.id"], name=op.f("fk_protected_hours_kept_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_protected_hours_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["promised_by_id"], ["people.id"], name=op.f("fk_protected_hours_promised_by_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_protected_hours_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_hours")),
        sa.UniqueConstraint("team_id", "from_on", name=op.f("uq_protected_hours_team_id_from_on")),
    )
    op.create_index(
        "ix_protected_hours_organisation",
        "protected_hours",
        ["organisation_id", "from_on", "team_id"],
    )


def downgrade() -> None:
    # Words that the step before does not know: it could not show them.
    op.execute("DELETE FROM notices WHERE kind = 'thanked'")
    op.execute("DELETE FROM idea_edits WHERE kind IN ('pinned', 'unpinned')")
    for name in (
        "huddle_thanks",
        "huddle_items",
        "huddle_hard_things",
        "huddle_decisions",
        "huddle_actions",
        "huddle_people",
        "huddle_part_times",
        "huddles",
        "huddle_plans",
        "protected_hours",
        "thanks",
        "wall_devices",
    ):
        op.drop_table(name)
    op.drop_index("ix_ideas_look_again", "ideas")
    op.drop_index("ix_ideas_pinned", "ideas")
    with op.batch_alter_table("ideas") as batch:
        batch.drop_constraint(op.f("fk_ideas_pinned_by_id"), type_="foreignkey")
        batch.drop_column("pinned_by_id")
        batch.drop_column("pinned_at")
    with op.batch_alter_table("teams") as batch:
        batch.drop_constraint(op.f("ck_teams_huddle_above_zero"), type_="check")
        for name in (
            "huddle_days",
            "huddle_at",
            "huddle_minutes",
            "huddle_every",
            "huddle_from_on",
            "huddle_next_at",
            "huddle_id",
        ):
            batch.drop_column(name)
