"""Exact values that owe nothing to the simulator: formulas and small Markov chains."""
