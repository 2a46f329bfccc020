"""One module a step, numbered. A step never imports the application's tables."""
