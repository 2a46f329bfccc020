"""The entry for web servers and for the ``flask`` command: ``wsgi:app``."""

from improve.app import create_app

app = create_app()
