"""Example boards: whose example an organisation is, and which sessions look at one.

Revision 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisations") as batch:
        batch.add_column(sa.Column("example_of_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_organisations_example_of_id"), "organisations", ["example_of_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_organisations_example_of_id"), ["example_of_id"])
    with op.batch_alter_table("auth_sessions") as batch:
        batch.add_column(sa.Column("visits_as_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_auth_sessions_visits_as_id"), "people", ["visits_as_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("auth_sessions") as batch:
        batch.drop_constraint(op.f("fk_auth_sessions_visits_as_id"), type_="foreignkey")
        batch.drop_column("visits_as_id")
    with op.batch_alter_table("organisations") as batch:
        batch.drop_constraint(op.f("uq_organisations_example_of_id"), type_="unique")
        batch.drop_constraint(op.f("fk_organisations_example_of_id"), type_="foreignkey")
        batch.drop_column("example_of_id")
