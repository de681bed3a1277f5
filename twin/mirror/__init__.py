"""The mirror: stations of the twin follow real ones; where they depart is kept as figures."""
