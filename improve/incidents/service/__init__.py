"""What people do with reports."""
