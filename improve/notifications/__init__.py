"""News for a person: what happened to what they wrote."""
