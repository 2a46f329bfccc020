"""Search: which words stand in which idea, cycle, comment and measure.

Revision 0010, after 0009. ``improve.migrations.search_index`` holds the statements, since a later
step that makes one of the searched tables anew must lay their triggers again.
"""

from __future__ import annotations

from alembic import op

from improve.migrations import search_index

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search_index.lay(op.get_bind(), search_index.SEARCHED_SINCE_0010)


def downgrade() -> None:
    search_index.take_away(op.get_bind(), search_index.SEARCHED_SINCE_0010)
