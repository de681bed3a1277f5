"""The plant: assets as explicit state machines, and the line that they make."""
