"""Pilotline: the digital twin of training lines and pilot-production lines."""

__version__ = "0.1.0"
