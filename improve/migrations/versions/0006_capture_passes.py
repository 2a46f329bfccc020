"""Phones that may log ideas and tap tallies without a sign-in.

Revision 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "capture_passes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_capture_passes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture_passes")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_capture_passes_token_hash")),
    )
    op.create_index("ix_capture_passes_person_id", "capture_passes", ["person_id"])


def downgrade() -> None:
    op.drop_table("capture_passes")
