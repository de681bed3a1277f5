"""Snapshot, Delta and Motion as they travel, and their codec."""
