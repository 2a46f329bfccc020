"""Search: which words stand in which learning page, this council's and borrowed ones.

Revision 0012, after 0011.
"""

from __future__ import annotations

from alembic import op

from improve.migrations import search_index

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search_index.lay(op.get_bind(), search_index.ADDED_IN_0012)


def downgrade() -> None:
    search_index.take_away(op.get_bind(), search_index.ADDED_IN_0012, is_last=False)
