"""What keeps a browser let in: signed-in sessions, passes of phones, and screens on a wall."""
