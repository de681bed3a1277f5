"""Attempts, grades and what follows from them."""
