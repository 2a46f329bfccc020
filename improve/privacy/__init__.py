"""Personal data: of which class, kept how long, for whom copied, how erased, and how it is told."""
