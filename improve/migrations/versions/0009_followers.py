"""Those who heard of an idea until now follow it; news from before this step is not mailed.

Revision 0009, after 0008. Data only.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The stronger reason first: who follows already stays.
    op.execute(
        "INSERT INTO idea_followers (idea_id, person_id, is_following, why, at) "
        "SELECT id, author_id, true, 'author', created_at FROM ideas"
    )
    op.execute(
        "INSERT INTO idea_followers (idea_id, person_id, is_following, why, at) "
        "SELECT id, lead_id, true, 'lead', created_at FROM ideas WHERE lead_id IS NOT NULL "
        "ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO idea_followers (idea_id, person_id, is_following, why, at) "
        "SELECT idea_id, person_id, true, 'member', joined_at FROM idea_members WHERE true "
        "ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO idea_followers (idea_id, person_id, is_following, why, at) "
        "SELECT idea_id, author_id, true, 'commented', MIN(created_at) FROM comments "
        "WHERE removed_at IS NULL GROUP BY idea_id, author_id ON CONFLICT DO NOTHING"
    )
    op.execute("UPDATE notices SET mailed_at = created_at WHERE mailed_at IS NULL")


def downgrade() -> None:
    op.execute("DELETE FROM idea_followers")
