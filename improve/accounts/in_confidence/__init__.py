"""What must stand before people tell something in confidence, and on which days it is read."""
