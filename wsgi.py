"""The entry for web servers and for the ``flask`` command: ``wsgi:app``."""

import gc

from improve.app import create_app

# What is made here stays as long as the process: looking for garbage in it delays the first page.
gc.disable()
app = create_app()
gc.enable()
