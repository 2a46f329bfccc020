"""What of mails is under the sealing key."""

from __future__ import annotations

from improve.mail.models import OutboxMessage
from improve.shared.resealing import SealedColumn


def sealed_columns() -> list[SealedColumn]:
    """Return what can be sealed anew."""
    return [SealedColumn("mails that wait", OutboxMessage.key, OutboxMessage.sealed, "mail")]


def tables_of_mails() -> list[str]:
    """Return the table whose deleted bodies and links nobody may read from the files."""
    return [OutboxMessage.__tablename__]
