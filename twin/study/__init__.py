"""Studies of a line: replications, what they say together, and the report about them."""
