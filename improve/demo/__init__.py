"""The demo council: loaded through the services with a moved clock."""
