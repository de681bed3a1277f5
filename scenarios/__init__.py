"""Scenarios: what goes wrong in a run, when, what is expected, and how it is graded."""
