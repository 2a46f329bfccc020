"""What the taps of a week were when they became a point.

Revision 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally_weeks",
        sa.Column("tally_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["tally_id"], ["tallies.id"], name=op.f("fk_tally_weeks_tally_id")),
        sa.PrimaryKeyConstraint("tally_id", "week_on", name=op.f("pk_tally_weeks")),
    )


def downgrade() -> None:
    op.drop_table("tally_weeks")
