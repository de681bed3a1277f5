"""Where runs and readings are kept."""
