"""Drivers: how the twin talks to the world, one folder a protocol, each with the same files."""
