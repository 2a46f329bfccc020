"""Forms of the library: one module a theme."""
