"""What can be wrong with a message on the wire."""


class WireError(Exception):
    """A message that cannot be read, or that has no form on the wire."""
