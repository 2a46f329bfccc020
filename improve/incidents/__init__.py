"""Confidential reports: learning from error without fear. Nothing but ``app`` may import it."""
