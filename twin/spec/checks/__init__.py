"""The checks over a whole line, one module a subject."""
