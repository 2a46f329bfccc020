"""Mail: an outbox that survives a crash, and its delivery by SMTP."""
