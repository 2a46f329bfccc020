"""What nobody meant to send: to every form, in every file, to everything that reads a text."""
