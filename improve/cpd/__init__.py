"""One's own record of learning, and a page to bring to supervision. Private to its owner."""
