"""The control side of a line: what reads inputs and writes outputs."""
