"""Start, my page and help: gathers what the others offer."""
