"""What the demo’s council reported, given to the demo as steps."""
