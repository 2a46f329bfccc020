"""Ideas: logged, answered, moved through Plan, Do, Study and Act on a board."""
